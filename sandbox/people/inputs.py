"""The inputs of a view: how they are labelled, what they hold, and how a person's answer becomes a value.

The keys are those of protocol.md, section 4.1 (`actions[0]` and `state.values`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sandbox.blocktext import dicts, label_of, options_of, read_text
from sandbox.state.composed import composed
from sandbox.state.model import Json
from sandbox.text import Reader, escape

TEXT_INPUTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
# Element type -> (key of its value, key of its initial value).
VALUE_KEYS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(TEXT_INPUTS, ("value", "initial_value")),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
}


@dataclass(frozen=True)
class Input:
    """One thing on a view or message that holds a value, and the block it stands in."""

    label: str
    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def is_required(self) -> bool:
        """Only input blocks can be required, and are unless they say otherwise."""
        return self.block.get("type") == "input" and not self.block.get("optional", False)

    @property
    def dispatches(self) -> bool:
        """Whether using it tells the app at once: outside input blocks always, inside on request."""
        return self.block.get("type") != "input" or bool(self.block.get("dispatch_action"))

    def names(self) -> set[str]:
        """Every name a person may know it by: its label and its placeholder."""
        return {name for name in (self.label, label_of(self.element)) if name}

    def initial(self) -> Json:
        """What `state.values` holds for it before anyone has touched it."""
        key, initial = VALUE_KEYS[self.kind]
        empty: object = [] if key.endswith("s") else None
        return self.holding(self.element.get(initial, empty))

    def value_in(self, values: Json) -> object:
        """What it holds in this `state.values`."""
        held: object = values[self.block_id][self.action_id][VALUE_KEYS[self.kind][0]]
        return held

    def holding(self, value: object) -> Json:
        """What `state.values` holds for it with this value in it."""
        # A time picker reports its zone too, where it names one.
        zone = {"timezone": self.element["timezone"]} if "timezone" in self.element else {}
        return {"type": self.kind, VALUE_KEYS[self.kind][0]: value} | zone


def inputs_of(blocks: Iterable[Json], reader: Reader) -> list[Input]:
    """Everything on these blocks that holds a value, from top to bottom."""
    return [
        Input(_label(block, element, reader), block, element)
        for block in blocks
        for element in elements_of(block)
        if element.get("type") in VALUE_KEYS
    ]


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of one block."""
    for place in ("element", "accessory"):
        if isinstance(block.get(place), dict):
            yield block[place]
    for element in dicts(block.get("elements")):
        yield dict(element)


def element_at(blocks: Iterable[Json], block_id: str, action_id: str) -> Json:
    """The interactive element with these ids; LookupError where there is none."""
    for block in blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    raise LookupError("That is not here any more; what it stood on has changed.")


def input_at(blocks: Iterable[Json], block_id: str, action_id: str, reader: Reader) -> Input:
    """The input with these ids; LookupError where there is none."""
    for one in inputs_of(blocks, reader):
        if (one.block_id, one.action_id) == (block_id, action_id):
            return one
    raise LookupError("That is not here any more; what it stood on has changed.")


def values_of(inputs: Iterable[Input], entered: Json) -> Json:
    """`state.values`: what was entered where something was, else what each input began with."""
    values: Json = {}
    for field in inputs:
        held = entered.get(field.block_id, {}).get(field.action_id)
        fits = held is not None and held.get("type") == field.kind
        values.setdefault(field.block_id, {})[field.action_id] = held if fits else field.initial()
    return values


def _label(block: Json, element: Json, reader: Reader) -> str:
    if block.get("type") == "input":
        return read_text(block.get("label"), reader)
    if block.get("type") == "section":
        return read_text(block.get("text"), reader)
    return label_of(element)


@dataclass(frozen=True)
class Directory:
    """How the names a person picks from menus become ids."""

    user_id: Callable[[str], str]
    channel_id: Callable[[str], str]
    file: Callable[[object], Json]


def value_for(field: Input, answer: object, directory: Directory) -> object:
    """The value an input holds once a person has given this answer; None empties it."""
    if field.kind in TEXT_INPUTS:
        return None if answer is None or answer == "" else str(answer)
    if field.kind == "file_input":
        return [directory.file(one) for one in _many(answer)]
    if field.kind == "rich_text_input":
        return None if not answer else rich_text(str(answer))
    if field.kind in ("datepicker", "timepicker", "datetimepicker"):
        return _moment(field.kind, answer)
    return _picked(field, answer, directory)


def find_option(element: Json, words: str) -> Json:
    """The option that reads so; LookupError names the ones there are."""
    offered = options_of(element)
    for option in offered:
        if label_of(option) == words:
            return dict(option)
    raise LookupError(f"no option reads {words!r}; there are {[label_of(option) for option in offered]}")


def rich_text(words: str) -> Json:
    """What someone typed, as the rich_text block that Slack's composer makes of it."""
    return {"type": "rich_text", "elements": composed(escape(words))}


def _picked(field: Input, answer: object, directory: Directory) -> object:
    pick = _picker(field, directory)
    if VALUE_KEYS[field.kind][0].endswith("s"):
        if isinstance(answer, bool):
            return [dict(option) for option in options_of(field.element)] if answer else []
        return [pick(str(one)) for one in _many(answer)]
    return None if answer is None else pick(str(answer))


def _picker(field: Input, directory: Directory) -> Callable[[str], object]:
    if "users" in field.kind:
        return directory.user_id
    if "conversations" in field.kind or "channels" in field.kind:
        return directory.channel_id
    return lambda words: find_option(field.element, words)


def _moment(kind: str, answer: Any) -> object:
    if answer is None or answer == "":
        return None
    if isinstance(answer, str):
        return _read_moment(kind, answer)
    if kind == "datepicker" and isinstance(answer, date):
        return answer.strftime("%Y-%m-%d")
    if kind == "timepicker" and isinstance(answer, (time, datetime)):
        return answer.strftime("%H:%M")
    return int(answer.timestamp()) if isinstance(answer, datetime) else int(answer)


def _read_moment(kind: str, words: str) -> object:
    """A moment as the picker reports it (protocol.md, section 4.1): 2026-11-21, 09:30, Unix seconds; or ValueError."""
    if kind == "datetimepicker":
        return int(words)
    shown = date.fromisoformat(words).isoformat() if kind == "datepicker" else f"{time.fromisoformat(words):%H:%M}"
    if shown != words:
        raise ValueError(f"a {kind} holds a moment like {shown}, not {words!r}")
    return words


def _many(answer: object) -> list[object]:
    if answer is None:
        return []
    return list(answer) if isinstance(answer, (list, tuple, set)) else [answer]
