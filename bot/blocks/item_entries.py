"""What happened to an action item, in words: for the channel and for the timeline."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.blocks.text import clip, escape, mention
from storage.tables import EntryKind
from workflows.process import Process

Words = Callable[[str, dict[str, Any], Process], str]


def item_name(data: dict[str, Any]) -> str:
    """How an item is called in a sentence."""
    return f"*ACT-{data['item']}* {escape(clip(str(data.get('title', '')), 250))}"


def day(value: str) -> str:
    """A day as everybody reads it: it is one of the owner's calendar, so it has no clock."""
    return f"{date.fromisoformat(value):%a %-d %b %Y}"


def _added(by: str, data: dict[str, Any], _process: Process) -> str:
    due = f", due {day(data['due_on'])}" if data.get("due_on") else ""
    return f":memo: {by} adds {item_name(data)} for {mention(data['owner'])}{due}"


ITEM_WORDS: dict[EntryKind, Words] = {EntryKind.ITEM_ADDED: _added}
