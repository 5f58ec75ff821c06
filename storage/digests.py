"""Statements on what the digests say; nothing here is of a private incident, since everybody reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy import select as plain_select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.counting import IS_DONE, IS_OPEN, count_where
from storage.engine import write_late_rows
from storage.tables import (
    ActionItem,
    Delivery,
    DeliveryOutcome,
    EntryKind,
    Horizon,
    Incident,
    ItemKind,
    ItemState,
    TimelineEntry,
)

_THEIR_INCIDENT = col(Incident.id) == col(ActionItem.incident_id)
_IS_PUBLIC = col(Incident.private).is_(False)
_EARLIEST_FIRST = (col(ActionItem.due_on), col(ActionItem.id))


@dataclass(frozen=True)
class Load:
    """What one person has to do, and has done since the digest before."""

    owner: str
    open: int
    overdue: int
    due: int
    done: int
    proposals: int


@dataclass(frozen=True)
class ItemDates:
    """When what happened to an action item."""

    kind: ItemKind
    state: ItemState
    created_at: datetime
    due_on: date | None
    done_at: datetime | None
    verified_at: datetime | None


async def list_loads(
    session: AsyncSession, *, today: date, until: date, since: datetime, now: datetime
) -> Sequence[Load]:
    """Who has how much to do, how much of it is due from today until that day, and how much they did; by owner."""
    done = and_(IS_DONE, *_done_in(since, now))
    statement = (
        plain_select(
            col(ActionItem.owner),
            count_where(IS_OPEN),
            count_where(and_(IS_OPEN, col(ActionItem.due_on) < today)),
            count_where(and_(IS_OPEN, col(ActionItem.due_on).between(today, until))),
            count_where(done),
            count_where(and_(IS_OPEN, col(ActionItem.proposal).is_not(None))),
        )
        .join(Incident, _THEIR_INCIDENT)
        .where(_IS_PUBLIC, or_(IS_OPEN, done))
        .group_by(col(ActionItem.owner))
        .order_by(col(ActionItem.owner))
    )
    return [Load(*row) for row in (await session.execute(statement)).all()]


async def list_overdue(session: AsyncSession, *, today: date, limit: int) -> Sequence[ActionItem]:
    """Open items whose day has passed, the longest ago first."""
    return await _list(session, _items(IS_OPEN, col(ActionItem.due_on) < today).order_by(*_EARLIEST_FIRST), limit)


async def list_due_between(session: AsyncSession, first: date, last: date, *, limit: int) -> Sequence[ActionItem]:
    """Open items due on these days, in their order."""
    is_due = col(ActionItem.due_on).between(first, last)
    return await _list(session, _items(IS_OPEN, is_due).order_by(*_EARLIEST_FIRST), limit)


async def list_done_between(
    session: AsyncSession, since: datetime, until: datetime, *, limit: int
) -> Sequence[ActionItem]:
    """Items that were done after the one and not after the other moment, first done first."""
    statement = _items(IS_DONE, *_done_in(since, until)).order_by(col(ActionItem.done_at), col(ActionItem.id))
    return await _list(session, statement, limit)


async def list_oldest_open(session: AsyncSession, *, limit: int) -> Sequence[ActionItem]:
    """Open items for afterwards, the oldest first."""
    statement = _items(IS_OPEN, col(ActionItem.horizon) == Horizon.AFTER)
    return await _list(session, statement.order_by(col(ActionItem.created_at), col(ActionItem.id)), limit)


async def list_proposals(session: AsyncSession, *, limit: int) -> Sequence[ActionItem]:
    """Open proposals to change how incidents are run, the newest first."""
    statement = _items(IS_OPEN, col(ActionItem.proposal).is_not(None)).order_by(col(ActionItem.id).desc())
    return await _list(session, statement, limit)


async def list_kudos(session: AsyncSession, since: datetime, until: datetime) -> Sequence[TimelineEntry]:
    """The thanks that were said in public after the one and not after the other moment, and still show, in order."""
    statement = (
        select(TimelineEntry)
        .join(Incident, col(Incident.id) == col(TimelineEntry.incident_id))
        .where(
            _IS_PUBLIC,
            col(Incident.last_activity_at) > since,  # thanks are activity: few timelines have to be read
            col(TimelineEntry.kind) == EntryKind.KUDOS,
            col(TimelineEntry.hidden).is_(False),
            col(TimelineEntry.happened_at) > since,
            col(TimelineEntry.happened_at) <= until,
        )
        .order_by(col(TimelineEntry.happened_at), col(TimelineEntry.incident_id), col(TimelineEntry.sequence))
    )
    return (await session.execute(statement)).scalars().all()


async def list_dates_of_month(
    session: AsyncSession, *, since: datetime, until: datetime, first: date, last: date
) -> Sequence[ItemDates]:
    """Items for afterwards that were made, done, verified or due in a month, or are open; by number."""
    moments = (col(ActionItem.created_at), col(ActionItem.done_at), col(ActionItem.verified_at))
    touched = [and_(moment >= since, moment < until) for moment in moments]
    statement = (
        plain_select(
            col(ActionItem.kind),
            col(ActionItem.state),
            col(ActionItem.created_at),
            col(ActionItem.due_on),
            col(ActionItem.done_at),
            col(ActionItem.verified_at),
        )
        .join(Incident, _THEIR_INCIDENT)
        .where(
            _IS_PUBLIC,
            col(ActionItem.horizon) == Horizon.AFTER,
            or_(IS_OPEN, col(ActionItem.due_on).between(first, last), *touched),
        )
        .order_by(col(ActionItem.id))
    )
    return [ItemDates(*row) for row in (await session.execute(statement)).all()]


async def list_waiting_in(session: AsyncSession, lane: str) -> Sequence[Delivery]:
    """What is owed in this lane and not done, first due first."""
    await write_late_rows(session)
    statement = select(Delivery).where(Delivery.lane == lane, col(Delivery.done_at).is_(None))
    return (await session.execute(statement.order_by(col(Delivery.due_at), col(Delivery.id)))).scalars().all()


async def list_last_ended_in(session: AsyncSession, lane: str) -> Sequence[Delivery]:
    """Of each kind in this lane, what came to an end last (what was called off came to none), by kind."""
    statement = (
        select(func.max(Delivery.id))
        .where(
            Delivery.lane == lane,
            col(Delivery.done_at).is_not(None),
            col(Delivery.outcome).not_in((DeliveryOutcome.CANCELLED, DeliveryOutcome.COLLAPSED)),
        )
        .group_by(col(Delivery.kind))
    )
    last = select(Delivery).where(col(Delivery.id).in_(statement)).order_by(col(Delivery.kind))
    return (await session.execute(last)).scalars().all()


def _items(*conditions: ColumnElement[bool]) -> Select[ActionItem]:
    return plain_select(ActionItem).join(Incident, _THEIR_INCIDENT).where(_IS_PUBLIC, *conditions)


async def _list(session: AsyncSession, statement: Select[ActionItem], limit: int) -> Sequence[ActionItem]:
    return (await session.execute(statement.limit(limit))).scalars().all()


def _done_in(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(ActionItem.done_at) > since, col(ActionItem.done_at) <= until
