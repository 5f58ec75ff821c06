"""Retention: words of the transcript go after a time; what is on the timeline stays."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.retention import drop_words
from workflows.process_parts import Retention

BATCH = 500
"""Messages in one transaction: few enough that nobody who waits behind it notices."""


async def forget_words(session: AsyncSession, retention: Retention, *, now: datetime) -> bool:
    """Drop the words of messages that were kept long enough, some at a time; whether there may be more."""
    dropped = await drop_words(
        session,
        posted_before=now - timedelta(days=retention.transcript),
        deleted_before=now - timedelta(days=retention.deleted),
        now=now,
        limit=BATCH,
    )
    return dropped > 0
