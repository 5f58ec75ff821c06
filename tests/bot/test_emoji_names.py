"""Emoji that the bot writes by name."""

import re
from pathlib import Path

from sandbox.contract.emoji import is_emoji
from workflows.process import Process

ROOT = Path(__file__).parents[2]
NAME = re.compile(r":([a-z0-9_+-]*[a-z][a-z0-9_+-]*):(?!:)")


def test_slack_knows_every_emoji_the_bot_writes() -> None:
    sources = [path for room in ("bot", "workflows") for path in (ROOT / room).rglob("*.py")]
    written = {name for path in sources for name in NAME.findall(path.read_text(encoding="utf-8"))}
    marks = {mark.emoji for mark in Process().marks.values()}

    assert "white_check_mark" in written
    assert [name for name in sorted(written | marks) if not is_emoji(name)] == []
