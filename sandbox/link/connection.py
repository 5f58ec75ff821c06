"""One Socket Mode connection: what is sent on it and which envelopes await acknowledgement."""

import asyncio
import json
from contextlib import suppress
from enum import StrEnum
from uuid import uuid4

from aiohttp import ClientConnectionError, web

from sandbox.link.payload import Answer, Json, Payload

HOST = "applink-sandbox"


class DisconnectReason(StrEnum):
    """Why Slack asks an app to leave a connection (protocol: "Socket Mode", 6)."""

    WARNING = "warning"
    REFRESH_REQUESTED = "refresh_requested"
    LINK_DISABLED = "link_disabled"
    TOO_MANY_WEBSOCKETS = "too_many_websockets"


class Connection:
    """A WebSocket of the app and the envelopes sent on it that are not yet acknowledged."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self._transport = transport
        self._is_cut = False
        self.leaving = False
        self._awaited: dict[str, asyncio.Future[Answer]] = {}

    @property
    def is_open(self) -> bool:
        """Whether neither side has begun to close it."""
        return not self.socket.closed and not self._is_cut

    @property
    def is_whole(self) -> bool:
        """Whether it has not been broken off by us, though it may be closed."""
        return not self._is_cut

    async def hello(self, app_id: str, number: int) -> None:
        """Greet the app; nothing else may come first."""
        await self._send(
            {
                "type": "hello",
                "connection_info": {"app_id": app_id},
                "num_connections": number,
                "debug_info": {"host": HOST, "build_number": 1, "approximate_connection_time": 18060},
            }
        )

    async def ask(self, payload: Payload, *, within: float) -> Answer:
        """Send one envelope and wait for its acknowledgement."""
        envelope_id = str(uuid4())
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._awaited[envelope_id] = answer
        try:
            async with asyncio.timeout(within):
                await self._send(_envelope(envelope_id, payload))
                return await answer
        except TimeoutError:
            return Answer(failure="timeout")
        except (ConnectionError, ClientConnectionError):
            return Answer(failure="connection_failed")
        finally:
            self._awaited.pop(envelope_id, None)

    def acknowledge(self, message: object) -> None:
        """Take an acknowledgement; one that is late, unknown or from elsewhere has no effect, as at Slack."""
        if not isinstance(message, dict):
            return
        answer = self._awaited.get(str(message.get("envelope_id")))
        if answer is not None and not answer.done():
            answer.set_result(Answer(content=message.get("payload")))

    def abandon(self) -> None:
        """The connection is gone: whatever was still awaited on it has failed."""
        for answer in self._awaited.values():
            if not answer.done():
                answer.set_result(Answer(failure="connection_failed"))

    async def announce_disconnect(self, reason: DisconnectReason) -> None:
        """Tell the app to leave this connection, which stays open for now."""
        with suppress(ConnectionError):  # it may have left already
            await self._send({"type": "disconnect", "reason": reason.value, "debug_info": {"host": HOST}})

    async def disconnect(self, reason: DisconnectReason) -> None:
        """Tell the app to leave this connection and close it."""
        await self.announce_disconnect(reason)
        await self.close()

    async def close(self) -> None:
        """Close the WebSocket."""
        await self.socket.close()

    def cut(self) -> None:
        """Break the connection off, with no closing handshake."""
        self._is_cut = True
        self.abandon()
        if self._transport is not None:
            self._transport.abort()

    async def _send(self, message: Json) -> None:
        await self.socket.send_str(json.dumps(message, separators=(",", ":")))


def _envelope(envelope_id: str, payload: Payload) -> Json:
    envelope: Json = {
        "envelope_id": envelope_id,
        "type": payload.kind,
        "payload": payload.body,
        "accepts_response_payload": payload.accepts_response,
    }
    if payload.kind == "events_api":
        envelope["retry_attempt"] = payload.retry.number if payload.retry else 0
        envelope["retry_reason"] = payload.retry.reason if payload.retry else ""
    return envelope
