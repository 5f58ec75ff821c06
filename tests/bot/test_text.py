"""Text for Slack: escaping, clipping, mentions, times."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.text import clip, escape, mentioned, moment, plural, prose, quoted, typed

PIECES = st.lists(st.one_of(st.sampled_from(["<@U123>", "&amp;", "&lt;", "&gt;", "<#C1>", "…", "\n"]), st.text("ab ;")))


def test_exactly_three_characters_are_escaped() -> None:
    assert escape("""<!channel> & "Ann's" *bold* &amp;""") == """&lt;!channel&gt; &amp; "Ann's" *bold* &amp;amp;"""


@given(st.text())
def test_what_is_escaped_is_read_as_it_was_typed(text: str) -> None:
    assert typed(escape(text)) == text.strip()


def test_our_own_word_for_somebody_becomes_a_mention() -> None:
    assert prose("{@U1} and {@W2AB} say <!here>") == "<@U1> and <@W2AB> say &lt;!here&gt;"


@pytest.mark.parametrize("text", ["{@}", "{@u1}", "{@C1}", "{@U1", "{ @U1}", "{@U1|x}", "{@U1><!here}"])
def test_only_a_person_becomes_a_mention(text: str) -> None:
    assert "<@" not in prose(text)


def test_text_that_fits_is_left_as_it_is() -> None:
    assert clip("abcde", 5) == "abcde"


def test_text_that_does_not_fit_ends_with_a_sign_of_that() -> None:
    assert clip("abcdef", 5) == "abcd…"


def test_no_space_stands_before_the_sign() -> None:
    assert clip("abc def", 5) == "abc…"


@pytest.mark.parametrize("limit", range(3, 8))
def test_an_entity_is_not_cut(limit: int) -> None:
    assert clip("ab&amp;cd", limit) in ("ab…", "ab&amp;…")


@pytest.mark.parametrize("limit", range(2, 10))
def test_a_mention_is_not_cut(limit: int) -> None:
    assert clip("a <@U123> b", limit) in ("a…", "a <@U123>…")


@given(PIECES, st.integers(1, 60))
def test_a_clipped_text_fits_and_is_whole_in_its_parts(pieces: list[str], limit: int) -> None:
    text = "".join(pieces)

    clipped = clip(text, limit)

    assert len(clipped) <= limit
    assert clipped == text or text.startswith(clipped[:-1])
    assert not re.search(r"&(?!amp;|lt;|gt;)|<(?![@#][A-Z0-9]+>)", clipped)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@U1|ann> and <@W2>", "{@U1} and {@W2}"),
        ("see <#C1|incidents>", "see #incidents"),
        ("see <#C1|>", "see #C1"),
        ("see <#C1>", "see #C1"),
        ("<!channel> <!here|here> <!everyone|@everyone>", "@channel @here @everyone"),
        ("<!subteam^S1|@oncall> <!subteam^S1>", "@oncall @subteam"),
        ("<https://a.example/x?a=1&amp;b=2|a.example> is down", "https://a.example/x?a=1&b=2 is down"),
        ("<https://a.example>", "https://a.example"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("  padded  ", "padded"),
        ("", ""),
    ],
)
def test_what_slack_sends_is_read_as_it_was_typed(sent: str, read: str) -> None:
    assert typed(sent) == read


def test_the_first_person_named_is_found() -> None:
    assert mentioned("give it to {@U2} or {@U3}") == "U2"


def test_nobody_is_found_where_nobody_is_named() -> None:
    assert mentioned("@ann") is None


def test_a_moment_shows_in_the_readers_zone_and_has_words_for_readers_without_one() -> None:
    at = datetime(2026, 3, 4, 12, 0, 59, tzinfo=UTC)

    assert moment(at) == "<!date^1772625659^{time}|2026-03-04 12:00 UTC>"


def test_one_is_singular() -> None:
    assert [plural(count, "incident") for count in (0, 1, 2)] == ["0 incidents", "1 incident", "2 incidents"]


def test_every_line_is_quoted() -> None:
    assert quoted("one\n\ntwo") == "> one\n> \n> two"


@pytest.mark.parametrize("piece", ["<", "<a", "<a|"])
def test_no_command_takes_long_to_read(piece: str) -> None:
    """Work that grows with the square of the length would take minutes here."""
    assert typed((piece * 40_000)[:40_000])
