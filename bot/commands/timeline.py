"""`/incident timeline`."""

from bot.commands.ask import Ask
from bot.views.timeline import draw
from storage.tables import Incident
from workflows.look import Look, Showing


async def on_timeline(ask: Ask, incident: Incident) -> None:
    """Show what happened, newest first."""
    await open_timeline(ask, incident)


async def open_timeline(ask: Ask, incident: Incident, *, showing: Showing = Showing.ALL) -> None:
    """Open the timeline, or those of its entries.

    Raises IncidentNotFound.
    """
    asked = Look(incident_id=incident.number, asked_in=ask.channel_id, showing=showing)
    await ask.open(await draw(ask.services, asked, viewer=ask.user_id))
