"""Socket Mode: the connection that we open, and Slack's requests come over."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.requests import Requests

log = structlog.get_logger()

PING_EVERY = 3
"""Seconds between pings; after four without an answer the connection is opened anew."""
ANSWERED_WITHIN = 3
"""Seconds that what is being answered gets before the connection is closed; Slack waits no longer either."""


class SocketMode:
    """One connection, opened anew whenever it breaks; `on_return` is told each time that it is back."""

    def __init__(
        self, app: AsyncApp, token: SecretStr, client: AsyncWebClient, *, on_return: Callable[[], Awaitable[None]]
    ) -> None:
        self._handler = _Handler(app, token.get_secret_value(), ping_interval=PING_EVERY, web_client=client)
        self._client = self._handler.client
        self._client.web_client.token = token.get_secret_value()
        self._client.message_listeners.append(self._on_message)
        self._on_return = on_return
        self._was_greeted = False

    async def connect(self) -> None:
        """Open it, or raise what Slack answers."""
        # Asked for here, because the client would ask for an address until it gets one, and tell nobody.
        answer = await self._client.web_client.apps_connections_open(app_token=self._client.app_token)
        self._client.wss_uri = answer["url"]
        await self._client.connect()  # type: ignore[no-untyped-call]

    async def is_connected(self) -> bool:
        """Whether it is open, and pings are answered."""
        return await self._client.is_connected()

    async def close(self) -> None:
        """Take no more, answer what was taken, and close it."""
        await self._handler.end()
        await self._client.close()  # type: ignore[no-untyped-call]

    async def _on_message(
        self, _client: AsyncBaseSocketModeClient, message: Mapping[str, Any], _raw: str | None
    ) -> None:
        """A greeting: the connection is open. Before any but the first there was a time in which we heard nothing."""
        if message.get("type") != "hello":
            return
        if self._was_greeted:
            await self._on_return()
        self._was_greeted = True


class _Handler(AsyncSocketModeHandler):
    """Bolt's, which knows what it is answering and survives a connection that breaks before it has."""

    def __init__(self, app: AsyncApp, token: str, *, ping_interval: float, web_client: AsyncWebClient) -> None:
        super().__init__(app, token, ping_interval=ping_interval, web_client=web_client)
        self._under_way = Requests()
        self._has_ended = False

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        if self._has_ended:
            return  # not acknowledged: Slack sends it again, to whoever is there then
        with self._under_way.one():
            try:
                await super().handle(client, req)
            except ConnectionError:
                log.warning("an acknowledgement could not be sent: the connection broke", request=req.type)

    async def end(self) -> None:
        """Take no more; return when what was taken is answered."""
        self._has_ended = True
        await self._under_way.answered(within=ANSWERED_WITHIN)
