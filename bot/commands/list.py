"""`/incident list [all]`."""

from bot.blocks.answers import incident_list
from bot.commands.ask import Ask
from storage.incidents import list_visible_incidents
from workflows.situation import by_priority, list_situations

MOST_SHOWN = 20


async def on_list(ask: Ask) -> None:
    """Answer with the incidents the asker may see: open ones worst first, then oldest; all of them newest first."""
    everything = ask.words.lower() == "all"
    async with ask.services.read() as session:
        incidents = await list_visible_incidents(session, ask.user_id, only_open=not everything, limit=200)
        situations = await list_situations(session, [incident.number for incident in incidents])
    newest_first = [situations[incident.number] for incident in incidents]
    ordered = newest_first if everything else by_priority(newest_first, ask.services.process)
    await ask.answer(
        *incident_list(
            ordered[:MOST_SHOWN], more=len(ordered) - MOST_SHOWN, everything=everything, process=ask.services.process
        )
    )
