"""Whole stories: the real bot, in this process, in a workspace of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from bot.service import Service, utc_now
from bot.settings import Mode, Settings
from sandbox import Sandbox
from workflows.process import Process

ROOT = Path(__file__).parents[2]
MANIFEST = ROOT / "manifest.yml"

StartBot = Callable[..., AbstractAsyncContextManager[Service]]


def settings_for(slack: Sandbox, database_url: str, *, mode: Mode = Mode.SOCKET, **changes: object) -> Settings:
    """What the bot is configured with to live in this workspace."""
    values: dict[str, object] = {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token if mode is Mode.SOCKET else "",
        "slack_signing_secret": slack.signing_secret if mode is Mode.HTTP else "",
        "slack_api_url": slack.api_url,
        "database_url": database_url,
        "sitrep_mode": mode,
        "sitrep_port": 0,
        **changes,
    }
    return Settings(_env_file=None, **values)  # type: ignore[arg-type,call-arg]


@asynccontextmanager
async def a_bot(
    slack: Sandbox,
    database_url: str,
    *,
    mode: Mode = Mode.SOCKET,
    process: Process | None = None,
    now: Callable[[], datetime] = utc_now,
    **changes: object,
) -> AsyncIterator[Service]:
    """The bot, connected to this workspace; `now` may be the workspace's own clock, which a test moves."""
    service = Service(settings_for(slack, database_url, mode=mode, **changes), process or Process(), now=now)
    await service.start()
    if mode is Mode.HTTP:
        await slack.deliver_over_http(f"http://127.0.0.1:{service.port}/slack/events")
    else:
        await slack.app_connected()
    try:
        yield service
    finally:
        await service.stop()


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A workspace with a few people; nothing in it may have been worth a complaint of Slack's."""
    async with Sandbox(manifest=MANIFEST) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """A fresh SQLite file."""
    return f"sqlite:///{tmp_path}/sitrep.db"


@pytest.fixture(params=["socket", "http", "postgresql"])
def way(request: pytest.FixtureRequest, database_url: str) -> tuple[Mode, str]:
    """A transport and a database: both transports on SQLite, and PostgreSQL."""
    if request.param == "postgresql":
        return Mode.SOCKET, request.getfixturevalue("postgres_address")
    return Mode(request.param), database_url


@pytest.fixture
async def bot_on_either(slack: Sandbox, way: tuple[Mode, str]) -> AsyncIterator[Service]:
    """The bot, over Socket Mode and over HTTP, and on PostgreSQL."""
    mode, address = way
    async with a_bot(slack, address, mode=mode) as service:
        yield service


@pytest.fixture
async def bot(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot, over Socket Mode."""
    async with a_bot(slack, database_url) as service:
        yield service
