import stat
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from storage.deliveries import owe
from storage.engine import BUSY_TIMEOUT, BadDatabaseAddress, Database, database_url
from storage.tables import DeliveryKind, Person, RoleAssignment
from tests.builders import NOON, an_incident


@pytest.mark.parametrize(
    ("written", "driver", "file_or_name"),
    [
        ("sqlite:///sitrep.db", "sqlite+aiosqlite", "sitrep.db"),
        ("sqlite:////var/lib/sitrep.db", "sqlite+aiosqlite", "/var/lib/sitrep.db"),
        ("postgresql://ann:secret@db:5433/sitrep", "postgresql+asyncpg", "sitrep"),
        ("postgres://ann:secret@db/sitrep", "postgresql+asyncpg", "sitrep"),
        ("postgresql+psycopg2://ann@db/sitrep", "postgresql+asyncpg", "sitrep"),
    ],
)
def test_an_address_is_taken_as_people_write_it(written: str, driver: str, file_or_name: str) -> None:
    url = database_url(written)

    assert (url.drivername, url.database) == (driver, file_or_name)


def test_the_sslmode_of_libpq_is_given_to_asyncpg_under_its_own_name() -> None:
    url = database_url("postgres://ann@db/sitrep?sslmode=require&application_name=sitrep")

    assert dict(url.query)["ssl"] == "require"
    assert url.query.keys() == {"ssl"}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "DATABASE_URL is not an address; write sqlite:///file.db or postgresql://…"),
        ("sitrep.db", "DATABASE_URL is not an address; write sqlite:///file.db or postgresql://…"),
        ("postgresql://db:port/x", "DATABASE_URL is not an address; write sqlite:///file.db or postgresql://…"),
        ("postgresql://db/x?colour=red", "DATABASE_URL has ?colour=, which is not understood here; leave it out."),
        ("mysql://db/x", "DATABASE_URL begins with 'mysql'; write sqlite:///file.db or postgresql://…"),
    ],
)
def test_an_address_of_another_kind_is_refused_with_what_to_write(written: str, sentence: str) -> None:
    with pytest.raises(BadDatabaseAddress) as refusal:
        database_url(written)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("mode_before", [None, 0o644, 0o660])
async def test_a_sqlite_file_is_readable_by_its_owner_only(tmp_path: Path, mode_before: int | None) -> None:
    file = tmp_path / "sitrep.db"
    if mode_before is not None:
        file.touch()
        file.chmod(mode_before)

    database = Database(f"sqlite:///{file}")
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE t (x)"))
        await session.execute(text("INSERT INTO t VALUES (1)"))
    modes = _modes(tmp_path)
    await database.close()

    assert modes == {"sitrep.db": 0o600, "sitrep.db-wal": 0o600, "sitrep.db-shm": 0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_sqlite_writes_through_to_the_disk_keeps_foreign_keys_and_waits_when_busy(sqlite: Database) -> None:
    async with sqlite.read() as session:
        answers = [
            (await session.execute(text(f"PRAGMA {pragma}"))).scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]

    full = 2
    assert answers == ["wal", full, 1, BUSY_TIMEOUT * 1000]


async def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as session:
            session.add(RoleAssignment(incident_id=99, role="lead", user_id="U1", assigned_by="U1", assigned_at=NOON))


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    async def declare_and_fail() -> None:
        async with database.transaction() as session:
            await an_incident(session)
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await declare_and_fail()

    async with database.read() as session:
        for table in ("incident", "ledger_entry", "delivery", "received_request", "role_assignment"):
            assert (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == 0


async def test_a_reader_sees_what_was_committed_while_a_writer_is_at_work(database: Database) -> None:
    async with database.transaction() as writing:
        writing.add(Person(user_id="UANN", name="Ann", seen_at=NOON))
        await writing.flush()

        async with database.read() as reading:
            assert (await reading.execute(select(Person))).scalars().all() == []


async def test_the_dispatcher_is_woken_after_the_commit(database: Database) -> None:
    woken: list[str] = []
    database.on_owed = lambda: woken.append("woken")

    async with database.transaction() as session:
        owe(session, DeliveryKind.SET_TOPIC, lane="a", key="a", due_at=NOON)
        await session.flush()
        assert woken == []

    assert woken == ["woken"]


async def test_the_dispatcher_sleeps_on_when_nothing_is_owed(database: Database) -> None:
    woken: list[str] = []
    database.on_owed = lambda: woken.append("woken")

    async with database.transaction() as session:
        session.add(Person(user_id="UANN", name="Ann", seen_at=NOON))

    assert woken == []


async def test_the_dispatcher_sleeps_on_when_what_owed_something_was_rolled_back(database: Database) -> None:
    woken: list[str] = []
    database.on_owed = lambda: woken.append("woken")

    async def owe_and_fail() -> None:
        async with database.transaction() as session:
            owe(session, DeliveryKind.SET_TOPIC, lane="a", key="a", due_at=NOON)
            await session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await owe_and_fail()

    assert woken == []


async def test_postgresql_compiles_none_of_our_small_statements(postgres: Database) -> None:
    async with postgres.read() as session:
        assert (await session.execute(text("SHOW jit"))).scalar() == "off"
