"""Cards, digest entries, entries and answers: within Slack's limits, and with nothing active that people typed."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks.answers import (
    fault_report,
    help_here,
    help_outside,
    how_it_stands,
    incident_list,
    pick_incident,
    unknown_verb,
)
from bot.blocks.card import card_text, channel_purpose, channel_topic, incident_card, purpose_mark
from bot.blocks.digest import digest_entry
from bot.blocks.entries import entry_message, entry_text
from bot.blocks.prompts import ended_line, prompt_blocks, prompt_text
from bot.blocks.text import MESSAGE_LIMIT, clip
from bot.commands.usage import FIRST_HERE, FIRST_OUTSIDE, USAGE, usages
from bot.messenger.faults import DEEDS, hint
from storage.tables import DeliveryKind, EntryKind, PromptKind, Status
from tests.bot.values import (
    HARD_WORDS,
    PROCESSES,
    UNTOLD,
    a_situation,
    accepted,
    an_entry,
    assert_inert,
    entries_data,
    full_of,
    marked_up,
)
from tests.builders import NOON, PROCESS
from workflows.process import Process, parse_process

Message = dict[str, Any]


def all_messages(words: str, status: Status, process: Process) -> Iterator[Message]:
    """Everything that is ever sent about an incident with these words in it."""
    situation = full_of(words, status=status, process=process)
    text = card_text(situation, process=process)
    for method in ("chat.postMessage", "chat.update"):
        yield accepted(text, incident_card(situation, process=process), method=method)
        yield accepted(text, digest_entry(situation, process=process), method=method)
    yield accepted(*how_it_stands(situation, process=process))
    yield accepted(*help_here(situation, usages(FIRST_HERE), process=process))
    yield accepted(*incident_list([situation] * 20, more=5, everything=True, process=process))
    yield accepted(
        *pick_incident([situation] * 20, verb="note", words=words, asker="UANN", process=process),
        method="chat.postEphemeral",
    )
    yield accepted(clip(unknown_verb(words, "note"), MESSAGE_LIMIT))
    for kind, data in entries_data(words, process).items():
        said: dict[str, Any] = {"by": "UANN", "data": data, "process": process}
        yield accepted(clip(entry_text(kind, **said), MESSAGE_LIMIT), entry_message(kind, **said))
    yield from all_prompts(words, status, process)


def all_prompts(words: str, status: Status, process: Process) -> Iterator[Message]:
    """Everything that is ever asked with these words in it, and how it may have ended."""
    situation, at = full_of(words, status=status, process=process), NOON.isoformat()
    data = {"due_at": at, "since": at, "words": words, "text": words, "by": "UANN", "to": "UBO", "first": True}
    settled = {"entry": EntryKind.ENTRY_STATE, "by": "UANN", "data": {"state": "answered", "outcome": words}, "at": at}
    for kind in PromptKind:
        asked = prompt_text(kind, situation, data, process=process)
        key = f"0123456789ab/ask/{kind}/1772625600-1772625600/{'a' * 100}"
        yield accepted(asked, prompt_blocks(kind, asked, key))
        line = ended_line(kind, settled, process=process)
        blocks = prompt_blocks(kind, asked, key, ended=line)
        yield accepted(clip(f"{asked}\n{line}", MESSAGE_LIMIT), blocks, method="chat.update")


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
@pytest.mark.parametrize("status", Status)
def test_slack_takes_every_message_without_a_word(status: Status, words: str, process: Process) -> None:
    for message in all_messages(words, status, process):
        assert_inert(message)


@given(st.text(min_size=1, max_size=400), st.sampled_from(Status), st.sampled_from(list(PROCESSES.values())))
@settings(deadline=None, max_examples=40)
def test_nothing_anybody_typed_is_active_in_any_message(words: str, status: Status, process: Process) -> None:
    for message in all_messages(words, status, process):
        assert_inert(message)


def test_a_title_that_calls_everybody_calls_nobody() -> None:
    situation = a_situation(title="<!channel> now")

    message = accepted("-", [*incident_card(situation, process=PROCESS), *digest_entry(situation, process=PROCESS)])

    assert not any("<!channel>" in text for text in marked_up(message))
    assert any("&lt;!channel&gt; now" in text for text in marked_up(message))


def test_somebody_named_in_the_description_is_mentioned() -> None:
    message = accepted("-", incident_card(a_situation(description="{@UBO} saw it"), process=PROCESS))

    assert any("<@UBO> saw it" in text for text in marked_up(message))


def test_the_card_shows_who_holds_which_role_and_what_is_missing() -> None:
    message = accepted("-", incident_card(a_situation(roles={"scribe": "UBO"}), process=PROCESS))

    texts = "\n".join(marked_up(message))
    assert "Scribe: <@UBO>" in texts
    assert "Lead: _nobody yet_" in texts
    assert "Nobody leads yet" in texts


def test_the_phase_is_in_bold() -> None:
    message = accepted("-", incident_card(a_situation(status=Status.MITIGATING), process=PROCESS))

    assert any("✓ Triage  ✓ Review  *▸ Action*  Check  Resolve" in text for text in marked_up(message))


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        (Status.TRIAGE, ["Update", "Take a role", "Severity", "Note", "Timeline", "Resolve", "Action items"]),
        (Status.RESOLVED, ["Reopen", "Note", "Timeline", "Action items"]),
        (Status.DECLINED, ["Reopen", "Note", "Timeline", "Action items"]),
    ],
)
def test_the_cards_buttons_are_what_can_be_done_now(status: Status, labels: list[str]) -> None:
    message = accepted("-", incident_card(a_situation(status=status), process=PROCESS))

    assert [button["text"]["text"] for button in message["blocks"][-1]["elements"]] == labels


def test_the_card_of_a_resolved_incident_says_what_stays() -> None:
    resolved = a_situation(
        status=Status.RESOLVED, verification="Orders work", verified_by="UBO", temporary_fix="", remaining=""
    )

    texts = "\n".join(marked_up(accepted("-", incident_card(resolved, process=PROCESS))))

    assert "*Verified* by <@UBO>\nOrders work" in texts
    assert "*What stays*\nnothing" in texts


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
@pytest.mark.parametrize("status", Status)
def test_topic_and_purpose_fit_and_the_purpose_keeps_its_mark(status: Status, words: str, process: Process) -> None:
    situation = full_of(words, status=status, process=process)

    topic, purpose = channel_topic(situation, process=process), channel_purpose(situation.incident)

    assert len(topic) <= 250
    assert len(purpose) <= 250
    assert purpose.endswith(f" · {purpose_mark(situation.incident)}")
    assert_inert({"text": topic, "more": {"text": purpose}})


@pytest.mark.parametrize(
    ("made_at", "zone", "said"),
    [
        (NOON, "UTC", "next update by 12:30 UTC"),
        (NOON, "Europe/Berlin", "next update by 13:30 CET"),
        (NOON - timedelta(hours=20), "UTC", "next update by Wed 12:30 UTC"),
    ],
)
def test_the_topic_says_what_was_promised_while_it_is_worked_on(made_at: datetime, zone: str, said: str) -> None:
    promised = {"next_update_due_at": NOON + timedelta(minutes=30), "promise_made_at": made_at}
    process = parse_process({"timezone": zone})

    working, over = (
        channel_topic(a_situation(roles={}, status=status, **promised), process=process)
        for status in (Status.MONITORING, Status.RESOLVED)
    )

    assert working == f"SEV2 · Monitoring · nobody leads · {said} · Checkout is down"
    assert "next update" not in over


def test_the_topic_says_that_nobody_leads() -> None:
    situation = a_situation(roles={}, status=Status.MONITORING)

    assert channel_topic(situation, process=PROCESS) == "SEV2 · Monitoring · nobody leads · Checkout is down"


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind not in UNTOLD])
def test_an_entry_says_who_did_it(kind: EntryKind) -> None:
    data = entries_data("because", PROCESS)[kind]

    assert "<@UANN>" in entry_text(kind, by="UANN", data=data, process=PROCESS)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("sev3", "sev1", "🔴 Severity raised from SEV3 to *SEV1* by <@UANN>\n> why"),
        ("sev1", "sev3", "🟡 Severity lowered from SEV1 to *SEV3* by <@UANN>\n> why"),
    ],
)
def test_a_severity_is_raised_or_lowered(before: str, after: str, words: str) -> None:
    data = {"from": before, "to": after, "reason": "why"}

    assert entry_text(EntryKind.SEVERITY_CHANGED, by="UANN", data=data, process=PROCESS) == words


def test_a_role_is_taken_or_given() -> None:
    said: dict[str, Any] = {"data": {"role": "scribe", "from": None, "to": "UBO"}, "process": PROCESS}

    assert entry_text(EntryKind.ROLE_ASSIGNED, by="UBO", **said) == "<@UBO> takes *Scribe*"
    assert entry_text(EntryKind.ROLE_ASSIGNED, by="UANN", **said) == "<@UANN> gives *Scribe* to <@UBO>"


def test_a_severity_and_a_role_that_are_no_longer_configured_still_show() -> None:
    situation = a_situation(severity="p1", type="gone", roles={"lead": "UANN", "medic": "UBO"})

    message = accepted(card_text(situation, process=PROCESS), incident_card(situation, process=PROCESS))

    assert message["text"] == "INC-7 · P1 · Triage · Checkout is down"


def test_help_outside_a_channel_offers_to_declare() -> None:
    text, blocks = help_outside(2, usages(FIRST_OUTSIDE))

    message = accepted(text, blocks)
    assert text.startswith("2 open incidents that you can see.")
    assert message["blocks"][1]["elements"][0]["text"]["text"] == "Declare an incident"
    assert "declare [title]" in message["blocks"][2]["text"]["text"]


@pytest.mark.parametrize("first", [FIRST_HERE, FIRST_OUTSIDE])
def test_help_begins_with_the_five_that_matter_and_names_every_verb_once(first: Sequence[str]) -> None:
    _, blocks = help_here(a_situation(), usages(first), process=PROCESS)

    said = "\n".join(marked_up(accepted("Help", blocks)))
    named = re.findall(r"`/incident ([a-z]+)[^`]*`  ", said)
    assert tuple(named[:5]) == tuple(first)
    assert sorted(named) == sorted(USAGE)


def test_a_list_says_how_many_more_there_are() -> None:
    message = accepted(*incident_list([a_situation()] * 20, more=3, everything=False, process=PROCESS))

    assert message["text"] == "23 open incidents, worst first"
    assert message["blocks"][-1]["elements"][0]["text"] == "and 3 more"


def test_an_empty_list_says_so() -> None:
    message = accepted(*incident_list([], more=-20, everything=False, process=PROCESS))

    assert message["text"] == "No open incident. `/incident list all` shows earlier ones."


def test_japanese_words_go_on_with_the_choice_of_an_incident() -> None:
    words = "決済が止まっています。" * 100

    message = accepted(*pick_incident([a_situation()], verb="note", words=words, asker="UANN", process=PROCESS))

    assert words in message["blocks"][1]["elements"][0]["value"]


def test_words_too_long_to_go_on_are_not_cut_in_silence() -> None:
    message = accepted(*pick_incident([a_situation()], verb="note", words="x" * 2500, asker="UANN", process=PROCESS))

    assert "xxx" not in message["blocks"][1]["elements"][0]["value"]
    assert "too long to be carried over" in message["text"]


def test_a_verb_that_needs_an_incident_says_where_to_get_one() -> None:
    message = accepted(*pick_incident([], verb="note", words="", asker="UANN", process=PROCESS))

    assert message["text"].startswith("`/incident note` needs an incident, and there is none you can see.")


@pytest.mark.parametrize("kind", DEEDS)
def test_a_report_says_what_failed_why_and_what_to_do(kind: DeliveryKind) -> None:
    advice = hint("missing_scope", needed="groups:write")

    message = accepted(*fault_report(DEEDS[kind], "INC-7", because="missing_scope", hint=advice, number=7))

    assert DEEDS[kind] in message["text"]
    assert "`missing_scope`" in message["text"]
    assert "`groups:write`" in message["text"]
    assert message["blocks"][1]["elements"][0]["value"] == "7"


def test_the_card_shows_the_workaround_in_place_open_questions_and_theories() -> None:
    question = {"to": "UBO", "text": "Did the cache change?", "due_at": NOON.isoformat(), "category": "question"}
    situation = a_situation(
        open_entries=[
            an_entry(EntryKind.NOTE, {"text": "Cache", "category": "theory", "state": "open"}),
            an_entry(EntryKind.NOTE, {"text": "Pay by invoice", "category": "workaround", "state": "in_place"}),
            an_entry(EntryKind.QUESTION, question, state="open"),
        ],
        affected="Shoppers in Europe",
        prevented="Pay by card",
        meeting_url="https://zoom.us/j/1?a=b&c=d",
    )

    texts = "\n".join(marked_up(accepted("-", incident_card(situation, process=PROCESS))))

    assert "*Impact*\nShoppers in Europe\nPay by card" in texts
    assert (
        "*Workaround*  Pay by invoice\n"
        "*Waiting for an answer*\n"
        "• <@UBO> until <!date^1772625600^{time}|2026-03-04 12:00 UTC>: Did the cache change?\n"
        "*Open theories*  1: `/incident theory`\n"
        "*Meeting*  https://zoom.us/j/1?a=b&amp;c=d"
    ) in texts
