"""Snoozing: an action item's owner is reminded on the day they name, and not before."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem
from workflows.commands import SnoozeItem
from workflows.process import Process


async def snooze_item(session: AsyncSession, command: SnoozeItem, *, process: Process, now: datetime) -> ActionItem:
    """Remind its owner on that day, and not before."""
    raise NotImplementedError
