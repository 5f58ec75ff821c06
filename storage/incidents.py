"""Statements on incidents and what belongs to them.

Those of the busiest paths are built once: building one costs more than running it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import add_late, insert_new
from storage.tables import Incident, Participant, RoleAssignment, Status

ENDED = (Status.RESOLVED, Status.CLOSED, Status.DECLINED, Status.MERGED)
"""Statuses in which nobody is working on it any more."""

_TAKES_PART = select(Participant.incident_id).where(
    col(Participant.user_id) == bindparam("viewer"), col(Participant.left_at).is_(None)
)
_HAS_LEFT = select(Participant.incident_id).where(
    col(Participant.user_id) == bindparam("viewer"), col(Participant.left_at).is_not(None)
)
_HOLDS_ROLE = select(RoleAssignment.incident_id).where(col(RoleAssignment.user_id) == bindparam("viewer"))
VISIBLE = or_(
    col(Incident.private).is_(False),
    col(Incident.id).in_(_TAKES_PART),
    and_(
        or_(col(Incident.declared_by) == bindparam("viewer"), col(Incident.id).in_(_HOLDS_ROLE)),
        col(Incident.id).not_in(_HAS_LEFT),
    ),
)
"""Which incidents `viewer` may see, as part of a statement: the rule of `list_visible_incidents`."""
_VISIBLE = select(Incident).where(VISIBLE).order_by(col(Incident.id).desc()).limit(bindparam("most"))
_VISIBLE_AND_OPEN = _VISIBLE.where(col(Incident.status).not_in(ENDED))
_VISIBLE_SINCE = _VISIBLE.where(
    col(Incident.declared_at) > bindparam("since"), col(Incident.status).not_in((Status.DECLINED, Status.MERGED))
)
# What was read before the lock may be old by now.
_LOCKED = (
    select(Incident)
    .where(col(Incident.id) == bindparam("incident_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_THESE_LOCKED = (
    select(Incident)
    .where(col(Incident.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Incident.id))
    .with_for_update()
)
_OF_CHANNEL = select(Incident).where(col(Incident.channel_id) == bindparam("channel_id"))
_THESE = select(Incident).where(col(Incident.id).in_(bindparam("ids", expanding=True))).order_by(col(Incident.id))
_ROLES = (
    select(RoleAssignment)
    .where(col(RoleAssignment.incident_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(RoleAssignment.assigned_at), col(RoleAssignment.role))
)
_PARTICIPANTS = select(Participant).where(col(Participant.incident_id).in_(bindparam("ids", expanding=True)))


async def find_incident(session: AsyncSession, incident_id: int) -> Incident | None:
    """An incident by its number."""
    return await session.get(Incident, incident_id)


async def lock_incident(session: AsyncSession, incident_id: int) -> Incident | None:
    """An incident by its number, held until the end of the transaction so that changes of it come one by one."""
    return (await session.execute(_LOCKED, {"incident_id": incident_id})).scalars().first()


async def lock_incidents(session: AsyncSession, ids: Collection[int]) -> Sequence[Incident]:
    """These incidents, held; in the order of their numbers, so that nobody waits for each other in a circle."""
    return (await session.execute(_THESE_LOCKED, {"ids": list(ids)})).scalars().all() if ids else []


async def find_incident_of_channel(session: AsyncSession, channel_id: str) -> Incident | None:
    """The incident whose channel this is."""
    return (await session.execute(_OF_CHANNEL, {"channel_id": channel_id})).scalars().first()


async def list_visible_incidents(
    session: AsyncSession, viewer: str, *, only_open: bool, limit: int
) -> Sequence[Incident]:
    """Incidents this person may see, newest first.

    A private one is visible to those in its channel, and until they have been there also to its declarer and to those
    who hold a role in it.
    """
    statement = _VISIBLE_AND_OPEN if only_open else _VISIBLE
    return (await session.execute(statement, {"viewer": viewer, "most": limit})).scalars().all()


async def list_visible_since(session: AsyncSession, viewer: str, *, since: datetime, limit: int) -> Sequence[Incident]:
    """Incidents declared after that which this person may see, newest first; without those that were none."""
    values = {"viewer": viewer, "since": since, "most": limit}
    return (await session.execute(_VISIBLE_SINCE, values)).scalars().all()


async def list_incidents(session: AsyncSession, ids: Collection[int]) -> Sequence[Incident]:
    """These incidents, by number."""
    return (await session.execute(_THESE, {"ids": list(ids)})).scalars().all()


async def list_incidents_with_services(session: AsyncSession) -> Sequence[Incident]:
    """Incidents of which somebody has said what they touch, by number; those that were declined are left out."""
    statement = select(Incident).where(Incident.status != Status.DECLINED).order_by(col(Incident.id))
    return [incident for incident in (await session.execute(statement)).scalars() if incident.services]


async def list_private_incidents_with_channel(session: AsyncSession) -> Sequence[Incident]:
    """Private incidents that have a channel, by number."""
    statement = (
        select(Incident)
        .where(col(Incident.channel_id).is_not(None), col(Incident.private).is_(True))
        .order_by(col(Incident.id))
    )
    return (await session.execute(statement)).scalars().all()


async def list_incidents_to_read(session: AsyncSession, *, ended_after: datetime) -> Sequence[Incident]:
    """Incidents with a channel that are open or ended after that, by number."""
    ended_at = func.coalesce(col(Incident.status_changed_at), col(Incident.resolved_at), col(Incident.declared_at))
    statement = (
        select(Incident)
        .where(col(Incident.channel_id).is_not(None), or_(col(Incident.status).not_in(ENDED), ended_at > ended_after))
        .order_by(col(Incident.id))
    )
    return (await session.execute(statement)).scalars().all()


async def list_roles(session: AsyncSession, incident_ids: Collection[int]) -> Sequence[RoleAssignment]:
    """Who holds which role in these incidents, in the order they were assigned."""
    return (await session.execute(_ROLES, {"ids": list(incident_ids)})).scalars().all()


async def list_viewers(session: AsyncSession, incidents: Sequence[Incident]) -> dict[int, frozenset[str]]:
    """Who may see each of these private incidents: the same rule as `list_visible_incidents`."""
    ids = [incident.number for incident in incidents]
    viewers: dict[int, set[str]] = {incident.number: {incident.declared_by} for incident in incidents}
    for role in await list_roles(session, ids):
        viewers[role.incident_id].add(role.user_id)
    for participant in (await session.execute(_PARTICIPANTS, {"ids": ids})).scalars():
        change = set.add if participant.left_at is None else set.discard
        change(viewers[participant.incident_id], participant.user_id)
    return {number: frozenset(who) for number, who in viewers.items()}


def add_role(session: AsyncSession, incident: Incident, role: str, *, user_id: str, by: str, at: datetime) -> None:
    """Give a role that nobody holds; the row is written just before the commit."""
    add_late(
        session,
        RoleAssignment,
        incident_id=incident.number,
        role=role,
        user_id=user_id,
        assigned_by=by,
        assigned_at=at,
    )


async def find_participant(session: AsyncSession, incident_id: int, user_id: str) -> Participant | None:
    """Somebody's presence, past or present, in an incident's channel."""
    return await session.get(Participant, (incident_id, user_id))


async def add_participant(
    session: AsyncSession, incident_id: int, user_id: str, *, at: datetime, present: bool
) -> bool:
    """The first that is heard of somebody; False when there was news before, or is in another transaction at once."""
    left_at = None if present else at
    return await insert_new(
        session, Participant, incident_id=incident_id, user_id=user_id, joined_at=at, left_at=left_at
    )


async def list_participants(session: AsyncSession, incident_id: int) -> Sequence[Participant]:
    """Everybody who is or was in an incident's channel, by id."""
    statement = select(Participant).where(Participant.incident_id == incident_id).order_by(col(Participant.user_id))
    return (await session.execute(statement)).scalars().all()
