"""Capture: what is heard at the same time shares one commit, and each is acknowledged after it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from storage.engine import Database, is_outage
from workflows.heard import Heard
from workflows.process import Process
from workflows.transcript import capture

log = structlog.get_logger()

MOST_AT_ONCE = 50
"""How much one commit takes: few enough that nobody who waits behind it notices."""


class Capture:
    """Keeps what is heard; a commit takes all that arrived while the one before it was under way."""

    def __init__(self, database: Database, process: Process, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._process = process
        self._now = now
        self._waiting: list[tuple[Heard, asyncio.Future[None]]] = []
        self._keeping: asyncio.Task[None] | None = None

    async def keep(self, heard: Heard) -> None:
        """Return when it is committed; raises what kept it from being."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((heard, kept))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_waiting())
        await kept

    async def _keep_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            try:
                await self._commit(batch)
            except Exception as fault:  # whatever it is, those who wait hear of it
                await self._after_fault(batch, fault)

    async def _commit(self, batch: list[tuple[Heard, asyncio.Future[None]]]) -> None:
        async with self._database.transaction() as session:
            await capture(session, [heard for heard, _ in batch], process=self._process, now=self._now())
        for _, kept in batch:
            if not kept.done():  # whoever waited may have been cancelled
                kept.set_result(None)

    async def _after_fault(self, batch: list[tuple[Heard, asyncio.Future[None]]], fault: Exception) -> None:
        """One that cannot be kept harms no other: each is tried alone, unless the database itself is in trouble."""
        if len(batch) == 1 or is_outage(fault):
            for _, kept in batch:
                if not kept.done():
                    kept.set_exception(fault)
            return
        for one in batch:
            try:
                await self._commit([one])
            except Exception as own:  # and nobody but the one it belongs to
                await self._after_fault([one], own)
