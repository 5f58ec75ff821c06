"""Things that go wrong on demand: slow, failing, refusing, silent or absent Slack."""

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
        self.deliver_twice = False
        self.is_down = False
        self.is_cut_off = False
        self.shuffler: Random | None = None
        self._to_lose = 0
        self._cutters: list[Callable[[], None]] = []
        self._latency: dict[str, float] = {}
        self._planned: list[Fault] = []

    def latency(self, seconds: float, method: str = EVERY) -> None:
        """Make every call (of a method) take this long, half of it before the deed and half after."""
        self._latency[method] = seconds

    def fail(self, method: str = EVERY, *, status: int = 500, error: str | None = None, times: int = 1) -> None:
        """Answer with an HTTP status, or with an error code where one is given; nothing is done."""
        self._planned.append(Fault("fail", method, times, status=status, error=error))

    def ratelimit(self, method: str = EVERY, *, retry_after: int = 1, times: int = 1) -> None:
        """Answer 429 with this Retry-After; nothing is done."""
        self._planned.append(Fault("ratelimit", method, times, retry_after=retry_after))

    def drop(self, method: str = EVERY, *, times: int = 1) -> None:
        """Close the connection before anything is done."""
        self._planned.append(Fault("drop", method, times))

    def lose_answer(self, method: str = EVERY, *, times: int = 1) -> None:
        """Do what was asked, then close the connection without an answer."""
        self._planned.append(Fault("lose_answer", method, times))

    def down(self, *, link: bool = False) -> None:
        """Answer everything with 503; with `link`, cut the app off as well: nothing that happens reaches it."""
        self.is_down, self.is_cut_off = True, link
        if link:
            self.cut_connections()

    def up(self) -> None:
        """End the outage."""
        self.is_down = self.is_cut_off = False

    def reorder(self, seed: int | None = 1) -> None:
        """Deliver events that come close together in another order, always the same for a seed; None ends it."""
        self.shuffler = None if seed is None else Random(seed)  # noqa: S311  a shuffle guards nothing

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
        self.deliver_twice = False
        self.shuffler, self._to_lose = None, 0
        self.up()
        self._latency.clear()
        self._planned.clear()

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
                return fault
        return None
