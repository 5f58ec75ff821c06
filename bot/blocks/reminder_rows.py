"""The rows of messages about action items: what was asked of its reader, and what is true of it now."""

from collections.abc import Callable, Sequence
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, InteractiveElement, MarkdownTextObject, SectionBlock

from bot import ids
from bot.blocks.checks import check_row, decision_row, risk_row, verify_row
from bot.blocks.entries import named
from bot.blocks.item_buttons import carer_buttons, offer_buttons, open_button, owner_buttons, press
from bot.blocks.items import (
    day_words,
    due_words,
    incident_words,
    item_line,
    item_title,
    rank_words,
    state_words,
    tracker_words,
)
from bot.blocks.text import MESSAGE_LIMIT, SECTION_LIMIT, clip, escape, mention, prose
from storage.tables import AcceptedRisk, ActionItem, ItemState, ReminderKind
from workflows.briefings import Row
from workflows.process import Process
from workflows.situation import Situation

WORDS_LIMIT = 500
"""Of somebody's own words in a row."""
TITLE_IN_TEXT = 100


def row_blocks(row: Row, *, today: date, process: Process) -> list[Block]:
    """One row, with the buttons that still make sense."""
    asked = _QUESTIONS.get(row.reminder.kind)
    if asked is not None:
        return asked(row, process)
    item = row.standing.item
    if item is None:
        return []
    said = _SAID[row.reminder.kind](row, item)
    facts = _facts(row, item, today)
    return item_blocks(f"{said}\n{facts}", item, _buttons(row, item))


def row_text(row: Row, *, today: date) -> str:
    """The same in a sentence or less, for where nothing but words is shown or read aloud."""
    item, risk = row.standing.item, row.standing.risk
    match row.reminder.kind:
        case _ if item is None:
            waits = "is to be looked at again" if row.reminder.kind is ReminderKind.RISK else "waits for a signature"
            return f"{_risk_in_text(risk)} {waits}"
        case ReminderKind.VERIFY:
            return f"{_name_in_text(item)} is said to be done: is it?"
        case ReminderKind.CHECK:
            return f"did {_name_in_text(item)} work?"
        case ReminderKind.DECISION:
            return f"{_name_in_text(item)} waits for your answer"
        case kind if kind in _MORNING:
            return item_text(item, today=today)
        case kind:
            return clip(_SAID[kind](row, item).replace("\n> ", ": "), MESSAGE_LIMIT)


def item_text(item: ActionItem, *, today: date) -> str:
    """An item and when it is due, in words alone."""
    name = _name_in_text(item)
    if not item.is_open:
        return f"{name}: {state_words(item)}"
    due = due_words(item.due_on, today=today).replace("*", "")
    return f"{name} is {due}" if item.due_on else f"{name} has {due}"


def _risk_in_text(risk: AcceptedRisk | None) -> str:
    return f"risk {risk.number} {clip(escape(risk.title), TITLE_IN_TEXT)}" if risk else "a risk"


def _name_in_text(item: ActionItem) -> str:
    return f"{item.ref} {clip(escape(item.title), TITLE_IN_TEXT)}"


def listed_blocks(item: ActionItem, about: Situation, *, today: date) -> list[Block]:
    """One line of the weekly list."""
    return item_blocks(item_line(item, about, today=today, with_owner=False), item, [])


def item_blocks(text: str, item: ActionItem, buttons: Sequence[InteractiveElement]) -> list[Block]:
    """Words about an item, the way to everything about it, and what can be done there and then."""
    said = SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)), accessory=open_button(item))
    return [said, ActionsBlock(elements=list(buttons))] if buttons else [said]


def _due(row: Row, item: ActionItem) -> str:
    return item_title(item) + _lock(row)


def _silent(row: Row, item: ActionItem) -> str:
    """It is only said to be silent while it is."""
    name = f"{item_title(item)}{_lock(row)}"
    if not item.is_open or _has_moved(row, item) or item.due_on is None:
        return name
    return f"{name}\nNobody has said anything about it, and it is {mention(item.owner)}’s."


def _has_moved(row: Row, item: ActionItem) -> bool:
    """Whether somebody has done something about it since the message was sent."""
    sent_at = row.reminder.sent_at
    return sent_at is not None and item.heard_at is not None and item.heard_at > sent_at


def _assigned(row: Row, item: ActionItem) -> str:
    what = "says that this is not done yet:" if row.reminder.data.get("reopened") else "has given you"
    return f"{_by(row)} {what} {item_title(item)}{_lock(row)}{_words(row)}"


def _declined(row: Row, item: ActionItem) -> str:
    return f"{_by(row)} has declined {item_title(item)}{_lock(row)}{_words(row)}"


def _inherited(row: Row, item: ActionItem) -> str:
    """Why it is theirs: its owner is gone, has left the channel, or may not see what their incident was merged into."""
    data = row.reminder.data
    why = "can no longer see this incident" if data.get("hidden") else "can no longer be reached"
    others = data.get("others")
    more = f"\nSo are {others} more: `/incident actions mine`" if others else ""
    return f"{mention(data['from'])} {why}, so this is yours now: {item_title(item)}{_lock(row)}{more}"


def _help(row: Row, item: ActionItem) -> str:
    return f"{_by(row)} needs help with {item_title(item)}{_lock(row)}{_words(row)}"


def _dropped(row: Row, item: ActionItem) -> str:
    return f"{_by(row)} says that this will not be done: {item_title(item)}{_lock(row)}{_words(row)}"


def _by(row: Row) -> str:
    return named(str(row.reminder.data.get("by", "")))


def _words(row: Row) -> str:
    words = next((str(row.reminder.data[key]) for key in ("words", "why", "reason") if row.reminder.data.get(key)), "")
    return f"\n> {prose(clip(' '.join(words.split()), WORDS_LIMIT))}" if words else ""


def _lock(row: Row) -> str:
    return " :lock:" if row.standing.about.incident.private else ""


def _facts(row: Row, item: ActionItem, today: date) -> str:
    """What is true of it now: whose it is, when it is due, where it stands, what it is about, who wants it done."""
    about = row.standing.about
    if not item.is_open:
        settled = ":white_check_mark: " if item.state is not ItemState.WONT_DO else ":no_entry_sign: "
        return f"{settled}{_capital(state_words(item))} · {incident_words(about)}"
    reader = row.reminder.to
    facts = [
        f":arrow_right: {mention(item.owner)}’s now" if item.owner != reader and _was_readers(row) else "",
        _asleep(item, today),
        due_words(item.due_on, today=today),
        _capital(state_words(item)) if item.state is not ItemState.OPEN else "",
        incident_words(about),
        f"from {named(item.assigned_by)}" if _names_giver(row, item) else "",
        rank_words(item),
        tracker_words(item),
    ]
    return " · ".join(filter(None, facts))


def _names_giver(row: Row, item: ActionItem) -> bool:
    """Whether who gave it is worth a word: news say themselves whom they come from."""
    return row.reminder.kind in _MORNING and item.assigned_by not in (row.reminder.to, item.owner)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _asleep(item: ActionItem, today: date) -> str:
    until = item.snoozed_until
    return f":zzz: put off until {day_words(until, today=today)}" if until and until > today else ""


def _was_readers(row: Row) -> bool:
    """Whether the message said to its reader that the item is theirs."""
    return row.reminder.kind in (*_OWNERS, ReminderKind.ASSIGNED, ReminderKind.INHERITED)


def _buttons(row: Row, item: ActionItem) -> list[InteractiveElement]:
    kind, is_readers = row.reminder.kind, item.owner == row.reminder.to
    if kind is ReminderKind.DROPPED and item.state is ItemState.WONT_DO:
        return [press("Open it again", ids.ITEM_REOPEN, item)]
    if not item.is_open:
        return []
    if not is_readers:
        return [] if _was_readers(row) else carer_buttons(item)
    is_offered = kind in (ReminderKind.ASSIGNED, ReminderKind.INHERITED) and item.accepted_at is None
    return offer_buttons(item) if is_offered else owner_buttons(item)


_OWNERS = (ReminderKind.DUE, ReminderKind.SNOOZED, ReminderKind.WEEKLY)
_MORNING = (*_OWNERS, ReminderKind.SILENT_LEAD, ReminderKind.SILENT_ABOVE)

_QUESTIONS: dict[ReminderKind, Callable[[Row, Process], list[Block]]] = {
    ReminderKind.VERIFY: verify_row,
    ReminderKind.CHECK: check_row,
    ReminderKind.RISK: risk_row,
    ReminderKind.DECISION: decision_row,
}

_SAID: dict[ReminderKind, Callable[[Row, ActionItem], str]] = {
    ReminderKind.DUE: _due,
    ReminderKind.SNOOZED: _due,
    ReminderKind.WEEKLY: _due,
    ReminderKind.SILENT_LEAD: _silent,
    ReminderKind.SILENT_ABOVE: _silent,
    ReminderKind.ASSIGNED: _assigned,
    ReminderKind.DECLINED: _declined,
    ReminderKind.INHERITED: _inherited,
    ReminderKind.HELP: _help,
    ReminderKind.DROPPED: _dropped,
}
