"""Who is in an incident's channel: it decides who may see a private incident."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe
from storage.incidents import (
    add_participant,
    find_incident_of_channel,
    find_participant,
    list_participants,
    list_private_incidents_with_channel,
)
from storage.tables import DeliveryKind


async def joined(session: AsyncSession, channel_id: str, user_id: str, *, now: datetime) -> None:
    """Somebody is in the channel; a channel that is not an incident's does not matter."""
    incident = await find_incident_of_channel(session, channel_id)
    if incident is not None:
        await _is_in(session, incident.number, user_id, now=now)


async def left(session: AsyncSession, channel_id: str, user_id: str, *, now: datetime) -> None:
    """Somebody is in the channel no more."""
    incident = await find_incident_of_channel(session, channel_id)
    participant = incident and await find_participant(session, incident.number, user_id)
    if participant and participant.left_at is None:
        participant.left_at = now


async def members_seen(session: AsyncSession, incident_id: int, user_ids: Collection[str], *, now: datetime) -> None:
    """These, and only these, are in the channel now."""
    for participant in await list_participants(session, incident_id):
        if participant.user_id not in user_ids and participant.left_at is None:
            participant.left_at = now
    for user_id in sorted(user_ids):
        await _is_in(session, incident_id, user_id, now=now)


async def _is_in(session: AsyncSession, incident_id: int, user_id: str, *, now: datetime) -> None:
    if await add_participant(session, incident_id, user_id, at=now):
        return
    participant = await find_participant(session, incident_id, user_id)
    if participant is not None:
        participant.left_at = None


async def owe_looking_up(session: AsyncSession, *, now: datetime) -> None:
    """Owe a look at who is in each private incident's channel; comings and goings may have been missed."""
    for incident in await list_private_incidents_with_channel(session):
        owe(
            session,
            DeliveryKind.LOOK_UP_PARTICIPANTS,
            lane=f"{incident.ref}/participants",
            key=f"{incident.marker}/participants/{now.isoformat()}",
            due_at=now,
            incident_id=incident.number,
        )
