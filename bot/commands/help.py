"""`/incident` alone, or `/incident help`."""

from bot.blocks.answers import help_here, help_outside
from bot.commands.ask import Ask
from bot.commands.usage import FIRST_HERE, FIRST_OUTSIDE, usages
from storage.incidents import find_incident_of_channel, list_visible_incidents
from workflows.access import may_see
from workflows.situation import situation_of


async def on_help(ask: Ask) -> None:
    """Answer with what can be done here and now."""
    async with ask.services.read() as session:
        here = await find_incident_of_channel(session, ask.channel_id or "")
        if here is not None and await may_see(session, here, ask.user_id, asked_in=ask.channel_id):
            situation = await situation_of(session, here)
            await ask.answer(*help_here(situation, usages(FIRST_HERE), process=ask.services.process))
            return
        seen = await list_visible_incidents(session, ask.user_id, only_open=True, limit=100)
    await ask.answer(*help_outside(len(seen), usages(FIRST_OUTSIDE)))
