"""The life of an action item: from open to done and verified, or to won't do, and back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem
from workflows.commands import MoveItem
from workflows.process import Process


async def move_item(session: AsyncSession, command: MoveItem, *, process: Process, now: datetime) -> ActionItem:
    """Say that it is in another state now."""
    raise NotImplementedError
