"""The Events API: which events of the workspace reach the app, and how often each is tried."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Protocol

from sandbox.clock import Clock
from sandbox.lately import keep_latest
from sandbox.link.link import Link
from sandbox.link.payload import Json, Payload, Retry

# Protocol "Retries": nearly immediately, after 1 minute, after 5 minutes.
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
# The immediate retry gives an app that is reconnecting this long to be back.
RECONNECT_WITHIN = 1.0
# While events are reordered, those within so many seconds of one another are shuffled.
SHUFFLED_WITHIN = 0.05
MOST_GIVEN_UP = 1000


class Disorder(Protocol):
    """What the feed reads of the workspace's faults."""

    shuffler: Random | None

    def loses_event(self) -> bool: ...


class EventFeed:
    """Wraps events in their envelope and delivers each until it is acknowledged or given up."""

    def __init__(self, link: Link, clock: Clock, faults: Disorder, *, envelope: Callable[[Json], Json]) -> None:
        self.given_up: list[Json] = []
        self._faults = faults
        self._held: list[Json] = []
        self._link = link
        self._clock = clock
        self._envelope = envelope
        self._tasks: set[asyncio.Task[None]] = set()
        self._under_way = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @property
    def waiting(self) -> int:
        """How many events wait for the workspace's time to reach their next retry."""
        return len(self._tasks) + len(self._held) - self._under_way

    def send(self, event: Json) -> None:
        """Begin to deliver one event; events do not wait for one another."""
        body = self._envelope(event)
        if self._faults.loses_event():
            self._give_up(body)
            return
        self._begin()
        if self._faults.shuffler is None:
            self._dispatch(body)
        else:
            self._hold(body, self._faults.shuffler)

    async def settled(self) -> None:
        """Wait until every event is acknowledged, given up, or waiting for a retry that is still to come."""
        await self._quiet.wait()

    async def close(self) -> None:
        """Give up whatever is under way or waiting."""
        for task in self._tasks:
            task.cancel()
        self._held.clear()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _dispatch(self, body: Json) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(body))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hold(self, body: Json, shuffler: Random) -> None:
        self._held.append(body)
        if len(self._held) == 1:
            asyncio.get_running_loop().call_later(SHUFFLED_WITHIN, self._release, shuffler)

    def _release(self, shuffler: Random) -> None:
        held, self._held = self._held, []
        shuffler.shuffle(held)
        for body in held:
            self._dispatch(body)

    async def _deliver(self, body: Json) -> None:
        answer = await self._link.deliver(Payload("events_api", body))
        for number, delay in enumerate(RETRY_AFTER, start=1):
            if answer.ok or not answer.retry_wanted:
                break
            await self._wait(delay)
            retry = Retry(number, answer.failure or "unknown_error")
            answer = await self._link.deliver(Payload("events_api", body, retry))
        if not answer.ok:
            self._give_up(body)
        self._end()

    def _give_up(self, body: Json) -> None:
        self.given_up.append(body)
        keep_latest(self.given_up, MOST_GIVEN_UP)

    async def _wait(self, delay: timedelta) -> None:
        if not delay:
            await self._link.transport.ready(RECONNECT_WITHIN)
            return
        due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self._clock.call_at(self._clock.now() + delay, lambda: self._wake(due))
        self._end()
        try:
            await due
        finally:
            timer.cancel()

    def _wake(self, due: "asyncio.Future[None]") -> None:
        # Counted as under way at once, so that `settled` right after an advance waits for the retry.
        if not due.done():
            self._begin()
            due.set_result(None)

    def _begin(self) -> None:
        self._under_way += 1
        self._quiet.clear()

    def _end(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._quiet.set()
