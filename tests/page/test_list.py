"""The list at the left and what stands above a conversation: finding, making, joining, being somebody else."""

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from tests.page.conftest import OpenWindow

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_unread_is_bold_and_mentions_and_direct_messages_are_counted(
    slack: Sandbox, window: OpenWindow
) -> None:
    bo = slack.person("bo")
    async with window("ann") as page:
        await expect(conversations(page).get_by_role("link", name="random", exact=True)).to_have_css(
            "font-weight", "400"
        )
        await bo.types("anybody?", channel="random")
        bold = conversations(page).get_by_role("link", name="random unread", exact=True)
        await expect(bold).to_have_css("font-weight", "700")
        await bo.types("@ann you too", channel="random")
        await bo.types("psst", channel="@ann")
        await bo.types("psst!", channel="@ann")
        await expect(conversations(page).get_by_role("link", name="random unread, mentions: 1")).to_be_visible()
        await expect(conversations(page).get_by_role("link", name="Bo Larsen unread, mentions: 2")).to_be_visible()

        await conversations(page).get_by_role("link", name="general").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("textbox", name="Message random")).to_be_focused()
        await expect(conversations(page).get_by_role("link", name="random", exact=True)).to_be_visible()
        await conversations(page).get_by_role("button", name="Channels", exact=True).click()
        await expect(conversations(page).get_by_role("link", name="general")).to_have_count(0)
        await expect(conversations(page).get_by_role("link", name="random")).to_be_visible()


async def test_a_private_channel_is_seen_by_those_who_are_in_it(slack: Sandbox, window: OpenWindow) -> None:
    await slack.person("ann").creates("lobby")
    async with window("ann") as page, window("bo") as other:
        await choose(page, "Add channels", "Create a channel")
        form = page.get_by_role("dialog", name="Create a channel")
        await form.get_by_label("Name").fill("lobby")
        await form.get_by_role("button", name="Create").click()
        await expect(form.get_by_role("alert")).to_contain_text("There is a channel of that name already.")
        await form.get_by_label("Name").press("End")
        await page.keyboard.type(" Two")
        await form.get_by_label("Private").check()
        await form.get_by_role("button", name="Create").click()
        await page.get_by_role("textbox", name="Message lobby-two").wait_for()
        await slack.person("ann").types("nothing to see", channel="general")
        await other.get_by_role("log").get_by_text("nothing to see").wait_for()
        await expect(conversations(other).get_by_role("link", name="lobby-two")).to_have_count(0)

        await page.get_by_role("button", name="View all members: 1").click()
        await page.get_by_role("button", name="Add people").click()
        people = page.get_by_role("dialog", name="Add people to lobby-two")
        await people.get_by_label("Search for people").fill("lars")
        await people.get_by_label("Bo Larsen").check()
        await people.get_by_role("button", name="Add", exact=True).click()
        await expect(conversations(other).get_by_role("link", name="lobby-two")).to_be_visible()
        await page.get_by_role("button", name="Remove Bo Larsen").click()
        await page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
        await expect(conversations(other).get_by_role("link", name="lobby-two")).to_have_count(0)


async def test_public_channels_are_found_looked_at_and_joined(slack: Sandbox, window: OpenWindow) -> None:
    bo = slack.person("bo")
    await bo.creates("lobby")
    await bo.types("nobody here yet", channel="lobby")
    await bo.creates("attic")
    await bo.archives("attic")
    async with window("ann") as page:
        await expect(conversations(page).get_by_role("link")).to_have_text(["general", "random", "sitrep"])
        await choose(page, "Add channels", "Browse channels")
        found = page.get_by_role("dialog", name="Browse channels")
        await expect(found.get_by_role("button", name="Open attic")).to_be_hidden()
        await found.get_by_text("Archived channels (1)").click()
        await found.get_by_role("button", name="Open attic").click()
        await expect(page.get_by_text("This channel is archived")).to_be_visible()
        await choose(page, "Add channels", "Browse channels")
        await found.get_by_label("Search for channels").fill("lob")
        await expect(found.get_by_role("listitem")).to_have_count(1)
        await found.get_by_role("button", name="Open lobby").click()
        await expect(page.get_by_text("nobody here yet")).to_be_visible()
        await page.get_by_role("button", name="Join channel").click()

        await expect(page.get_by_role("textbox", name="Message lobby")).to_be_focused()
        assert slack.person("ann").members("lobby") == ["bo", "ann"]


async def test_one_becomes_somebody_else_who_sees_what_they_may(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page:
        await page.get_by_role("button", name="You are Ann Becker").click()
        menu = page.get_by_role("menu", name="You are")
        await expect(menu.get_by_role("menuitemradio")).to_have_count(len(slack.people()))
        await expect(menu.get_by_role("menuitemradio", checked=True)).to_be_focused()
        await expect(menu.get_by_role("menuitemradio", name="Dee Tanaka")).to_contain_text("in Tokyo")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowRight")
        async with page.context.expect_page() as opening:
            await page.keyboard.press("Enter")
        beside = await opening.value
        await expect(beside.get_by_role("button", name="You are Bo Larsen")).to_be_visible()
        await page.get_by_role("button", name="You are Ann Becker").click()
        await menu.get_by_role("menuitemradio", name="Eve Laurent guest").click()

        await expect(page.get_by_role("button", name="You are Eve Laurent")).to_be_visible()
        await expect(conversations(page).get_by_role("link", name="sitrep")).to_be_visible()
        await expect(conversations(page).get_by_role("link", name="general")).to_have_count(0)
        await expect(page.get_by_role("button", name="Add channels")).to_have_count(0)


async def test_any_conversation_or_person_is_reached_by_typing(slack: Sandbox, window: OpenWindow) -> None:
    async with window("ann") as page:
        await page.get_by_role("textbox", name="Message general").wait_for()
        await page.keyboard.press("Control+k")
        jump = page.get_by_role("dialog", name="Jump to a conversation")
        await jump.get_by_role("combobox", name="Jump to").fill("ran")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("textbox", name="Message random")).to_be_focused()
        await page.get_by_role("button", name="New message").click()
        people = page.get_by_role("dialog", name="New message")
        await people.get_by_label("Bo Larsen").check()
        await people.get_by_label("Chidi Okafor").check()
        await people.get_by_role("button", name="Go").click()
        await expect(page.get_by_role("textbox", name="Message Bo Larsen, Chidi Okafor")).to_be_focused()
        await page.keyboard.press("Control+k")
        await jump.get_by_role("combobox").fill("bo")
        await page.keyboard.press("Enter")

        await expect(page.get_by_role("textbox", name="Message Bo Larsen", exact=True)).to_be_focused()
        await page.get_by_role("button", name="Details", exact=True).click()
        await page.get_by_label("Time zone").select_option("Asia/Tokyo")
        await expect(page.get_by_label("Details", exact=True).get_by_text("in Tokyo")).to_be_visible()
        assert slack.person("bo").user.tz == "Asia/Tokyo"


async def test_a_channel_is_changed_from_its_header_and_details(slack: Sandbox, window: OpenWindow) -> None:
    ann = slack.person("ann")
    await ann.creates("lobby")
    rule = await ann.types("be kind :wave:", channel="lobby")
    await ann.pins_message(rule)
    workspace = slack.workspace
    channel = workspace.channel_named("lobby")
    assert channel
    for title, link in (("Map", "https://example.com/map"), ("Trap", "javascript:alert(1)")):
        workspace.bookmarks.add(channel, by=workspace.bot.id, title=title, link="https://example.com", emoji=":books:")
        next(reversed(channel.bookmarks.values())).link = link
    async with window("ann", channel.id) as page:
        await expect(page.get_by_role("link", name="Map")).to_have_attribute("href", "https://example.com/map")
        await expect(page.get_by_role("list", name="Bookmarks").get_by_role("link")).to_have_count(1)
        await page.get_by_role("button", name="Add a topic").click()
        await page.get_by_role("textbox", name="Topic").fill("Wipe your *feet*")
        await page.keyboard.press("Enter")
        await expect(page.get_by_title("Wipe your *feet*")).to_be_visible()
        await expect(page.get_by_role("button", name="Edit topic")).to_be_focused()
        await ann.sets_topic("lobby", "")
        await expect(page.get_by_role("button", name="Add a topic")).to_be_focused()
        await ann.sets_topic("lobby", "Wipe your *feet*")
        await expect(page.get_by_role("button", name="Edit topic")).to_be_focused()
        for number in range(80):
            await slack.person("ann").types(f"line {number}", channel="lobby")
        await page.get_by_role("button", name="Pinned: 1").click()
        await page.get_by_role("button", name="be kind").click()
        await expect(page.get_by_role("article", name="be kind")).to_be_focused()
        await page.get_by_role("button", name="Rename this channel").click()
        await page.get_by_role("dialog").get_by_label("Name").fill("hall")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("textbox", name="Message hall")).to_be_visible()
        await page.get_by_role("button", name="Archive this channel").click()
        await page.get_by_role("alertdialog").get_by_role("button", name="Archive").click()
        await expect(page.get_by_text("This channel is archived")).to_be_visible()
        await page.get_by_role("button", name="Unarchive this channel").click()

        await expect(page.get_by_role("textbox", name="Message hall")).to_be_visible()
        assert (channel.name, channel.is_archived, channel.topic.value) == ("hall", False, "Wipe your *feet*")


def conversations(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations")


async def choose(page: Page, button: str, item: str) -> None:
    """Choose from the menu that a button opens."""
    await page.get_by_role("button", name=button).click()
    await page.get_by_role("menuitem", name=item).click()
