"""An app whose forms, messages and Home hold every kind of element."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from playwright.async_api import Locator
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

_ANYTHING = re.compile(".*")
CONFIRM = {
    "title": {"type": "plain_text", "text": "Are you sure?"},
    "text": {"type": "plain_text", "text": "It cannot be undone."},
    "confirm": {"type": "plain_text", "text": "Do it"},
    "deny": {"type": "plain_text", "text": "Leave it"},
}
PATIENCE = 20.0
"""Seconds that word from the page may take to come to the app on a busy machine."""
TEAMS = ("Payments", "Platform", "Search")


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(text: str, **more: object) -> Json:
    return {"text": words(text), "value": text.lower(), **more}


def options(*texts: str) -> list[Json]:
    return [option(text) for text in texts]


def element(kind: str, **fields: object) -> Json:
    return {"type": kind, "action_id": "a", **fields}


def field(block_id: str, label: str, element: Json, **block: object) -> Json:
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element, **block}


def modal(title: str, blocks: Sequence[Json], **view: object) -> Json:
    return {"type": "modal", "title": words(title), "submit": words("Send"), "blocks": [*blocks], **view}


def every_input(*, people: Sequence[str] = (), channel: str = "") -> list[Json]:
    """One of each element that an input block may hold; the people's ids and the channel's are what they begin with."""
    groups = [{"label": words(label), "options": options(*texts)} for label, texts in _GROUPS.items()]
    return [
        field("line", "Title", element("plain_text_input", placeholder=words("A few words"), max_length=30)),
        field("lines", "Story", element("plain_text_input", multiline=True), hint=words("As it happened.")),
        field("email", "E-mail", element("email_text_input")),
        field("url", "Link", element("url_text_input")),
        field("number", "Guests", element("number_input", is_decimal_allowed=False, min_value="1", max_value="40")),
        field("rich", "Notes", element("rich_text_input")),
        field("severity", "Severity", element("static_select", placeholder=words("Pick one"), option_groups=groups)),
        field(
            "areas",
            "Areas",
            element("multi_static_select", options=options("Web", "App", "Mail"), max_selected_items=2),
        ),
        field("service", "Service", element("external_select", min_query_length=1)),
        field("teams", "Teams", element("multi_external_select", min_query_length=0)),
        field("lead", "Lead", element("users_select", **({"initial_user": people[0]} if people else {}))),
        field("helpers", "Helpers", element("multi_users_select", initial_users=[*people[1:]])),
        field("where", "Where", element("conversations_select", default_to_current_conversation=True)),
        field("others", "Elsewhere", element("multi_conversations_select", filter={"include": ["im"]}), optional=True),
        field("channel", "Channel", element("channels_select", **({"initial_channel": channel} if channel else {}))),
        field("channels", "Channels", element("multi_channels_select")),
        field("day", "Day", element("datepicker")),
        field("time", "Time", element("timepicker", timezone="Asia/Tokyo")),
        field("moment", "Moment", element("datetimepicker")),
        field("checks", "Checks", element("checkboxes", options=[*options("Logs", "Graphs"), _MARKED])),
        field("impact", "Impact", element("radio_buttons", options=options("Some", "All"))),
        field("files", "Files", element("file_input", filetypes=["txt", "png"], max_files=2)),
    ]


_MARKED = {
    "text": {"type": "mrkdwn", "text": "*Traces*"},
    "description": words("Where there are any"),
    "value": "traces",
}
_GROUPS = {"Ours": ("Low", "High"), "Theirs": ("Unknown",)}


def every_action() -> list[Json]:
    """What tells the app at once."""
    return [
        {"type": "section", "block_id": "plain", "text": words("A button"), "accessory": button("Ping", value="pong")},
        {
            "type": "actions",
            "block_id": "more",
            "elements": [
                button("Go", action_id="go", style="primary"),
                button("Erase", action_id="erase", style="danger", confirm=CONFIRM),
                element("overflow", action_id="dots", options=options("Copy", "Move")),
                element("static_select", action_id="level", placeholder=words("Level"), options=options("One", "Two")),
                element("datepicker", action_id="due"),
                element("checkboxes", action_id="done", options=options("Told")),
            ],
        },
        {"type": "section", "block_id": "who", "text": words("Who?"), "accessory": element("multi_users_select")},
    ]


def button(label: str, **fields: object) -> Json:
    return element("button", text=words(label), **fields)


async def choose(form: Locator, label: str, *typed: str) -> None:
    """Choose in a select by typing, with the keyboard alone."""
    box = form.get_by_role("combobox", name=label, exact=True)
    await box.focus()
    for part in typed:
        await box.press_sequentially(part)
        await form.get_by_role("option", name=part).wait_for()
        await box.press("Enter")
    await box.press("Tab")


class Sink:
    """The app: it keeps what it was told, and answers forms as a test wants."""

    def __init__(self, app: AsyncApp) -> None:
        self.client: AsyncWebClient = app.client
        self.view: Json = modal("Everything", every_input())
        self.answers: list[Json] = []  # to forms, the next one first
        self.actions: list[Json] = []
        self.shortcuts: list[Json] = []
        self.values: list[Json] = []  # of forms, and beside actions
        self.asked: list[str] = []
        self.closed: list[Json] = []
        self._was_told = asyncio.Condition()
        self.may_answer = asyncio.Event()  # forms and actions wait for it
        self.may_answer.set()
        app.shortcut(_ANYTHING)(self.on_shortcut)
        app.command("/parrot")(self.on_command)
        app.action({"action_id": _ANYTHING})(self.on_action)
        app.options({"action_id": _ANYTHING})(self.on_options)
        app.view({"type": "view_submission", "callback_id": _ANYTHING})(self.on_submitted)
        app.view_closed(_ANYTHING)(self.on_closed)

    async def heard(self, told: list[Json], *, times: int) -> None:
        """Wait until the app was told of so much: what somebody sees of it on the page may be there before."""
        async with asyncio.timeout(PATIENCE), self._was_told:
            await self._was_told.wait_for(lambda: len(told) >= times)

    async def on_command(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        await self.client.views_open(trigger_id=body["trigger_id"], view=self.view)

    async def on_shortcut(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self.shortcuts.append(body)
        await self._tell()
        if body["type"] == "message_action":
            await self.client.views_open(trigger_id=body["trigger_id"], view=self.view)

    async def on_action(self, ack: AsyncAck, body: Json) -> None:
        state = body["view"]["state"] if "view" in body else body["state"]
        self.actions.append({key: part for key, part in body["actions"][0].items() if key != "action_ts"})
        self.values.append(state["values"])
        await self._tell()
        await self.may_answer.wait()
        await ack()

    async def on_options(self, ack: AsyncAck, body: Json) -> None:
        self.asked.append(body["value"])
        await ack(options=options(*(team for team in TEAMS if body["value"].lower() in team.lower())))

    async def on_submitted(self, ack: AsyncAck, body: Json) -> None:
        self.values.append(body["view"]["state"]["values"])
        await self.may_answer.wait()
        await ack(**(self.answers.pop(0) if self.answers else {}))

    async def on_closed(self, ack: AsyncAck, body: Json) -> None:
        self.closed.append({"title": body["view"]["title"]["text"], "is_cleared": body["is_cleared"]})
        await self._tell()
        await ack()

    async def _tell(self) -> None:
        async with self._was_told:
            self._was_told.notify_all()
