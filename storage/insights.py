"""Statements on incidents and action items as they are counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.tables import ActionItem, Incident, ItemKind, ItemState, Status

NO_INCIDENTS = (Status.DECLINED, Status.MERGED)
"""What was none, or was part of another."""


@dataclass(frozen=True)
class IncidentFacts:
    """What an incident counts as."""

    declared_at: datetime
    private: bool
    severity: str
    type: str
    services: list[str]
    detected_by: str | None
    trigger: str | None


async def list_incident_facts(
    session: AsyncSession, *, since: datetime | None = None, until: datetime | None = None
) -> Sequence[IncidentFacts]:
    """The incidents declared from the one moment until before the other, private ones too, by number."""
    statement = select(
        col(Incident.declared_at),
        col(Incident.private),
        col(Incident.severity),
        col(Incident.type),
        col(Incident.services),
        col(Incident.detected_by),
        col(Incident.trigger),
    ).where(col(Incident.status).not_in(NO_INCIDENTS))
    if since:
        statement = statement.where(col(Incident.declared_at) >= since)
    if until:
        statement = statement.where(col(Incident.declared_at) < until)
    return [IncidentFacts(*row) for row in (await session.execute(statement.order_by(col(Incident.id)))).all()]


async def list_kinds(session: AsyncSession, *, since: datetime | None = None) -> Sequence[tuple[ItemKind, ItemState]]:
    """What sort of work each action item made since then is, and how it stands, private ones too, by number."""
    statement = select(col(ActionItem.kind), col(ActionItem.state)).order_by(col(ActionItem.id))
    if since:
        statement = statement.where(col(ActionItem.created_at) >= since)
    return [(kind, state) for kind, state in (await session.execute(statement)).all()]
