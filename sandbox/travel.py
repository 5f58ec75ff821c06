"""Moving the workspace's time by hand: until when, and who comes along."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Protocol

from sandbox.clock import Clock

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LEAST_STEP = timedelta(minutes=1)
"""Between two stops on the way, so that a companion who is always busy gets somewhere."""
FARTHEST = timedelta(days=1000)


class Companion(Protocol):
    """Somebody who lives by the workspace's clock, such as an app in the same process."""

    async def next_moment(self) -> datetime | None:
        """When it has something to do next; None when it has not."""

    async def catch_up(self) -> None:
        """Do what is due by now."""


class Travel:
    """Moves the clock forward, and stops wherever its companion has something to do."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._companion: Companion | None = None
        self.heading: datetime | None = None
        """Until when time is being moved; None while it goes on by itself."""
        self.on_moved: Callable[[], None] = lambda: None
        """Called at each stop on the way, and when that begins and ends."""
        self._one_at_a_time = asyncio.Lock()

    def take_along(self, companion: Companion) -> None:
        """From now on this companion lives through whatever time is passed over."""
        self._companion = companion

    async def by(self, seconds: float) -> None:
        """Move so far forward; raises ValueError for less than nothing, or for years."""
        if not 0 <= seconds <= FARTHEST.total_seconds():  # also what is no number, or has no end
            raise self._refusal()
        await self.to(self._clock.now() + timedelta(seconds=seconds))

    async def to(self, moment: datetime) -> None:
        """Move forward until this moment; raises ValueError where it has passed, or is years away."""
        if not timedelta() <= moment - self._clock.now() <= FARTHEST:
            raise self._refusal()
        async with self._one_at_a_time:
            self.heading = moment
            try:
                while (stop := await self._next_stop()) and stop < moment:
                    await self._move(stop)
                await self._move(moment)
            finally:
                self.heading = None
                self.on_moved()

    def _refusal(self) -> ValueError:
        return ValueError(f"time moves forward only, by {FARTHEST.days} days at the most; it is {self._clock.now()}")

    async def _next_stop(self) -> datetime | None:
        stop = await self._companion.next_moment() if self._companion else None
        return max(stop, self._clock.now() + LEAST_STEP) if stop else None

    async def _move(self, moment: datetime) -> None:
        self._clock.advance(max((moment - self._clock.now()).total_seconds(), 0))
        self.on_moved()
        if self._companion:
            await self._companion.catch_up()


def moment_of(words: str, *, now: datetime, zone: tzinfo = UTC) -> datetime:
    """The time meant by an ISO time with its offset, or by “monday 09:00”: the next such one; raises ValueError."""
    day, _, clock = words.strip().lower().partition(" ")
    try:
        if day in WEEKDAYS:
            at = time.fromisoformat(clock)
            return next_weekday(WEEKDAYS.index(day), at.replace(tzinfo=None), now=now, zone=at.tzinfo or zone)
        moment = datetime.fromisoformat(words)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"“{words}” is no moment; write 2026-03-09T09:00:00+00:00, or monday 09:00")
    return moment


def next_weekday(weekday: int, at: time, *, now: datetime, zone: tzinfo) -> datetime:
    """The first such moment after now on a clock in this zone; Monday is 0."""
    today = now.astimezone(zone).date()
    on = today + timedelta(days=(weekday - today.weekday()) % 7)
    moment = datetime.combine(on, at, zone)
    return moment if moment > now else datetime.combine(on + timedelta(days=7), at, zone)
