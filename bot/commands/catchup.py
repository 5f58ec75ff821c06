"""`/incident catchup`."""

from bot.blocks.catchup import catchup_message
from bot.commands.ask import Ask
from storage.tables import Incident
from workflows.catchup import catch_up
from workflows.situation import situation_of


async def on_catchup(ask: Ask, incident: Incident) -> None:
    """Answer with what somebody who comes late needs to know."""
    async with ask.services.read() as session:
        situation, told = await situation_of(session, incident), await catch_up(session, incident)
    await ask.answer(*catchup_message(situation, told, process=ask.services.process))
