"""What people put on the timeline, and change of it."""

from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import EntryKind, Incident, LedgerEntry, Status, TimelineEntry
from storage.timeline import find_timeline_entry, list_open
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ask, do, newest_entry, opened, owed_by, refused
from workflows.commands import AddNote, EditEntry, MarkMessage
from workflows.errors import ChangedMeanwhile, IncidentNotFound, InTheFuture, NoSuchEntry
from workflows.heard import Marks, Said
from workflows.participants import left
from workflows.transcript import capture

LATER = NOON + timedelta(minutes=30)


async def _entry(database: Database, sequence: int) -> TimelineEntry:
    async with database.read() as session:
        entry = await find_timeline_entry(session, 1, sequence)
        assert entry is not None
        return entry


async def _ledger(database: Database) -> list[LedgerEntry]:
    async with database.read() as session:
        return list(await list_entries(session, 1))


async def _noted(database: Database, incident: Incident, **said: Any) -> int:
    """The sequence of a new entry of Ann's."""
    await do(database, ask(AddNote, incident, **{"text": "Rolled bakc", **said}))
    return (await newest_entry(database)).sequence


def _edit(incident: Incident, entry: int, *, seen: int | None = None, **changes: Any) -> EditEntry:
    return ask(EditEntry, incident, entry=entry, seen=entry if seen is None else seen, **changes)


@pytest.mark.parametrize("status", list(Status))
async def test_a_note_is_put_on_the_timeline_in_any_status(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    owed = await owed_by(sqlite, ask(AddNote, incident, text="Rolled back 4.2", by="UBOB"))

    entry = await newest_entry(sqlite)
    assert (entry.kind, entry.by, entry.data) == (EntryKind.NOTE, "UBOB", {"text": "Rolled back 4.2"})
    assert [row.kind.value for row in owed] == ["tell_thread", "refresh_card", "digest_entry"]
    assert owed[0].payload == {
        "entry": "note",
        "by": "UBOB",
        "data": {"text": "Rolled back 4.2"},
        "happened_at": "2026-03-04T12:00:00+00:00",
    }


async def test_a_decision_is_on_the_timeline_with_the_objections_to_it(sqlite: Database) -> None:
    incident = await opened(sqlite)

    number = await _noted(sqlite, incident, text="Roll back", category="decision", objections="Bo: too early")

    entry = await _entry(sqlite, number)
    assert (entry.category, entry.by, entry.state) == ("decision", "UANN", None)
    assert entry.data == {"text": "Roll back", "category": "decision", "objections": "Bo: too early"}


async def test_what_happened_earlier_is_put_where_it_belongs(sqlite: Database) -> None:
    incident = await opened(sqlite)

    number = await _noted(sqlite, incident, happened_at=NOON - timedelta(hours=1))

    assert (await _entry(sqlite, number)).happened_at == NOON - timedelta(hours=1)
    assert (await newest_entry(sqlite)).recorded_at == NOON


async def test_what_is_still_to_come_is_refused(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident)
    soon = NOON + timedelta(minutes=3)

    assert "still to come" in await refused(sqlite, ask(AddNote, incident, text="x", happened_at=soon), InTheFuture)
    await refused(sqlite, _edit(incident, number, happened_at=soon), InTheFuture)


async def test_a_clock_that_is_a_little_ahead_means_now(sqlite: Database) -> None:
    incident = await opened(sqlite)

    number = await _noted(sqlite, incident, happened_at=NOON + timedelta(minutes=1))

    assert (await _entry(sqlite, number)).happened_at == NOON


async def test_secrets_are_masked_wherever_somebody_types_them(sqlite: Database) -> None:
    secret = "AKIA" + "ABCDEFGHIJKLMNOP"
    incident = await opened(sqlite)

    number = await _noted(sqlite, incident, text=secret, link=f"https://x/{secret}", objections=secret)
    await do(sqlite, _edit(incident, number, words=f"It was {secret}"))

    assert not any(secret in str(entry.data) for entry in await _ledger(sqlite))
    assert (await _entry(sqlite, number)).words == "It was [masked: AWS key]"


async def test_an_edit_shows_the_new_words_and_keeps_the_earlier_ones(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident)

    await do(sqlite, _edit(incident, number, words="Rolled back", by="UBO"), now=LATER)

    entry, (*_, first, edit) = await _entry(sqlite, number), await _ledger(sqlite)
    assert (entry.words, entry.edited, entry.by, entry.happened_at) == ("Rolled back", True, "UANN", NOON)
    assert first.data == {"text": "Rolled bakc"}
    assert (edit.kind, edit.by, edit.recorded_at) == (EntryKind.ENTRY_EDITED, "UBO", LATER)
    assert edit.data == {"of": number, "words": "Rolled back", "happened_at": NOON.isoformat()}


async def test_a_time_is_corrected_and_the_words_stay(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident)
    earlier = NOON - timedelta(minutes=10)

    await do(sqlite, _edit(incident, number, happened_at=earlier))

    entry = await _entry(sqlite, number)
    assert (entry.words, entry.happened_at, entry.edited) == (None, earlier, True)


@pytest.mark.parametrize(
    ("category", "first", "state"),
    [
        ("theory", "open", "confirmed"),
        ("theory", "open", "ruled_out"),
        ("workaround", "in_place", "replaced"),
        ("evidence", "new", "reviewed"),
        ("action", None, "worked"),
        ("action", None, "no_effect"),
        ("containment", None, "worse"),
    ],
)
async def test_what_became_of_it_is_said_and_by_whom(
    sqlite: Database, category: str, first: str | None, state: str
) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident, category=category)
    assert (await _entry(sqlite, number)).state == first

    await do(sqlite, _edit(incident, number, state=state, by="UBO"))

    entry = await _entry(sqlite, number)
    assert (entry.state, entry.data["settled_by"]) == (state, "UBO")


async def test_a_state_that_does_not_fit_is_not_taken(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident, category="theory")

    await do(sqlite, _edit(incident, number, state="worked"))

    assert (await _entry(sqlite, number)).state == "open"
    assert (await newest_entry(sqlite)).sequence == number


async def test_evidence_for_a_theory_is_kept_without_settling_it(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident, category="theory")

    await do(sqlite, _edit(incident, number, links=("https://graph",), by="UBO"))

    entry = await _entry(sqlite, number)
    assert (entry.state, entry.data["links"], entry.data.get("settled_by")) == ("open", ["https://graph"], None)


async def test_a_workaround_is_in_place_until_another_takes_its_place(sqlite: Database) -> None:
    incident = await opened(sqlite)
    first = await _noted(sqlite, incident, text="Pay by phone", category="workaround")

    second = await _noted(sqlite, incident, text="Pay by invoice", category="workaround")

    assert ((await _entry(sqlite, first)).state, (await _entry(sqlite, second)).state) == ("replaced", "in_place")
    async with sqlite.read() as session:
        assert [entry.sequence for entry in await list_open(session, [1])] == [second]


async def test_an_entry_is_hidden_and_shown_again_and_nothing_is_lost(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident)

    await do(sqlite, _edit(incident, number, hidden=True))
    assert (await _entry(sqlite, number)).hidden is True
    await do(sqlite, _edit(incident, number, seen=number + 1, hidden=False))

    assert (await _entry(sqlite, number)).hidden is False
    kinds = [entry.kind.value for entry in await _ledger(sqlite)]
    assert kinds[-3:] == ["note", "entry_hidden", "entry_shown"]


async def test_the_card_is_drawn_anew_where_it_shows_what_changed(sqlite: Database) -> None:
    incident = await opened(sqlite)
    theory = await _noted(sqlite, incident, category="theory")
    note = await _noted(sqlite, incident)

    settled = await owed_by(sqlite, _edit(incident, theory, state="ruled_out"))
    reworded = await owed_by(sqlite, _edit(incident, note, words="Rolled back"))

    assert [row.kind.value for row in settled] == ["refresh_card", "digest_entry"]
    assert reworded == []


async def test_of_two_who_edit_at_once_the_second_is_told_and_nothing_is_overwritten(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident)
    await do(sqlite, _edit(incident, number, words="Rolled back to 41", by="UBO"))

    told = await refused(sqlite, _edit(incident, number, words="Rolled back to 40"), ChangedMeanwhile)

    assert told.startswith("{@UBO} changed this entry while you had it open")
    assert (await _entry(sqlite, number)).words == "Rolled back to 41"


async def test_two_who_change_different_things_of_an_entry_both_get_their_way(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident, category="theory")
    await do(sqlite, _edit(incident, number, state="confirmed", by="UBO"))

    await do(sqlite, _edit(incident, number, words="The new cache"))

    entry = await _entry(sqlite, number)
    assert (entry.state, entry.words) == ("confirmed", "The new cache")


async def test_two_who_want_the_same_change_it_once(sqlite: Database) -> None:
    incident = await opened(sqlite)
    number = await _noted(sqlite, incident)

    for who in ("UANN", "UBO"):
        await do(sqlite, _edit(incident, number, hidden=True, by=who))

    assert [entry.kind.value for entry in await _ledger(sqlite)].count("entry_hidden") == 1


async def test_an_entry_that_is_not_there_is_not_changed(sqlite: Database) -> None:
    incident = await opened(sqlite)

    assert "not on the timeline of INC-1 any more" in await refused(sqlite, _edit(incident, 99, words="x"), NoSuchEntry)


async def test_who_has_left_a_private_incident_changes_nothing_of_its_timeline(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    number = await _noted(sqlite, incident)
    async with sqlite.transaction() as session:
        await left(session, "CINC1", "UANN", at=NOON)

    await refused(sqlite, _edit(incident, number, words="x", asked_in="CINC1"), IncidentNotFound)
    await refused(sqlite, ask(AddNote, incident, text="x", asked_in="CINC1"), IncidentNotFound)


SAID = Said(channel_id="CINC1", ts="1772625660.000000", posted_at=NOON + timedelta(minutes=1), author="UBO", text="Bak")


async def _hear(database: Database, *heard: Said) -> None:
    async with database.transaction() as session:
        await capture(session, heard, process=PROCESS, now=LATER)


async def test_a_message_marked_in_a_form_is_on_the_timeline_as_its_presser_says(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await _hear(sqlite, SAID)
    command = ask(MarkMessage, incident, ts=SAID.ts, mark="action", words="Back", happened_at=NOON)

    await do(sqlite, command, now=LATER)

    *_, first, edit = await _ledger(sqlite)
    entry = await _entry(sqlite, first.sequence)
    assert (entry.by, entry.category, entry.data["marked_by"]) == ("UBO", "action", ["UANN"])
    assert (entry.words, entry.happened_at) == ("Back", NOON)
    assert (first.data["text"], first.happened_at) == ("Bak", SAID.posted_at)
    assert (edit.kind, edit.by) == (EntryKind.ENTRY_EDITED, "UANN")


async def test_a_message_marked_in_a_form_as_it_is_needs_no_amendment(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await _hear(sqlite, SAID)

    await do(sqlite, ask(MarkMessage, incident, ts=SAID.ts, mark="theory"), now=LATER)

    assert (await newest_entry(sqlite)).kind is EntryKind.MESSAGE


async def test_a_mark_made_in_a_form_stays_where_history_shows_no_reaction(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await _hear(sqlite, SAID)
    await do(sqlite, ask(MarkMessage, incident, ts=SAID.ts, mark="theory"), now=LATER)
    number = (await newest_entry(sqlite)).sequence

    seen = Marks({}, is_complete=True, seen_at=LATER + timedelta(minutes=1))
    await _hear(sqlite, Said(**{**vars(SAID), "marks": seen}))

    assert (await _entry(sqlite, number)).withdrawn is False


async def test_a_message_whose_entry_was_hidden_shows_again_when_somebody_adds_it(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await _hear(sqlite, SAID)
    await do(sqlite, ask(MarkMessage, incident, ts=SAID.ts, mark="theory"), now=LATER)
    number = (await newest_entry(sqlite)).sequence
    await do(sqlite, _edit(incident, number, seen=number, hidden=True))

    owed = await owed_by(sqlite, ask(MarkMessage, incident, ts=SAID.ts, mark="theory", words="Back"), now=LATER)

    entry = await _entry(sqlite, number)
    assert (entry.hidden, entry.words) == (False, "Back")
    assert "refresh_card" in [row.kind.value for row in owed]


async def test_a_message_nobody_has_heard_cannot_be_marked(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await refused(sqlite, ask(MarkMessage, incident, ts="1.000000", mark="theory"), NoSuchEntry)


async def test_a_concern_is_open_until_it_is_addressed_and_is_put_to_the_lead(sqlite: Database) -> None:
    incident = await opened(sqlite, lead="UBO", status=Status.RESOLVED)
    await do(sqlite, ask(AddNote, incident, text="Refunds may be lost", category="concern"))
    async with sqlite.read() as session:
        (concern,) = await list_open(session, [incident.number])
    assert (concern.category, concern.state, concern.data["to"]) == ("concern", "open", "UBO")

    edit = ask(EditEntry, incident, entry=concern.sequence, seen=concern.sequence, state="addressed")
    await do(sqlite, edit)

    async with sqlite.read() as session:
        assert await list_open(session, [incident.number]) == []


async def test_a_concern_of_the_lead_is_put_to_nobody_else(sqlite: Database) -> None:
    incident = await opened(sqlite, lead="UANN")

    await do(sqlite, ask(AddNote, incident, text="Refunds may be lost", category="concern"))

    assert "to" not in (await newest_entry(sqlite)).data
