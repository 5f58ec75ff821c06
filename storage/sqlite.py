"""SQLite through aiosqlite, with one visit to its thread a statement.

aiosqlite works in a thread of its own and visits it four times for every statement (open a cursor, execute, fetch,
close). Each visit costs about as much as our statements themselves, so here a statement is one visit.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import aiosqlite


class Connection(aiosqlite.Connection):
    """An aiosqlite connection whose cursors fetch as they execute."""

    def cursor(self) -> "Cursor":  # type: ignore[override]  # what SQLAlchemy's adapter needs of one
        """A cursor; opened when it first executes."""
        return Cursor(self._visit)

    async def _visit(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        return await self._execute(work, self._conn)  # type: ignore[no-untyped-call]


class Cursor:
    """What SQLAlchemy's adapter uses of a cursor; rows are here as soon as it has executed."""

    arraysize = 1

    def __init__(self, visit: Callable[[Callable[[sqlite3.Connection], Any]], Any]) -> None:
        self._visit = visit
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "Cursor":
        """Execute, and fetch what there is."""
        return await self._run(lambda connection: connection.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> "Cursor":
        """Execute for each of these."""
        return await self._run(lambda connection: connection.executemany(sql, parameters))

    async def _run(self, execute: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> "Cursor":
        def work(connection: sqlite3.Connection) -> tuple[sqlite3.Cursor, Sequence[Any]]:
            cursor = execute(connection)
            return cursor, cursor.fetchall() if cursor.description else ()

        cursor, self._rows = await self._visit(work)
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        return self

    async def fetchall(self) -> Sequence[Any]:
        """The rows."""
        return self._rows

    async def close(self) -> None:
        """Nothing is left open: everything was fetched."""


def connect(path: str, *, timeout: float) -> Connection:
    """Open a database file; `timeout` is how long to wait for another process's lock, in seconds."""
    connection = Connection(lambda: sqlite3.connect(path, timeout=timeout), iter_chunk_size=64)
    connection._thread.daemon = True  # a connection somebody forgot must not keep the process from ending
    return connection
