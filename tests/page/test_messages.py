"""Messages on the page: how they stand, and what one does with them."""

import asyncio
import re

import pytest
from playwright.async_api import Page, Route, expect

from sandbox import Sandbox
from tests.page.conftest import OpenWindow
from tests.page.doing import goes_to, message, more, reacts, types

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200"/></svg>'
MINUTES = 60
DAY = 24 * 60 * MINUTES


async def held(page: Page, address: str) -> tuple[asyncio.Event, asyncio.Event]:
    """Keep back what is looked up there: gives what happens once it was looked up, and what lets it go on."""
    looked, told = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        answer = await route.fetch()
        looked.set()
        await told.wait()
        await route.fulfill(response=answer)

    await page.route(re.compile(address), hold)
    return looked, told


async def test_messages_of_one_author_stand_together_under_their_day(slack: Sandbox, window: OpenWindow) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await bo.types("the deploy is out", channel="general")
    await slack.travel.by(DAY)
    for words in ("errors are up", "rolling back"):
        await bo.types(words, channel="general")
    await slack.travel.by(6 * MINUTES)
    await bo.types("all is well", channel="general")
    await ann.sets_topic("general", "Deploys")

    async with window("ann") as page:
        days = page.get_by_role("log").get_by_role("separator")
        await expect(days).to_have_text(["Yesterday", "Today"])
        for words, names in (("errors are up", 1), ("rolling back", 0), ("all is well", 1)):
            await expect(message(page, words).get_by_text(bo.user.real_name)).to_have_count(names)
        await expect(message(page, "set the channel topic: Deploys")).to_contain_text(ann.user.real_name)


async def test_ones_own_message_is_edited_in_place_and_deleted_once_asked(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page:
        await types(page, "errors at 3 % for @bo", where="Message general")
        field = page.get_by_role("textbox", name="Edit message")
        await more(page, message(page, "errors at 3 %"), "Edit message")
        await expect(field).to_have_value("errors at 3 % for @bo")
        await field.press("Escape")
        await page.get_by_role("textbox", name="Message general").press("ArrowUp")
        await field.fill("e" * 50_000)
        await field.press("Enter")
        await page.get_by_role("alert").get_by_text("msg_too_long").wait_for()
        await expect(field).to_have_value("e" * 50_000)
        await field.fill("errors at 4 %")
        await field.press("Enter")
        await expect(message(page, "errors at 4 %")).to_contain_text("(edited)")

        await message(page, "errors at 4 %").focus()
        await page.keyboard.press("Delete")
        await page.get_by_role("alertdialog", name="Delete message").get_by_role("button", name="Cancel").click()
        await more(page, message(page, "errors at 4 %"), "Delete message")
        await page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
        await expect(message(page, "errors at 4 %")).to_have_count(0)


async def test_reactions_pins_and_shortcuts_are_at_hand_on_each_message(slack: Sandbox, window: OpenWindow) -> None:
    bo = slack.person("bo")
    asked = await bo.types("is checkout slow?", channel="general")

    async with window("ann") as page:
        shown = message(page, "is checkout slow?")
        await reacts(page, shown, "eyes")
        pill = shown.get_by_role("button", name=re.compile("^eyes, "))
        await expect(pill).to_have_attribute("aria-pressed", "true")
        await bo.reacts(asked, "eyes")
        await expect(pill).to_have_attribute("title", f"You and {bo.user.real_name} reacted with :eyes:")
        await pill.click()
        await expect(pill).to_have_attribute("aria-pressed", "false")

        await more(page, shown, "Pin to this channel")
        await shown.get_by_text("Pinned by you").wait_for()
        await more(page, shown, "Unpin from this channel")
        await expect(shown.get_by_text("Pinned by you")).to_have_count(0)

        await shown.hover()
        await shown.get_by_role("button", name="More actions").click()
        await page.get_by_role("menuitem", name="Add to the timeline").wait_for()
        await expect(page.get_by_role("menuitem", name="Edit message")).to_have_count(0)


async def test_a_thread_is_followed_beside_the_channel(slack: Sandbox, window: OpenWindow) -> None:
    bo = slack.person("bo")
    asked = await bo.types("who is on call?", channel="general")

    async with window("ann") as page:
        parent = page.get_by_label("Messages", exact=True).get_by_role("article", name="who is on call?")
        await parent.hover()
        await parent.get_by_role("button", name="Reply in thread").click()
        await types(page, "I am", where="Reply")
        await bo.types("thanks", channel="general", thread=asked)
        await message(page, "thanks", where="Thread").wait_for()
        await bo.types("ann is on call", channel="general", thread=asked, broadcast=True)
        await expect(parent.get_by_role("button", name="3 replies")).to_contain_text("Last reply today at")
        await message(page, "replied to a thread: who is on call?").wait_for()
        await expect(message(page, "I am")).to_have_count(0)  # in the channel

        await page.get_by_role("textbox", name="Reply").press("Escape")
        await expect(page.get_by_label("Thread", exact=True)).to_have_count(0)
        await bo.deletes(asked)
        await message(page, "This message was deleted.").get_by_role("button", name="3 replies").click()
        await message(page, "thanks", where="Thread").wait_for()


async def test_what_only_one_reader_is_shown_can_be_dismissed(slack: Sandbox, window: OpenWindow) -> None:
    chat, bot, general = slack.workspace.chat, slack.workspace.bot.id, slack.workspace.general

    async with window("ann") as page:
        await page.get_by_role("textbox", name="Message general").wait_for()
        chat.post_ephemeral(general, by=bot, to=slack.person("ann").id, draft={"text": "Try */incident help*"})
        disguise = {"username": "Pager", "icon_emoji": ":rotating_light:"}
        chat.post(general, by=bot, draft={"text": "Checkout is slow"} | disguise)
        whisper = message(page, "Try /incident help")
        await expect(whisper).to_contain_text("Only visible to you")
        await expect(message(page, "Checkout is slow")).to_contain_text(re.compile("🚨.*Pager.*APP"))
        await whisper.get_by_role("button", name="Dismiss").click()
        await expect(whisper).to_have_count(0)
        assert slack.person("ann").finds("general", "Try") is None


async def test_files_are_shown_as_what_they_are(slack: Sandbox, window: OpenWindow) -> None:
    bo = slack.person("bo")
    for name, content in (("graph.svg", PICTURE), ("error.log", b"timeout\n" * 40), ("report.pdf", b"x" * 12_345)):
        await bo.uploads(name, content, channel="general")

    async with window("ann") as page:
        picture = page.get_by_role("img", name="graph.svg")
        await expect(picture).to_have_js_property("naturalWidth", 300)
        await expect(page.get_by_label("Beginning of error.log")).to_have_text("timeout\n" * 12 + "…")
        await expect(message(page, "report.pdf")).to_contain_text("PDF · 12 kB")
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="Download report.pdf").click()
        assert (await downloading.value).suggested_filename == "report.pdf"


async def test_one_goes_through_messages_by_keyboard(slack: Sandbox, window: OpenWindow) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.types("first", channel="general")
    await bo.types("second https://status.example.com", channel="general")

    async with window("ann") as page:
        await message(page, "second").wait_for()
        await page.get_by_role("log").focus()
        for key, focused in (("ArrowUp", "second"), ("ArrowUp", "first"), ("ArrowDown", "second")):
            await page.keyboard.press(key)
            await expect(message(page, focused)).to_be_focused()
        for name in ("https://status.example.com", "Add reaction…", "Reply in thread", "More actions"):
            await page.keyboard.press("Tab")
            await expect(page.locator(":focus")).to_have_accessible_name(name)
        await page.keyboard.press("Enter")
        await page.get_by_role("menuitem", name="Copy text").wait_for()
        await page.keyboard.press("Escape")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("textbox", name="Message general")).to_be_focused()
        await message(page, "first").focus()
        await page.keyboard.press("e")
        await expect(page.get_by_role("textbox", name="Edit message")).to_have_value("first")


async def test_who_reads_further_up_is_not_moved_and_hears_of_what_is_new(slack: Sandbox, window: OpenWindow) -> None:
    bo = slack.person("bo")
    for number in range(120):
        await bo.types(f"message {number}.", channel="general")

    async with window("ann", slack.person("ann").screen.channel("random").id) as page:
        await page.get_by_role("textbox", name="Message random").wait_for()
        _, told = await held(page, "/page/messages.*before=")
        await goes_to(page, "general")
        await expect(message(page, "message 119.")).to_be_in_viewport()
        await page.get_by_role("log").evaluate("log => { log.scrollTop = 0; }")
        await expect(message(page, "message 60.")).to_be_in_viewport()
        told.set()
        await message(page, "message 59.").wait_for(state="attached")
        await expect(message(page, "message 60.")).to_be_in_viewport()
        await message(page, "message 60.").hover()
        tool = message(page, "message 60.").get_by_role("button", name="Reply in thread")
        await tool.click(trial=True, position={"x": 8, "y": 2})  # nothing covers what stands out of its piece
        await bo.types("something new", channel="general")
        await page.get_by_role("button", name="1 new message").wait_for()
        await expect(message(page, "message 60.")).to_be_in_viewport()
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
        await expect(page.get_by_role("region", name="Messages").get_by_role("status")).to_have_text("1 new message")
        await page.get_by_role("button", name="1 new message").click()
        await expect(message(page, "something new")).to_be_in_viewport()
        await expect(page.get_by_role("separator", name="New")).to_be_in_viewport()
        await expect(page.get_by_role("button", name="1 new message")).to_have_count(0)
        await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


async def test_what_is_said_while_a_stretch_is_on_its_way_is_not_lost(slack: Sandbox, window: OpenWindow) -> None:
    bo = slack.person("bo")
    before = await bo.types("before", channel="random")

    async with window("ann") as page:
        await page.get_by_role("textbox", name="Message general").wait_for()
        looked, told = await held(page, "/page/messages")
        await page.get_by_role("link", name="random").click()
        await looked.wait()
        await bo.edits(before, "changed")
        await bo.types("meanwhile", channel="random")
        await message(page, "meanwhile").wait_for()
        told.set()
        await page.get_by_text("This is where the conversation begins.").wait_for()
        articles = page.get_by_role("log").get_by_role("article")
        await expect(articles.filter(has_not_text="has joined")).to_contain_text(["changed", "meanwhile"])
