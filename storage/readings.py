"""Statements for readings: what is known of a stretch of a channel, to be compared with its history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import write_late_rows
from storage.tables import Delivery, DeliveryKind, Mark, Message
from storage.tables.columns import UtcDateTime

_THERE = (
    col(Message.incident_id) == bindparam("incident_id"),
    col(Message.deleted_at).is_(None),
    col(Message.ts) > bindparam("after"),
    col(Message.ts) <= bindparam("upto"),
)
_IN_CHANNEL = (
    select(Message.ts)
    .where(*_THERE, or_(col(Message.thread_ts).is_(None), col(Message.broadcast)))
    .order_by(col(Message.ts))
)
_IN_THREAD = (
    select(Message.ts).where(*_THERE, col(Message.thread_ts) == bindparam("thread_ts")).order_by(col(Message.ts))
)
_THREADS = (
    select(Message.thread_ts, func.count(), func.max(Message.ts))
    .where(
        col(Message.incident_id) == bindparam("incident_id"),
        col(Message.deleted_at).is_(None),
        col(Message.thread_ts) > bindparam("after"),
        col(Message.thread_ts) <= bindparam("upto"),
    )
    .group_by(col(Message.thread_ts))
)
_NEWEST = select(func.max(Message.ts), func.max(Message.edited_ts)).where(
    col(Message.incident_id) == bindparam("incident_id")
)
_NEWEST_MARK = select(func.max(Mark.changed_at)).where(
    # Those made in a form have a time of our clock's.
    col(Mark.incident_id) == bindparam("incident_id"),
    col(Mark.by_hand).is_(False),
)
_NOT_UNDER_WAY = (
    select(Delivery)
    .where(
        col(Delivery.lane) == bindparam("lane"),
        col(Delivery.kind) == DeliveryKind.READ_HISTORY,
        col(Delivery.done_at).is_(None),
        or_(
            col(Delivery.claimed_until).is_(None), col(Delivery.claimed_until) <= bindparam("now", type_=UtcDateTime())
        ),
    )
    .order_by(col(Delivery.id))
    .with_for_update(skip_locked=True)
)


async def list_in_channel(session: AsyncSession, incident_id: int, *, after: str, upto: str) -> Sequence[str]:
    """What we have of a stretch of the channel itself and do not know as deleted, oldest first."""
    values = {"incident_id": incident_id, "after": after, "upto": upto}
    return (await session.execute(_IN_CHANNEL, values)).scalars().all()


async def list_in_thread(
    session: AsyncSession, incident_id: int, thread_ts: str, *, after: str, upto: str
) -> Sequence[str]:
    """The same of a stretch of a thread."""
    values = {"incident_id": incident_id, "thread_ts": thread_ts, "after": after, "upto": upto}
    return (await session.execute(_IN_THREAD, values)).scalars().all()


async def count_replies(
    session: AsyncSession, incident_id: int, *, after: str, upto: str
) -> dict[str, tuple[int, str]]:
    """How many replies we have in each thread that began in this stretch, and the newest of them."""
    values = {"incident_id": incident_id, "after": after, "upto": upto}
    rows = (await session.execute(_THREADS, values)).all()
    return {str(thread_ts): (count, newest) for thread_ts, count, newest in rows}


async def newest_heard(session: AsyncSession, incident_id: int) -> str:
    """The ts of the newest thing we heard of an incident: written, edited or marked; empty for nothing at all."""
    of_message = (await session.execute(_NEWEST, {"incident_id": incident_id})).one()
    marked_at: datetime | None = (await session.execute(_NEWEST_MARK, {"incident_id": incident_id})).scalar()
    return max(of_message[0] or "", of_message[1] or "", f"{marked_at.timestamp():.6f}" if marked_at else "")


async def list_readings(session: AsyncSession, lane: str, *, now: datetime) -> Sequence[Delivery]:
    """Steps of readings that wait in a lane and are not under way, held, first owed first."""
    await write_late_rows(session)
    return (await session.execute(_NOT_UNDER_WAY, {"lane": lane, "now": now})).scalars().all()
