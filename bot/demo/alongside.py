"""Living through time that somebody moves by hand, moment by moment, as if it had passed."""

import asyncio
import contextlib
from datetime import datetime

from bot.service import Service
from storage.deliveries import count_waiting, next_due_at

PATIENCE = 5
"""Seconds we are waited for at one moment; what takes longer goes on while time does."""
LOOK_EVERY = 0.02


class Alongside:
    """The bot as a companion of the workspace's clock: time stops wherever it has something to say."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def next_moment(self) -> datetime | None:
        """When its next delivery is due."""
        async with self._service.database.read() as session:
            return await next_due_at(session, now=self._service.now())

    async def catch_up(self) -> None:
        """Perform what is due by now."""
        self._service.dispatcher.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while await self._is_anything_due():  # noqa: ASYNC110  # a commit wakes nobody but the dispatcher
                    await asyncio.sleep(LOOK_EVERY)

    async def _is_anything_due(self) -> bool:
        async with self._service.database.read() as session:
            return await count_waiting(session, now=self._service.now()) > 0
