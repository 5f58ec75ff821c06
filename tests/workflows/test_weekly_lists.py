"""On which mornings people get the list of what they have to do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from storage.engine import Database
from tests.builders import NOON
from tests.workflows.item_asking import an_item
from tests.workflows.mornings import Mornings
from workflows.process import parse_process

MONTH = NOON + timedelta(days=28)
GOOD_FRIDAY = date(2026, 3, 13)
"""A day off, here."""


async def _listed(database: Database, settings: dict[str, object]) -> list[date]:
    """The days of the lists of four weeks."""
    process = parse_process(settings)
    await an_item(database, process=process, due_on=date(2026, 6, 1))
    mornings = Mornings(database, process)
    await mornings.pass_until(MONTH, start=NOON)
    return [one.at.date() for one in mornings.said if one.listed]


@pytest.mark.parametrize("day", ["saturday", "sunday"])
async def test_a_list_of_a_weekends_day_comes_on_monday(sqlite: Database, day: str) -> None:
    mondays = await _listed(sqlite, {"digests": {"day": day}})

    assert mondays == [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23), date(2026, 3, 30)]


async def test_a_list_that_a_holiday_moves_into_the_next_week_is_not_lost(sqlite: Database) -> None:
    days = await _listed(sqlite, {"digests": {"day": "friday"}, "reminders": {"holidays": [GOOD_FRIDAY]}})

    assert days == [date(2026, 3, 6), date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 27)]


async def test_without_digests_nobody_has_a_list(sqlite: Database) -> None:
    assert await _listed(sqlite, {"digests": {"day": "never"}}) == []


async def test_a_list_missed_for_days_comes_late_and_todays_once(sqlite: Database) -> None:
    process = parse_process({})
    await an_item(sqlite, process=process, due_on=date(2026, 6, 1))
    mornings = Mornings(sqlite, process)
    early_monday = datetime(2026, 3, 16, 8, tzinfo=UTC)

    await mornings.pass_until(early_monday + timedelta(hours=5), start=early_monday)

    assert [one.at for one in mornings.said if one.listed] == [early_monday + timedelta(hours=1)]
