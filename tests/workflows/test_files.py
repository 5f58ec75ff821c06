"""What is written down when a file has been fetched, or cannot be."""

import pytest

from storage.engine import Database
from storage.files import find_file
from storage.ledger import list_entries
from storage.tables import DeliveryKind, EntryKind, SharedFile
from storage.timeline import fold, list_shown
from tests.builders import NOON, PROCESS
from tests.workflows.asking import happens, opened
from workflows.heard import Said, SaidFile
from workflows.transcript import capture

GRAPH = SaidFile("F1", "graph.png", "image/png", 1200)


@pytest.fixture
async def shared(sqlite: Database) -> Database:
    """Bo has shared a graph in the channel of INC-1."""
    await opened(sqlite)
    ts = f"{NOON.timestamp():.6f}"
    said = Said(channel_id="CINC1", ts=ts, posted_at=NOON, author="UBO", text="look", files=(GRAPH,))
    async with sqlite.transaction() as session:
        await capture(session, [said], process=PROCESS, now=NOON)
    return sqlite


async def _file(database: Database) -> SharedFile:
    async with database.read() as session:
        file = await find_file(session, 1, "F1")
        assert file is not None
        return file


async def test_a_stored_file_is_named_by_its_hash_on_the_timeline(shared: Database) -> None:
    await happens(shared, DeliveryKind.FETCH_FILE, {"sha256": "ab12"})

    file = await _file(shared)
    async with shared.read() as session:
        (shown,) = [entry for entry in await list_shown(session, 1) if entry.message_ts]
        entries = await list_entries(session, 1)
    assert (file.sha256, file.not_stored_because) == ("ab12", None)
    assert shown.data["files"][0]["sha256"] == "ab12"
    assert entries[-1].kind is EntryKind.FILE_STORED
    assert fold(entries)[shown.sequence].data == shown.data


async def test_why_a_file_is_not_stored_is_kept_in_words(shared: Database) -> None:
    await happens(shared, DeliveryKind.FETCH_FILE, {"because": "it is larger than 25 MB"})

    file = await _file(shared)
    assert (file.sha256, file.not_stored_because) == (None, "it is larger than 25 MB")


async def test_bytes_that_are_stored_stay_so_when_the_file_was_shared_again_and_then_deleted(shared: Database) -> None:
    again = Said(
        channel_id="CINC1", ts=f"{NOON.timestamp() + 60:.6f}", posted_at=NOON, author="UBO", text="", files=(GRAPH,)
    )
    async with shared.transaction() as session:
        await capture(session, [again], process=PROCESS, now=NOON)

    await happens(shared, DeliveryKind.FETCH_FILE, {"sha256": "ab12"})
    await happens(shared, DeliveryKind.FETCH_FILE, {"because": "it was deleted"})

    file = await _file(shared)
    assert (file.sha256, file.not_stored_because) == ("ab12", None)
