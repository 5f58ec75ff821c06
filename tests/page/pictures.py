"""Draws the documents' pictures of the page: `python -m tests.page.pictures docs/page`.

One incident is played in a workspace whose clock stands on a night of its own, and at some of its turns the page is
looked at through somebody's eyes, in light and in dark.
"""

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console

from bot.demo.tour import Tour
from bot.log import configure_logging
from sandbox import Sandbox
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import clock_at
from tests.page.along import Along
from tests.page.conftest import chromium
from tests.page.doing import goes_to, message

NIGHT = datetime(2026, 3, 5, 1, 58, tzinfo=UTC)
SIZE = {"width": 1280, "height": 860}
Look = Callable[[Page], Awaitable[None]]


async def draw(folder: Path) -> None:
    """Play the incident, and leave a picture of each of VIEWS in the folder, in both schemes."""
    configure_logging(level=logging.ERROR)
    with tempfile.TemporaryDirectory() as data:
        async with async_playwright() as playwright, Sandbox(MANIFEST, clock=clock_at(NIGHT), seed=7) as slack:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            async with a_bot(slack, f"sqlite:///{data}/sitrep.db", now=slack.clock.now) as bot:
                slack.travel.take_along(Along(bot))

                async def after(step: str) -> None:
                    for name, who, look in VIEWS.get(step, ()):
                        await _picture(browser, slack, folder / name, who, look)

                await _declare_form(browser, slack, folder)
                if not await Tour(slack, Console(file=io.StringIO())).play(after=after):
                    raise SystemExit("the tour is stuck")
            await browser.close()


async def _picture(browser: Browser, slack: Sandbox, path: Path, who: str, look: Look) -> None:
    for scheme in ("light", "dark"):
        context = await browser.new_context(viewport=SIZE, color_scheme=scheme, reduced_motion="reduce")
        page = await context.new_page()
        await page.goto(f"{slack.url}/?as={who}")
        await look(page)
        await page.evaluate("document.fonts.ready")
        await page.mouse.move(0, 0)
        await page.screenshot(path=path.with_name(f"{path.name}-{scheme}.png"))
        await context.close()


async def _declare_form(browser: Browser, slack: Sandbox, folder: Path) -> None:
    """The form as it is when somebody has just typed the command."""
    ann = slack.person("ann")
    await ann.command("/incident declare Checkout is down", channel="general")
    form = await ann.form()
    await form.fill({"Impact": "Everyone"})
    await form.until(lambda shown: "SEV1" in shown.text())
    await _picture(browser, slack, folder / "declare", "ann", _in_general)
    await form.close()


async def _in_general(page: Page) -> None:
    await page.get_by_role("dialog", name="Declare an incident").wait_for()


async def _in_the_channel(page: Page) -> None:
    """The card at the top, and what was said under it."""
    await goes_to(page, "inc-1")
    await message(page, "Severity lowered").wait_for()
    card = message(page, "Take a role")
    await card.evaluate("(dom) => dom.scrollIntoView({ block: 'start' })")


async def _in_a_thread(page: Page) -> None:
    await goes_to(page, "inc-1")
    asked = message(page, "The next update is promised")
    await asked.hover()
    await asked.get_by_role("button", name="Reply in thread").click()
    await page.get_by_label("Thread", exact=True).get_by_role("article").nth(1).wait_for()


async def _at_home(page: Page) -> None:
    await goes_to(page, "sitrep")
    await page.get_by_label("Home", exact=True).get_by_text("Alert on refused cards").first.wait_for()


async def _on_monday(page: Page) -> None:
    await goes_to(page, "sitrep")
    await page.get_by_role("tab", name="Messages").click()
    await message(page, "Good morning").wait_for()


async def _on_the_wire(page: Page) -> None:
    await goes_to(page, "inc-1")
    await page.get_by_role("button", name="Wire", exact=True).click()
    await page.get_by_label("Wire", exact=True).get_by_text("chat.postMessage").first.wait_for()


VIEWS: dict[str, list[tuple[str, str, Look]]] = {
    "work": [("channel", "ann", _in_the_channel), ("wire", "ann", _on_the_wire)],
    "keep_the_promise": [("thread", "dee", _in_a_thread)],
    "follow_up": [("home", "bo", _at_home)],
    "next_monday": [("monday", "bo", _on_monday)],
}
"""After which step of the tour what is looked at, through whose eyes: name, person, look."""


if __name__ == "__main__":
    where = Path(sys.argv[1])
    where.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(where))
