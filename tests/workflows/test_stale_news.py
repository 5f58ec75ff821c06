"""News of action items that waits, because Slack does, and is overtaken meanwhile is not told any more."""

from datetime import timedelta

from sqlmodel import select

from storage.engine import Database
from storage.tables import ActionItem, Horizon, ItemState, Reminder, ReminderKind
from tests.builders import NOON, PROCESS
from tests.workflows.asking import opened
from tests.workflows.item_asking import GATHERED, an_item_of, do_item, of_item
from tests.workflows.mornings import Mornings
from workflows.commands import AssignItem, DeclineItem, MoveItem

HOUR = timedelta(hours=1)


async def _an_item(database: Database) -> ActionItem:
    """Ann, who leads, has given it to Bo, and nobody was told yet."""
    return await an_item_of(database, await opened(database), by="UANN", owner="UBO", horizon=Horizon.AFTER)


async def _news(database: Database) -> list[tuple[ReminderKind, str]]:
    """What is told to whom once Slack takes it again, some hours later."""
    mornings = Mornings(database, PROCESS)
    await mornings.perform_due(NOON + 3 * HOUR)
    return [(what, one.to) for one in mornings.said for _, what in one.rows if what not in GATHERED]


async def test_who_is_not_its_owner_any_more_is_not_told_that_it_was_given_to_them(sqlite: Database) -> None:
    item = await _an_item(sqlite)
    await do_item(sqlite, of_item(AssignItem, item, by="UANN", to="UCY"), now=NOON + HOUR)

    assert await _news(sqlite) == [(ReminderKind.ASSIGNED, "UCY")]
    async with sqlite.read() as session:
        kept = (await session.execute(select(Reminder).where(Reminder.kind == ReminderKind.ASSIGNED))).scalars().all()
    assert [one.to for one in kept] == ["UCY"]


async def test_who_has_it_back_meanwhile_hears_so_once(sqlite: Database) -> None:
    item = await _an_item(sqlite)
    await do_item(sqlite, of_item(DeclineItem, item, by="UBO", why="No time"), now=NOON + HOUR)
    await do_item(sqlite, of_item(AssignItem, item, by="UANN", to="UBO"), now=NOON + 2 * HOUR)

    assert await _news(sqlite) == [(ReminderKind.ASSIGNED, "UBO")]


async def test_what_is_done_meanwhile_needs_no_news_of_who_has_it(sqlite: Database) -> None:
    item = await _an_item(sqlite)
    await do_item(sqlite, of_item(MoveItem, item, by="UBO", state=ItemState.DONE), now=NOON + HOUR)

    assert await _news(sqlite) == []


async def test_what_is_open_again_is_not_said_to_be_given_up(sqlite: Database) -> None:
    item = await _an_item(sqlite)
    dropped = of_item(MoveItem, item, by="UBO", state=ItemState.WONT_DO, reason="Obsolete")
    await do_item(sqlite, dropped, now=NOON + HOUR)
    opened_again = of_item(MoveItem, item, by="UBO", state=ItemState.OPEN, reason="It is not")
    await do_item(sqlite, opened_again, now=NOON + 2 * HOUR)

    assert await _news(sqlite) == [(ReminderKind.ASSIGNED, "UBO")]
