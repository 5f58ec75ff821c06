"""Apps made with Bolt for Python live in the workspace, changed in nothing but the API's address."""

import asyncio
import sys
import threading
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection

from sandbox import Sandbox
from sandbox.link import socket as socket_mode
from sandbox.link.connection import DisconnectReason
from tests.apps.running import MANIFEST, PATIENCE, over_http, over_socket_mode
from tests.apps.story import a_command_and_its_buttons_work, events_work, everything_works

APP = Path(__file__).parent / "bolt_py"


@pytest.mark.parametrize("app", ["app.py", "async_app.py"])
async def test_everything_works_over_socket_mode_and_again_on_a_new_connection(app: str) -> None:
    async with Sandbox(MANIFEST) as slack, over_socket_mode(slack, sys.executable, APP / app):
        await everything_works(slack)

        await slack.refresh_connections(DisconnectReason.REFRESH_REQUESTED, grace=0)
        await slack.app_connected(PATIENCE)
        await events_work(slack)


async def test_commands_and_events_work_over_http_with_signatures() -> None:
    async with Sandbox(MANIFEST) as slack, over_http(slack, sys.executable, APP / "app.py"):
        await slack.person("ann").invites("lunch", "general")

        await a_command_and_its_buttons_work(slack)
        await events_work(slack)

        assert slack.complaints == []


async def test_the_client_without_dependencies_is_pinged_and_its_own_pings_are_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pinged, answered, answer = threading.Event(), threading.Event(), Connection.pong

    def note_ping(connection: Connection, payload: str | bytes = "") -> None:
        answer(connection, payload)
        pinged.set()
        if connection.last_ping_pong_time is not None:
            answered.set()

    monkeypatch.setattr(socket_mode, "PING_EVERY", 0.3)
    monkeypatch.setattr(Connection, "pong", note_ping)
    async with Sandbox(MANIFEST) as slack:
        client = SocketModeClient(slack.app_token, web_client=WebClient(base_url=slack.api_url), ping_interval=0.1)
        await asyncio.to_thread(client.connect)
        try:
            assert await asyncio.to_thread(pinged.wait, PATIENCE)
            assert await asyncio.to_thread(answered.wait, PATIENCE)
        finally:
            await asyncio.to_thread(client.close)
