"""A workspace that goes and comes back, at the same address and with what was kept of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import expect

from sandbox import Sandbox
from tests.journeys.conftest import MANIFEST
from tests.page.conftest import OpenWindow
from tests.page.doing import message

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def slack(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST, data=tmp_path) as sandbox:
        yield sandbox


async def test_an_open_page_waits_for_the_workspace_and_catches_up(
    slack: Sandbox, window: OpenWindow, tmp_path: Path
) -> None:
    await slack.person("bo").types("the deploy is out", channel="general")
    async with window("ann") as page:
        await message(page, "the deploy is out").wait_for()
        await page.get_by_role("textbox", name="Message general").fill("half a wo")
        await slack.stop()
        lost = page.get_by_text("The sandbox does not answer. Trying again …")
        await lost.wait_for()
        again = Sandbox(MANIFEST, data=tmp_path, port=urlsplit(slack.url).port or 0)
        await again.person("bo").types("errors are up", channel="general")
        async with again:
            await message(page, "errors are up").wait_for()
            await expect(lost).to_be_hidden()
            await expect(page.get_by_role("log").get_by_role("article")).to_have_count(2)
            await expect(page.get_by_role("textbox", name="Message general")).to_have_value("half a wo")
