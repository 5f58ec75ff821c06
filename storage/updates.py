"""Statements on updates."""

from collections.abc import Sequence

from sqlalchemy import case, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.tables import Update


async def list_updates(session: AsyncSession, incident_id: int) -> Sequence[Update]:
    """An incident's updates, first to last."""
    statement = select(Update).where(Update.incident_id == incident_id).order_by(col(Update.id))
    return (await session.execute(statement)).scalars().all()


async def count_promises(session: AsyncSession) -> tuple[int, int]:
    """How many updates came by the time that had been promised, and how many later."""
    in_time = col(Update.published_at) <= col(Update.promised_at)
    kept = func.coalesce(func.sum(case((in_time, 1), else_=0)), 0)
    statement = select(kept, func.count()).where(col(Update.promised_at).is_not(None))
    in_all = (await session.execute(statement)).one()
    return int(in_all[0]), int(in_all[1]) - int(in_all[0])
