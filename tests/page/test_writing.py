"""Writing on the page: completion, commands, drafts, files and emoji."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from tests.page.conftest import OpenWindow
from tests.sandbox.apps import MANIFEST as ANOTHER_APP

pytestmark = pytest.mark.asyncio(loop_scope="session")

DROP = """async (form, name) => {
  const carried = new DataTransfer();
  carried.items.add(new File(["dropped"], name));
  for (const type of ["dragover", "drop"]) {
    form.dispatchEvent(new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true }));
  }
}"""
PASTE = """async (box, name) => {
  const carried = new DataTransfer();
  carried.items.add(new File(["pasted"], name));
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true }));
}"""


async def test_names_channels_and_emoji_are_completed_while_one_types(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page:
        box = page.get_by_role("textbox", name="Message general")
        await box.press_sequentially("ask @ch")
        await expect(chosen(page)).to_have_text("Chidi Okafor chidi")
        await expect(box).to_have_attribute("aria-activedescendant", await chosen(page).get_attribute("id") or "")
        await box.press("ArrowDown")
        await expect(chosen(page)).to_contain_text("@channel")
        await box.press("ArrowUp")
        await box.press("Enter")
        await box.press_sequentially("in #ran")
        await box.press("Tab")
        await box.press_sequentially(":tad")
        await page.get_by_role("listbox", name="Emoji").get_by_role("option", name=":tada:").click()
        await box.press_sequentially("or @b")
        await expect(chosen(page)).to_contain_text("Bo Larsen")
        await box.press("Escape")
        await expect(page.get_by_role("listbox")).to_have_count(0)
        await box.press("Shift+Enter")
        await box.press_sequentially("at 10:30")
        await expect(box).to_have_value("ask @chidi in #random :tada: or @b\nat 10:30")
        await box.press("Enter")

        await expect(box).to_have_value("")
        chidi, random = slack.person("chidi").id, slack.workspace.channel_named("random")
        assert random
        said = await slack.person("ann").wait_for("general", containing="or @b")
        message = slack.workspace.general.messages[said.ts]
        assert message.text == f"ask <@{chidi}> in <#{random.id}|random> :tada: or @b\nat 10:30"


async def test_a_command_is_completed_and_comes_back_when_it_fails(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page:
        box = page.get_by_role("textbox", name="Message general")
        await box.press_sequentially("/in")
        await expect(chosen(page)).to_contain_text("Declare an incident")
        await box.press("Tab")
        await expect(page.locator(".composer .hint")).to_contain_text("declare | list")
        await box.press_sequentially("help")
        await box.press("Enter")

        trouble = page.get_by_role("alert")
        await expect(trouble).to_contain_text('/incident failed with the error "dispatch_failed"')
        await expect(box).to_have_value("/incident help")
        await box.fill("/frobnicate now")
        await box.press("Enter")
        await expect(trouble).to_contain_text("/frobnicate is not a valid command.")
        await expect(box).to_have_value("/frobnicate now")
        await trouble.get_by_role("button", name="Dismiss").click()
        await expect(trouble).to_have_count(0)
        await box.fill(" /etc is full")
        await box.press("Enter")
        await page.get_by_role("log").get_by_text("/etc is full").wait_for()


async def test_no_command_is_run_from_a_thread_and_a_reply_may_go_to_the_channel_too(
    slack: Sandbox, window: OpenWindow
) -> None:
    asked = await slack.person("bo").types("who is in?", channel="general")
    async with window("ann", f"{asked.channel_id}&thread={asked.ts}") as page:
        box = page.get_by_role("textbox", name="Reply")
        await box.fill("/incident declare Checkout is down")
        await box.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("/incident is not supported in threads. Sorry!")
        await expect(box).to_have_value("/incident declare Checkout is down")

        await box.fill("I am")
        await page.get_by_label("Also send to #general").check()
        await page.get_by_role("complementary").get_by_role("button", name="Send now").click()
        await expect(page.get_by_role("main").get_by_text("I am", exact=True)).to_be_visible()
        await expect(page.get_by_label("Also send to #general")).not_to_be_checked()


async def test_what_is_not_sent_waits_in_its_conversation_and_thread(slack: Sandbox, window: OpenWindow) -> None:
    asked = await slack.person("bo").types("who is in?", channel="general")
    async with window("ann") as page:
        box, reply = page.get_by_role("textbox", name="Message"), page.get_by_role("textbox", name="Reply")
        await box.fill("for general")
        await page.goto(f"{slack.url}/?as=ann&in={asked.channel_id}&thread={asked.ts}")
        await reply.fill("for the thread")
        await page.get_by_role("link", name="random").click()
        await expect(box).to_have_value("")
        await expect(box).to_be_focused()
        await box.fill("for random")
        await page.goto(f"{slack.url}/?as=bo&in={asked.channel_id}")
        await expect(box).to_have_value("")
        await page.goto(f"{slack.url}/?as=ann&in={asked.channel_id}&thread={asked.ts}")

        await expect(box).to_have_value("for general")
        await expect(reply).to_have_value("for the thread")
        await page.get_by_role("link", name="random").click()
        await expect(box).to_have_value("for random")


async def test_files_are_chosen_pasted_or_dropped_and_sent_with_words(
    slack: Sandbox, window: OpenWindow, tmp_path: Path
) -> None:
    chosen_file = tmp_path / "graph.csv"
    chosen_file.write_text("minute,errors\n1,20\n")
    async with window("ann") as page:
        box = page.get_by_role("textbox", name="Message general")
        async with page.expect_file_chooser() as choosing:
            await page.get_by_role("button", name="Attach files").click()
        await (await choosing.value).set_files(chosen_file)
        await box.evaluate(PASTE, "pasted.txt")
        await page.locator("form.composer").evaluate(DROP, "dropped.txt")
        waiting = page.get_by_role("list", name="Files to send")
        await expect(waiting.get_by_role("listitem")).to_have_count(3)
        await waiting.get_by_role("button", name="Remove pasted.txt").click()
        await box.fill("errors since noon")
        await box.press("Enter")

        await expect(waiting).to_have_count(0)
        await expect(page.get_by_role("log")).to_contain_text("dropped.txt")
        said = await slack.person("bo").wait_for("general", containing="errors since noon")
        files = slack.workspace.general.messages[said.ts].files
        assert [slack.workspace.files[file].name for file in files] == ["graph.csv", "dropped.txt"]


async def test_an_emoji_is_picked_by_search_or_among_those_used_last(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page:
        box = page.get_by_role("textbox", name="Message general")
        await box.fill("off it goes")
        picker = page.get_by_role("dialog", name="Emoji picker")
        await page.get_by_role("button", name="Emoji", exact=True).click()
        await picker.get_by_role("searchbox").fill("rock")
        await page.keyboard.press("ArrowDown")
        await expect(picker.get_by_role("button", name="rock", exact=True)).to_be_focused()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await expect(box).to_be_focused()
        await expect(box).to_have_value("off it goes:rocket: ")
        await page.get_by_role("button", name="Emoji", exact=True).click()
        await page.keyboard.press("Escape")
        await expect(picker).to_have_count(0)
        await page.get_by_role("button", name="Emoji", exact=True).click()
        await page.keyboard.press("Enter")

        await expect(box).to_have_value("off it goes:rocket: :rocket: ")


async def test_the_apps_shortcuts_are_used_beside_the_box(window: OpenWindow) -> None:
    async with Sandbox(ANOTHER_APP) as workspace, window("ann") as page:
        await page.goto(f"{workspace.url}/?as=ann")
        await page.get_by_role("textbox", name="Message general").fill("not yet")
        await page.get_by_role("button", name="Shortcuts").click()
        menu = page.get_by_role("menu", name="Shortcuts")
        await expect(menu.get_by_role("menuitem")).to_have_count(1)
        await menu.get_by_role("menuitem", name="Talk").click()

        await expect(page.get_by_role("alert")).to_contain_text('Talk failed with the error "dispatch_failed"')
        await expect(page.get_by_role("textbox", name="Message general")).to_have_value("not yet")


def chosen(page: Page) -> Locator:
    """The option that Enter would take."""
    return page.get_by_role("option", selected=True)
