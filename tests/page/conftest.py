"""Stories in a real browser: Chromium, the workspace's page, and the real bot behind it."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from bot.service import Service
from sandbox import Sandbox
from tests.equipment import missing
from tests.journeys.conftest import MANIFEST, a_bot
from tests.page.sink import Sink
from tests.sandbox.apps import bolt_app, connected

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 20_000
"""Milliseconds that anything on the page may take to appear on a busy machine."""

expect.set_options(timeout=PATIENCE)

OpenWindow = Callable[..., AbstractAsyncContextManager[Page]]


def chromium() -> str:
    """Where the system's Chromium is; skips the test where there is none, which in CI is a failure."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("no Chromium on this machine: install it (Debian: apt-get install chromium) to run the page's tests")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests of this process; each window has a context of its own."""
    async with async_playwright() as playwright:
        # As root, and in containers, Chromium cannot make the sandbox it would put its pages into.
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
def manifest() -> Path | dict[str, Any]:
    """The manifest of the app in the workspace: Sitrep's, but for tests that have another."""
    return MANIFEST


@pytest_asyncio.fixture(loop_scope="session")
async def slack(manifest: Path | dict[str, Any]) -> AsyncIterator[Sandbox]:
    """A workspace; nothing in it may have been worth a complaint of Slack's."""
    async with Sandbox(manifest) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def bot(slack: Sandbox, tmp_path: Path) -> AsyncIterator[Service]:
    """The bot in it, which lives by the workspace's clock."""
    async with a_bot(slack, f"sqlite:///{tmp_path}/sitrep.db", now=slack.clock.now) as service:
        yield service


@pytest_asyncio.fixture(loop_scope="session")
async def sink(slack: Sandbox) -> AsyncIterator[Sink]:
    """Another app in it, which keeps what it is told."""
    async with connected(slack, bolt_app(slack)) as app:
        await app.client.conversations_join(channel=slack.workspace.general.id)
        yield Sink(app)


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, slack: Sandbox) -> OpenWindow:
    """Opens the page as somebody: `async with window("ann") as page`. What goes wrong in its script fails the test."""

    @asynccontextmanager
    async def open_window(name: str, at: str = "", *, scheme: str = "light", width: int = 1280) -> AsyncIterator[Page]:
        context = await browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]  # "light" or "dark"
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page, wrong = await context.new_page(), list[str]()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.extend(_complaint(message)))
        await page.goto(f"{slack.url}/?as={name}{f'&in={at}' if at else ''}")
        try:
            yield page
        finally:
            await context.close()
        assert wrong == []

    return open_window


def _complaint(message: ConsoleMessage) -> list[str]:
    """What the browser complains of; that the server refused something or was not there is no fault of the script."""
    is_servers = any(words in message.text for words in ("Failed to load resource", "WebSocket connection to"))
    return [message.text] if message.type in ("error", "warning") and not is_servers else []
