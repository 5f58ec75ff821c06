"""The dispatcher's statements stay cheap however much is planned for later, and however much is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert, text

from storage.deliveries import claim_due, count_waiting, next_due_at
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.builders import NOON

MANY = 20_000


async def _fill(database: Database) -> None:
    """Many planned, many done, ten due."""
    common = {"kind": DeliveryKind.TELL_CHANNEL, "payload": {}, "attempts": 0, "in_doubt": False}
    planned = [
        {
            **common,
            "dedupe_key": f"planned/{n}",
            "lane": f"lane {n % 500}",
            "due_at": NOON + timedelta(minutes=1 + n),
            "done_at": None,
            "outcome": None,
        }
        for n in range(MANY)
    ]
    past = [
        {
            **common,
            "dedupe_key": f"past/{n}",
            "lane": f"lane {n % 500}",
            "due_at": NOON - timedelta(minutes=n),
            "done_at": None if n < 10 else NOON,
            "outcome": None if n < 10 else DeliveryOutcome.SENT,
        }
        for n in range(MANY)
    ]
    async with database.transaction() as session:
        await session.execute(insert(Delivery), planned + past)
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT that is sent meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def _plan(database: Database, statement: str, parameters: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.engine.connect() as connection:
        answer = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return [str(row[-1]) for row in answer.all()]


async def test_no_statement_of_the_dispatcher_reads_the_whole_table(database: Database) -> None:
    await _fill(database)

    with _statements(database) as statements:
        async with database.transaction() as session:
            assert len(await claim_due(session, by="us", now=NOON, limit=50)) == 10
            assert len(await claim_due(session, by="us", now=NOON, limit=50, patient=True)) == 0
            assert await next_due_at(session, now=NOON) == NOON + timedelta(minutes=1)
            assert await count_waiting(session, now=NOON) == 10

    plans = [line for statement in statements for line in await _plan(database, *statement)]
    reads = [line.strip() for line in plans if "delivery" in line]
    assert len(reads) >= 4
    assert [line for line in reads if _reads_everything(line)] == []


def _reads_everything(line: str) -> bool:
    """SQLite says SCAN for a whole table or index, SEARCH for a part; PostgreSQL says Seq Scan for a table."""
    return "SCAN delivery" in line or "Seq Scan" in line
