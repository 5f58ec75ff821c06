"""Waiting for something to become visible, woken by the workspace's own change signal."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sandbox.state.core import Change, State

T = TypeVar("T")


class NeverCame(AssertionError):
    """What someone waited for did not appear in time."""


class Changes:
    """Wakes those who wait whenever a person could see something new."""

    def __init__(self, state: State) -> None:
        self._waiting: list[asyncio.Future[None]] = []
        state.on_change(self._wake)

    async def until(self, look: Callable[[], T | None], *, within: float, what: Callable[[], str]) -> T:
        """The first thing `look` finds; raises NeverCame, saying what was awaited, when time is up."""
        try:
            async with asyncio.timeout(within):
                while (found := look()) is None:
                    await self._next()
        except TimeoutError:
            raise NeverCame(f"{what()} (waited {within:g} s)") from None
        return found

    async def _next(self) -> None:
        change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(change)
        await change

    def _wake(self, _: Change) -> None:
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            if not change.done():
                change.set_result(None)
