"""`/incident who`."""

from bot.commands.ask import Ask
from bot.views.who import PAGE, who_view
from storage.tables import Incident
from workflows.proof import proof_of


async def on_who(ask: Ask, incident: Incident) -> None:
    """Show who was told of it, and how each notice went."""
    async with ask.services.read() as session:
        proof = await proof_of(session, incident, size=PAGE)
    await ask.open(who_view(incident, proof, process=ask.services.process, asked_in=ask.channel_id))
