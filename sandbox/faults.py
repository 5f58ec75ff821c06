"""Things that go wrong on demand: slow, failing, refusing, silent or absent Slack."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

EVERY = "*"
Effect = Literal["fail", "ratelimit", "drop", "lose_answer"]


@dataclass
class Fault:
    """One planned mishap of a method (`*`: any), for the next `times` calls."""

    effect: Effect
    method: str
    times: int
    status: int = 500
    error: str | None = None
    retry_after: int = 1


class Faults:
    """The switchboard: what is planned to go wrong."""

    def __init__(self) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.is_down = False
        self.is_cut_off = False
        self.shuffler: Random | None = None
        self._twice = False
        self._throttle = 0.0
        self._accepted: dict[str, float] = {}
        self._to_lose = 0
        self._cutters: list[Callable[[], None]] = []
        self._latency: dict[str, float] = {}
        self._planned: list[Fault] = []

    @property
    def deliver_twice(self) -> bool:
        """Whether everything reaches the app twice."""
        return self._twice

    @deliver_twice.setter
    def deliver_twice(self, is_so: bool) -> None:
        self._twice = is_so
        self.on_change()

    def latency(self, seconds: float, method: str = EVERY) -> None:
        """Make every call (of a method) take this long, half of it before the deed and half after."""
        self._latency[method] = seconds
        self.on_change()

    def throttle(self, seconds: float) -> None:
        """Answer 429 to a method that is called again within so many seconds of its last accepted call; 0 ends it."""
        self._throttle = seconds
        self._accepted.clear()
        self.on_change()

    def fail(self, method: str = EVERY, *, status: int = 500, error: str | None = None, times: int = 1) -> None:
        """Answer with an HTTP status, or with an error code where one is given; nothing is done."""
        self._plan(Fault("fail", method, times, status=status, error=error))

    def ratelimit(self, method: str = EVERY, *, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with this Retry-After; nothing is done."""
        self._plan(Fault("ratelimit", method, times, retry_after=retry_after))

    def drop(self, method: str = EVERY, *, times: int = 1) -> None:
        """Close the connection before anything is done."""
        self._plan(Fault("drop", method, times))

    def lose_answer(self, method: str = EVERY, *, times: int = 1) -> None:
        """Do what was asked, then close the connection without an answer."""
        self._plan(Fault("lose_answer", method, times))

    def down(self, *, link: bool = False) -> None:
        """Answer everything with 503; with `link`, cut the app off as well: nothing that happens reaches it."""
        self.is_down, self.is_cut_off = True, link
        if link:
            self.cut_connections()
        self.on_change()

    def up(self) -> None:
        """End the outage."""
        self.is_down = self.is_cut_off = False
        self.on_change()

    def reorder(self, seed: int | None = 1) -> None:
        """Deliver events that come close together in another order, always the same for a seed; None ends it."""
        self.shuffler = None if seed is None else Random(seed)  # noqa: S311  a shuffle guards nothing
        self.on_change()

    def lose_events(self, times: int = 1) -> None:
        """Let the next events never reach the app: they are not tried again."""
        self._to_lose = times

    def loses_event(self) -> bool:
        """Whether the event that happens now is lost."""
        if not self._to_lose:
            return False
        self._to_lose -= 1
        return True

    def cut_connections(self) -> None:
        """Break the app's Socket Mode connections off without a word; it may open others."""
        for cut in self._cutters:
            cut()

    def on_cut(self, cut: Callable[[], None]) -> None:
        """Call this to break connections off."""
        self._cutters.append(cut)

    def clear(self) -> None:
        """Let everything work again."""
        self._twice = self.is_down = self.is_cut_off = False
        self.shuffler, self._to_lose = None, 0
        self._latency.clear()
        self._planned.clear()
        self.throttle(0)

    def planned(self, effect: Effect) -> int:
        """How many calls are still to have this mishap."""
        return sum(fault.times for fault in self._planned if fault.effect == effect)

    @property
    def least_interval(self) -> float:
        """Seconds between two calls of one method that are both accepted; 0 where that is not limited."""
        return self._throttle

    def wait(self, method: str, *, now: float) -> int:
        """The whole seconds after which this method may be called again; with 0 the call counts as accepted."""
        if not self._throttle:
            return 0
        left = self._accepted.get(method, now - self._throttle) + self._throttle - now
        if left > 0:
            return math.ceil(left)
        self._accepted[method] = now
        return 0

    def delay(self, method: str) -> float:
        """How long a call of this method takes."""
        return self._latency.get(method, self._latency.get(EVERY, 0.0))

    def next(self, method: str) -> Fault | None:
        """Take the mishap planned for a call of this method that begins now."""
        for fault in self._planned:
            if fault.method in (method, EVERY):
                fault.times -= 1
                if fault.times <= 0:
                    self._planned.remove(fault)
                self.on_change()
                return fault
        return None

    def _plan(self, fault: Fault) -> None:
        self._planned.append(fault)
        self.on_change()
