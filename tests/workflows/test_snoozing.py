"""Putting reminders of an action item off."""

from datetime import UTC, date, datetime

import pytest

from storage.engine import Database
from storage.tables import EntryKind, ItemState
from tests.builders import NOON
from tests.workflows.item_asking import (
    ACCOUNTABLE,
    an_item,
    do_item,
    entries_of,
    item_now,
    item_refused,
    moved,
    of_item,
    somebody,
)
from workflows.commands import SnoozeItem
from workflows.item_errors import AlreadySo, ItemReasonNeeded, ItemSettled, NotTheirItem, WrongItem

THURSDAY, FRIDAY, MONDAY = date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)


async def test_until_that_day_its_owner_is_left_in_peace_and_its_due_date_stays(database: Database) -> None:
    item = await an_item(database)

    await do_item(database, of_item(SnoozeItem, item, until=THURSDAY, reason="Waits for the release"))

    now = await item_now(database)
    assert (now.snoozed_until, now.snoozes, now.due_on, now.planned_since) == (THURSDAY, 1, item.due_on, NOON)
    (entry,) = await entries_of(database, EntryKind.ITEM_SNOOZED)
    assert entry.data == {
        "item": 1,
        "title": "Alert on refused cards",
        "until": "2026-03-05",
        "reason": "Waits for the release",
        "time": 1,
    }


async def test_the_third_time_asks_for_a_reason(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await do_item(sqlite, of_item(SnoozeItem, item, until=THURSDAY))
    await do_item(sqlite, of_item(SnoozeItem, item, until=FRIDAY))

    said = await item_refused(sqlite, of_item(SnoozeItem, item, until=MONDAY, reason=" "), ItemReasonNeeded)
    assert said == "Putting it off once more needs a reason, so ACT-1 was left as it is. Say why in a few words."

    await do_item(sqlite, of_item(SnoozeItem, item, until=MONDAY, reason="The vendor answers on Monday"))
    assert (await item_now(sqlite)).snoozes == 3


async def test_how_often_it_goes_without_a_reason_can_be_set(sqlite: Database) -> None:
    item = await an_item(sqlite)
    strict = ACCOUNTABLE.model_copy(update={"reminders": ACCOUNTABLE.reminders.model_copy(update={"reason_after": 0})})

    with pytest.raises(ItemReasonNeeded):
        await do_item(sqlite, of_item(SnoozeItem, item, until=THURSDAY), process=strict)


async def test_pressed_twice_it_counts_once(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await do_item(sqlite, of_item(SnoozeItem, item, until=THURSDAY))

    said = await item_refused(sqlite, of_item(SnoozeItem, item, until=THURSDAY), AlreadySo)

    assert said == "ACT-1 is already put off until Thu 5 Mar. Nothing more was done."


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (date(2026, 3, 4), "That day is not to come for its owner; choose a later one."),
        (date(2026, 3, 3), "That day is not to come for its owner; choose a later one."),
        (date(2027, 3, 6), "That is more than a year away; choose an earlier day, or change the due date."),
        (date.max, "That is more than a year away; choose an earlier day, or change the due date."),
    ],
)
async def test_it_is_put_off_until_a_day_to_come_within_a_year(sqlite: Database, until: date, sentence: str) -> None:
    item = await an_item(sqlite)

    said = await item_refused(sqlite, of_item(SnoozeItem, item, until=until), WrongItem)

    assert said == f"Nothing was changed. {sentence}"


async def test_tomorrow_is_where_its_owner_is(sqlite: Database) -> None:
    await somebody(sqlite, "UBO", zone="Pacific/Kiritimati")
    item = await an_item(sqlite)
    thursday_there = datetime(2026, 3, 4, 11, tzinfo=UTC)

    await item_refused(sqlite, of_item(SnoozeItem, item, until=THURSDAY), WrongItem, now=thursday_there)


async def test_what_is_done_or_somebody_elses_is_not_put_off(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await item_refused(sqlite, of_item(SnoozeItem, item, by="UDEE", until=THURSDAY), NotTheirItem)
    await moved(sqlite, item, ItemState.DONE)

    await item_refused(sqlite, of_item(SnoozeItem, item, until=THURSDAY), ItemSettled)
