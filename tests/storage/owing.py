"""Owe, claim and end deliveries by their keys."""

from datetime import datetime, timedelta

from sqlmodel import select

from storage.deliveries import LEASE, Claim, claim_due, finish, list_claimed, owe, try_again
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.builders import NOON

SECOND = timedelta(seconds=1)
LATER = NOON + LEASE + SECOND
"""When a claim made at noon has run out."""


async def owed(
    database: Database,
    *keys: str,
    lane: str = "lane",
    kind: DeliveryKind = DeliveryKind.TELL_CHANNEL,
    due_at: datetime = NOON,
) -> None:
    """Owe these, in this order, in one lane."""
    async with database.transaction() as session:
        for key in keys:
            owe(session, kind, lane=lane, key=key, due_at=due_at)
            await session.flush()


async def claims(database: Database, *, by: str = "us", now: datetime = NOON, limit: int = 100) -> list[Claim]:
    """Claim what is due."""
    async with database.transaction() as session:
        return await claim_due(session, by=by, now=now, limit=limit)


async def claimed(database: Database, *, by: str = "us", now: datetime = NOON, limit: int = 100) -> list[str]:
    """Claim what is due; the keys."""
    return [claim.dedupe_key for claim in await claims(database, by=by, now=now, limit=limit)]


async def done(database: Database, *keys: str, outcome: DeliveryOutcome = DeliveryOutcome.SENT) -> None:
    """Write down that these ended."""
    async with database.transaction() as session:
        for row in await list_claimed(session, await _ids(database, *keys), by="us"):
            finish(row, outcome, now=NOON, answer={"ok": True})


async def failed(database: Database, key: str, *, retry_at: datetime, in_doubt: bool = False) -> None:
    """Write down that this did not work, or that nobody knows."""
    async with database.transaction() as session:
        for row in await list_claimed(session, await _ids(database, key), by="us"):
            try_again(row, at=retry_at, because="ratelimited", in_doubt=in_doubt)


async def find(database: Database, key: str) -> Delivery:
    """The row."""
    async with database.read() as session:
        return (await session.execute(select(Delivery).where(Delivery.dedupe_key == key))).scalars().one()


async def _ids(database: Database, *keys: str) -> list[int | None]:
    return [(await find(database, key)).id for key in keys]
