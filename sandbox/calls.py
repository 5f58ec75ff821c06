"""The log of the app's calls, and a hook at each step of a call."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Literal

from sandbox.clock import Clock
from sandbox.lately import keep_latest
from sandbox.state.model import Json

KEPT = 10_000
"""Calls in the log, at least; of a long run the oldest are forgotten."""

Step = Literal["arrived", "done", "answered"]


@dataclass
class Call:
    """One call of a Web API method or use of a response URL, its token removed."""

    number: int
    method: str
    arguments: Json
    started_at: datetime
    answer: Json | None = None  # None until there is one, and for ever if it was lost
    status: int | None = None
    retry_after: str | None = None
    ended_at: datetime | None = None


CallHook = Callable[[Call, Step], Awaitable[None]]


@dataclass
class Calls:
    """The latest calls in the order of arrival.

    `on_call` is awaited when one arrived, was done and was answered; `watcher` is called when one begins and ends.
    """

    clock: Clock
    log: list[Call] = field(default_factory=list)
    on_call: CallHook | None = None
    watcher: Callable[[Call], None] = lambda _: None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def begin(self, method: str, arguments: Json) -> Call:
        """Log a call that has arrived."""
        call = Call(next(self._numbers), method, arguments, self.clock.now())
        self.log.append(call)
        keep_latest(self.log, KEPT)
        self.watcher(call)
        return call

    def end(self, call: Call, *, status: int, answer: Json | None, retry_after: str | None = None) -> None:
        """Log how a call was answered."""
        call.status, call.answer, call.retry_after = status, answer, retry_after
        self.cut(call)

    def cut(self, call: Call) -> None:
        """Log that a call has ended, without an answer where none was logged."""
        call.ended_at = self.clock.now()
        self.watcher(call)

    async def tell(self, call: Call, step: Step) -> None:
        """Let the hook know how far a call is."""
        if self.on_call is not None:
            await self.on_call(call, step)

    def of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.log if call.method == method]
