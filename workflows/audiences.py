"""Audiences: who hears of a transition, each once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Incident, LedgerEntry
from workflows.notices import Transition
from workflows.process import Process


async def announce(
    session: AsyncSession,
    incident: Incident,
    transition: Transition,
    entry: LedgerEntry,
    *,
    process: Process,
    now: datetime,
) -> None:
    """Owe a transition's notices."""
