import pytest

from storage.engine import Database
from storage.tables import EntryKind, Status
from tests.workflows.asking import ask, newest_entry, opened, owed_by
from workflows.commands import AddNote


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
