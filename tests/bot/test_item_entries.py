"""What happened to an action item, in words."""

from typing import Any

import pytest

from bot.blocks.entries import entry_text
from storage.tables import EntryKind, TimelineEntry
from tests.builders import NOON, PROCESS
from workflows.record_words import words_of

ITEM = {"item": 7, "title": "Alert <early>", "owner": "UBO"}
NAME = "*ACT-7* Alert &lt;early&gt;"

SAID: list[tuple[EntryKind, dict[str, Any], str]] = [
    (EntryKind.ITEM_ADDED, {"due_on": "2026-03-20"}, f":memo: <@UANN> adds {NAME} for <@UBO>, due Fri 20 Mar 2026"),
    (EntryKind.ITEM_ADDED, {"due_on": None}, f":memo: <@UANN> adds {NAME} for <@UBO>"),
    (
        EntryKind.ITEM_CHANGED,
        {"changes": {"due_on": ["2026-03-20", "2026-03-27"], "why": ["", "<b>"], "links": [["https://a"], []]}},
        f":pencil2: <@UANN> changes {NAME}\n> Due: Fri 20 Mar 2026 → Fri 27 Mar 2026\n"
        "> What and why: nothing → &lt;b&gt;\n> Links: https://a → nothing",
    ),
    (
        EntryKind.ITEM_ASSIGNED,
        {"from": "UBO", "to": "UCY", "why": "Knows it"},
        f":handshake: <@UANN> gives {NAME} to <@UCY>; it was <@UBO>'s\n> Knows it",
    ),
    (
        EntryKind.ITEM_ASSIGNED,
        {"from": "UBO", "to": "UANN", "why": ""},
        f":handshake: <@UANN> takes over {NAME} from <@UBO>",
    ),
    (EntryKind.ITEM_ACCEPTED, {}, f":ok_hand: <@UANN> takes on {NAME}"),
    (
        EntryKind.ITEM_DECLINED,
        {"from": "UANN", "to": "UCY", "why": "I am away"},
        f":back: <@UANN> does not take on {NAME}; it is <@UCY>'s now\n> I am away",
    ),
    (
        EntryKind.ITEM_STATE,
        {"from": "open", "to": "done", "reason": "", "evidence": "https://wiki/?a&b"},
        f":white_check_mark: <@UANN>: {NAME} is *done*\nShown by https://wiki/?a&amp;b",
    ),
    (
        EntryKind.ITEM_STATE,
        {"from": "done", "to": "verified", "reason": "", "evidence": "https://wiki"},
        f":ballot_box_with_check: <@UANN> has verified that {NAME} is done\nShown by https://wiki",
    ),
    (
        EntryKind.ITEM_STATE,
        {"from": "done", "to": "open", "reason": "It broke again", "evidence": None},
        f":leftwards_arrow_with_hook: <@UANN> opens {NAME} again\n> It broke again",
    ),
    (
        EntryKind.ITEM_STATE,
        {"from": "blocked", "to": "open", "reason": "", "evidence": None},
        f":white_circle: <@UANN>: {NAME} is *open*",
    ),
    (
        EntryKind.ITEM_STATE,
        {"from": "open", "to": "blocked", "reason": "the vendor", "evidence": None},
        f":construction: <@UANN>: {NAME} is *blocked*\n> the vendor",
    ),
    (
        EntryKind.ITEM_STATE,
        {"from": "open", "to": "wont_do", "reason": "It goes away", "evidence": None},
        f":no_entry_sign: <@UANN>: {NAME} *won't be done*\n> It goes away",
    ),
    (
        EntryKind.ITEM_SNOOZED,
        {"until": "2026-03-09", "reason": "", "time": 1},
        f":zzz: <@UANN> puts {NAME} off until Mon 9 Mar 2026",
    ),
    (
        EntryKind.ITEM_NEEDS_HELP,
        {"asked": "UCY", "words": "Which team?"},
        f":sos: <@UANN> asks <@UCY> for help with {NAME} of <@UBO>\n> Which team?",
    ),
    (EntryKind.ITEM_DECIDED, {"approved": True, "reason": ""}, f":thumbsup: <@UANN> approves {NAME}, for <@UBO>"),
    (
        EntryKind.CHECK_ANSWERED,
        {"days": 30, "answer": "not", "side_effects": "Pages at night", "similar": [8]},
        f":microscope: <@UANN>: {NAME} *has not worked*, 30 days after\nAlike since then: INC-8\n> Pages at night",
    ),
    (
        EntryKind.RISK_REVIEWED,
        {"risk": 3, "review_on": "2026-06-01", "answer": "moved", "into": "INC-2"},
        ":warning: <@UANN> takes along into INC-2 the risk “Alert &lt;early&gt;”",
    ),
]


@pytest.mark.parametrize(("kind", "data", "words"), SAID)
def test_what_happened_to_an_item_is_said_in_a_sentence(kind: EntryKind, data: dict[str, Any], words: str) -> None:
    assert entry_text(kind, by="UANN", data={**ITEM, **data}, process=PROCESS) == words


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            EntryKind.ITEM_ADDED,
            {"due_on": "2026-03-20"},
            "Action item ACT-7 Alert <early>, for {@UBO}, due Fri 20 Mar 2026",
        ),
        (
            EntryKind.ITEM_STATE,
            {"from": "open", "to": "wont_do", "reason": "It goes away", "evidence": None},
            "ACT-7 Alert <early>: open → won't be done: It goes away",
        ),
        (
            EntryKind.CHECK_ANSWERED,
            {"days": 90, "answer": "effective", "side_effects": "", "similar": []},
            "ACT-7 Alert <early> has worked, asked after 90 days",
        ),
        (
            EntryKind.RISK_REVIEWED,
            {"risk": 3, "review_on": "2026-06-01", "answer": "moved", "into": "INC-2"},
            "Risk “Alert <early>”: goes on in INC-2",
        ),
    ],
)
def test_the_record_says_it_in_plain_words(kind: EntryKind, data: dict[str, Any], words: str) -> None:
    entry = TimelineEntry(incident_id=1, sequence=1, kind=kind, by="UANN", happened_at=NOON, data={**ITEM, **data})

    assert words_of(entry, PROCESS) == words


def test_a_value_that_only_looks_like_a_day_is_left_as_it_is() -> None:
    data = {**ITEM, "changes": {"title": ["2026-13-40", "Two"]}}

    assert entry_text(EntryKind.ITEM_CHANGED, by="UANN", data=data, process=PROCESS).endswith(
        "> Title: 2026-13-40 → Two"
    )
