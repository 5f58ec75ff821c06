"""Block Kit on the page: every block as Slack lays it out."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from tests.page.conftest import OpenWindow
from tests.sandbox.contract.test_contract_blocks import BLOCKS, mrkdwn, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]
DRAWING = """async () => {
  const { h, render } = await import("/page/static/js/dom.js");
  const { Blocks } = await import("/page/static/js/blocks/blocks.js");
  window.draw = (given) => {
    const box = document.createElement("section");
    box.setAttribute("aria-label", "Drawn");
    document.body.append(box);
    render(box, Blocks({ place: { kind: "view", id: "V1", values: {} }, ...given }));
  };
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(window: OpenWindow) -> AsyncIterator[Page]:
    """Ann's window, which can `draw` blocks instead of all else."""
    async with window("ann") as page:
        await page.get_by_role("textbox", name="Message general").wait_for()
        await page.evaluate(DRAWING)
        yield page


def drawn(page: Page) -> Locator:
    """Where `draw` puts its blocks."""
    return page.get_by_role("region", name="Drawn")


async def test_every_kind_of_block_that_slack_documents_is_drawn(page: Page) -> None:
    blocks = [{"type": kind, "block_id": kind, **block} for kind, block in BLOCKS.items()]

    await page.evaluate("blocks => draw({ blocks })", blocks)

    assert await drawn(page).locator(".block").count() >= len(blocks)
    assert await drawn(page).locator(".unknown").all_inner_texts() == []


async def test_a_block_of_another_kind_says_which_it_is(page: Page) -> None:
    await page.evaluate("blocks => draw({ blocks })", [{"type": "hologram", "block_id": "h", "text": plain()}])

    await expect(drawn(page).locator(".unknown")).to_have_text(
        "A block of the type “hologram”, which this page cannot draw."
    )


async def test_an_input_shows_its_label_its_hint_and_what_is_wrong_with_it(page: Page) -> None:
    field = {"type": "plain_text_input", "action_id": "a"}
    block = {
        "type": "input",
        "block_id": "b",
        "label": plain("Summary"),
        "hint": plain("In a few words"),
        "optional": True,
    }

    given = {"blocks": [block | {"element": field}], "errors": {"b": "Say a little more."}}
    await page.evaluate("given => draw(given)", given)

    await expect(drawn(page).get_by_text("Summary (optional)")).to_be_visible()
    await expect(drawn(page).get_by_text("In a few words")).to_be_visible()
    await expect(drawn(page).get_by_role("alert")).to_have_text("Say a little more.")
    await expect(page.get_by_role("textbox", name="Summary")).to_have_accessible_description("Say a little more.")


async def test_a_table_names_its_columns_and_keeps_to_their_sides(page: Page) -> None:
    rows = [[{"type": "raw_text", "text": word} for word in row] for row in (("Service", "Errors"), ("pay", "12"))]
    table = {"type": "table", "block_id": "t", "rows": rows, "column_settings": [None, {"align": "right"}]}

    await page.evaluate("blocks => draw({ blocks })", [table])

    await expect(page.get_by_role("columnheader", name="Errors")).to_be_visible()
    await expect(page.get_by_role("cell", name="12")).to_have_css("text-align", "right")
    await expect(page.get_by_role("cell", name="pay")).to_have_css("text-align", "left")


async def test_a_message_folds_a_long_section_and_shows_an_old_attachment(slack: Sandbox, window: OpenWindow) -> None:
    deploy = slack.other_bot("deploy")
    await deploy.joins("general")
    attachment = {
        "color": "#c01343",
        "pretext": "A build *failed*",
        "author_name": "CI",
        "title": "main #41",
        "title_link": "https://ci.example.com/41",
        "text": "\n".join(f"line {number}" for number in range(9)),
        "fields": [{"title": "Branch", "value": "`main`", "short": True}],
        "footer": "since noon",
        "actions": [{"type": "button", "text": "Rebuild", "name": "again"}],
    }
    await deploy.posts(
        "what happened",
        channel="general",
        blocks=[{"type": "section", "text": mrkdwn("a long story " * 80)}],
        attachments=[attachment],
    )

    async with window("ann") as page:
        message = page.get_by_role("article").last
        more = message.get_by_role("button", name="See more")
        folded = await message.locator(".block-section").bounding_box()
        await more.click()
        whole = await message.locator(".block-section").bounding_box()

        assert folded is not None
        assert whole is not None
        assert whole["height"] > folded["height"]
        await expect(message.get_by_role("button", name="See less")).to_have_attribute("aria-expanded", "true")
        await expect(message.get_by_role("link", name="main #41")).to_have_attribute(
            "href", "https://ci.example.com/41"
        )
        await expect(message.locator(".barred")).to_have_css("border-left-color", "rgb(192, 19, 67)")
        await expect(message.get_by_role("button", name="Show more")).to_be_visible()
        await expect(message.get_by_role("button", name="Rebuild")).to_be_disabled()


async def test_images_of_the_workspace_are_shown_and_others_are_named(slack: Sandbox, window: OpenWindow) -> None:
    ann = slack.person("ann")
    pixel = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")
    [file] = ann.uploads_for_form([("graph.gif", pixel)])
    own = {"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "Errors by minute", "title": plain("Errors")}
    far = {"type": "image", "image_url": "https://example.com/cat.png", "alt_text": "A cat"}
    kitchen = slack.other_bot("kitchen")
    await kitchen.joins("general")
    await kitchen.posts("images", channel="general", blocks=[own, far])

    async with window("ann") as page:
        shown = page.get_by_role("img", name="Errors by minute")
        await expect(shown).to_have_js_property("naturalWidth", 1)
        await expect(page.get_by_role("img", name="A cat")).to_have_text("A cat")
