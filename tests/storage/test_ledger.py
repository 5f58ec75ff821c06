import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.engine import Database
from storage.incidents import lock_incident
from storage.ledger import BrokenEntry, hash_of, list_entries, record, verify
from storage.tables import EntryKind, LedgerEntry
from tests.builders import NOON, an_incident

DISARM = {
    True: ["DROP TRIGGER ledger_entry_no_update", "DROP TRIGGER ledger_entry_no_delete"],
    False: ["ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_change"],
}
"""What somebody who wants to tamper does first, on SQLite and on PostgreSQL."""


async def _note(database: Database, words: str, incident_id: int = 1) -> None:
    async with database.transaction() as session:
        incident = await lock_incident(session, incident_id)
        assert incident is not None
        record(session, incident, EntryKind.NOTE, by="UANN", at=NOON, data={"text": words})


async def _five_entries(database: Database) -> None:
    """INC-1 with five entries: declared, its lead, three notes."""
    async with database.transaction() as session:
        await an_incident(session)
    for words in ("one", "two", "three"):
        await _note(database, words)


async def _tamper(database: Database, *statements: str) -> None:
    async with database.transaction() as session:
        for statement in (*DISARM[database.is_sqlite], *statements):
            await session.execute(text(statement))


async def test_each_entry_is_chained_to_the_one_before_and_the_incident_knows_the_newest(database: Database) -> None:
    await _five_entries(database)

    async with database.read() as session:
        entries = await list_entries(session, 1)
        incident = await lock_incident(session, 1)
        assert [entry.sequence for entry in entries] == [1, 2, 3, 4, 5]
        assert [entry.previous_hash for entry in entries] == ["", *(entry.hash for entry in entries[:-1])]
        assert incident is not None
        assert (incident.ledger_length, incident.ledger_hash) == (5, entries[-1].hash)
        assert await verify(session) == (5, None)


async def test_an_entry_keeps_when_it_was_so_beside_when_it_was_recorded(database: Database) -> None:
    earlier = NOON - timedelta(minutes=20)
    async with database.transaction() as session:
        incident = await an_incident(session)
        record(session, incident, EntryKind.NOTE, by="UANN", at=NOON, happened_at=earlier)

    async with database.read() as session:
        entry = (await list_entries(session, 1))[-1]
        assert (entry.happened_at, entry.recorded_at) == (earlier, NOON)
        assert await verify(session) == (3, None)


async def test_a_hundred_notes_at_once_have_gapless_numbers_and_a_whole_chain(database: Database) -> None:
    async with database.transaction() as session:
        await an_incident(session)

    await asyncio.gather(*(_note(database, f"note {number}") for number in range(100)))

    async with database.read() as session:
        entries = await list_entries(session, 1)
        assert [entry.sequence for entry in entries] == list(range(1, 103))
        assert {entry.data["text"] for entry in entries[2:]} == {f"note {number}" for number in range(100)}
        assert await verify(session) == (102, None)


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_entry SET by = by WHERE sequence = 1", "DELETE FROM ledger_entry WHERE sequence = 5"]
)
async def test_the_database_refuses_to_change_or_delete_an_entry(database: Database, statement: str) -> None:
    await _five_entries(database)

    with pytest.raises(DBAPIError, match="ledger entries are never"):
        async with database.transaction() as session:
            await session.execute(text(statement))

    async with database.read() as session:
        assert await verify(session) == (5, None)


@pytest.mark.parametrize(
    ("statements", "sequence", "because"),
    [
        (
            ["""UPDATE ledger_entry SET data = '{"text": "other"}' WHERE sequence = 3"""],
            3,
            "its contents are not what was written",
        ),
        (["UPDATE ledger_entry SET by = 'UBOB' WHERE sequence = 4"], 4, "its contents are not what was written"),
        (
            ["UPDATE ledger_entry SET happened_at = '2026-03-04 11:00:00' WHERE sequence = 5"],
            5,
            "its contents are not what was written",
        ),
        (["DELETE FROM ledger_entry WHERE sequence = 1"], 1, "an entry is missing; the next one found is 2"),
        (["DELETE FROM ledger_entry WHERE sequence = 3"], 3, "an entry is missing; the next one found is 4"),
        (["DELETE FROM ledger_entry WHERE sequence >= 4"], 4, "the newest entries are missing"),
        (["UPDATE incident SET ledger_length = 4"], 5, "the incident counts no entry after the one before"),
        (["UPDATE incident SET ledger_hash = 'other'"], 5, "it is not the entry that the incident knows as its newest"),
        (
            [
                "UPDATE ledger_entry SET sequence = 99 WHERE sequence = 3",
                "UPDATE ledger_entry SET sequence = 3 WHERE sequence = 4",
                "UPDATE ledger_entry SET sequence = 4 WHERE sequence = 99",
            ],
            3,
            "it is not chained to the entry before it",
        ),
    ],
    ids=[
        "changed data",
        "changed author",
        "changed time",
        "first removed",
        "middle removed",
        "newest removed",
        "one too many",
        "newest replaced",
        "swapped",
    ],
)
async def test_tampering_is_found_at_its_first_entry(
    database: Database, statements: list[str], sequence: int, because: str
) -> None:
    await _five_entries(database)
    await _tamper(database, *statements)

    async with database.read() as session:
        checked, broken = await verify(session)

    assert broken == BrokenEntry("INC-1", sequence, because)
    assert checked == sequence - 1


async def test_the_first_broken_incident_is_named_and_those_before_it_are_counted(sqlite: Database) -> None:
    await _five_entries(sqlite)
    async with sqlite.transaction() as session:
        await an_incident(session)
    await _tamper(sqlite, "UPDATE ledger_entry SET by = 'UBOB' WHERE incident_id = 2 AND sequence = 2")

    async with sqlite.read() as session:
        checked, broken = await verify(session)

    assert broken is not None
    assert (checked, broken.ref, broken.sequence) == (6, "INC-2", 2)


def _entry(**changes: object) -> LedgerEntry:
    values = {
        "incident_id": 1,
        "sequence": 1,
        "kind": EntryKind.NOTE,
        "happened_at": NOON,
        "recorded_at": NOON,
        "by": "UANN",
        "data": {"text": "x"},
        "previous_hash": "",
    }
    return LedgerEntry(**{**values, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"incident_id": 2},
        {"sequence": 2},
        {"kind": EntryKind.UPDATE},
        {"happened_at": NOON + timedelta(microseconds=1)},
        {"recorded_at": NOON + timedelta(microseconds=1)},
        {"by": "UBOB"},
        {"data": {"text": "y"}},
        {"previous_hash": "0"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_hash_covers_everything_an_entry_says(changes: dict[str, object]) -> None:
    assert hash_of(_entry()) != hash_of(_entry(**changes))


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=4))
def test_the_hash_does_not_depend_on_the_order_of_keys(data: dict[str, object]) -> None:
    assert hash_of(_entry(data=data)) == hash_of(_entry(data=dict(reversed(data.items()))))


async def test_words_in_any_script_come_back_as_they_were_hashed(database: Database) -> None:
    async with database.transaction() as session:
        await an_incident(session, title="障害 🔥 <!channel> é e\u0301 \\u0041 \"'")

    async with database.read() as session:
        assert await verify(session) == (2, None)
