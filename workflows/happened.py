"""One effect that has happened in the world, for whatever follows from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Delivery, Incident
from storage.tables.columns import JsonObject
from workflows.process import Process


@dataclass(frozen=True)
class Happened:
    """A delivery that was performed, its incident, which is held, and what the world answered."""

    session: AsyncSession
    incident: Incident
    delivery: Delivery
    answer: JsonObject
    process: Process
    now: datetime

    @property
    def payload(self) -> JsonObject:
        """What was written down when it was owed."""
        return self.delivery.payload


Follow = Callable[[Happened], Awaitable[JsonObject | None]] | Callable[[Happened], Awaitable[None]]
"""Owes what follows; what comes back is kept as the answer in place of the whole one."""
