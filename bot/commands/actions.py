"""`/incident actions [here | mine | overdue | @person | all]`."""

from bot.blocks.text import mentioned
from bot.commands.ask import Ask
from bot.views.items import open_items
from workflows.item_lists import ItemList, ListAsked, incident_here

TYPED = {
    "here": ItemList.HERE,
    "mine": ItemList.MINE,
    "team": ItemList.TEAM,
    "overdue": ItemList.OVERDUE,
    "assigned": ItemList.ASSIGNED,
    "all": ItemList.ALL,
    "done": ItemList.DONE,
}
UNKNOWN = (
    "I know no such list. `/incident actions` alone shows those of the incident whose channel this is, and elsewhere "
    "yours; or write `here`, `mine`, `overdue`, `@somebody` or `all` after it."
)
NOT_HERE = "This is not the channel of an incident that you can see. `/incident actions mine` lists yours."


async def on_actions(ask: Ask) -> None:
    """Open the list that was asked for; alone that of the incident whose channel this is, elsewhere the asker's own."""
    async with ask.services.read() as session:
        incident = await incident_here(session, ask.channel_id, ask.user_id)
    person = mentioned(ask.words)
    alone = ItemList.HERE if incident else ItemList.MINE
    which = ItemList.OF if person else TYPED.get(ask.words.lower()) if ask.words else alone
    if which is None:
        await ask.answer(UNKNOWN)
        return
    if which is ItemList.HERE and incident is None:
        await ask.answer(NOT_HERE)
        return
    incident_id = incident.number if incident else None
    await open_items(ask, ListAsked(which, asked_in=ask.channel_id, incident_id=incident_id, person=person))
