"""What every form has in common: its fields, what it remembers, and how its answers are read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    DateTimePickerElement,
    InputBlock,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.text import MODAL_TITLE_LIMIT, PLAIN_TEXT_LIMIT, SECTION_LIMIT, clip

WORDS_LIMIT = 2500
"""The longest text we ask for; escaped and with our own words beside it it fits in a section of 3,000."""


@dataclass(frozen=True)
class Remembered:
    """What a form carries from its opening to its submission."""

    incident_id: int
    asked_in: str | None = None
    entry: int | None = None
    """The entry of its timeline that the form is about, by sequence."""

    def to_text(self) -> str:
        """For private_metadata."""
        return json.dumps(asdict(self))


def remembered(view: Mapping[str, Any]) -> Remembered:
    """What a submitted form was opened with."""
    return Remembered(**json.loads(view["private_metadata"]))


def form(title: str, *, callback_id: str, submit: str, blocks: Sequence[Block], private_metadata: str) -> View:
    """A modal with its two buttons."""
    return View(
        type="modal",
        callback_id=callback_id,
        title=PlainTextObject(text=clip(title, MODAL_TITLE_LIMIT)),
        submit=PlainTextObject(text=submit),
        close=PlainTextObject(text="Cancel"),
        blocks=list(blocks),
        private_metadata=private_metadata,
    )


def message(title: str, text: str) -> View:
    """A modal that only says something."""
    said = SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)))
    return View(
        type="modal",
        title=PlainTextObject(text=clip(title, MODAL_TITLE_LIMIT)),
        close=PlainTextObject(text="Close"),
        blocks=[said],
    )


def field(
    block_id: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str = "",
    optional: bool = False,
    dispatches: bool = False,
) -> InputBlock:
    """One labelled field."""
    return InputBlock(
        block_id=block_id,
        label=PlainTextObject(text=label),
        element=element,
        hint=PlainTextObject(text=hint) if hint else None,
        optional=optional,
        dispatch_action=dispatches or None,
    )


def words(
    block_id: str,
    label: str,
    *,
    hint: str = "",
    placeholder: str = "",
    value: str = "",
    limit: int = WORDS_LIMIT,
    multiline: bool = True,
    optional: bool = False,
    focus: bool = False,
) -> InputBlock:
    """A field for words."""
    element = PlainTextInputElement(
        action_id=ids.VALUE,
        multiline=multiline,
        max_length=limit,
        initial_value=clip(value, limit) or None,
        placeholder=PlainTextObject(text=placeholder) if placeholder else None,
        focus_on_load=focus or None,
    )
    return field(block_id, label, element, hint=hint, optional=optional)


def choice(
    block_id: str,
    label: str,
    options: Sequence[Option],
    *,
    chosen: str | None = None,
    hint: str = "",
    optional: bool = False,
    action_id: str = ids.VALUE,
) -> InputBlock:
    """A menu; with another action_id than usual every choice is sent to us at once."""
    initial = next((option for option in options if option.value == chosen), None)
    element = StaticSelectElement(action_id=action_id, options=list(options), initial_option=initial)
    return field(block_id, label, element, hint=hint, optional=optional, dispatches=action_id != ids.VALUE)


def person(
    block_id: str, label: str, *, chosen: str | None = None, hint: str = "", optional: bool = False
) -> InputBlock:
    """A menu of people."""
    element = UserSelectElement(action_id=ids.VALUE, initial_user=chosen)
    return field(block_id, label, element, hint=hint, optional=optional)


def moment(
    block_id: str, label: str, *, chosen: datetime | None = None, hint: str = "", optional: bool = False
) -> InputBlock:
    """A date and time, on the clock of who fills it in."""
    element = DateTimePickerElement(action_id=ids.VALUE, initial_date_time=int(chosen.timestamp()) if chosen else None)
    return field(block_id, label, element, hint=hint, optional=optional)


def day(block_id: str, label: str, *, chosen: date | None = None, hint: str = "", optional: bool = False) -> InputBlock:
    """A date, without a clock."""
    element = DatePickerElement(action_id=ids.VALUE, initial_date=chosen.isoformat() if chosen else None)
    return field(block_id, label, element, hint=hint, optional=optional)


def option(value: str, text: str, description: str = "") -> Option:
    """One line of a menu."""
    return Option(
        value=value,
        text=PlainTextObject(text=clip(text, PLAIN_TEXT_LIMIT)),
        description=PlainTextObject(text=clip(description, PLAIN_TEXT_LIMIT)) if description else None,
    )


class Answers:
    """What was filled in, by block_id; an element's kind decides under which key Slack puts it."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]

    def text(self, block_id: str) -> str:
        """Words, without the space around them; empty when there are none."""
        return (self._element(block_id).get("value") or "").replace("\x00", "").strip()

    def chosen(self, block_id: str) -> str | None:
        """The value of the chosen option."""
        selected = self._element(block_id).get("selected_option")
        return str(selected["value"]) if selected else None

    def all_chosen(self, block_id: str) -> list[str]:
        """The values of the chosen options."""
        return [str(selected["value"]) for selected in self._element(block_id).get("selected_options") or []]

    def person(self, block_id: str) -> str | None:
        """The chosen person."""
        return self._element(block_id).get("selected_user")

    def channel(self, block_id: str) -> str | None:
        """The chosen channel."""
        return self._element(block_id).get("selected_conversation")

    def moment(self, block_id: str) -> datetime | None:
        """The chosen date and time."""
        chosen = self._element(block_id).get("selected_date_time")
        return datetime.fromtimestamp(int(chosen), UTC) if chosen else None

    def day(self, block_id: str) -> date | None:
        """The chosen date."""
        chosen = self._element(block_id).get("selected_date")
        return date.fromisoformat(chosen) if chosen else None

    def _element(self, block_id: str) -> Mapping[str, Any]:
        """A field that is not on this version of the form is empty."""
        return next(iter(self._values.get(block_id, {}).values()), {})


_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date_time": "selected_date_time",
    "initial_date": "selected_date",
    "initial_user": "selected_user",
}
"""What an element begins with, and where it then stands among the answers."""


def first_answers(view: Mapping[str, Any]) -> Answers:
    """What a submitted form's fields held when it was opened: what differs now, somebody has changed."""
    elements = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    values = {
        block_id: {ids.VALUE: {held: element[initial] for initial, held in _INITIAL.items() if initial in element}}
        for block_id, element in elements.items()
    }
    return Answers({"state": {"values": values}})


def view_request(body: Mapping[str, Any]) -> dict[str, str]:
    """Who submitted, and which request it is: a form is done once, however often it arrives."""
    return {"by": body["user"]["id"], "request_id": f"form/{body['view']['id']}"}


def incident_request(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a form about one incident."""
    kept = remembered(body["view"])
    return {**view_request(body), "incident_id": kept.incident_id, "asked_in": kept.asked_in}
