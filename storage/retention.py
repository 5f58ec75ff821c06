"""Statements on words that were kept long enough: they go, and that something was said stays."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.tables import Message, MessageVersion


async def drop_words(
    session: AsyncSession, *, posted_before: datetime, deleted_before: datetime, now: datetime, limit: int
) -> int:
    """Empty the words of some messages posted, or deleted, before these times, and their earlier words; how many."""
    old = await _drop(session, col(Message.posted_at) < posted_before, now=now, limit=limit)
    return old or await _drop(session, col(Message.deleted_at) < deleted_before, now=now, limit=limit)


async def _drop(session: AsyncSession, are_due: ColumnElement[bool], *, now: datetime, limit: int) -> int:
    chosen = (
        select(col(Message.incident_id), col(Message.ts))
        .where(and_(are_due, col(Message.dropped_at).is_(None)))
        .order_by(col(Message.posted_at))
        .limit(limit)
    )
    keys = [(incident_id, ts) for incident_id, ts in (await session.execute(chosen)).all()]
    if not keys:
        return 0
    for table, values in ((Message, {"text": "", "dropped_at": now}), (MessageVersion, {"text": ""})):
        these = tuple_(col(table.incident_id), col(table.ts)).in_(keys)
        statement = update(table).where(these).values(**values).execution_options(synchronize_session=False)
        await session.execute(statement)
    return len(keys)
