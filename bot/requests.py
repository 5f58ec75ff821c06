"""Requests under way: somebody waits for each, so everything else lets them go first."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Requests:
    """Counts the requests that are being answered."""

    def __init__(self) -> None:
        self._under_way = 0
        self._none = asyncio.Event()
        self._none.set()

    @contextmanager
    def one(self) -> Iterator[None]:
        """One more, as long as this lasts."""
        self._under_way += 1
        self._none.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._none.set()

    async def answered(self, *, within: float) -> None:
        """Wait until none is under way, but not longer than this many seconds."""
        if self._under_way:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._none.wait()
