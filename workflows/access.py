"""Who may see an incident; every list, answer and change goes through here, or through the same rule as a statement
(`storage.incidents.list_visible_incidents`)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import find_incident, find_participant, list_roles, lock_incident
from storage.requests import receive
from storage.tables import Incident
from workflows.commands import Command, IncidentCommand
from workflows.errors import AlreadyReceived, IncidentNotFound


async def may_see(session: AsyncSession, incident: Incident, viewer: str, *, asked_in: str | None = None) -> bool:
    """Whether this person may know of the incident at all.

    Everybody may know of one that is not private. A private one is for those in its channel, and for its declarer and
    those who hold a role in it as long as they have not left the channel. Who asks from within the channel is in it,
    unless we know that they have left since: a form may have been open for long.
    """
    if not incident.private:
        return True
    participant = await find_participant(session, incident.number, viewer)
    if participant is not None:
        return participant.left_at is None
    if viewer == incident.declared_by or (asked_in is not None and asked_in == incident.channel_id):
        return True
    return any(role.user_id == viewer for role in await list_roles(session, [incident.number]))


async def see_incident(
    session: AsyncSession, incident_id: int, viewer: str, *, asked_in: str | None = None
) -> Incident:
    """An incident, for somebody who may see it.

    Raises IncidentNotFound, also where it exists and they may not.
    """
    incident = await find_incident(session, incident_id)
    if incident is None or not await may_see(session, incident, viewer, asked_in=asked_in):
        raise IncidentNotFound(incident_id)
    return incident


async def begin(session: AsyncSession, command: Command, *, now: datetime) -> None:
    """Take on a request, once.

    Raises AlreadyReceived.
    """
    if not await receive(session, command.request_id, at=now):
        raise AlreadyReceived(command.request_id)


async def begin_change(session: AsyncSession, command: IncidentCommand, *, now: datetime) -> Incident:
    """Take on a request about an incident, once; the incident is held until the end of the transaction.

    Raises AlreadyReceived, and IncidentNotFound where it is not there or not theirs to see.
    """
    await begin(session, command, now=now)
    incident = await lock_incident(session, command.incident_id)
    if incident is None or not await may_see(session, incident, command.by, asked_in=command.asked_in):
        raise IncidentNotFound(command.incident_id)
    return incident
