"""Message events, and messages of Slack's history, as what was heard."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.events.messages import plain, read_event, read_marks, read_message, words_of
from bot.messenger.slack import Identity
from tests.builders import NOON, PROCESS
from workflows.heard import Deleted, Said

US = Identity("USITREP", "BSITREP", "https://acme.slack.com/")
TS = "1700000000.000100"


def event(**changes: Any) -> dict[str, Any]:
    """Bo's message as Slack sends it (protocol 7.5)."""
    return {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "UBO",
        "text": "looking",
        "ts": TS,
        "event_ts": TS,
        **changes,
    }


def heard(**changes: Any) -> Any:
    """What it tells us."""
    return read_event(event(**changes), us=US)


def test_a_plain_message() -> None:
    assert heard() == Said(
        channel_id="C1",
        ts=TS,
        posted_at=datetime.fromtimestamp(1700000000.0001, UTC),
        author="UBO",
        text="looking",
    )


def test_a_reply_knows_its_thread_and_a_parent_is_none() -> None:
    assert heard(thread_ts="1600000000.000001").thread_ts == "1600000000.000001"
    assert heard(thread_ts=TS).thread_ts is None


def test_a_reply_sent_to_the_channel_too() -> None:
    said = heard(subtype="thread_broadcast", thread_ts="1600000000.000001", root={"ts": "1600000000.000001"})

    assert (said.broadcast, said.thread_ts) == (True, "1600000000.000001")


@pytest.mark.parametrize("ours", [{"bot_id": "BSITREP"}, {"user": "USITREP"}, {"bot_id": "BSITREP", "user": "UX"}])
def test_our_own_posts_are_not_heard(ours: dict[str, str]) -> None:
    assert heard(**ours) is None
    assert heard(subtype="message_changed", message=event(**ours), previous_message=event(**ours)) is None
    assert heard(subtype="message_deleted", deleted_ts=TS, previous_message=event(**ours)) is None


@pytest.mark.parametrize("subtype", ["channel_join", "channel_topic", "message_replied", "pinned_item", "brand_new"])
def test_slacks_own_lines_are_not_heard(subtype: str) -> None:
    assert heard(subtype=subtype) is None


def test_an_alert_bot_that_writes_in_attachments() -> None:
    attachment = {"title": "HighErrorRate", "text": "5xx &gt; 3 %", "fields": [{"title": "pod", "value": "api-1"}]}

    said = heard(
        subtype="bot_message", user=None, bot_id="BALERT", username="alerts", text="", attachments=[attachment]
    )

    assert (said.author, said.author_name, said.by_bot) == ("BALERT", "alerts", True)
    assert said.text == "HighErrorRate\n5xx > 3 %\npod: api-1"


def test_a_deploy_bot_that_writes_in_blocks() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Deployed 42"}},
        {"type": "section", "fields": [{"type": "mrkdwn", "text": "by <@UBO>"}]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Undo"}}]},
    ]

    said = heard(bot_id="BDEPLOY", user="UDEPLOY", bot_profile={"name": "deploys"}, text="", blocks=blocks)

    assert (said.author, said.author_name, said.text) == ("UDEPLOY", "deploys", "Deployed 42\nby {@UBO}")


def test_an_attachment_with_only_a_fallback() -> None:
    assert words_of({"text": "", "attachments": [{"fallback": "disk full on db-1"}]}) == "disk full on db-1"


def test_files_with_and_without_their_bytes() -> None:
    said = heard(
        subtype="file_share",
        files=[
            {"id": "F1", "name": "graph.png", "mimetype": "image/png", "size": 4000, "mode": "hosted"},
            {"id": "F2", "mode": "tombstone"},
        ],
    )

    assert [(file.id, file.name, file.size, file.unavailable) for file in said.files] == [
        ("F1", "graph.png", 4000, None),
        ("F2", "F2", 0, "it was deleted"),
    ]


def test_an_edit_tells_the_new_words_and_the_old_ones() -> None:
    new = event(text="rolled back", edited={"user": "UBO", "ts": "1700000060.000000"})

    said = heard(subtype="message_changed", ts="1700000060.000300", message=new, previous_message=event())

    assert (said.ts, said.text, said.edited_ts, said.before) == (
        TS,
        "rolled back",
        "1700000060.000000",
        ("", "looking"),
    )


def test_an_edit_that_only_adds_a_preview_has_the_same_words_of_the_same_time() -> None:
    new = event(attachments=[{"from_url": "https://example.com", "title": "A page"}])

    said = heard(subtype="message_changed", ts="1700000060.000300", message=new, previous_message=event())

    assert (said.text, said.edited_ts, said.before) == ("looking", "", None)


def test_a_bot_that_changes_its_message_without_the_flag() -> None:
    before, new = event(bot_id="BDEPLOY", text="deploying"), event(bot_id="BDEPLOY", text="deployed")

    said = heard(subtype="message_changed", ts="1700000060.000300", message=new, previous_message=before)

    assert (said.text, said.edited_ts, said.before) == ("deployed", "1700000060.000300", ("", "deploying"))


def test_a_bot_that_adds_a_file_without_the_flag() -> None:
    before, new = event(bot_id="BDEPLOY"), event(bot_id="BDEPLOY", files=[{"id": "F1", "name": "graph.png"}])

    said = heard(subtype="message_changed", ts="1700000060.000300", message=new, previous_message=before)

    assert (said.edited_ts, [file.id for file in said.files]) == ("1700000060.000300", ["F1"])


def test_what_no_database_takes_is_left_out() -> None:
    file = {"id": "F1", "name": "a\x00\ud83d.png"}

    said = heard(text="half \ud83d\x00 a smile", bot_id="B1", username="al\x00erts\ude00", files=[file])

    assert (said.text, said.author_name, said.files[0].name) == ("half ? a smile", "alerts?", "a?.png")


def test_a_file_that_is_larger_than_any_can_be_counted_is_very_large() -> None:
    said = heard(files=[{"id": "F1", "name": "disk.img", "mode": "external", "size": 2**40}])

    assert said.files[0].size == 2**31 - 1


def test_a_field_without_a_title_is_its_value() -> None:
    said = heard(text="", bot_id="B1", attachments=[{"fields": [{"value": "db-1"}, {"title": "Free", "value": 0.5}]}])

    assert said.text == "db-1\nFree: 0.5"


@pytest.mark.parametrize("piece", ["<", "<a", "<a|", "<@U1|<"])
def test_no_markup_takes_long_to_read(piece: str) -> None:
    """Work that grows with the square of the length would take minutes here."""
    assert plain((piece * 40_000)[:40_000])


def test_a_deletion_with_what_was_said() -> None:
    gone = heard(
        subtype="message_deleted",
        ts="1700000090.000001",
        event_ts="1700000090.000001",
        deleted_ts=TS,
        previous_message=event(),
    )

    assert gone == Deleted(
        channel_id="C1",
        ts=TS,
        at=datetime.fromtimestamp(1700000090.000001, UTC),
        said=read_message(event(), channel_id="C1", us=US),
    )


def test_a_parent_that_was_deleted_leaves_a_tombstone_and_is_deleted_for_us() -> None:
    stone = event(subtype="tombstone", text="This message was deleted.", user="USLACKBOT", thread_ts=TS)

    gone = heard(
        subtype="message_changed",
        ts="1700000090.000001",
        event_ts="1700000090.000001",
        message=stone,
        previous_message=event(),
    )

    assert isinstance(gone, Deleted)
    assert (gone.ts, gone.said.text if gone.said else None) == (TS, "looking")


def test_reactions_that_are_marks_whatever_their_skin_tone() -> None:
    message = {
        "reactions": [
            {"name": "hammer::skin-tone-3", "users": ["UBO", "USITREP"], "count": 2},
            {"name": "hammer", "users": ["UANN"], "count": 1},
            {"name": "eyes", "users": ["UDEE"], "count": 40},
        ]
    }

    marks = read_marks(message, process=PROCESS, us=US, seen_at=NOON)

    assert (marks.by, marks.is_complete) == ({"action": ("UBO", "UANN")}, True)


def test_a_mark_of_which_not_everybody_is_named_is_incomplete() -> None:
    message = {"reactions": [{"name": "pushpin", "users": ["UBO"], "count": 60}]}

    assert not read_marks(message, process=PROCESS, us=US, seen_at=NOON).is_complete


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U1> and <@U2|bo>", "{@U1} and {@U2}"),
        ("<#C1|ops> <#C2|>", "#ops #C2"),
        ("<!subteam^S1|@sre> <!here>", "@sre @here"),
        ("<https://example.com/a|example.com/a>", "https://example.com/a"),
        ("<https://example.com/a|the graph>", "the graph (https://example.com/a)"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("nul\x00l", "null"),
    ],
)
def test_slacks_markup_becomes_plain_text(written: str, text: str) -> None:
    assert plain(written) == text


def test_what_was_said_survives_being_written_down() -> None:
    said = read_message(
        event(files=[{"id": "F1", "name": "a", "mimetype": "", "size": 1}]),
        channel_id="C1",
        us=US,
        marks=read_marks(
            {"reactions": [{"name": "pushpin", "users": ["UBO"], "count": 1}]}, process=PROCESS, us=US, seen_at=NOON
        ),
    )

    assert said is not None
    assert Said.from_json(said.to_json()) == said
