"""Prompts: what is asked when, planned anew with every change."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Incident
from workflows.process import Process


async def replan(session: AsyncSession, incident: Incident, *, process: Process, now: datetime) -> None:
    """Plan what will be asked of this incident, which the caller holds, and let go of what need not be asked."""
