"""Socket Mode: tickets, connections, envelopes and acknowledgements (protocol: "Socket Mode")."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

from aiohttp import WSMsgType, web

from sandbox.clock import Clock
from sandbox.link.connection import Connection, DisconnectReason
from sandbox.link.payload import ANSWER_WITHIN, Answer, Payload
from sandbox.strict import read_json

PATH = "/link/"
# Protocol: "Up to 10 concurrent connections per app".
MAX_CONNECTIONS = 10
# Protocol says only that a ticket is short lived; a minute is this workspace's reading.
TICKET_LIFE = timedelta(seconds=60)
# The cadence of Slack's own pings is not documented.
PING_EVERY = 10.0
# Protocol: a connection is closed about ten seconds after the warning.
WARNING_GRACE = 10.0


class AppNeverConnected(AssertionError):
    """The app opened no Socket Mode connection in time."""


class SocketTransport:
    """Hands each payload to one of the app's open WebSocket connections."""

    def __init__(self, *, app_id: str, clock: Clock, answer_within: float = ANSWER_WITHIN) -> None:
        self.enabled = True
        self.watcher: Callable[[str], None] = lambda _: None  # told what becomes of connections, in words
        self._app_id = app_id
        self._clock = clock
        self._answer_within = answer_within
        self._tickets: dict[str, datetime] = {}
        self._connections: list[Connection] = []
        self._turn: Iterator[int] = count()
        self._opened = asyncio.Condition()
        self._farewells: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """How many connections the app holds open."""
        return len(self._open())

    def open_url(self, base_url: str) -> str:
        """The URL of a connection-to-be: single use and short lived."""
        ticket, now = secrets.token_hex(16), self._clock.now()
        self._tickets = {known: expires_at for known, expires_at in self._tickets.items() if expires_at >= now}
        self._tickets[ticket] = now + TICKET_LIFE
        return f"{base_url.replace('http', 'ws', 1)}{PATH}?ticket={ticket}&app_id={self._app_id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket connection of the app until it ends."""
        if not self._redeem(request.query.get("ticket", "")):
            raise web.HTTPUnauthorized(text="invalid ticket")
        socket = web.WebSocketResponse(heartbeat=PING_EVERY, compress=False)
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        if len(self._connections) >= MAX_CONNECTIONS:
            await connection.disconnect(DisconnectReason.TOO_MANY_WEBSOCKETS)
            return socket
        with suppress(ConnectionError):  # an app may be gone before it was greeted
            await self._serve(connection)
        return socket

    async def deliver(self, payload: Payload) -> Answer:
        """Send one envelope and wait for its acknowledgement on the same connection."""
        connection = self._next_connection()
        if connection is None:
            return Answer(failure="connection_failed")
        return await connection.ask(payload, within=self._answer_within)

    async def ready(self, within: float) -> bool:
        """Wait until at least one connection is open."""
        return await self.wait_for_connections(1, within=within)

    async def wait_for_connections(self, number: int, *, within: float) -> bool:
        """Wait until so many connections that are not asked to leave have said hello, and say whether they have."""
        try:
            async with asyncio.timeout(within), self._opened:
                await self._opened.wait_for(lambda: len(self._staying()) >= number)
        except TimeoutError:
            return False
        return True

    async def refresh(
        self, reason: DisconnectReason = DisconnectReason.WARNING, *, grace: float = WARNING_GRACE
    ) -> None:
        """Ask the app to reconnect; each present connection is closed once the grace is over."""
        for connection in list(self._connections):
            connection.leaving = True
            self._report(f"asked to leave ({reason})")
            await connection.announce_disconnect(reason)
            farewell = asyncio.create_task(_close_after(connection, grace))
            self._farewells.add(farewell)
            farewell.add_done_callback(self._farewells.discard)

    async def disable(self) -> None:
        """Switch Socket Mode off for the app: it must not come back."""
        self.enabled = False
        for connection in list(self._connections):
            await connection.disconnect(DisconnectReason.LINK_DISABLED)

    def enable(self) -> None:
        """Switch Socket Mode on again."""
        self.enabled = True

    def cut(self) -> None:
        """Break every connection off and forget the addresses given out, as when Slack's side fails."""
        self._tickets.clear()
        for connection in self._connections:
            connection.cut()

    async def close(self) -> None:
        """Close every connection without a word, as when Slack goes away."""
        for farewell in list(self._farewells):
            farewell.cancel()
        for connection in list(self._connections):
            await connection.close()

    async def _serve(self, connection: Connection) -> None:
        await connection.hello(self._app_id, len(self._connections) + 1)
        async with self._opened:
            self._connections.append(connection)
            self._opened.notify_all()
        self._report("opened")
        pings = asyncio.create_task(_keep_pinging(connection.socket))
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.TEXT:
                    connection.acknowledge(_decoded(message.data))
        finally:
            pings.cancel()
            self._connections.remove(connection)
            connection.abandon()
            self._report("closed" if connection.is_whole else "cut off")

    def _report(self, words: str) -> None:
        self.watcher(f"connection {words}, {self.connections} open")

    def _next_connection(self) -> Connection | None:
        """One connection in turn; one that is asked to leave only if there is no other."""
        usable = self._staying() or self._open()
        return usable[next(self._turn) % len(usable)] if usable else None

    def _open(self) -> list[Connection]:
        return [connection for connection in self._connections if connection.is_open]

    def _staying(self) -> list[Connection]:
        return [connection for connection in self._open() if not connection.leaving]

    def _redeem(self, ticket: str) -> bool:
        expires_at = self._tickets.pop(ticket, None)
        return self.enabled and expires_at is not None and self._clock.now() <= expires_at


async def _keep_pinging(socket: web.WebSocketResponse) -> None:
    # The heartbeat finds connections that died, but lets be who sends pings of their own: an app waits for Slack's too.
    with suppress(ConnectionError):
        while True:
            await asyncio.sleep(PING_EVERY)
            await socket.ping()


async def _close_after(connection: Connection, grace: float) -> None:
    await asyncio.sleep(grace)
    await connection.close()


def _decoded(data: str) -> object:
    try:
        return read_json(data)
    except ValueError:
        return None
