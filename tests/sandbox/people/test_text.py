"""Markup, dates and blocks as a reader sees them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.blocktext import read_blocks
from sandbox.text import Reader, read_mrkdwn

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
UNIX = int(NOON.timestamp())
READER = Reader(
    ZoneInfo("Europe/Berlin"),
    NOON,
    user_name={"U1": "ann"}.get,
    channel_name={"C1": "general"}.get,
    group_name={"S1": "oncall"}.get,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*bold* _it_ ~gone~ `code`", "bold it gone code"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("`*kept*` and ```\n_kept_\n```", "*kept* and _kept_"),
        ("<@U1> <@U9> <@U9|old>", "@ann @U9 @old"),
        ("<#C1> <#C9|> <#C9|shown>", "#general private channel #shown"),
        ("<!here> <!channel> <!subteam^S1>", "@here @channel @oncall"),
        ("<https://a.b|words> <https://a.b> <mailto:x@y.z>", "words https://a.b x@y.z"),
        ("&lt;!channel&gt; &amp;lt;", "<!channel> &lt;"),
    ],
)
def test_markup_is_read_as_its_words(written: str, read: str) -> None:
    assert read_mrkdwn(written, READER) == read


@pytest.mark.parametrize(
    ("tokens", "read"),
    [
        ("{date_num} {time}", "2026-11-21 1:00 PM"),
        ("{date} {time_secs}", "November 21st 1:00:00 PM"),
        ("{date_short_pretty}", "today"),
        ("{date_long}", "Saturday, November 21st"),
        ("{ago}", "0 seconds ago"),
        ("{nonsense}", "then"),
    ],
)
def test_a_date_is_read_in_the_readers_zone(tokens: str, read: str) -> None:
    assert read_mrkdwn(f"<!date^{UNIX}^{tokens}|then>", READER) == read


def test_a_date_of_another_day_keeps_its_form() -> None:
    earlier = UNIX - 40 * 86400

    assert read_mrkdwn(f"<!date^{earlier}^{{date_pretty}} {{ago}}|then>", READER) == "October 12th 40 days ago"


def test_blocks_are_read_from_top_to_bottom() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "INC-1 &amp; more"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Lead*\n<@U1>"}]},
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "in"}, {"type": "mrkdwn", "text": "<#C1>"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
        },
    ]

    assert read_blocks(blocks, READER) == "INC-1 & more\nLead\n@ann\nin #general\n[Go]\n@ann"
