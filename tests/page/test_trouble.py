"""Trouble on the page: the bot killed and started again, Slack down, time moved, and the wire that shows it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.demo.process import BotProcess, bot_process
from sandbox import Sandbox
from tests.page.conftest import OpenWindow

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def operator(slack: Sandbox, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """The bot in a process of its own, which the page can kill."""
    async with bot_process(slack, tmp_path) as process:
        yield process


async def command(page: Page, line: str) -> None:
    """Type a command into #general."""
    box = page.get_by_role("textbox", name="Message general")
    await box.fill(line)
    await box.press("Enter")


async def test_a_killed_bot_answers_nobody_until_it_is_started_again_and_the_wire_shows_it(
    slack: Sandbox, operator: BotProcess, window: OpenWindow
) -> None:
    async with window("ann") as page, window("bo") as other:
        await page.get_by_role("button", name="Trouble").click()
        await page.get_by_role("button", name="Kill the bot").click()
        await other.get_by_text("Trouble: the bot is killed.").wait_for()
        await command(page, "/incident list")
        await page.get_by_text('/incident failed with the error "dispatch_failed"').wait_for()
        await page.get_by_role("button", name="Start it again").click()
        await other.get_by_text("sitrep is starting …").wait_for()
        await expect(other.get_by_text("Trouble:")).to_be_hidden()
        await expect(other.get_by_text("sitrep is starting …")).to_be_hidden()
        await command(page, "/incident list")
        await page.get_by_text("No open incident.").wait_for()

        await page.get_by_role("button", name="Wire").click()
        wire = page.get_by_role("complementary", name="Wire")
        await wire.get_by_text("whoever looks: private channels and DMs too").wait_for()
        entries = wire.get_by_role("listitem")
        await expect(entries.filter(has_text="/incident")).to_have_count(2)
        await wire.get_by_label("Only failures").check()
        await expect(entries).to_have_count(1)
        await entries.get_by_role("button").press("Enter")

        await expect(entries).to_contain_text("not acknowledged: connection_failed")
        await expect(entries).to_contain_text("command: /incident")
        await expect(entries).to_contain_text("token: •••")
        await wire.get_by_label("Only failures").uncheck()
        await wire.get_by_label("Filter").fill("incident dispatch")
        await wire.get_by_text("Nothing here matches the filter.").wait_for()
        await wire.get_by_label("Filter").press("Escape")
        await expect(wire.get_by_label("Filter")).to_have_value("")
        await wire.get_by_label("Filter").fill("/incident")
        await wire.get_by_role("button", name="Clear").click()
        await wire.get_by_role("button", name="Pause").click()
        await command(page, "/incident list")
        await wire.get_by_role("button", name="new)").click()
        await expect(entries).to_have_count(1)
        await expect(entries).to_contain_text("slash_commands list")


async def test_switches_are_used_by_keyboard_and_time_moves_for_everybody(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page, window("bo") as other:
        await page.get_by_role("button", name="Trouble").press("Enter")
        panel = page.get_by_role("complementary", name="Trouble")
        await expect(panel).to_be_focused()
        await panel.get_by_role("switch", name="Slack is down").press("Space")
        await panel.get_by_role("group", name="Slow Slack").get_by_label("1 s").check()
        await page.keyboard.press("ArrowRight")
        await other.get_by_text("Trouble: every call takes 3 s, Slack is down.").wait_for()
        await other.get_by_role("button", name="End all trouble").click()
        await expect(panel.get_by_role("switch", name="Slack is down")).not_to_be_checked()
        await page.keyboard.press("Escape")
        await expect(panel).to_be_hidden()
        await expect(page.get_by_role("button", name="Trouble")).to_be_focused()

        await page.get_by_role("button", name="Time").click()
        await other.get_by_role("button", name="Time").click()
        await page.get_by_role("button", name="Next Monday").click()
        await expect(page.get_by_role("complementary", name="Time")).to_contain_text("9:00:")
        await expect(other.get_by_role("complementary", name="Time")).to_contain_text("Monday, ")
        await page.get_by_label("Move to").fill("2020-01-01T00:00")
        await page.get_by_role("button", name="Move", exact=True).click()
        await expect(page.get_by_role("alert")).to_have_text("Time only moves forward, and that moment has passed.")
