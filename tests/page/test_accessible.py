"""Everything on the page can be read, named and reached by everybody, as far as axe can tell: WCAG 2.2, A and AA."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from sandbox import Sandbox
from sandbox.page.guide import Guide, Step, Telling, Walk
from tests.equipment import package
from tests.page.conftest import OpenWindow
from tests.page.doing import goes_to, message, more
from tests.page.sink import Sink, every_action, every_input, modal
from tests.sandbox.apps import MANIFEST
from tests.sandbox.contract.test_contract_blocks import BLOCKS

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # all that is another matter in the dark
CHECK = """async ([within, runOnly]) => {
  const options = { runOnly, resultTypes: ["violations"], preload: false, iframes: false };
  const { violations } = await axe.run(within, options);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html, failureSummary]));
}"""
SCROLLED_BY_ARROWS = "scrollable-region-focusable", '<ul class="offer"'
"""What words may become goes along with the arrow keys; axe knows that only of the lists of a combobox."""


@dataclass
class Eyes:
    """Looks at what is on the page, all of it or the parts that are new, in light and in dark."""

    page: Page
    wrong: list[list[str]] = field(default_factory=list)

    async def look(self, view: str, within: str = "body") -> None:
        await self.page.locator(within).last.wait_for()
        for scheme, rules in (("dark", OF_COLOURS), ("light", ALL)):
            await self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"
            found = await self.page.evaluate(CHECK, [within, rules])
            self.wrong += [[f"{view}, {scheme}", rule, *one] for rule, *one in found if not _is_fine(rule, *one)]

    async def leave(self) -> None:
        """Close what is in front."""
        await self.page.keyboard.press("Escape")
        await expect(self.page.locator(".popup, dialog, .editor")).to_have_count(0)


def _is_fine(rule: str, html: str, _: str) -> bool:
    known, beginning = SCROLLED_BY_ARROWS
    return rule == known and html.startswith(beginning)


@pytest.fixture
def manifest() -> dict[str, Any]:
    return MANIFEST


@pytest_asyncio.fixture(loop_scope="session")
async def eyes(slack: Sandbox, sink: Sink, window: OpenWindow) -> AsyncIterator[Eyes]:
    """Ann's, in front of a channel where little was said; they may see nothing that is wrong."""
    axe = (package("axe-core") / "axe.min.js").read_text()
    slack.guide = Walk(slack, _guide())
    async with window("ann", width=1024) as page:
        await message(page, "has joined").wait_for()
        await page.evaluate(f"{axe}; 0")
        eyes = Eyes(page)
        yield eyes
    assert eyes.wrong == []


async def test_messages_threads_and_all_that_opens_from_them_are_accessible(slack: Sandbox, eyes: Eyes) -> None:
    page = eyes.page
    await _talk(slack)
    shown = message(page, "all is well")
    await shown.get_by_role("button", name="tada").wait_for()
    await eyes.look("a channel")
    await shown.get_by_role("button", name="1 reply").click()
    await message(page, "yes, it is", where="Thread").wait_for()
    await eyes.look("a thread", ".right")
    await page.get_by_role("button", name="Close the thread").click()
    await shown.hover()
    await shown.get_by_role("button", name="More actions").click()
    await eyes.look("the menu of a message", ".popup")
    await eyes.leave()
    await more(page, shown, "Edit message")
    await eyes.look("a message that is edited", ".editor")
    await eyes.leave()
    await page.get_by_role("button", name="Erase").click()
    await eyes.look("a question", "dialog")
    await eyes.leave()
    await shown.hover()
    await shown.get_by_role("button", name="Add reaction…").click()
    await eyes.look("the emoji", ".popup")


async def test_the_list_the_box_and_their_dialogs_are_accessible(eyes: Eyes) -> None:
    page = eyes.page
    for button in ("You are Ann", "Add channels", "Jump to", "New message"):
        await page.get_by_role("button", name=button).click()
        await eyes.look(button, ".popup, dialog")
        await eyes.leave()
    for item in ("Create a channel", "Browse channels"):
        await page.get_by_role("button", name="Add channels").click()
        await page.get_by_role("menuitem", name=item).click()
        await eyes.look(item, "dialog")
        await eyes.leave()
    words = page.get_by_role("textbox", name="Message general")
    for typed in ("@", ":ta"):
        await words.fill(typed)
        await page.get_by_role("listbox").wait_for()
        await eyes.look(f"what {typed} may become", ".composer")
    await words.fill("")
    for panel in ("Details", "Time", "Trouble", "Wire"):
        await page.get_by_role("button", name=panel, exact=True).click()
        await page.get_by_role("complementary", name=panel).wait_for()
        await eyes.look(panel, ".right")


async def test_the_apps_forms_and_home_are_accessible(slack: Sandbox, sink: Sink, eyes: Eyes) -> None:
    page = eyes.page
    sink.view = modal("Everything", every_input())
    await slack.person("ann").command("/parrot", channel="general")
    form = page.get_by_role("dialog", name="Everything")
    await form.get_by_role("combobox", name="Severity").click()
    await eyes.look("a form, and the list of a select", "dialog")
    await page.keyboard.press("Escape")
    await form.get_by_role("button", name="Send").click()
    await form.get_by_role("alert").first.wait_for()
    await eyes.look("a form that is filled wrongly", "dialog")
    await form.get_by_role("button", name="Close").click()
    await sink.client.views_publish(user_id=slack.person("ann").id, view={"type": "home", "blocks": every_action()})
    await goes_to(page, "parrot")
    await page.get_by_label("Home", exact=True).get_by_text("Who?").wait_for()
    await eyes.look("Home", ".middle")
    await page.get_by_role("tab", name="About").click()
    await eyes.look("About", ".middle")


async def _talk(slack: Sandbox) -> None:
    """Every kind of message, the last of them with all that others may leave on it."""
    ann, bo, chat, general = slack.person("ann"), slack.person("bo"), slack.workspace.chat, slack.workspace.general
    app = slack.workspace.bot.id
    blocks = [{"type": kind, "block_id": kind, **block} for kind, block in BLOCKS.items() if kind != "input"]
    for some in (blocks, every_action()):
        chat.post(general, by=app, draft={"text": "blocks", "blocks": some})
    chat.post_ephemeral(general, by=app, to=ann.id, draft={"text": "Only for Ann"})
    gone = await bo.types("this will be gone", channel="general")
    await ann.types("pity", channel="general", thread=gone)
    await bo.deletes(gone)
    await bo.uploads("error.log", b"timeout\n", channel="general")
    said = await ann.types("all is well: `up` at https://example.com, @ann and #random :tada:", channel="general")
    await bo.types("yes, it is", channel="general", thread=said)
    await bo.reacts(said, "tada")


def _guide() -> Guide:
    async def play(tell: Telling) -> None:
        """Nothing: it is only looked at."""

    step = Step("Begin", "Type `/parrot`.", "ann", lambda: "general", lambda: False, play, "composer")
    return Guide("Tour", [step, step], "That was all.", lambda: None)
