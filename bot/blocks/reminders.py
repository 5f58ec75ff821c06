"""Messages that remind of action items."""

from slack_sdk.models.blocks import Block

from bot.blocks.answers import Answer
from bot.blocks.parts import section
from bot.blocks.text import escape
from workflows.briefings import Briefing, Row
from workflows.process import Process


def reminder_message(briefing: Briefing, *, process: Process) -> Answer:
    """The message, as its text and its blocks."""
    lines = [_line(row) for row in briefing.rows]
    lines += [f"{one.item.ref} {escape(one.item.title)}" for one in briefing.weekly or () if one.item]
    blocks: list[Block] = [section(line) for line in lines]
    return "\n".join(lines), blocks


def _line(row: Row) -> str:
    item = row.standing.item
    return f"{row.reminder.kind} {item.ref} {escape(item.title)}" if item else row.reminder.kind
