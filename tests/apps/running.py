"""Somebody else's app in a process of its own, and a whole conversation with it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox import Sandbox, UrlNotVerified

MANIFEST = Path(__file__).parent / "manifest.yml"
PATIENCE = 30.0
"""Seconds that another program may take to start on a busy machine."""


@asynccontextmanager
async def over_socket_mode(slack: Sandbox, *command: str | Path) -> AsyncIterator[None]:
    """This program, connected to the workspace with nothing but addresses and tokens in its environment."""
    async with _running(*command, environment=_configured(slack) | {"SLACK_APP_TOKEN": slack.app_token}):
        await slack.app_connected(PATIENCE)
        yield


@asynccontextmanager
async def over_http(slack: Sandbox, *command: str | Path) -> AsyncIterator[None]:
    """This program, which is given no app-level token and so listens at a port for signed requests."""
    port = _free_port()
    async with _running(*command, environment=_configured(slack) | {"PORT": str(port)}):
        await _verified(slack, f"http://127.0.0.1:{port}/slack/events")
        yield


@asynccontextmanager
async def _running(*command: str | Path, environment: Mapping[str, str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _configured(slack: Sandbox) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return inherited | {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
    }


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


async def _verified(slack: Sandbox, url: str) -> None:
    """Deliver there once somebody listens."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await slack.deliver_over_http(url)
            except UrlNotVerified:
                await asyncio.sleep(0.05)
