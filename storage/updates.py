"""Statements on updates."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.tables import Update


async def list_updates(session: AsyncSession, incident_id: int) -> Sequence[Update]:
    """An incident's updates, first to last."""
    statement = select(Update).where(Update.incident_id == incident_id).order_by(col(Update.id))
    return (await session.execute(statement)).scalars().all()
