"""Who is in an incident's channel: it decides who may see a private incident."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe_unless_owed
from storage.incidents import (
    add_participant,
    find_incident_of_channel,
    find_participant,
    list_participants,
    list_private_incidents_with_channel,
    list_roles,
    lock_incident,
)
from storage.ledger import has_entry, record
from storage.tables import DeliveryKind, EntryKind, Incident


async def joined(session: AsyncSession, channel_id: str, user_id: str, *, at: datetime, now: datetime) -> None:
    """Somebody came into the channel then; a channel that is not an incident's does not matter."""
    incident = await find_incident_of_channel(session, channel_id)
    if incident is None:
        return
    await _is(session, incident.number, user_id, present=True, since=at)
    roles = [role.role for role in await list_roles(session, [incident.number]) if role.user_id == user_id]
    if roles and user_id != incident.declared_by:
        await _record_joining(session, incident, user_id, roles, at=at, now=now)


async def _record_joining(
    session: AsyncSession, incident: Incident, user_id: str, roles: list[str], *, at: datetime, now: datetime
) -> None:
    """That somebody who holds a role has come belongs on the timeline, once; that the declarer is there is plain."""
    held = await lock_incident(session, incident.number)
    if held and not await has_entry(session, incident.number, EntryKind.JOINED, by=user_id):
        record(session, held, EntryKind.JOINED, by=user_id, at=now, happened_at=at, data={"roles": roles})


async def left(session: AsyncSession, channel_id: str, user_id: str, *, at: datetime) -> None:
    """Somebody left the channel then."""
    incident = await find_incident_of_channel(session, channel_id)
    if incident is not None:
        await _is(session, incident.number, user_id, present=False, since=at)


async def members_seen(session: AsyncSession, incident_id: int, user_ids: Collection[str], *, at: datetime) -> None:
    """These, and only these, were in the channel when somebody began to look."""
    for participant in await list_participants(session, incident_id):
        if participant.user_id not in user_ids:
            await _is(session, incident_id, participant.user_id, present=False, since=at)
    for user_id in sorted(user_ids):
        await _is(session, incident_id, user_id, present=True, since=at)


async def _is(session: AsyncSession, incident_id: int, user_id: str, *, present: bool, since: datetime) -> None:
    """Keep what was so last: news may come late, and in any order."""
    if await add_participant(session, incident_id, user_id, at=since, present=present):
        return
    participant = await find_participant(session, incident_id, user_id)
    if participant is None or (participant.left_at or participant.joined_at) > since:
        return
    if not present:
        participant.left_at = since
    elif participant.left_at is not None:
        participant.joined_at, participant.left_at = since, None


async def owe_looking_up(session: AsyncSession, *, now: datetime) -> None:
    """Owe a look at who is in each private incident's channel; comings and goings may have been missed."""
    for incident in await list_private_incidents_with_channel(session):
        await owe_looking_who_is_in(session, incident, now=now)


async def owe_looking_who_is_in(session: AsyncSession, incident: Incident, *, now: datetime) -> None:
    """Owe a look at who is in this incident's channel; of two at one moment one will do."""
    await owe_unless_owed(
        session,
        DeliveryKind.LOOK_UP_PARTICIPANTS,
        lane=f"{incident.ref}/participants",
        key=f"{incident.marker}/participants/{now.isoformat()}",
        due_at=now,
        payload={},
        incident_id=incident.number,
    )
