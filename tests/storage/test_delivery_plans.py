"""The dispatcher's statements stay cheap however much is planned for later, and however much is done."""

from datetime import timedelta

from sqlalchemy import insert, text

from storage.deliveries import claim_due, count_waiting, next_due_at
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.builders import NOON
from tests.storage.plans import plan, statements

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


async def test_no_statement_of_the_dispatcher_reads_the_whole_table(database: Database) -> None:
    await _fill(database)

    with statements(database) as seen:
        async with database.transaction() as session:
            assert len(await claim_due(session, by="us", now=NOON, limit=50)) == 10
            assert len(await claim_due(session, by="us", now=NOON, limit=50, patient=True)) == 0
            assert await next_due_at(session, now=NOON) == NOON + timedelta(minutes=1)
            assert await count_waiting(session, now=NOON) == 10

    plans = [line for statement in seen for line in await plan(database, *statement)]
    reads = [line.strip() for line in plans if "delivery" in line]
    assert len(reads) >= 4
    assert [line for line in reads if _reads_everything(line)] == []


def _reads_everything(line: str) -> bool:
    """SQLite says SCAN for a whole table or index, SEARCH for a part; PostgreSQL says Seq Scan for a table."""
    return "SCAN delivery" in line or "Seq Scan" in line
