"""The record: everything that is known of an incident, by hand-written expectation."""

from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.entries import entry_text
from storage.engine import Database
from storage.incidents import find_incident
from storage.tables import EntryKind, ItemState, TimelineEntry
from storage.timeline import SHOWN
from tests.bot.values import entries_data
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ask, do, incident_now, newest_entry, opened
from tests.workflows.item_asking import an_item, moved
from tests.workflows.telling_all import a_whole_incident
from workflows.commands import AddNote, EditEntry, MergeIncident
from workflows.record import record_of
from workflows.record_words import who, words_of

MINUTE = timedelta(minutes=1)


async def _record(database: Database, number: int = 1) -> dict[str, Any]:
    async with database.read() as session:
        incident = await find_incident(session, number)
        assert incident is not None
        return await record_of(session, incident, process=PROCESS)


def _at(minutes: int) -> str:
    return (NOON + minutes * MINUTE).isoformat()


@pytest.fixture
async def record(sqlite: Database) -> dict[str, Any]:
    """Of the incident in which everything happens."""
    await a_whole_incident(sqlite)
    return await _record(sqlite)


async def test_the_record_has_every_time_and_how_long_it_took(record: dict[str, Any]) -> None:
    assert {each["name"]: each["at"] for each in record["times"]} == {
        "Impact began": _at(-10),
        "Detected": None,
        "Declared": _at(0),
        "Lead assigned": _at(0),
        "Contained": _at(5),
        "First update": _at(20),
        "Mitigated": _at(40),
        "Impact ended": _at(40),
        "Resolved": _at(70),
    }
    assert {each["name"]: each["seconds"] for each in record["durations"]} == {
        "Impact": 50 * 60,
        "To detect": None,
        "To contain": 5 * 60,
        "Declared to resolved": 70 * 60,
    }


async def test_the_record_sets_targets_beside_what_happened(record: dict[str, Any]) -> None:
    assert record["targets"] == [
        {"name": "Lead", "within": 300, "took": 0, "kept": True},
        {"name": "First update", "within": 1800, "took": 1200, "kept": True},
        {"name": "Triage", "within": 900, "took": 120, "kept": True},
    ]


async def test_every_action_is_listed_in_order_with_its_result(record: dict[str, Any]) -> None:
    assert [(each["at"], each["by"], each["words"], each["state"]) for each in record["actions"]] == [
        (_at(5), "Bob", "Took shop 3 off the net", None),
        (_at(6), "Bob", "Rolled back to 41", "worked"),
    ]


async def test_theories_have_their_state_and_evidence_and_decisions_their_objections(record: dict[str, Any]) -> None:
    (theory,) = record["theories"]
    assert (theory["words"], theory["state"]) == ("It is the cache", "ruled_out")
    assert (theory["settled_by"], theory["links"]) == ("Ann", ["https://graphs.example/cache"])
    assert [each["words"] for each in record["decisions"]] == ["We do not fail over\nObjections: Cat: too slow"]
    assert [each["words"] for each in record["workarounds"]] == ["Pay by invoice"]


async def test_questions_have_their_answer_and_how_long_they_waited(record: dict[str, Any]) -> None:
    (question,) = record["questions"]
    assert (question["by"], question["to"], question["text"]) == ("Ann", "Cat", "Did you deploy?")
    assert (question["outcome"], question["settled_by"], question["waited"]) == ("No", "Cat", 64 * 60)


async def test_updates_say_which_promise_they_kept(record: dict[str, Any]) -> None:
    assert [(each["words"], each["promised_at"], each["kept"]) for each in record["updates"]] == [
        ("Rolled back", _at(30), True),
        ("Looks good", _at(35), False),
    ]
    assert record["promises"] == {"kept": 1, "missed": 1}


async def test_notices_are_listed_by_recipient_with_how_each_went(record: dict[str, Any]) -> None:
    mails = [(each["to"], each["outcome"], each["because"]) for each in record["notices"] if each["by"] == "mail"]
    assert mails == [("boss@shops.example", "sent", None), ("gone@shops.example", "gave_up", "550 no such mailbox")]


async def test_everybody_who_had_a_part_is_named_with_their_roles(record: dict[str, Any]) -> None:
    assert [(each["name"], each["roles"]) for each in record["people"]] == [
        ("Ann", ["Lead"]),
        ("Bob", ["Communications"]),
        ("Cat", []),
    ]
    assert "{@" not in str(record)


async def test_the_timeline_is_in_order_of_time_and_leaves_out_what_was_hidden(sqlite: Database) -> None:
    incident = await opened(sqlite)
    for minutes, text in ((30, "third"), (20, "second"), (10, "hidden")):
        happened_at = NOON + minutes * MINUTE
        await do(sqlite, ask(AddNote, incident, text=text, happened_at=happened_at), now=NOON + 40 * MINUTE)
    hidden = (await newest_entry(sqlite)).sequence
    await do(sqlite, ask(EditEntry, incident, entry=hidden, seen=hidden, hidden=True), now=NOON + 41 * MINUTE)

    timeline = (await _record(sqlite))["timeline"]

    assert [each["words"] for each in timeline if each["kind"] == "note"] == ["second", "third"]
    assert [each["at"] for each in timeline] == sorted(each["at"] for each in timeline)


async def test_a_theory_that_nothing_shows_is_named_until_there_is_evidence_or_it_is_ruled_out(
    sqlite: Database,
) -> None:
    incident = await opened(sqlite)
    entries = []
    for text in ("It is the cache", "It is the network", "It is the disk"):
        await do(sqlite, ask(AddNote, incident, text=text, category="theory"), now=NOON + MINUTE)
        entries.append((await newest_entry(sqlite)).sequence)
    cache, network, _ = entries
    shown = ask(EditEntry, incident, entry=cache, seen=99, state="open", links=("https://graphs.example/cache",))
    await do(sqlite, shown, now=NOON + 2 * MINUTE)
    await do(sqlite, ask(EditEntry, incident, entry=network, seen=99, state="ruled_out"), now=NOON + 2 * MINUTE)

    record = await _record(sqlite)

    assert [each["words"] for each in record["unfounded"]] == ["It is the disk"]
    assert [len(each["links"]) for each in record["theories"]] == [1, 0, 0]


async def test_what_was_merged_says_when_and_into_which(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await opened(sqlite)
    await do(sqlite, ask(MergeIncident, incident, into=2, reason="The same"), now=NOON + MINUTE)

    merged, other = await _record(sqlite), await _record(sqlite, 2)

    assert merged["incident"]["merged_into"] == "INC-2"
    assert {"name": "Merged", "at": _at(1)} in merged["times"]
    assert "Merged" not in [each["name"] for each in other["times"]]
    assert (await incident_now(sqlite)).ended_because == "The same"


async def test_an_action_item_shows_as_it_stands_now(sqlite: Database) -> None:
    item = await an_item(sqlite)
    assert [(each["ref"], each["state"]) for each in (await _record(sqlite))["action_items"]] == [("ACT-1", "open")]

    await moved(sqlite, item, ItemState.DONE, evidence="https://wiki.example.com")

    (shown,) = (await _record(sqlite))["action_items"]
    assert (shown["state"], shown["evidence"]) == ("done", "https://wiki.example.com")


@pytest.mark.parametrize("kind", sorted(SHOWN))
def test_every_kind_of_entry_has_plain_words(kind: EntryKind) -> None:
    data = entries_data("words", PROCESS)[kind]
    entry = TimelineEntry(incident_id=1, sequence=1, kind=kind, by="UANN", happened_at=NOON, data=data)

    assert words_of(entry, PROCESS).strip()
    entry.words = "Words in their place"
    assert words_of(entry, PROCESS) == "Words in their place"


def test_words_that_look_like_a_time_are_read_as_they_were_typed() -> None:
    data = {"cost": [None, "20260304"], "detected_at": [None, NOON.isoformat()]}
    entry = TimelineEntry(
        incident_id=1, sequence=1, kind=EntryKind.FACTS_CHANGED, by="UANN", happened_at=NOON, data=data
    )

    assert words_of(entry, PROCESS) == (
        "Facts: cost: not said → 20260304; detected at: not said → 2026-03-04 12:00 UTC"
    )
    assert entry_text(EntryKind.FACTS_CHANGED, by="UANN", data=data, process=PROCESS).splitlines()[1] == (
        "> Money or agreements: 20260304"
    )


@pytest.mark.parametrize(
    ("by", "data", "name"),
    [
        ("UANN", {}, "{@UANN}"),
        ("B1", {"author_name": "Deploys"}, "Deploys"),
        ("sitrep", {}, "Sitrep"),
        ("B1", {}, "B1"),
    ],
)
def test_whoever_wrote_an_entry_has_a_name(by: str, data: dict[str, Any], name: str) -> None:
    assert who(by, data) == name
