"""Small Slack apps to try the sandbox on, made with Slack's own libraries."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.link.payload import Answer, Payload

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Parrot"},
    "features": {
        "bot_user": {"display_name": "parrot"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/parrot", "description": "Repeats"},
            {"command": "/escaped", "description": "Repeats, with mentions", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Talk", "type": "global", "callback_id": "talk", "description": "Says something"},
            {"name": "Repeat this", "type": "message", "callback_id": "repeat", "description": "Repeats a message"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "channels:history",
                "groups:history",
                "im:history",
                "channels:read",
                "groups:read",
                "channels:join",
                "channels:manage",
                "app_mentions:read",
                "reactions:read",
                "users:read",
                "im:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "message.channels",
                "message.groups",
                "message.im",
                "app_mention",
                "app_home_opened",
                "reaction_added",
                "member_joined_channel",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def manifest(**settings: Any) -> dict[str, Any]:
    """The manifest with other settings."""
    return MANIFEST | {"settings": MANIFEST["settings"] | settings}


def bolt_app(slack: Sandbox) -> AsyncApp:
    """A Bolt app without listeners, pointed at the sandbox."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    return AsyncApp(
        client=client,
        signing_secret=slack.signing_secret,
        # Without a logger of its own Bolt gives its loggers, which other tests share, the root's level for good.
        logger=logging.getLogger("parrot"),
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )


@asynccontextmanager
async def connected(slack: Sandbox, app: AsyncApp) -> AsyncIterator[AsyncApp]:
    """The app over Socket Mode, for as long as the block runs."""
    handler = AsyncSocketModeHandler(app, slack.app_token)
    handler.client.web_client = AsyncWebClient(base_url=slack.api_url)
    await handler.connect_async()
    await slack.app_connected()
    try:
        yield app
    finally:
        await handler.close_async()


class Listening:
    """A transport that keeps what it is given and answers at once."""

    def __init__(self) -> None:
        self.payloads: list[Payload] = []

    async def deliver(self, payload: Payload) -> Answer:
        self.payloads.append(payload)
        return Answer()

    async def ready(self, within: float) -> bool:
        return True

    async def close(self) -> None:
        pass

    def messages(self) -> list[dict[str, Any]]:
        """The message events so far, oldest first."""
        events = [payload.body["event"] for payload in self.payloads]
        return [event for event in events if event["type"] == "message"]

    def events(self) -> list[str]:
        return [payload.body["event"]["type"] for payload in self.payloads]


@asynccontextmanager
async def sdk_client(slack: Sandbox, got: list[SocketModeRequest]) -> AsyncIterator[SocketModeClient]:
    """Slack's client, noting and acknowledging every request."""
    client = SocketModeClient(app_token=slack.app_token, web_client=AsyncWebClient(base_url=slack.api_url))

    async def note(client: Any, request: SocketModeRequest) -> None:
        got.append(request)
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(note)
    await client.connect()
    await slack.app_connected()
    try:
        yield client
    finally:
        await client.close()
