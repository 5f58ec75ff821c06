"""Whose channel a message stands in."""

from bot.services import Services
from storage.incidents import find_incident_of_channel
from storage.tables import Incident
from workflows.access import may_see


async def incident_of_channel(services: Services, channel_id: str, *, viewer: str) -> Incident | None:
    """The incident whose channel this is; None where it is none's, or none's that they may know of."""
    async with services.read() as session:
        incident = await find_incident_of_channel(session, channel_id)
        if incident is None or not await may_see(session, incident, viewer, asked_in=channel_id):
            return None
    return incident
