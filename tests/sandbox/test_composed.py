"""The rich text that Slack's composer makes of what people type."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.contract.blocks import check_blocks
from sandbox.state.composed import composed
from sandbox.text import escape

Json = dict[str, Any]


def text(words: str, **style: bool) -> Json:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": [*leaves]}


@pytest.mark.parametrize(
    ("typed", "leaves"),
    [
        ("as it is", [text("as it is")]),
        ("*bold* _it_", [text("bold", bold=True), text(" "), text("it", italic=True)]),
        ("~gone~.", [text("gone", strike=True), text(".")]),
        ("_*both*_", [text("both", italic=True, bold=True)]),
        ("`*code*`", [text("*code*", code=True)]),
        ("snake_case 2*3*4", [text("snake_case 2*3*4")]),
        ("&lt;b&gt; &amp;amp;", [text("<b> &amp;")]),
        ("*<@U1>*", [{"type": "user", "user_id": "U1", "style": {"bold": True}}]),
        ("<#C1|general>", [{"type": "channel", "channel_id": "C1"}]),
        ("<!subteam^S1>", [{"type": "usergroup", "usergroup_id": "S1"}]),
        ("<!here>", [{"type": "broadcast", "range": "here"}]),
        ("<https://a.b?c&amp;d>", [{"type": "link", "url": "https://a.b?c&d"}]),
        (":wave: at 10:30:45", [{"type": "emoji", "name": "wave"}, text(" at 10"), text(":30:"), text("45")]),
    ],
)  # fmt: skip
def test_a_line_consists_of_its_words_in_their_styles(typed: str, leaves: list[Json]) -> None:
    assert composed(typed) == [section(*leaves)]


def test_quotes_lists_and_code_are_parts_of_their_own() -> None:
    typed = "first\nsecond\n&gt; said\n&gt; *twice*\n- one\n  - deeper\n3. three\n4. four\n```\n*x* &lt;y&gt;\n```\nend"

    assert composed(typed) == [
        section(text("first\nsecond")),
        {"type": "rich_text_quote", "elements": [text("said\n"), text("twice", bold=True)]},
        {"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0, "elements": [section(text("one"))]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "border": 0, "elements": [section(text("deeper"))]},
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 0,
            "offset": 2,
            "border": 0,
            "elements": [section(text("three")), section(text("four"))],
        },
        {"type": "rich_text_preformatted", "elements": [text("*x* <y>")]},
        section(text("end")),
    ]


@settings(deadline=None)  # the first example reads the names of emoji from their file
@given(st.lists(st.sampled_from(["*", "_", "`", "```", "\n", "&gt; ", "- ", "1. ", " ", "a", ":wave:", "<@U1>"])))
def test_whatever_is_typed_becomes_blocks_that_slack_takes(pieces: list[str]) -> None:
    block = {"type": "rich_text", "elements": composed("".join(pieces))}

    assert check_blocks([block], surface="message").errors == []


@given(st.text(alphabet="abc .&<\n", min_size=1))
def test_words_without_markup_stay_as_they_were_typed(words: str) -> None:
    assert composed(escape(words)) == [section(text(words))]
