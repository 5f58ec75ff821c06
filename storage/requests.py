"""Statements on received requests."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.tables import ReceivedRequest


async def receive(session: AsyncSession, key: str, *, at: datetime) -> bool:
    """Write down that this request is being done; False when it was done before, or is being done at once."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(ReceivedRequest).values(key=key, received_at=at).on_conflict_do_nothing()
    result = await session.execute(statement.returning(col(ReceivedRequest.key)))
    return result.first() is not None


async def forget_requests(session: AsyncSession, *, before: datetime) -> None:
    """Drop what nobody will deliver again (Slack's own retries end after a day)."""
    await session.execute(delete(ReceivedRequest).where(col(ReceivedRequest.received_at) < before))
