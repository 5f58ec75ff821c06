"""Planning anew while a message is under way that says what was planned before."""

from datetime import UTC, datetime

from sqlmodel import col, select

from storage.action_items import list_items
from storage.engine import Database
from storage.incidents import lock_incidents
from storage.tables import Reminder, ReminderKind, ReminderState
from tests.builders import PROCESS
from tests.workflows.item_asking import an_item, do_item, of_item
from workflows.commands import AssignItem
from workflows.reminding import replan_items

AFTER = datetime(2026, 3, 23, 12, 0, tzinfo=UTC)
"""Three steps of the ladder were missed by then: the 13th, the 18th and the 20th."""


async def test_a_missed_step_stays_the_same_reminder_so_that_nobody_hears_it_twice(database: Database) -> None:
    await an_item(database)
    under_way = await _planned_for_owner(database)

    await _plan_anew(database, now=AFTER)

    assert [number for number, _, _ in under_way] == [number for number, _, _ in await _planned_for_owner(database)]


async def test_a_missed_step_of_an_item_that_is_anothers_now_is_let_go(database: Database) -> None:
    item = await an_item(database)

    await do_item(database, of_item(AssignItem, item, by="UCY", to="UCY"), now=AFTER)

    assert {to for _, to, _ in await _planned_for_owner(database)} == {"UCY"}


async def test_a_step_that_is_still_to_come_does_for_none_that_is_due(database: Database) -> None:
    await an_item(database)
    async with database.transaction() as session:
        planned = (await session.execute(_PLANNED)).scalars().one()
        planned.key, planned.due_at = "item/1/due/of/another/ladder", datetime(2026, 3, 24, tzinfo=UTC)

    await _plan_anew(database, now=AFTER)

    ((_, _, due_at),) = await _planned_for_owner(database)
    assert due_at <= AFTER


_PLANNED = select(Reminder).where(col(Reminder.kind) == ReminderKind.DUE, col(Reminder.state) == ReminderState.PLANNED)


async def _planned_for_owner(database: Database) -> list[tuple[int, str, datetime]]:
    """The steps of ladders that are planned: number, to whom, when."""
    async with database.read() as session:
        rows = (await session.execute(_PLANNED)).scalars()
        return [(row.number, row.to, row.due_at) for row in rows]


async def _plan_anew(database: Database, *, now: datetime) -> None:
    async with database.transaction() as session:
        await lock_incidents(session, {item.incident_id for item in await list_items(session, [1])})
        await replan_items(session, [1], process=PROCESS, now=now)
