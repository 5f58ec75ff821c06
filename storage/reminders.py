"""Statements on reminders: what is planned, what is due, and which message said what."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, literal_column, or_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import add_late, insert_all_new, write_late_rows
from storage.tables import GATHERED, Delivery, Reminder, ReminderState
from storage.tables.columns import JsonObject

# Written out, so that the index on planned ones is used.
_PLANNED = col(Reminder.state) == literal_column(f"'{ReminderState.PLANNED}'")
_GATHERED = col(Reminder.kind).in_([literal_column(f"'{kind}'") for kind in sorted(GATHERED)])
_PLANNED_OR_NAMED = (
    select(Reminder)
    .where(
        or_(
            (col(Reminder.item_id).in_(bindparam("items", expanding=True))) & _PLANNED & _GATHERED,
            (col(Reminder.risk_id).in_(bindparam("risks", expanding=True))) & _PLANNED & _GATHERED,
            col(Reminder.key).in_(bindparam("keys", expanding=True)),
        )
    )
    .order_by(col(Reminder.id))
)
_DUE = (
    select(Reminder)
    .where(col(Reminder.to) == bindparam("to"), _PLANNED, _GATHERED, col(Reminder.due_at) <= bindparam("now"))
    .order_by(col(Reminder.due_at), col(Reminder.id))
    .limit(bindparam("most"))
)
_OF_MESSAGE = (
    select(Reminder)
    .where(
        col(Reminder.channel_id) == bindparam("channel_id"),
        col(Reminder.ts) == bindparam("ts"),
        col(Reminder.ts).is_not(None),
    )
    .order_by(col(Reminder.id))
)


_NOTHING: JsonObject = {"item_id": None, "check_id": None, "risk_id": None, "data": {}}


def add_reminder(session: AsyncSession, **values: Any) -> None:
    """Plan one that was never planned before; the row is written just before the commit."""
    add_late(session, Reminder, **_NOTHING | values)


async def add_reminders(session: AsyncSession, rows: Sequence[JsonObject]) -> None:
    """Plan these in one go, but for those that another transaction plans at once."""
    await insert_all_new(session, Reminder, [_NOTHING | row for row in rows])


async def list_planned_or_named(
    session: AsyncSession, *, items: Collection[int], risks: Collection[int] = (), keys: Collection[str]
) -> Sequence[Reminder]:
    """What is planned for mornings about these, and those with these keys whatever became of them."""
    await write_late_rows(session)
    await session.flush()
    values = {"items": list(items), "risks": list(risks), "keys": list(keys)}
    return (await session.execute(_PLANNED_OR_NAMED, values)).scalars().all()


async def list_due(session: AsyncSession, to: str, *, now: datetime, limit: int) -> Sequence[Reminder]:
    """What somebody is to hear by now and has not heard, in the order it was due."""
    await write_late_rows(session)
    return (await session.execute(_DUE, {"to": to, "now": now, "most": limit})).scalars().all()


async def find_reminder(session: AsyncSession, key: str) -> Reminder | None:
    """A reminder by its key."""
    await write_late_rows(session)
    return (await session.execute(select(Reminder).where(Reminder.key == key))).scalars().first()


async def list_reminders(session: AsyncSession, ids: Collection[int]) -> Sequence[Reminder]:
    """These reminders, by number."""
    statement = select(Reminder).where(col(Reminder.id).in_(ids)).order_by(col(Reminder.id))
    return (await session.execute(statement)).scalars().all() if ids else []


async def list_of_message(session: AsyncSession, channel_id: str, ts: str) -> Sequence[Reminder]:
    """What a message of ours says, in the order it was planned."""
    return (await session.execute(_OF_MESSAGE, {"channel_id": channel_id, "ts": ts})).scalars().all()


async def list_messages_about(
    session: AsyncSession, item_id: int, *, sent_after: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """The newest messages that show an item, as channel and ts."""
    return await _list_messages(session, col(Reminder.item_id) == item_id, sent_after=sent_after, limit=limit)


async def list_messages_about_risk(
    session: AsyncSession, risk_id: int, *, sent_after: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    """The newest messages that show an accepted risk, as channel and ts."""
    return await _list_messages(session, col(Reminder.risk_id) == risk_id, sent_after=sent_after, limit=limit)


async def _list_messages(
    session: AsyncSession, about: ColumnElement[bool], *, sent_after: datetime, limit: int
) -> Sequence[tuple[str, str]]:
    statement = (
        select(Reminder.channel_id, Reminder.ts)
        .where(about, col(Reminder.sent_at) > sent_after, col(Reminder.ts).is_not(None))
        .order_by(col(Reminder.sent_at).desc())
        .limit(4 * limit)
    )
    rows = (await session.execute(statement)).all()
    return list(dict.fromkeys((str(row[0]), str(row[1])) for row in rows))[:limit]


async def drop_reminders(session: AsyncSession, ids: Collection[int | None]) -> None:
    """Nobody is to hear of these any more; they were only planned."""
    statement = delete(Reminder).where(col(Reminder.id).in_(ids), _PLANNED)
    await session.execute(statement.execution_options(synchronize_session=False))


async def put_off_due(session: AsyncSession, to: str, *, now: datetime, until: datetime) -> None:
    """What somebody was to hear by now is due later."""
    statement = update(Reminder).where(col(Reminder.to) == to, _PLANNED, _GATHERED, col(Reminder.due_at) <= now)
    await session.execute(statement.values(due_at=until).execution_options(synchronize_session=False))


async def list_planned_to(session: AsyncSession, to: str) -> Sequence[Reminder]:
    """Everything that is planned for somebody's mornings."""
    statement = select(Reminder).where(Reminder.to == to, _PLANNED, _GATHERED).order_by(col(Reminder.id))
    return (await session.execute(statement)).scalars().all()


async def list_forgotten(session: AsyncSession, *, due_before: datetime, now: datetime, limit: int) -> Sequence[str]:
    """Who was to hear something by then, with no delivery on its way to them; one for a later day is none."""
    on_its_way = (
        select(Delivery.id)
        .where(
            col(Delivery.lane) == "morning/" + col(Reminder.to),
            col(Delivery.done_at).is_(None),
            col(Delivery.due_at) <= now,
        )
        .exists()
    )
    # In the order it was due, and not each person once: SQLite would read everything that is planned for that.
    statement = (
        select(Reminder.to)
        .where(_PLANNED, _GATHERED, col(Reminder.due_at) < due_before, ~on_its_way)
        .order_by(col(Reminder.due_at))
        .limit(limit)
    )
    return list(dict.fromkeys((await session.execute(statement)).scalars()))
