"""What stands on messages and in Home, and the app's shortcuts: what is used there reaches the app at once."""

from typing import Any

import pytest
from playwright.async_api import expect

from sandbox import Sandbox
from tests.page.conftest import OpenWindow
from tests.page.doing import message, more
from tests.page.sink import Sink, button, choose, element, every_action, field, modal, option, options, words
from tests.sandbox.apps import MANIFEST

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def manifest() -> Json:
    return MANIFEST


async def test_what_stands_on_a_message_tells_the_app_at_once_and_once(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    general = slack.workspace.general.id
    note = field("note", "Note", element("plain_text_input"))
    await sink.client.chat_postMessage(channel=general, text="Choose", blocks=[*every_action(), note])
    dee = slack.person("dee").id
    async with window("ann", general) as page:
        message = page.get_by_role("article").filter(has_text="A button")
        await message.get_by_role("textbox", name="Note").fill("beside")
        sink.may_answer.clear()
        await message.get_by_role("button", name="Ping").dblclick()
        sink.may_answer.set()
        await expect(message.get_by_role("button", name="Ping")).to_be_enabled()
        await message.get_by_role("button", name="Erase").click()
        await page.get_by_role("alertdialog", name="Are you sure?").get_by_role("button", name="Leave it").click()
        await expect(message.get_by_role("button", name="Erase")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Do it").press("Enter")
        await message.get_by_role("button", name="More options").press("Enter")
        await page.get_by_role("menu").get_by_role("menuitem", name="Copy").press("m")
        await page.keyboard.press("Enter")
        await expect(message.get_by_role("button", name="More options")).to_be_focused()
        await choose(page.get_by_role("article"), "Level", "Tw")
        await message.get_by_role("checkbox", name="Told").check()
        await message.locator("input[type=date]").press_sequentially("11232026")
        await page.keyboard.press("Tab")
        await choose(page.get_by_role("article"), "Who?", "Dee")
        await expect(message.get_by_role("button", name="Remove Dee Tanaka")).to_be_visible()
        await expect(message.get_by_role("combobox", name="Level")).to_have_value("Two")
        await sink.heard(sink.actions, times=7)

    by_id = {action["action_id"]: action for action in sink.actions}
    assert [action["action_id"] for action in sink.actions] == ["a", "erase", "dots", "level", "done", "due", "a"]
    assert sink.actions[0]["value"] == "pong"
    assert by_id["dots"]["selected_option"] == option("Move")
    assert by_id["level"]["selected_option"] == option("Two")
    assert by_id["done"]["selected_options"] == options("Told")
    assert by_id["due"]["selected_date"] == "2026-11-23"
    assert by_id["a"]["selected_users"] == [dee]
    assert sink.values[0]["note"]["a"]["value"] == "beside"


async def test_home_is_drawn_as_it_is_published_and_keeps_what_was_chosen(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    ann = slack.person("ann")
    level = element("static_select", action_id="level", placeholder=words("Level"), options=options("One", "Two"))
    await ann.opens_home()
    home = next(
        one.id for one in slack.workspace.channels.values() if slack.workspace.bot.id in one.members and one.is_direct
    )
    async with window("ann", f"{home}&tab=home") as page:
        await page.get_by_text("parrot has nothing here yet").wait_for()
        for heading in ("Morning", "Evening"):
            blocks = [
                {"type": "header", "text": words(heading)},
                {"type": "actions", "block_id": "do", "elements": [button(heading), level]},
            ]
            await sink.client.views_publish(user_id=ann.id, view={"type": "home", "blocks": blocks})
            await page.get_by_role("heading", name=heading).wait_for()
            await page.get_by_role("button", name=heading).click()
            if heading == "Morning":
                await choose(page.get_by_label("Home"), "Level", "Two")
        await expect(page.get_by_role("combobox", name="Level")).to_have_value("Two")
        await sink.heard(sink.actions, times=3)

    assert [action["action_id"] for action in sink.actions] == ["a", "level", "a"]


async def test_shortcuts_of_the_app_are_beside_the_words_and_on_each_message(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    sink.view = modal("Repeat", [field("line", "Title", element("plain_text_input"))])
    await slack.person("bo").types("the deploy is out", channel="general")
    await slack.person("bo").types("errors are up", channel="general")
    async with window("ann") as page:
        await page.get_by_role("button", name="Shortcuts").click()
        await page.get_by_role("menuitem", name="Talk").press("Enter")
        await sink.heard(sink.shortcuts, times=1)
        await more(page, message(page, "the deploy is out"), "Repeat this")
        await page.get_by_role("dialog", name="Repeat").wait_for()

    assert [one["callback_id"] for one in sink.shortcuts] == ["talk", "repeat"]
    assert sink.shortcuts[1]["message"]["text"] == "the deploy is out"
