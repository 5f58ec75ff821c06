"""`/incident list [all]`."""

from bot.blocks.answers import incident_list
from bot.commands.ask import Ask
from storage.incidents import list_visible_incidents
from workflows.situation import list_situations

MOST_SHOWN = 20


async def on_list(ask: Ask) -> None:
    """Answer with the incidents the asker may see: worst first, then oldest."""
    everything = ask.words.lower() == "all"
    async with ask.services.read() as session:
        incidents = await list_visible_incidents(session, ask.user_id, only_open=not everything, limit=200)
        situations = await list_situations(session, [incident.number for incident in incidents])
    rank = ask.services.process.rank
    ordered = sorted(
        situations.values(),
        key=lambda situation: (rank(situation.incident.severity), situation.incident.declared_at),
    )
    await ask.answer(
        *incident_list(
            ordered[:MOST_SHOWN], more=len(ordered) - MOST_SHOWN, everything=everything, process=ask.services.process
        )
    )
