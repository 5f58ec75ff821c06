"""The Events API: which events of the workspace reach the app, and how often each is tried."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from sandbox.link.link import Link
from sandbox.link.payload import Json, Payload, Retry

# Protocol "Retries": nearly immediately, after 1 minute, after 5 minutes.
RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
# The immediate retry gives an app that is reconnecting this long to be back.
RECONNECT_WITHIN = 1.0


class Alarm(Protocol):
    """The part of the workspace's clock that retries need."""

    def now(self) -> datetime:
        """The workspace's time, aware, in UTC."""

    def sleep_until(self, moment: datetime) -> Awaitable[None]:
        """Return once the workspace's time has reached the moment."""


class EventFeed:
    """Wraps events in their envelope and delivers each until it is acknowledged or given up."""

    def __init__(self, link: Link, alarm: Alarm, *, envelope: Callable[[Json], Json]) -> None:
        self._link = link
        self._alarm = alarm
        self._envelope = envelope
        self._under_way: set[asyncio.Task[None]] = set()
        self.given_up: list[Json] = []

    def send(self, event: Json) -> None:
        """Begin to deliver one event; events do not wait for one another."""
        task = asyncio.get_running_loop().create_task(self._deliver(self._envelope(event)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until every event under way is acknowledged or given up."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def close(self) -> None:
        """Give up whatever is under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, body: Json) -> None:
        answer = await self._link.deliver(Payload("events_api", body))
        for number, delay in enumerate(RETRY_AFTER, start=1):
            if answer.ok or not answer.retry_wanted:
                break
            await self._wait(delay)
            retry = Retry(number, answer.failure or "unknown_error")
            answer = await self._link.deliver(Payload("events_api", body, retry))
        if not answer.ok:
            self.given_up.append(body)

    async def _wait(self, delay: timedelta) -> None:
        if delay:
            await self._alarm.sleep_until(self._alarm.now() + delay)
        else:
            await self._link.transport.ready(RECONNECT_WITHIN)
