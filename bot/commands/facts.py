"""`/incident facts`."""

from bot.commands.ask import Ask
from bot.views.facts import facts_modal
from storage.tables import Incident


async def on_facts(ask: Ask, incident: Incident) -> None:
    """Open the form with what is known."""
    await ask.open(facts_modal(incident, process=ask.services.process, asked_in=ask.channel_id))
