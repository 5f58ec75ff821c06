"""Statements that list action items for somebody, a page at a time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, func, literal_column, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.incidents import VISIBLE
from storage.tables import ActionItem, EntryKind, Horizon, Incident, LedgerEntry, Participant
from storage.tables.action_items import RANK

# Written out, since an index on a part of a table or on an expression serves no statement with parameters in it.
_IS_OPEN: ColumnElement[bool] = literal_column("action_item.state IN ('open', 'in_progress', 'blocked')")
_RANK: ColumnElement[int] = literal_column(RANK, Integer)
_OPEN_WORK = (
    select(ActionItem.incident_id, func.count(), func.count(case((col(ActionItem.horizon) == Horizon.NOW, 1))))
    .where(col(ActionItem.incident_id).in_(bindparam("ids", expanding=True)), _IS_OPEN)
    .group_by(col(ActionItem.incident_id))
)


class Order(StrEnum):
    """What comes first."""

    RANK = "rank"
    """What counts most; then what is due first. What is settled comes last."""
    DUE = "due"
    """What is due first; what has no date comes last."""
    DONE = "done"
    """What was done last."""


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """Which items: every condition that is given must hold."""

    viewer: str
    """Who looks; items of incidents they may not see are left out."""
    incident_id: int | None = None
    """Of this incident, which the caller has found that the viewer may see."""
    owners: Collection[str] | None = None
    besides: str | None = None
    """Not this person's."""
    given_by: str | None = None
    """What they assigned to somebody else."""
    theme_id: int | None = None
    due_before: date | None = None
    done_since: datetime | None = None
    """Done since then, in place of what is open."""
    settled: bool = False
    """With what is settled, not only what is open."""


@dataclass(frozen=True)
class Count:
    """How many items there are, and how many of these are overdue."""

    total: int
    overdue: int


@dataclass(frozen=True)
class OpenWork:
    """How much is to be done of an incident."""

    tasks: int = 0
    """For now."""
    items: int = 0
    """For afterwards."""


NOTHING = OpenWork()


async def list_item_page(
    session: AsyncSession, criteria: Criteria, *, order: Order, limit: int, offset: int = 0
) -> Sequence[ActionItem]:
    """These items, in this order."""
    found = select(ActionItem).where(*_conditions(criteria)).order_by(*_order(criteria, order))
    statement = found.limit(limit).offset(offset)
    return (await session.execute(statement, {"viewer": criteria.viewer})).scalars().all()


async def count_items(session: AsyncSession, criteria: Criteria, *, today: date) -> Count:
    """How many they are; `today` decides what is overdue."""
    is_overdue = and_(_IS_OPEN, col(ActionItem.due_on) < today)
    counted = select(func.count(), func.count(case((is_overdue, 1)))).select_from(ActionItem)
    statement = counted.where(*_conditions(criteria))
    return Count(*(await session.execute(statement, {"viewer": criteria.viewer})).one())


async def count_open_work(session: AsyncSession, incident_ids: Collection[int]) -> Mapping[int, OpenWork]:
    """What is to be done of each of these incidents that has something to do, by its number."""
    rows = (await session.execute(_OPEN_WORK, {"ids": list(incident_ids)})).all()
    return {incident_id: OpenWork(tasks=tasks, items=total - tasks) for incident_id, total, tasks in rows}


async def list_all_items(session: AsyncSession, incident_id: int | None = None) -> Sequence[ActionItem]:
    """Every action item there is, or those of one incident, by number."""
    statement = select(ActionItem).order_by(col(ActionItem.id))
    if incident_id is not None:
        statement = statement.where(ActionItem.incident_id == incident_id)
    return (await session.execute(statement)).scalars().all()


async def list_items_hidden_from_owners(session: AsyncSession, *, after: int, limit: int) -> Sequence[tuple[int, int]]:
    """Open action items of private incidents whose channel their owner has left, with their incidents, in order from
    the one after this on."""
    # Reckoned with, it is no reason for a database to go through all items in order, in place of the few who have left.
    number = col(ActionItem.id) + 0
    is_owner = and_(
        col(Participant.incident_id) == col(ActionItem.incident_id),
        col(Participant.user_id) == col(ActionItem.owner),
    )
    statement = (
        select(ActionItem.id, ActionItem.incident_id)
        .join(Incident, col(Incident.id) == col(ActionItem.incident_id))
        .join(Participant, is_owner)
        .where(col(Incident.private), col(Participant.left_at).is_not(None), _IS_OPEN, number > after)
        .order_by(number)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]


async def look_at_plan(session: AsyncSession, incident_id: int) -> tuple[Sequence[ActionItem], bool]:
    """An incident's action items, by number, and whether somebody has said why none of them prevents it."""
    goes_without = exists().where(
        col(LedgerEntry.incident_id) == incident_id, col(LedgerEntry.kind) == EntryKind.NO_PREVENTION
    )
    statement = (
        select(ActionItem, goes_without).where(ActionItem.incident_id == incident_id).order_by(col(ActionItem.id))
    )
    rows = (await session.execute(statement)).all()
    return [item for item, _ in rows], any(said for _, said in rows)


async def list_following(session: AsyncSession, item_id: int) -> Sequence[ActionItem]:
    """The items that go on with this one, by number."""
    statement = select(ActionItem).where(ActionItem.follows == item_id).order_by(col(ActionItem.id))
    return (await session.execute(statement)).scalars().all()


async def list_history(session: AsyncSession, item: ActionItem, *, limit: int) -> Sequence[LedgerEntry]:
    """The newest entries about an item, newest first; also those of an incident that was merged into its own."""
    merged = select(Incident.id).where(Incident.merged_into == item.incident_id)
    statement = (
        select(LedgerEntry)
        .where(
            or_(col(LedgerEntry.incident_id) == item.incident_id, col(LedgerEntry.incident_id).in_(merged)),
            col(LedgerEntry.kind).in_(ABOUT_ITEMS),
            col(LedgerEntry.data)["item"].as_integer() == item.number,
        )
        .order_by(col(LedgerEntry.recorded_at).desc(), col(LedgerEntry.sequence).desc())
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()


ABOUT_ITEMS = (
    EntryKind.ITEM_ADDED,
    EntryKind.ITEM_CHANGED,
    EntryKind.ITEM_ASSIGNED,
    EntryKind.ITEM_ACCEPTED,
    EntryKind.ITEM_DECLINED,
    EntryKind.ITEM_STATE,
    EntryKind.ITEM_SNOOZED,
    EntryKind.ITEM_NEEDS_HELP,
    EntryKind.ITEM_DECIDED,
    EntryKind.ITEM_TRACKED,
    EntryKind.CHECK_ANSWERED,
)
"""Kinds of entries whose `item` is the number of an action item."""


def _conditions(criteria: Criteria) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.done_since is not None:
        found.append(col(ActionItem.done_at) >= criteria.done_since)
    elif not criteria.settled:
        found.append(_IS_OPEN)
    if criteria.incident_id is not None:
        found.append(col(ActionItem.incident_id) == criteria.incident_id)
    else:
        found.append(select(Incident.id).where(col(Incident.id) == col(ActionItem.incident_id), VISIBLE).exists())
    if criteria.owners is not None:
        found.append(col(ActionItem.owner).in_(criteria.owners))
    if criteria.besides is not None:
        found.append(col(ActionItem.owner) != criteria.besides)
    if criteria.given_by is not None:
        found += [col(ActionItem.assigned_by) == criteria.given_by, col(ActionItem.owner) != criteria.given_by]
    if criteria.theme_id is not None:
        found.append(col(ActionItem.theme_id) == criteria.theme_id)
    if criteria.due_before is not None:
        found.append(col(ActionItem.due_on) < criteria.due_before)
    return found


def _order(criteria: Criteria, order: Order) -> list[ColumnElement[Any]]:
    by_date: list[ColumnElement[Any]] = [
        col(ActionItem.due_on).is_(None),
        col(ActionItem.due_on).asc(),
        col(ActionItem.id).asc(),
    ]
    match order:
        case Order.DONE:
            return [col(ActionItem.done_at).desc(), col(ActionItem.id).desc()]
        case Order.DUE:
            return by_date
    settled_last = [_IS_OPEN.desc()] if criteria.settled else []
    return [*settled_last, _RANK.desc(), *by_date]
