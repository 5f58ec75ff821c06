"""A reminder that no message is on its way for: two who plan and send at once may not see each other."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from storage.deliveries import finish
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.builders import NOON, PROCESS
from tests.workflows.item_asking import an_item
from tests.workflows.mornings import Mornings
from workflows.mornings import mend_mornings

FRIDAY = datetime(2026, 3, 13, 9, tzinfo=UTC)
"""A step of the ladder."""


async def test_a_reminder_without_a_message_is_sent_today_though_next_weeks_list_is_planned(
    database: Database,
) -> None:
    await _forgotten(database)
    mornings = Mornings(database, PROCESS)

    await _mend(database, now=FRIDAY + timedelta(minutes=11))

    await mornings.perform_due(FRIDAY + timedelta(minutes=11))
    assert [one.to for one in mornings.said] == ["UBO"]


async def test_a_reminder_whose_message_is_tried_again_is_left_to_it(database: Database) -> None:
    await an_item(database)
    await Mornings(database, PROCESS).pass_until(FRIDAY - timedelta(hours=1), start=NOON)
    before = await _waiting(database)

    await _mend(database, now=FRIDAY + timedelta(minutes=11))

    assert await _waiting(database) == before


async def test_a_message_that_was_forgotten_is_owed_once_however_long_it_waits_for_its_turn(
    database: Database,
) -> None:
    await _forgotten(database)

    for minutes in (11, 12, 13):
        await _mend(database, now=FRIDAY + timedelta(minutes=minutes))

    assert len(await _waiting(database)) == 2


async def _forgotten(database: Database) -> None:
    """Friday's message went out without the item; its reminder was committed at that moment."""
    await an_item(database)
    await Mornings(database, PROCESS).pass_until(FRIDAY - timedelta(hours=1), start=NOON)
    async with database.transaction() as session:
        found = await session.execute(select(Delivery).where(Delivery.due_at == FRIDAY))
        finish(found.scalars().one(), DeliveryOutcome.SENT, now=FRIDAY)
    assert await _waiting(database) == [datetime(2026, 3, 16, 9, tzinfo=UTC)]


async def _waiting(database: Database) -> list[datetime]:
    """When somebody is to hear something, first to be heard first."""
    statement = select(Delivery.due_at).where(
        Delivery.kind == DeliveryKind.MORNING, col(Delivery.done_at).is_(None), Delivery.lane == "morning/UBO"
    )
    async with database.read() as session:
        return list((await session.execute(statement.order_by(col(Delivery.due_at)))).scalars())


async def _mend(database: Database, *, now: datetime) -> None:
    async with database.transaction() as session:
        await mend_mornings(session, now=now)
