"""Statements on incidents and what belongs to them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import insert_new
from storage.tables import Incident, Participant, RoleAssignment, Status, Update

ENDED = (Status.RESOLVED, Status.CLOSED, Status.DECLINED, Status.MERGED)
"""Statuses in which nobody is working on it any more."""


async def find_incident(session: AsyncSession, incident_id: int) -> Incident | None:
    """An incident by its number."""
    return await session.get(Incident, incident_id)


async def lock_incident(session: AsyncSession, incident_id: int) -> Incident | None:
    """An incident by its number, held until the end of the transaction so that changes of it come one by one."""
    statement = select(Incident).where(Incident.id == incident_id).with_for_update()
    return (await session.execute(statement)).scalars().first()


async def find_incident_of_channel(session: AsyncSession, channel_id: str) -> Incident | None:
    """The incident whose channel this is."""
    statement = select(Incident).where(Incident.channel_id == channel_id)
    return (await session.execute(statement)).scalars().first()


async def list_visible_incidents(
    session: AsyncSession, viewer: str, *, only_open: bool, limit: int
) -> Sequence[Incident]:
    """Incidents this person may see: worst severity first, then oldest first.

    A private one is visible to its declarer, to those who hold a role in it, and to those in its channel.
    """
    takes_part = select(Participant.incident_id).where(
        Participant.user_id == viewer, col(Participant.left_at).is_(None)
    )
    holds_role = select(RoleAssignment.incident_id).where(RoleAssignment.user_id == viewer)
    statement = select(Incident).where(
        or_(
            col(Incident.private).is_(False),
            col(Incident.declared_by) == viewer,
            col(Incident.id).in_(takes_part),
            col(Incident.id).in_(holds_role),
        )
    )
    if only_open:
        statement = statement.where(col(Incident.status).not_in(ENDED))
    statement = statement.order_by(col(Incident.severity), col(Incident.declared_at), col(Incident.id)).limit(limit)
    return (await session.execute(statement)).scalars().all()


async def list_incidents(session: AsyncSession, ids: Collection[int]) -> Sequence[Incident]:
    """These incidents, by number."""
    statement = select(Incident).where(col(Incident.id).in_(ids)).order_by(col(Incident.id))
    return (await session.execute(statement)).scalars().all()


async def list_private_incidents_with_channel(session: AsyncSession) -> Sequence[Incident]:
    """Private incidents that have a channel, by number."""
    statement = (
        select(Incident)
        .where(col(Incident.channel_id).is_not(None), col(Incident.private).is_(True))
        .order_by(col(Incident.id))
    )
    return (await session.execute(statement)).scalars().all()


async def list_roles(session: AsyncSession, incident_ids: Collection[int]) -> Sequence[RoleAssignment]:
    """Who holds which role in these incidents, in the order they were assigned."""
    statement = (
        select(RoleAssignment)
        .where(col(RoleAssignment.incident_id).in_(incident_ids))
        .order_by(col(RoleAssignment.assigned_at), col(RoleAssignment.role))
    )
    return (await session.execute(statement)).scalars().all()


async def find_participant(session: AsyncSession, incident_id: int, user_id: str) -> Participant | None:
    """Somebody's presence, past or present, in an incident's channel."""
    return await session.get(Participant, (incident_id, user_id))


async def add_participant(session: AsyncSession, incident_id: int, user_id: str, *, at: datetime) -> bool:
    """Somebody came for the first time; False when they came before, or are coming in another transaction at once."""
    return await insert_new(session, Participant, incident_id=incident_id, user_id=user_id, joined_at=at)


async def list_participants(session: AsyncSession, incident_id: int) -> Sequence[Participant]:
    """Everybody who is or was in an incident's channel, by id."""
    statement = select(Participant).where(Participant.incident_id == incident_id).order_by(col(Participant.user_id))
    return (await session.execute(statement)).scalars().all()


async def list_updates(session: AsyncSession, incident_id: int) -> Sequence[Update]:
    """Updates of an incident, oldest first."""
    statement = select(Update).where(Update.incident_id == incident_id).order_by(col(Update.id))
    return (await session.execute(statement)).scalars().all()
