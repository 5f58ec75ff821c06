"""Engine and transaction: what differs between SQLite and PostgreSQL stays in this file."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Executable, bindparam, event, insert, literal, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlmodel import SQLModel

from storage import sqlite

BUSY_TIMEOUT = 10
"""How long SQLite waits for another process's write lock, in seconds."""

LATE_ROWS = "late rows"
OWES = "owes"
"""Set in `session.info` by a transaction that owes a delivery, so that the dispatcher is woken after its commit."""


class BadDatabaseAddress(ValueError):
    """The database's address is of a kind Sitrep does not speak."""


class DatabaseUnreachable(Exception):
    """The database cannot be opened; its text names the address, without a password, and why."""

    def __init__(self, url: URL, fault: Exception) -> None:
        because = getattr(fault, "strerror", None) or type(getattr(fault, "orig", None) or fault).__name__
        super().__init__(f"{without_password(url)} does not answer ({because})")


def without_password(url: URL) -> str:
    """The address as people write it, with stars for its password."""
    return url.set(drivername=url.get_backend_name()).render_as_string()


def database_url(address: str) -> URL:
    """The driver's address for one as people write it: `sqlite:///sitrep.db`, `postgresql://user@host/name`.

    Raises BadDatabaseAddress.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # the latter for a port that is not a number
        raise BadDatabaseAddress("DATABASE_URL is not an address; write sqlite:///file.db or postgresql://…") from None
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return _for_asyncpg(url)
        case other:
            raise BadDatabaseAddress(f"DATABASE_URL begins with {other!r}; write sqlite:///file.db or postgresql://…")


_ASYNCPG_NAMES = {"sslmode": "ssl"}
"""libpq's names for what asyncpg calls otherwise; the values are the same."""
_IGNORED = {"channel_binding", "application_name", "connect_timeout"}
"""What providers write into addresses and asyncpg does without."""
_ASYNCPG_KNOWS = {"ssl", "host", "port", "passfile", "service", "servicefile", "direct_tls", "target_session_attrs"}


def _for_asyncpg(url: URL) -> URL:
    query = {_ASYNCPG_NAMES.get(name, name): value for name, value in url.query.items() if name not in _IGNORED}
    unknown = sorted(query.keys() - _ASYNCPG_KNOWS)
    if unknown:
        raise BadDatabaseAddress(f"DATABASE_URL has ?{unknown[0]}=, which is not understood here; leave it out.")
    return url.set(drivername="postgresql+asyncpg", query=query)


def is_outage(fault: BaseException) -> bool:
    """Whether the database itself is in trouble (gone, locked, full), and not what was to be written."""
    gone = isinstance(fault, DBAPIError) and fault.connection_invalidated
    return gone or isinstance(fault, OSError | OperationalError)


class Database:
    """One database: transactions that write, and sessions that only read.

    `on_owed` is called after the commit of a transaction that owes a delivery.
    """

    def __init__(self, address: str) -> None:
        self.url = database_url(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.on_owed: Callable[[], None] = lambda: None
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        self._write = async_sessionmaker(self.engine, expire_on_commit=False)
        reading = self.engine.execution_options(reads_only=True)
        self._read = async_sessionmaker(reading, expire_on_commit=False, autoflush=False)
        # SQLite has one writer: waiting here is fair and immediate, waiting in its busy handler is a poll.
        self._turn: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """All of it is committed at the end, or nothing when an exception passes."""
        async with self._turn, self._write.begin() as session:
            yield session
            if session.in_transaction():  # not when the caller has rolled back
                await write_late_rows(session)
        if session.info.get(OWES):
            self.on_owed()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that sees what was committed and writes nothing."""
        async with self._read() as session:
            yield session

    async def ping(self) -> None:
        """Ask it for nothing; raises what the driver raises when it does not answer."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Let go of every connection."""
        await self.engine.dispose()


def add_late(session: AsyncSession, table: type[SQLModel], **values: Any) -> None:
    """Add a row that nobody reads in this transaction.

    Such rows are written together, just before the commit and past the mapper: that costs a fifth.
    """
    session.info.setdefault(LATE_ROWS, {}).setdefault(table, []).append(values)


async def write_late_rows(session: AsyncSession) -> None:
    """Write what `add_late` has put aside; for a transaction that wants to read it after all."""
    late: dict[type[SQLModel], list[dict[str, Any]]] = session.info.pop(LATE_ROWS, {})
    if late:
        await session.flush()  # what the late rows refer to comes first
    for table, rows in late.items():
        await session.execute(_insert(table), rows)


@asynccontextmanager
async def part_of(session: AsyncSession) -> AsyncIterator[None]:
    """A part of a transaction: all of it, or nothing of it when an exception passes, while the rest stands."""
    await write_late_rows(session)
    try:
        async with session.begin_nested():
            yield
            await write_late_rows(session)
    except BaseException:
        session.info.pop(LATE_ROWS, None)
        raise


@cache
def _insert(table: type[SQLModel]) -> Executable:
    return insert(SQLModel.metadata.tables[str(table.__tablename__)])


async def insert_new(session: AsyncSession, table: type[SQLModel], **values: Any) -> bool:
    """Insert a row; False when one with its key is there, or is being written by another transaction at once."""
    statement = _insert_new(table, tuple(values), session.get_bind().dialect.name)
    return (await session.execute(statement, values)).first() is not None


async def insert_all_new(session: AsyncSession, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> int:
    """Insert rows with the same columns in one go, but for those whose key is there already; how many were new."""
    if not rows:
        return 0
    statement = _insert_new(table, tuple(rows[0]), session.get_bind().dialect.name)
    return len((await session.execute(statement, rows)).all())


@cache
def _insert_new(table: type[SQLModel], columns: tuple[str, ...], dialect: str) -> Executable:
    """Kept, because building a statement costs more than running it; the other database's dialect is not loaded."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as insert_here
    else:
        from sqlalchemy.dialects.postgresql import insert as insert_here  # type: ignore[assignment]  # the same for our purpose
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    rows = SQLModel.metadata.tables[str(table.__tablename__)]  # the table itself: the mapped class costs twice as much
    return insert_here(rows).values(values).on_conflict_do_nothing().returning(literal(1))


def _postgres_engine(url: URL) -> AsyncEngine:
    # Our statements read a few rows by index; where a million wait, PostgreSQL would compile them each time, for 4 ms.
    return create_async_engine(url, pool_pre_ping=True, connect_args={"server_settings": {"jit": "off"}})


def _sqlite_engine(url: URL) -> AsyncEngine:
    if url.database and url.database != ":memory:":
        _keep_private(Path(url.database))
    # A session ends its transaction itself, so the pool need not roll back once more.
    path = url.database or ":memory:"
    engine = create_async_engine(
        url,
        async_creator=lambda: sqlite.connect(path, timeout=BUSY_TIMEOUT),
        pool_reset_on_return=None,
    )
    event.listen(engine.sync_engine, "connect", _on_sqlite_connect)
    event.listen(engine.sync_engine, "begin", _on_sqlite_begin)
    return engine


def _keep_private(path: Path) -> None:
    """The file, and with it SQLite's side files, is readable by its owner only."""
    if not path.parent.is_dir():
        raise BadDatabaseAddress(
            f"DATABASE_URL names a file in {path.parent}, and there is no such folder; make it first."
        )
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as fault:
        raise BadDatabaseAddress(f"DATABASE_URL names {path}, which cannot be opened: {fault.strerror}") from None


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    # FULL: WAL's usual NORMAL may lose the newest commits when the power fails, and those were acknowledged.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and writes later could find it stale."""
    reads_only = connection.get_execution_options().get("reads_only")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
