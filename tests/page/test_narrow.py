"""The page on a small screen: at 1,024 pixels everything has its place, whatever stands at the right."""

import pytest
from playwright.async_api import Page

from sandbox import Sandbox
from tests.page.conftest import OpenWindow
from tests.page.doing import message
from tests.page.sink import Sink, every_action
from tests.sandbox.apps import MANIFEST

pytestmark = pytest.mark.asyncio(loop_scope="session")

OUTSIDE = """() => {
  const isOut = ({ left, right, width }) => width > 0 && (left < -0.5 || right > innerWidth + 0.5);
  const held = [...document.querySelectorAll("button, input, textarea, h1, h2, h3")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && isOut(one.getBoundingClientRect()));
  const wide = [document.scrollingElement, ...document.querySelectorAll(".scroll, aside")]
    .filter((one) => one.scrollWidth > one.clientWidth + 1);
  return [...held, ...wide].map((one) => one.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def manifest() -> object:
    return MANIFEST


async def outside(page: Page) -> list[str]:
    """What cannot be seen without scrolling sideways."""
    found: list[str] = await page.evaluate(OUTSIDE)
    return found


async def test_nothing_is_cut_off_whatever_stands_at_the_right(slack: Sandbox, sink: Sink, window: OpenWindow) -> None:
    general = slack.workspace.general.id
    await slack.person("bo").types(f"see https://example.com/{'long' * 60} and `{'word' * 80}`", channel="general")
    await sink.client.chat_postMessage(channel=general, text="Choose", blocks=every_action())
    async with window("ann", general, width=1024) as page:
        chosen = message(page, "A button")
        await chosen.wait_for()
        cut = await outside(page)
        for panel in ("Details", "Wire", "Time", "Trouble"):
            await page.get_by_role("button", name=panel, exact=True).click()
            await page.get_by_role("complementary", name=panel).wait_for()
            cut += await outside(page)
        await chosen.hover()
        await chosen.get_by_role("button", name="Reply in thread").click()
        await message(page, "A button", where="Thread").wait_for()
        cut += await outside(page)

    assert cut == []
