"""Messages that remind of action items: a morning's, and news that does not wait for one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest
from typing import Any

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer
from bot.blocks.parts import section
from bot.blocks.reminder_rows import item_text, listed_blocks, row_blocks, row_text
from bot.blocks.text import MESSAGE_LIMIT, clip
from storage.tables import ActionItem, ReminderKind
from workflows.briefings import Briefing, Row
from workflows.process import Process
from workflows.situation import Situation

MOST_ROWS = 12
"""With buttons, in one message; more would not be read."""
MOST_LISTED = 10
ROWS_LIMIT = 6500
LIST_LIMIT = 2500
"""Characters, together below the 10,000 of blocks that Slack is seen to refuse (msg_blocks_too_long)."""
MOST_BLOCKS = 30
"""Of rows: with a heading for every group and the list they stay below Slack's 50."""
NAMED_IN_TEXT = 3
NOTHING = "There is nothing in this message any more that you can see."
"""Said where it was about private incidents whose channels its reader has left."""
MINE, ALL = "/incident actions mine", "/incident actions all"


@dataclass(frozen=True)
class Group:
    """Rows that ask the same of their reader."""

    heading: str
    kinds: tuple[ReminderKind, ...]
    one: str
    many: str
    """What they are called where they are counted."""
    elsewhere: str
    """What shows those that have no room."""

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Its rows, the most pressing first; of two about the same thing the first."""
        found = sorted((row for row in rows if row.reminder.kind in self.kinds), key=_pressing)
        return list({(row.reminder.item_id, row.reminder.risk_id): row for row in reversed(found)}.values())[::-1]


GROUPS = (
    Group("To do", (ReminderKind.DUE, ReminderKind.SNOOZED), "action item", "action items", MINE),
    Group(
        "Gone quiet",
        (ReminderKind.SILENT_LEAD, ReminderKind.SILENT_ABOVE),
        "overdue item that has gone quiet",
        "overdue items that have gone quiet",
        "/incident actions overdue",
    ),
    Group("Is it done?", (ReminderKind.VERIFY,), "item to verify", "items to verify", ALL),
    Group("Did it work?", (ReminderKind.CHECK,), "item to check", "items to check", ALL),
    Group("Accepted risks", (ReminderKind.RISK,), "risk to look at again", "risks to look at again", "/incident risk"),
    Group("For you to decide", (ReminderKind.DECISION,), "decision", "decisions", ALL),
)
"""What is said on a morning, in this order."""
_GATHERED = {kind for group in GROUPS for kind in (*group.kinds, ReminderKind.WEEKLY)}


def reminder_message(briefing: Briefing, *, process: Process) -> Answer:
    """The message, as its text, which is read aloud on a phone, and its blocks."""
    if briefing.rows and briefing.rows[0].reminder.kind not in _GATHERED:
        row = briefing.rows[0]
        return row_text(row, today=briefing.today), row_blocks(row, today=briefing.today, process=process)
    if not briefing.rows and not briefing.weekly:
        return NOTHING, [section(NOTHING)]
    groups = [(group, group.of(briefing.rows)) for group in GROUPS]
    drawn = _drawn([rows for _, rows in groups], briefing, process)
    blocks = [section(_greeting(briefing))]
    for group, rows in groups:
        shown = [drawn[row.reminder.number] for row in rows if row.reminder.number in drawn]
        if rows:
            blocks += [section(_heading(group, len(rows) - len(shown))), *chain.from_iterable(shown)]
    return _text(briefing), [*blocks, *_list(briefing)]


def listed(briefing: Briefing) -> list[tuple[ActionItem, Situation]]:
    """What stands in the weekly list: the reader's other items, so many as there is room for."""
    said = {row.reminder.item_id for row in briefing.rows if row.reminder.kind is not ReminderKind.WEEKLY}
    kept = [row.standing for row in briefing.rows if row.reminder.kind is ReminderKind.WEEKLY]
    found = [(one.item, one.about) for one in briefing.weekly or kept if one.item and one.item.number not in said]
    return found[:MOST_LISTED]


def _drawn(groups: Sequence[Sequence[Row]], briefing: Briefing, process: Process) -> Mapping[int, list[Block]]:
    """The rows there is room for, by reminder: each group has its turn, so that none crowds out the others."""
    found: dict[int, list[Block]] = {}
    weight = blocks = 0
    for row in _in_turn(groups):
        drawn = row_blocks(row, today=briefing.today, process=process)
        weight, blocks = weight + _weight(drawn), blocks + len(drawn)
        if len(found) == MOST_ROWS or weight > ROWS_LIMIT or blocks > MOST_BLOCKS:
            break
        found[row.reminder.number] = drawn
    return found


def _in_turn(groups: Sequence[Sequence[Row]]) -> Iterator[Row]:
    return (row for turn in zip_longest(*groups) for row in turn if row is not None)


def _weight(blocks: Sequence[Block]) -> int:
    """The characters that Slack counts."""
    return sum(_characters(block.to_dict()) for block in blocks)


def _characters(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_characters, value))
    if not isinstance(value, dict):
        return 0
    return sum(len(one) if key == "text" and isinstance(one, str) else _characters(one) for key, one in value.items())


def _greeting(briefing: Briefing) -> str:
    hello = "I was away, so this comes late." if briefing.late else "Good morning."
    return f"*{hello}* {_counts(briefing)}."


def _counts(briefing: Briefing) -> str:
    """How many things of which sort."""
    counted = [(len(group.of(briefing.rows)), group) for group in GROUPS]
    counts = [f"{count} {group.one if count == 1 else group.many}" for count, group in counted if count]
    if listed(briefing):
        counts.append("your list for the week" if counts else "Your list for the week")
    return _joined(counts)


def _list(briefing: Briefing) -> list[Block]:
    """The weekly list, as far as there is room."""
    items, lines, weight = listed(briefing), list[Block](), 0
    if not items:
        return []
    for item, about in items:
        drawn = listed_blocks(item, about, today=briefing.today)
        weight += _weight(drawn)
        if weight > LIST_LIMIT:
            break
        lines += drawn
    is_cut = len(lines) == MOST_LISTED or len(lines) < len(items)
    more = [section("What else is on your list: `/incident actions mine`")] if is_cut else []
    return [
        section("*What else is yours*" if any(group.of(briefing.rows) for group in GROUPS[:2]) else "*What is yours*"),
        *lines,
        *more,
    ]


def _heading(group: Group, missing: int) -> str:
    return f"*{group.heading}*" + (f" · and {missing} more: `{group.elsewhere}`" if missing else "")


def _text(briefing: Briefing) -> str:
    """What a phone reads aloud: how many, and the first of them by name."""
    rows = [row for group in GROUPS for row in group.of(briefing.rows)]
    names = [row_text(row, today=briefing.today) for row in rows[:NAMED_IN_TEXT]]
    if len(rows) > NAMED_IN_TEXT:
        names.append(f"and {len(rows) - NAMED_IN_TEXT} more")
    if not rows:
        names = [item_text(item, today=briefing.today) for item, _ in listed(briefing)[:NAMED_IN_TEXT]]
    late = "Late, because I was away: " if briefing.late else ""
    return clip(f"{late}{_counts(briefing)}: {'; '.join(names)}", MESSAGE_LIMIT)


def _pressing(row: Row) -> tuple[bool, Any, int]:
    """What is due first comes first, and stays where it is when the message is drawn anew."""
    item = row.standing.item
    due_on = item.due_on if item else None
    return due_on is None, due_on or date.min, row.reminder.number


def _joined(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
