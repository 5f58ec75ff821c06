"""Living through time that somebody moves by hand, moment by moment, as if it had passed."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.deliveries import count_waiting, next_due_at
from storage.engine import Database

PATIENCE = 10.0
"""Seconds we wait at one moment for one more thing to be done; what takes longer goes on while time does."""
LITTLE_PATIENCE = 1.0
"""The same for a bot that has got nowhere at the stop before, such as one whose Slack is down."""
LOOK_EVERY = 0.02
FIRST_STRIDE, LONGEST_STRIDE = timedelta(hours=1), timedelta(days=1)
"""How far time goes on past a bot that gets nowhere, before it is asked to try again."""


class Alongside:
    """The bot as a companion of the workspace's clock: time stops wherever it has something to say.

    What it has to do is read from its database; `wake` has it look at what is due now.
    """

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        wake: Callable[[], None],
        is_running: Callable[[], bool] = lambda: True,
    ) -> None:
        self._database = database
        self._now = now
        self._wake = wake
        self._is_running = is_running
        self._stride: timedelta | None = None

    async def next_moment(self) -> datetime | None:
        """When its next delivery is due; there is none while the bot is not running."""
        if not self._is_running():
            return None
        async with self._database.read() as session:
            moment = await next_due_at(session, now=self._now())
        return max(moment, self._now() + self._stride) if moment and self._stride else moment

    async def catch_up(self) -> None:
        """Let what is due by now be performed."""
        self._wake()
        if await self._is_done():
            self._stride = None
        else:
            self._stride = min(self._stride * 2, LONGEST_STRIDE) if self._stride else FIRST_STRIDE

    async def _is_done(self) -> bool:
        """Wait until nothing is due, for as long as it becomes less; it also is where the bot is not running."""
        patience, before = LITTLE_PATIENCE if self._stride else PATIENCE, -1
        try:
            async with asyncio.timeout(patience) as limit:
                while self._is_running() and (due := await self._count_due()):
                    if due != before:
                        before = due
                        limit.reschedule(asyncio.get_running_loop().time() + patience)
                    await asyncio.sleep(LOOK_EVERY)  # a commit wakes nobody but the dispatcher
        except TimeoutError:
            return False
        return True

    async def _count_due(self) -> int:
        async with self._database.read() as session:
            return await count_waiting(session, now=self._now())
