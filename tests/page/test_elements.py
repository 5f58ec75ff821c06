"""Filling, choosing and pressing whatever an app can put in front of somebody."""

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox import Sandbox
from tests.page.conftest import OpenWindow
from tests.page.sink import (
    CONFIRM,
    Sink,
    choose,
    element,
    every_input,
    field,
    modal,
    option,
    options,
    words,
)
from tests.sandbox.apps import MANIFEST

Json = dict[str, Any]

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def manifest() -> Json:
    return MANIFEST


async def opened(page: Page, slack: Sandbox, title: str) -> Locator:
    """The form with this title, once Ann has asked the app for one."""
    await slack.person("ann").command("/parrot", channel="general")
    form = page.get_by_role("dialog", name=title)
    await form.wait_for()
    return form


async def fill_words(form: Locator) -> None:
    for label, typed in {
        "Title": "Checkout is down",
        "Story": "First this.\nThen that.",
        "E-mail": "ann@example.com",
        "Link": "https://example.com/a",
        "Guests": "12",
        "Notes": "Nobody *knows* <b>why</b>",
    }.items():
        await form.get_by_role("textbox", name=label, exact=True).fill(typed)


async def fill_choices(form: Locator) -> None:
    await choose(form, "Severity", "Unk")
    await form.get_by_role("combobox", name="Areas").click()
    for area in ("Mail", "Web"):
        await form.get_by_role("option", name=area).click()
    await expect(form.get_by_role("option", name="App")).to_be_disabled()
    await form.get_by_role("combobox", name="Areas").press("Escape")
    await choose(form, "Service", "Sea")
    await choose(form, "Teams", "Pay", "Plat")
    await form.get_by_role("button", name="Remove Payments").click()
    await choose(form, "Lead", "@bo")
    await choose(form, "Helpers", "Ann", "Dee")
    await form.get_by_role("combobox", name="Helpers").press("Backspace")
    await choose(form, "Channel", "rand")
    await choose(form, "Channels", "gene", "rand")


async def fill_moments_and_boxes(form: Locator) -> None:
    await form.get_by_label("Day").fill("2026-11-23")
    await form.get_by_label("Time").fill("09:30")
    await form.get_by_label("Moment").fill("2026-11-23T09:00")
    await form.get_by_role("checkbox", name="Logs").check()
    await form.get_by_role("checkbox", name="Graphs").press("Space")
    await form.get_by_role("checkbox", name="Traces").check()
    await form.get_by_role("checkbox", name="Graphs").uncheck()
    await form.get_by_role("radio", name="Some").focus()
    await form.get_by_role("radio", name="Some").press("ArrowDown")
    files = [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": name.encode()} for name in ("one", "two")]
    await form.get_by_label("Files").set_input_files(files)  # type: ignore[arg-type]  # plain dicts are taken
    await form.get_by_role("button", name="Remove one.txt").click()


async def test_every_kind_of_field_is_filled_and_reaches_the_app(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    general, random = (slack.person("ann").screen.channel(name).id for name in ("general", "random"))
    ann, bo = slack.person("ann").id, slack.person("bo").id
    async with window("ann", general) as page:
        form = await opened(page, slack, "Everything")
        await expect(form.get_by_label("Title")).to_be_focused()
        await fill_words(form)
        await fill_choices(form)
        await fill_moments_and_boxes(form)
        await form.get_by_role("button", name="Send").click()
        await form.wait_for(state="detached")

    values = {block: held["a"] for block, held in sink.values[0].items()}
    assert [file["name"] for file in values.pop("files")["files"]] == ["two.txt"]
    notes = [
        {"type": "text", "text": "Nobody "},
        {"type": "text", "text": "knows", "style": {"bold": True}},
        {"type": "text", "text": " <b>why</b>"},
    ]
    traces = {"type": "mrkdwn", "text": "*Traces*"}
    assert values == {
        "line": {"type": "plain_text_input", "value": "Checkout is down"},
        "lines": {"type": "plain_text_input", "value": "First this.\nThen that."},
        "email": {"type": "email_text_input", "value": "ann@example.com"},
        "url": {"type": "url_text_input", "value": "https://example.com/a"},
        "number": {"type": "number_input", "value": "12"},
        "rich": {
            "type": "rich_text_input",
            "rich_text_value": {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": notes}],
            },
        },
        "severity": {"type": "static_select", "selected_option": option("Unknown")},
        "areas": {"type": "multi_static_select", "selected_options": options("Mail", "Web")},
        "service": {"type": "external_select", "selected_option": option("Search")},
        "teams": {"type": "multi_external_select", "selected_options": options("Platform")},
        "lead": {"type": "users_select", "selected_user": bo},
        "helpers": {"type": "multi_users_select", "selected_users": [ann]},
        "where": {"type": "conversations_select", "selected_conversation": general},
        "others": {"type": "multi_conversations_select", "selected_conversations": []},
        "channel": {"type": "channels_select", "selected_channel": random},
        "channels": {"type": "multi_channels_select", "selected_channels": [general, random]},
        "day": {"type": "datepicker", "selected_date": "2026-11-23"},
        "time": {"type": "timepicker", "selected_time": "09:30", "timezone": "Asia/Tokyo"},
        "moment": {
            "type": "datetimepicker",
            "selected_date_time": int(datetime(2026, 11, 23, 8, tzinfo=UTC).timestamp()),
        },
        "checks": {
            "type": "checkboxes",
            "selected_options": [
                option("Logs"),
                {"text": traces, "description": words("Where there are any"), "value": "traces"},
            ],
        },
        "impact": {"type": "radio_buttons", "selected_option": option("All")},
    }
    assert {"Sea", ""} <= set(sink.asked)
    assert sink.actions == []


async def test_what_is_wrong_is_said_at_its_field_and_what_was_filled_in_stays(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    checks = element("checkboxes", options=options("Logs"))
    sink.view = modal("Signup", [*every_input()[2:5], field("checks", "Checks", checks)])
    sink.answers = [{"response_action": "errors", "errors": {"number": "There are only 3 seats left."}}]
    async with window("ann") as page:
        form = await opened(page, slack, "Signup")
        email, link, guests = (form.get_by_role("textbox", name=label) for label in ("E-mail", "Link", "Guests"))
        await email.fill("ann")
        await link.fill("https://example.com")
        await guests.fill("5")
        await email.press("Enter")

        await expect(email).to_be_focused()
        await expect(email).to_have_accessible_description("Please enter a valid email address.")
        await expect(form.get_by_role("group", name="Checks")).to_have_attribute("aria-invalid", "true")
        assert sink.values == []

        await email.fill("ann@example.com")
        await form.get_by_role("checkbox", name="Logs").check()
        await email.press("Control+Enter")
        await expect(form.get_by_role("alert")).to_have_text(["There are only 3 seats left."])
        await expect(guests).to_be_focused()
        await guests.fill("3")
        await form.get_by_role("button", name="Send").click()
        await form.wait_for(state="detached")

    assert [values["number"]["a"]["value"] for values in sink.values] == ["5", "3"]


async def test_forms_stack_and_each_keeps_what_was_filled_in(slack: Sandbox, sink: Sink, window: OpenWindow) -> None:
    def view(title: str) -> Json:
        return modal(title, [field("line", "Title", element("plain_text_input"))], notify_on_close=True)

    sink.view = view("First")
    sink.answers = [{"response_action": "push", "view": view(title)} for title in ("Second", "Third")]
    async with window("ann") as page:
        writing = page.get_by_role("textbox", name="Message general")
        await writing.focus()
        for title in ("First", "Second", "Third"):
            form = await opened(page, slack, title) if title == "First" else page.get_by_role("dialog", name=title)
            await form.get_by_role("textbox", name="Title").fill(f"{title} words")
            if title != "Third":
                await page.keyboard.press("Enter")

        await page.get_by_role("button", name="Back").click()
        second = page.get_by_role("dialog", name="Second")
        await expect(second.get_by_role("textbox", name="Title")).to_have_value("Second words")
        await page.keyboard.press("Escape")
        first = page.get_by_role("dialog", name="First")
        await expect(first.get_by_role("textbox", name="Title")).to_have_value("First words")
        sink.answers = [{"response_action": "push", "view": view("Again")}]
        await first.get_by_role("button", name="Send").click()
        await page.get_by_role("button", name="Close all").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(writing).to_be_focused()
        await sink.heard(sink.closed, times=4)

    assert [(one["title"], one["is_cleared"]) for one in sink.closed] == [
        ("Third", False),
        ("Second", False),
        ("Again", True),
        ("First", True),
    ]


async def test_half_typed_words_live_through_the_apps_updates_and_give_way_to_somebody_elses(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    def view(block_id: str, note: str) -> Json:
        line = field(block_id, "Title", element("plain_text_input", initial_value=note))
        return modal("Draft", [{"type": "section", "text": words(note)}, line], submit_disabled=True)

    sink.view = view("one", "Hello")
    async with window("ann") as page:
        form = await opened(page, slack, "Draft")
        box = form.get_by_role("textbox", name="Title")
        await expect(box).to_have_value("Hello")
        await expect(form.get_by_role("button", name="Send")).to_be_disabled()
        await box.fill("Half a wo")
        opened_form = slack.person("ann").open_form()
        assert opened_form is not None
        await sink.client.views_update(view_id=opened_form.view.id, view=view("one", "Changed"))
        await form.get_by_text("Changed").wait_for()
        await page.keyboard.type("rd")
        await expect(box).to_have_value("Half a word")

        await opened_form.fill({"Title": "Filled by the tour"})
        await expect(box).to_have_value("Filled by the tour")
        await page.keyboard.type("!")

        await sink.client.views_update(view_id=opened_form.view.id, view=view("two", "Anew"))
        await expect(box).to_have_value("Anew")
        await sink.client.views_update(view_id=opened_form.view.id, view=view("one", "Back"))
        await expect(box).to_have_value("Back")
        await box.fill("Done")
        await form.get_by_role("button", name="Send").click()
        await form.wait_for(state="detached")

    assert sink.values[0]["one"]["a"]["value"] == "Done"


async def test_the_app_hears_of_words_as_it_asked_to_and_of_a_mishap_the_form_says_so(
    slack: Sandbox, sink: Sink, window: OpenWindow
) -> None:
    each = {"trigger_actions_on": ["on_character_entered"]}
    blocks = [
        field("enter", "On Enter", element("plain_text_input"), dispatch_action=True),
        field("each", "Each", element("plain_text_input", dispatch_action_config=each), dispatch_action=True),
        field("quiet", "Quiet", element("static_select", options=options("One"))),
        field("loud", "Loud", element("static_select", options=options("Two"), confirm=CONFIRM), dispatch_action=True),
        {"type": "section", "text": words("More"), "accessory": element("overflow", options=options("Copy"))},
    ]
    sink.view = modal("Listening", blocks)
    sink.answers = [{"response_action": "update", "view": {"type": "modal"}}]
    async with window("ann") as page:
        form = await opened(page, slack, "Listening")
        await form.get_by_role("textbox", name="On Enter").press_sequentially("ab")
        await page.keyboard.press("Enter")
        await form.get_by_role("textbox", name="Each").fill("x")
        await choose(form, "Quiet", "One")
        for answer in ("Leave it", "Do it"):
            await choose(form, "Loud", "Two")
            await page.get_by_role("alertdialog").get_by_role("button", name=answer).click()
            await expect(form.get_by_label("Loud")).to_have_value("Two" if answer == "Do it" else "")
        await form.get_by_role("button", name="More options").click()
        await page.get_by_role("menuitem", name="Copy").press("Escape")
        await form.get_by_label("Quiet").press("ArrowDown")
        await form.get_by_label("Quiet").press("Escape")
        await expect(page.get_by_role("menu")).to_have_count(0)
        sink.may_answer.clear()
        await form.get_by_label("Quiet").press("Control+Enter")
        await expect(form.get_by_role("button", name="Send")).to_be_disabled()
        sink.may_answer.set()
        await expect(form.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
        await expect(form.get_by_role("textbox", name="On Enter")).to_have_value("ab")

    told = [(action["block_id"], action.get("value") or action["selected_option"]["value"]) for action in sink.actions]
    assert slack.complaints == ["view_submission was answered with what Slack refuses: invalid_arguments"]
    slack.complaints.clear()
    assert told == [("enter", "ab"), ("each", "x"), ("loud", "two")]
