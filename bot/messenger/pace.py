"""The pace at which deliveries go out that give way to others."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from workflows.ports import Outcome, TryAgain

PER_SECOND = 3.0
"""Slack takes "several hundred" posts a minute in a workspace; these leave more than a third of 300 to incidents."""
BURST = 60
AT_ONCE = 4
"""How many are under way at the same time, at the most."""


class Pace:
    """A bucket that fills steadily; `wake` is called when there is something in it again."""

    def __init__(
        self,
        *,
        wake: Callable[[], None],
        per_second: float = PER_SECOND,
        burst: int = BURST,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wake = wake
        self._seconds = seconds
        self._per_second = per_second
        self._burst = burst
        self._level = float(burst)
        self._filled_at: float | None = None
        self._under_way = 0
        self._alarm: asyncio.TimerHandle | None = None

    def room(self) -> int:
        """How many may begin now."""
        return max(0, min(AT_ONCE - self._under_way, int(self._fill())))

    def begun(self) -> None:
        """One of them has begun."""
        self._level = self._fill() - 1
        self._under_way += 1
        self._wake_when_there_is_room()

    def ended(self, outcome: Outcome, *, now: datetime) -> None:
        """One of them has ended; where Slack asks us to wait, all of them wait."""
        self._under_way -= 1
        if isinstance(outcome, TryAgain) and outcome.because == "ratelimited":
            wait = max((outcome.at - now).total_seconds(), 0)
            self._level = min(self._fill(), 1 - wait * self._per_second)
            self._wake_when_there_is_room()

    def _fill(self) -> float:
        at = self._seconds()
        since = at - self._filled_at if self._filled_at is not None else 0
        self._level, self._filled_at = min(self._level + since * self._per_second, self._burst), at
        return self._level

    def _wake_when_there_is_room(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._level < 1:
            delay = (1 - self._level) / self._per_second
            self._alarm = asyncio.get_running_loop().call_later(delay, self._wake)
