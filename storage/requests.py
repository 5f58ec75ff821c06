"""Statements on received requests."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.engine import insert_new
from storage.tables import ReceivedRequest


async def receive(session: AsyncSession, key: str, *, at: datetime) -> bool:
    """Write down that this request is being done; False when it was done before, or is being done at once."""
    return await insert_new(session, ReceivedRequest, key=key, received_at=at)


async def forget_requests(session: AsyncSession, *, before: datetime) -> None:
    """Drop what nobody will deliver again (Slack's own retries end after a day)."""
    await session.execute(delete(ReceivedRequest).where(col(ReceivedRequest.received_at) < before))
