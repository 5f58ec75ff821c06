import asyncio
from datetime import datetime, timedelta

from storage.engine import Database
from storage.incidents import list_participants
from storage.ledger import list_entries
from storage.tables import DeliveryKind, EntryKind, Participant, Status
from tests.builders import NOON
from tests.workflows.asking import ask, contents, do, opened, waiting
from workflows.commands import AssignRole
from workflows.participants import joined, left, members_seen, owe_looking_up

LATER = NOON + timedelta(minutes=5)
SECOND = timedelta(seconds=1)


async def _join(database: Database, user_id: str, channel_id: str = "CINC1", *, at: datetime = NOON) -> None:
    async with database.transaction() as session:
        await joined(session, channel_id, user_id, at=at, now=at)


async def _leave(database: Database, user_id: str, channel_id: str = "CINC1", *, at: datetime = LATER) -> None:
    async with database.transaction() as session:
        await left(session, channel_id, user_id, at=at)


async def _present(database: Database) -> list[str]:
    async with database.read() as session:
        return [row.user_id for row in await list_participants(session, 1) if row.left_at is None]


async def test_who_joins_is_there_until_they_leave_and_again_when_they_come_back(database: Database) -> None:
    await opened(database)

    await _join(database, "UBOB")
    assert await _present(database) == ["UBOB"]
    await _leave(database, "UBOB")
    assert await _present(database) == []
    await _join(database, "UBOB", at=LATER + SECOND)
    assert await _present(database) == ["UBOB"]


async def test_news_that_comes_late_changes_nothing(database: Database) -> None:
    await opened(database)
    await _join(database, "UBOB")
    await _leave(database, "UBOB")

    await _join(database, "UBOB", at=LATER - SECOND)
    async with database.transaction() as session:
        await members_seen(session, 1, ["UBOB"], at=LATER - SECOND)

    assert await _present(database) == []


async def test_a_leave_that_comes_before_its_join_is_kept(database: Database) -> None:
    await opened(database)

    await _leave(database, "UBOB", at=LATER)
    await _join(database, "UBOB", at=NOON)

    assert await _present(database) == []


async def test_comings_and_goings_in_other_channels_do_not_matter(sqlite: Database) -> None:
    await opened(sqlite)
    before = await contents(sqlite)

    await _join(sqlite, "UBOB", "CRANDOM")
    await _leave(sqlite, "UBOB", "CRANDOM")

    assert await contents(sqlite) == before


async def test_who_is_seen_in_the_channel_is_there_and_who_is_not_has_left(sqlite: Database) -> None:
    await opened(sqlite)
    for user_id in ("UANN", "UBOB", "UCAT"):
        await _join(sqlite, user_id)
    await _leave(sqlite, "UCAT")

    async with sqlite.transaction() as session:
        await members_seen(session, 1, ["UCAT", "UANN", "UDAN"], at=LATER)

    assert await _present(sqlite) == ["UANN", "UCAT", "UDAN"]


async def test_somebody_who_is_seen_to_join_by_two_at_once_is_there_once(postgres: Database) -> None:
    await opened(postgres)
    async with postgres.transaction() as session:
        await joined(session, "CINC1", "UBOB", at=NOON, now=NOON)
        await session.flush()
        again = asyncio.create_task(_join(postgres, "UBOB"))
        await _is_waiting_for_a_lock(postgres)

    await again
    assert await _present(postgres) == ["UBOB"]


async def _is_waiting_for_a_lock(database: Database) -> None:
    """Return once some other connection to this database waits for us."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with database.engine.connect() as connection, asyncio.timeout(10):
        while not (await connection.exec_driver_sql(query)).scalar():
            await connection.rollback()


async def test_the_channels_of_private_incidents_are_looked_at(sqlite: Database) -> None:
    await opened(sqlite, private=False)
    resolved = await opened(sqlite, private=True, status=Status.RESOLVED)
    working = await opened(sqlite, private=True)

    async with sqlite.transaction() as session:
        await owe_looking_up(session, now=LATER)
        await owe_looking_up(session, now=LATER)
        looks = [row for row in await waiting(session) if row.kind is DeliveryKind.LOOK_UP_PARTICIPANTS]

    assert [(row.incident_id, row.due_at) for row in looks] == [(resolved.number, LATER), (working.number, LATER)]


async def test_a_participant_is_remembered_with_when_they_came_and_went(sqlite: Database) -> None:
    await opened(sqlite)
    await _join(sqlite, "UBOB")
    await _leave(sqlite, "UBOB")

    async with sqlite.read() as session:
        (row,) = await list_participants(session, 1)
    assert row == Participant(incident_id=1, user_id="UBOB", joined_at=NOON, left_at=LATER)


async def _joinings(database: Database) -> list[tuple[str, object, datetime, datetime]]:
    async with database.read() as session:
        entries = [entry for entry in await list_entries(session, 1) if entry.kind is EntryKind.JOINED]
    return [(entry.by, entry.data["roles"], entry.happened_at, entry.recorded_at) for entry in entries]


async def test_that_who_holds_a_role_has_come_is_recorded_once(database: Database) -> None:
    incident = await opened(database)
    await do(database, ask(AssignRole, incident, role="scribe", to="UBOB"))

    async with database.transaction() as session:
        await joined(session, "CINC1", "UBOB", at=NOON, now=LATER)
    await _leave(database, "UBOB")
    await _join(database, "UBOB", at=LATER + SECOND)

    assert await _joinings(database) == [("UBOB", ["scribe"], NOON, LATER)]


async def test_that_others_and_the_declarer_have_come_is_not_recorded(sqlite: Database) -> None:
    await opened(sqlite)

    await _join(sqlite, "UCAT")
    await _join(sqlite, "UANN")

    assert await _joinings(sqlite) == []
