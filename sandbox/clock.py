"""The workspace's time: the real one, shifted by as much as a test likes."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Timer:
    """A callback due at a time; it can be cancelled until it has run."""

    def __init__(self, due_at: datetime, callback: Callable[[], None]) -> None:
        self.due_at = due_at
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        """Let the time pass without the callback."""
        self.cancelled = True


class Clock:
    """Aware UTC time that can be moved forward, with timers that fire when it passes them."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        """Follow `source` (the real clock by default; `lambda: NOON` makes one that only `advance` moves)."""
        self._source = source or _real_now
        self._offset = timedelta()
        self._timers: list[tuple[datetime, int, Timer]] = []
        self._order = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self._advance_listeners: list[Callable[[], None]] = []

    @property
    def lead(self) -> timedelta:
        """How far it was moved ahead of its source."""
        return self._offset

    @lead.setter
    def lead(self, lead: timedelta) -> None:
        """Be so far ahead as it once was; no timer is set yet."""
        self._offset = lead

    def on_advance(self, listener: Callable[[], None]) -> None:
        """Call the listener whenever time was moved."""
        self._advance_listeners.append(listener)

    def now(self) -> datetime:
        """The current time, aware UTC."""
        return self._source() + self._offset

    def ahead(self) -> float:
        """Seconds by which this time is ahead of the real one."""
        return round((self.now() - _real_now()).total_seconds(), 1)

    def timestamp(self) -> float:
        """The current time in Unix seconds."""
        return self.now().timestamp()

    def seconds(self) -> int:
        """The current time in whole Unix seconds, as Slack's `created` fields hold it."""
        return int(self.timestamp())

    def advance(self, seconds: float) -> None:
        """Move time forward and fire every timer passed on the way, in order, each at its own time."""
        target = self.now() + timedelta(seconds=seconds)
        while self._timers and self._timers[0][0] <= target:
            self._offset += max(self._timers[0][0] - self.now(), timedelta())
            self._fire_next()
        self._offset += max(target - self.now(), timedelta())
        self._arm()
        for listener in self._advance_listeners:
            listener()

    def call_at(self, due_at: datetime, callback: Callable[[], None]) -> Timer:
        """Run the callback once time has reached `due_at`."""
        timer = Timer(due_at, callback)
        heapq.heappush(self._timers, (due_at, next(self._order), timer))
        self._arm()
        return timer

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Run the callback once this many seconds of the workspace's time have passed."""
        return self.call_at(self.now() + timedelta(seconds=seconds), callback)

    async def sleep_until(self, due_at: datetime) -> None:
        """Wait until the workspace's time has reached `due_at`, by waiting or by being advanced."""
        reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.call_at(due_at, lambda: None if reached.done() else reached.set_result(None))
        try:
            await reached
        finally:
            timer.cancel()

    async def sleep(self, seconds: float) -> None:
        """Wait this many seconds of the workspace's time."""
        await self.sleep_until(self.now() + timedelta(seconds=seconds))

    def stop(self) -> None:
        """Forget every timer."""
        self._timers.clear()
        self._disarm()

    def _fire_next(self) -> None:
        timer = heapq.heappop(self._timers)[2]
        if not timer.cancelled:
            timer.callback()

    def _fire_due(self) -> None:
        self._alarm = None
        while self._timers and self._timers[0][0] <= self.now():
            self._fire_next()
        self._arm()

    def _arm(self) -> None:
        """Have the event loop wake us for the earliest timer; without a running loop only `advance` fires them."""
        self._disarm()
        if not self._timers:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        delay = (self._timers[0][0] - self.now()).total_seconds()
        self._alarm = loop.call_later(max(delay, 0.001), self._fire_due)

    def _disarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


def _real_now() -> datetime:
    return datetime.now(UTC)
