"""An action item in words and buttons, wherever one is listed: a message, a list, the home tab, a digest."""

from datetime import date

from bot.blocks.entries import named
from bot.blocks.text import channel_link, clip, escape, mention, moment
from storage.tables import ActionItem, ItemState
from workflows.situation import Situation
from workflows.trackers import CLOSED

TITLE_LIMIT = 250
REASON_LIMIT = 150
ON_THE_DAY = "{date_short_pretty}"

STATE_NAMES: dict[ItemState, str] = {
    ItemState.OPEN: "open",
    ItemState.IN_PROGRESS: "in progress",
    ItemState.BLOCKED: "blocked",
    ItemState.DONE: "done",
    ItemState.VERIFIED: "verified",
    ItemState.WONT_DO: "won't be done",
}


def item_line(item: ActionItem, about: Situation, *, today: date, with_owner: bool = True) -> str:
    """An item in two lines: its title; and where it stands, when it is due, whose it is, and what it is about."""
    private = " :lock:" if about.incident.private else ""
    facts = [
        "" if item.state is ItemState.OPEN else state_words(item),
        due_words(item.due_on, today=today) if item.is_open else "",
        mention(item.owner) if with_owner else "",
        incident_words(about),
        rank_words(item),
        tracker_words(item),
    ]
    return f"{item_title(item)}{private}\n{' · '.join(filter(None, facts))}"


def item_title(item: ActionItem) -> str:
    """How an item is called where there is room for it."""
    return f"*{item.ref}* {clip(escape(item.title), TITLE_LIMIT)}"


def incident_words(about: Situation) -> str:
    """The incident an item belongs to, and the way there."""
    incident = about.incident
    return f"{incident.ref} {channel_link(incident.channel_id)}" if incident.channel_id else incident.ref


def state_words(item: ActionItem) -> str:
    """Where an item is in its life, and who says so."""
    name = STATE_NAMES[item.state]
    match item.state:
        case ItemState.BLOCKED if item.blocked_on:
            return f"{name} on {clip(escape(item.blocked_on), REASON_LIMIT)}"
        case ItemState.DONE if item.done_at and item.done_by:
            return f"{name} {moment(item.done_at, form=ON_THE_DAY)}, says {named(item.done_by)}"
        case ItemState.VERIFIED if item.verified_at and item.verified_by:
            return f"{name} {moment(item.verified_at, form=ON_THE_DAY)} by {named(item.verified_by)}"
        case ItemState.WONT_DO if item.dropped_because:
            return f"{name}: {clip(escape(item.dropped_because), REASON_LIMIT)}"
    return name


def due_words(due_on: date | None, *, today: date) -> str:
    """When it is due, or since when it was; `today` is the reader's."""
    if due_on is None:
        return "no date"
    days = (due_on - today).days
    match days:
        case 0:
            return "*due today*"
        case 1:
            return "due tomorrow"
        case _ if days > 0:
            return f"due {day_words(due_on, today=today)}"
    late = "1 day" if days == -1 else f"{-days} days"
    return f"*{late} overdue* since {day_words(due_on, today=today)}"


def day_words(day: date, *, today: date) -> str:
    """A day as people say it: with its year only where that is another one."""
    return f"{day:%a %-d %b}" if day.year == today.year else f"{day:%a %-d %b %Y}"


def tracker_words(item: ActionItem) -> str:
    """Where else it is; and that it is closed there, while it still is to be settled here."""
    if not item.tracker_ref:
        return ""
    return f"{tracker_link(item)} closed" if item.is_open and item.tracker_state == CLOSED else tracker_link(item)


def tracker_link(item: ActionItem) -> str:
    """Its issue in a tracker outside, as far as that says where it is."""
    ref = escape(item.tracker_ref or "")
    url = escape(item.tracker_url or "")
    return f"<{url}|{ref or 'there'}>" if url else ref


def rank_words(item: ActionItem) -> str:
    """What it counts for in the list, and why where somebody has overruled the product."""
    if item.priority is not None:
        because = f": {clip(escape(item.priority_reason), REASON_LIMIT)}" if item.priority_reason else ""
        return f"priority {item.priority}{because}"
    return f"priority {item.rank}" if item.rank else ""
