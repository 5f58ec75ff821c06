"""A part of a transaction is all or nothing by itself."""

from contextlib import suppress

from storage.deliveries import count_waiting, owe
from storage.engine import Database, part_of
from storage.tables import DeliveryKind
from tests.builders import NOON, an_incident


async def test_a_part_that_fails_takes_nothing_else_with_it(database: Database) -> None:
    async with database.transaction() as session:
        incident = await an_incident(session)
        await session.flush()
        with suppress(RuntimeError):
            async with part_of(session):
                incident.title = "Something else"
                owe(session, DeliveryKind.TELL_CHANNEL, lane="a", key="in the part", due_at=NOON)
                raise RuntimeError
        await session.refresh(incident)
        owe(session, DeliveryKind.TELL_CHANNEL, lane="a", key="after it", due_at=NOON)

    async with database.read() as session:
        before = await count_waiting(session, now=NOON)
    assert incident.title == "Checkout is down"
    assert before == 3  # channel, card, and what was owed after the part


async def test_a_part_that_ends_well_stands(database: Database) -> None:
    async with database.transaction() as session, part_of(session):
        owe(session, DeliveryKind.TELL_CHANNEL, lane="a", key="in the part", due_at=NOON)

    async with database.read() as session:
        assert await count_waiting(session, now=NOON) == 1
