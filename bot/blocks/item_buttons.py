"""The buttons of an action item, for whoever reads the message, list or tab in which they stand."""

from collections.abc import Mapping

from slack_sdk.models.blocks import ButtonElement, InteractiveElement, Option, PlainTextObject, StaticSelectElement

from bot import ids
from bot.blocks.parts import button
from bot.blocks.text import clip
from storage.tables import ActionItem, ItemState
from workflows.process_parts import Tracker

A_DATE = "date"
SNOOZES = {"1": "1 day", "3": "3 days", "week": "Next week", A_DATE: "A date…"}
"""What can be chosen from the menu, in days where it is a number."""


def owner_buttons(item: ActionItem) -> list[InteractiveElement]:
    """What its owner can do with it in one press; nothing once there is no more to do."""
    if not item.is_open:
        return []
    begin = [] if item.state is ItemState.IN_PROGRESS else [press("In progress", ids.ITEM_IN_PROGRESS, item)]
    return [
        press("Done", ids.ITEM_DONE, item, style="primary"),
        *begin,
        snooze_menu(item),
        press("Reassign", ids.ITEM_REASSIGN, item),
        press("Need help", ids.ITEM_HELP, item),
        press("Won’t do", ids.ITEM_DROP, item),
    ]


def offer_buttons(item: ActionItem) -> list[InteractiveElement]:
    """What somebody can answer who was given it."""
    return [
        press("Accept", ids.ITEM_ACCEPT, item, style="primary"),
        press("Decline", ids.ITEM_DECLINE, item),
        press("Done", ids.ITEM_DONE, item),
    ]


def carer_buttons(item: ActionItem) -> list[InteractiveElement]:
    """What somebody else can do who cares for it: its incident's lead, or who is accountable."""
    if not item.is_open:
        return []
    return [
        press("Take it over", ids.ITEM_TAKE, item),
        press("Reassign", ids.ITEM_REASSIGN, item),
        press("Done", ids.ITEM_DONE, item),
        press("Won’t do", ids.ITEM_DROP, item),
    ]


def open_button(item: ActionItem) -> ButtonElement:
    """The way to everything about it."""
    return press("Open", ids.OPEN_ITEM, item)


def track_control(item: ActionItem, trackers: Mapping[str, Tracker]) -> ButtonElement | StaticSelectElement:
    """The way into a tracker outside; of several one is chosen."""
    names = {f"{item.number}/{key}": clip(tracker.name, 60) for key, tracker in trackers.items()}
    if len(names) == 1:
        ((value, name),) = names.items()
        return button(f"Send to {name}", ids.TRACK_ITEM, value=value)
    options = [Option(value=value, text=PlainTextObject(text=name)) for value, name in names.items()]
    return StaticSelectElement(action_id=ids.TRACK_ITEM, placeholder=PlainTextObject(text="Send to…"), options=options)


def snooze_menu(item: ActionItem) -> StaticSelectElement:
    """When to remind its owner again."""
    options = [
        Option(value=f"{item.number}/{value}", text=PlainTextObject(text=name)) for value, name in SNOOZES.items()
    ]
    return StaticSelectElement(action_id=ids.ITEM_SNOOZE, placeholder=PlainTextObject(text="Snooze"), options=options)


def press(label: str, action_id: str, item: ActionItem, *, style: str | None = None) -> ButtonElement:
    """A button about an item."""
    return button(label, action_id, str(item.number), style=style)
