"""What stakeholders are shown: within Slack's limits, with nothing active that people typed, and saying how it went."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.blocks.notice import notice_message
from bot.blocks.subscriptions import what_is_followed as in_words
from bot.listener import InvalidInput
from bot.metrics import Metrics
from bot.requests import Requests
from bot.services import Services
from bot.views.subscribe import on_subscribe_submitted, parse_wish
from bot.views.who import PAGE, who_view
from storage.engine import Database
from storage.notices import NoticeRow
from storage.tables import DeliveryKind, DeliveryOutcome, EntryKind, Status, TimelineEntry
from tests.bot.scripted_slack import ScriptedSlack
from tests.bot.stakeholder_views import a_proof, a_turn, notice_messages, stakeholder_views, what_is_followed
from tests.bot.values import HARD_WORDS, PROCESSES, accepted_view, an_unsaved_incident, assert_inert, marked_up
from tests.builders import NOON, PROCESS
from workflows.notice_words import notice_of, public_notice
from workflows.notices import Notice, Part, Transition
from workflows.process import Process, parse_process
from workflows.proof import Proof


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_whatever_stakeholders_are_shown(words: str, process: Process) -> None:
    for view in stakeholder_views(words, process):
        assert_inert(accepted_view(view))
    for message in notice_messages(words, process):
        assert_inert(message)
        assert len(str(message["blocks"])) > 0
        assert sum(len(text) for text in marked_up(message["blocks"])) < 10_000


@given(st.text(max_size=400))
@settings(deadline=None, max_examples=20)
def test_nothing_anybody_typed_is_active_in_a_notice(words: str) -> None:
    for message in notice_messages(words, PROCESS):
        assert_inert(message)


@pytest.mark.parametrize("transition", Transition)
def test_a_notice_comes_back_from_its_delivery_as_it_was(transition: Transition) -> None:
    notice = notice_of(a_turn(transition, "words", Status.TRIAGE, PROCESS))

    assert Notice.from_json(notice.to_json()) == notice


@pytest.mark.parametrize("transition", Transition)
def test_a_notice_says_what_is_so_and_what_comes_next(transition: Transition) -> None:
    notice = notice_of(a_turn(transition, "Cards are refused", Status.TRIAGE, PROCESS))

    text, blocks = notice_message(notice, why="audiences.board.people")

    shown = str([block.to_dict() for block in blocks])
    assert text == notice.headline
    assert "INC-7" in shown
    assert "*Next*: Confirm it, or decline it" in shown
    assert "Worked on in <#CINC7>" in shown


def test_words_that_their_author_has_deleted_are_in_no_resolution() -> None:
    turn = a_turn(Transition.RESOLVED, "x", Status.RESOLVED, PROCESS)
    data = {"text": "The password is hunter2", "deleted": True}
    deleted = TimelineEntry(
        incident_id=7, sequence=4, kind=EntryKind.MESSAGE, by="UANN", happened_at=NOON, data=data, state="worked"
    )

    notice = notice_of(replace(turn, actions=[deleted]))

    assert "hunter2" not in str(notice)
    assert Part("What was done", "1. (deleted by its author) (worked)") in notice.parts


def test_a_text_for_people_outside_is_all_that_its_notice_shows() -> None:
    notice = public_notice(a_turn(Transition.PUBLIC, "The shop is closed", Status.TRIAGE, PROCESS))

    _, blocks = notice_message(notice, why="audiences.press.channels")

    assert [block.to_dict()["text"]["text"] for block in blocks] == [":loudspeaker: The shop is closed"]


def test_a_long_text_for_people_outside_reaches_them_to_its_last_word() -> None:
    words = "\n\n".join(["We are looking into it. " * 24] * 3 + ["That is all."])
    turn = a_turn(Transition.PUBLIC, words, Status.TRIAGE, PROCESS)

    _, blocks = notice_message(public_notice(turn), why="audiences.press.channels")

    assert len(words) > 1500
    assert [block.to_dict()["text"]["text"] for block in blocks] == [f":loudspeaker: {words}"]


def test_what_is_followed_is_said_in_words() -> None:
    incident, everything, channel = what_is_followed("checkout", PROCESS)

    assert in_words(incident, PROCESS) == "*INC-7* · checkout"
    assert in_words(everything, PROCESS) == "*Incidents of SEV1 or worse of type Service that hit checkout*"
    assert in_words(channel, PROCESS) == "*Every incident* (told to <#C0123456789>)"


def test_a_wish_is_read_from_its_form() -> None:
    chosen = {
        "severity": {"selected_option": {"value": "sev2"}},
        "type": {"selected_option": None},
        "service": {"value": " checkout "},
        "channel": {"selected_conversation": "C1"},
    }
    values = {block_id: {"value": answer} for block_id, answer in chosen.items()}
    body = {"user": {"id": "UANN"}, "view": {"id": "V1", "private_metadata": "{}", "state": {"values": values}}}

    wish = parse_wish(body)

    assert (wish.by, wish.request_id) == ("UANN", "form/V1")
    assert (wish.severity, wish.type, wish.service, wish.channel_id) == ("sev2", None, "checkout", "C1")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"outcome": DeliveryOutcome.SENT, "done_at": NOON},
            ":white_check_mark: <@UBO> · audiences.board.people · sent "
            "<!date^1772625600^{date_short_pretty} {time}|2026-03-04 12:00 UTC>",
        ),
        (
            {"outcome": DeliveryOutcome.GAVE_UP, "done_at": NOON, "last_error": "is_archived", "to": "C1"},
            ":x: <#C1> · audiences.board.people · failed (is_archived). That channel is archived: unarchive it if it "
            "is still needed.",
        ),
        (
            {"outcome": DeliveryOutcome.GAVE_UP, "done_at": NOON, "last_error": "private", "why": "subscription"},
            ":x: <@UBO> · subscribed · failed (private). It is private, so only those in its channel hear of it.",
        ),
        (
            {
                "kind": DeliveryKind.MAIL,
                "to": "board@x.example",
                "retry_at": NOON,
                "last_error": "the mail server cannot be reached",
            },
            ":hourglass: board@x.example · audiences.board.people · waiting until "
            "<!date^1772625600^{date_short_pretty} {time}|2026-03-04 12:00 UTC> (the mail server cannot be reached)",
        ),
        (
            {
                "kind": DeliveryKind.MAIL,
                "to": "board@x.example",
                "outcome": DeliveryOutcome.GAVE_UP,
                "last_error": "no_mail_server",
            },
            ":x: board@x.example · audiences.board.people · failed (no_mail_server). No mail server is set up: whoever "
            "runs Sitrep sets SMTP_URL and starts it again.",
        ),
        (
            {"kind": DeliveryKind.WEBHOOK, "to": "pager"},
            ":hourglass: webhook pager · audiences.board.people · on its way",
        ),
    ],
)
def test_each_notice_says_how_it_went_and_what_to_do(changes: dict[str, object], line: str) -> None:
    values = {
        "delivery_id": 1,
        "kind": DeliveryKind.NOTICE,
        "to": "UBO",
        "why": "audiences.board.people",
        "transition": "update",
        "outcome": None,
        "last_error": None,
        "done_at": None,
        "retry_at": None,
    }
    row = NoticeRow(**{**values, **changes})  # type: ignore[arg-type]

    view = accepted_view(
        who_view(an_unsaved_incident(), Proof([row], [], {row.outcome: 1}), process=PROCESS, asked_in=None)
    )

    assert view["blocks"][-1]["text"]["text"] == line
    assert ("accessory" in view["blocks"][-1]) is (row.outcome is DeliveryOutcome.GAVE_UP)


def test_two_hundred_recipients_are_paged_and_counted_first() -> None:
    view = accepted_view(who_view(an_unsaved_incident(), a_proof("x", 200, page=1), process=PROCESS, asked_in=None))

    assert view["blocks"][0]["text"]["text"] == "*200 notices*: 50 sent, 50 failed, 50 waiting · 20 names not found"
    assert [button["text"]["text"] for button in view["blocks"][1]["elements"]] == ["Retry all", "Earlier", "Later"]
    rows = [block for block in view["blocks"][2:] if block["type"] == "section" and " · " in block["text"]["text"]]
    assert len(rows) == PAGE


async def test_no_channel_that_other_companies_read_is_subscribed(sqlite: Database) -> None:
    shared = {"id": "CSHARED", "is_member": True, "is_ext_shared": True}
    slack = ScriptedSlack(conversations__info={"channel": shared}, users__conversations={"channels": [shared]})
    services = Services(sqlite, PROCESS, slack.slack(), Metrics(), Requests(), now=lambda: NOON)
    values = {"channel": {"value": {"selected_conversation": "CSHARED"}}}
    body = {"user": {"id": "UANN"}, "view": {"id": "V1", "private_metadata": "{}", "state": {"values": values}}}

    with pytest.raises(InvalidInput) as refused:
        await on_subscribe_submitted(cast(AsyncArgs, SimpleNamespace(body=body)), services)

    assert refused.value.fields == {"channel": "People of other companies read that channel: choose one of ours."}


def test_who_is_told_because_of_an_audience_reads_its_name() -> None:
    process = parse_process({"audiences": {"board": {"name": "The board", "people": ["bo@x.example"]}}})
    row = a_proof("x", 1, page=0).notices[0]

    proof = Proof([replace(row, why="audiences.board.people")], [], {})
    view = who_view(an_unsaved_incident(), proof, process=process, asked_in=None)

    assert "· The board ·" in str(view.to_dict())
