"""When people's mornings are, wherever they are and whatever their clocks do."""

from datetime import UTC, date, datetime, time

import pytest

from tests.builders import PROCESS
from workflows.calendars import calendar_in
from workflows.process import Process, parse_process

FRIDAY, SATURDAY, SUNDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)
FURTHEST = "Pacific/Kiritimati"
"""14 hours ahead of UTC; Pago Pago is 11 behind."""
DUBAI = parse_process(
    {
        "reminders": {"holidays": [MONDAY]},
        "calendars": {
            "emirates": {
                "zones": ["Asia/Dubai"],
                "working_days": ["sunday", "monday", "tuesday", "wednesday", "thursday"],
                "holidays": [date(2026, 3, 10)],
            }
        },
    }
)


@pytest.mark.parametrize(
    ("zone", "morning"),
    [
        ("UTC", datetime(2026, 3, 9, 9, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 9, 13, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 9, 3, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 3, 9, 3, 15, tzinfo=UTC)),
        (FURTHEST, datetime(2026, 3, 8, 19, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 3, 9, 20, tzinfo=UTC)),
    ],
)
def test_a_morning_is_at_nine_on_the_clock_of_whoever_it_is(zone: str, morning: datetime) -> None:
    assert calendar_in(zone, PROCESS).morning(MONDAY) == morning


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", (date(2026, 3, 27), 8), (date(2026, 3, 30), 7)),
        ("Europe/Berlin", (date(2026, 10, 23), 7), (date(2026, 10, 26), 8)),
        ("America/New_York", (date(2026, 3, 6), 14), (date(2026, 3, 9), 13)),
        ("America/New_York", (date(2026, 10, 30), 13), (date(2026, 11, 2), 14)),
        ("Australia/Sydney", (date(2026, 4, 3), 22), (date(2026, 4, 6), 23)),
    ],
)
def test_nine_stays_nine_when_the_clocks_change(zone: str, before: tuple[date, int], after: tuple[date, int]) -> None:
    calendar = calendar_in(zone, PROCESS)

    assert [calendar.morning(day).hour for day, _ in (before, after)] == [hour for _, hour in (before, after)]


@pytest.mark.parametrize(
    ("day", "at", "hours"),
    [
        (date(2026, 3, 29), time(2, 30), 1),  # there is no half past two: the clock goes from two to three
        (date(2026, 10, 25), time(2, 30), 0),  # there are two: the first one
    ],
)
def test_a_time_that_is_missing_or_there_twice_is_one_moment(day: date, at: time, hours: int) -> None:
    process = parse_process({"reminders": {"at": at}})

    assert calendar_in("Europe/Berlin", process).morning(day) == datetime(
        day.year, day.month, day.day, hours, 30, tzinfo=UTC
    )


def test_what_day_it_is_differs_by_the_reader() -> None:
    moment = datetime(2026, 3, 6, 10, 30, tzinfo=UTC)

    assert calendar_in(FURTHEST, PROCESS).today(moment) == SATURDAY
    assert calendar_in("Europe/Berlin", PROCESS).today(moment) == FRIDAY
    assert calendar_in("Pacific/Pago_Pago", PROCESS).today(datetime(2026, 3, 6, 10, 30, tzinfo=UTC)) == date(2026, 3, 5)


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "Europe", "../etc/passwd"])
def test_somebody_without_a_zone_we_know_has_that_of_the_process(zone: str | None) -> None:
    process = parse_process({"timezone": "Asia/Tokyo"})

    assert calendar_in(zone, process).morning(MONDAY) == datetime(2026, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "process", "days"),
    [
        ("Europe/Berlin", PROCESS, [FRIDAY, MONDAY, MONDAY, MONDAY]),
        ("Europe/Berlin", DUBAI, [FRIDAY, date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 10)]),
        ("Asia/Dubai", DUBAI, [SUNDAY, SUNDAY, SUNDAY, MONDAY]),
    ],
)
def test_a_weekend_or_a_holiday_is_moved_to_the_next_working_day(zone: str, process: Process, days: list[date]) -> None:
    calendar = calendar_in(zone, process)

    assert [calendar.working_day(day) for day in (FRIDAY, SATURDAY, SUNDAY, MONDAY)] == days


def test_settings_that_leave_no_working_day_leave_every_day() -> None:
    holidays = [date.fromordinal(MONDAY.toordinal() + n) for n in range(100)]
    process = parse_process({"reminders": {"holidays": holidays}})

    assert calendar_in("UTC", process).working_day(MONDAY) == MONDAY


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 3, 6, 8, 59, tzinfo=UTC), FRIDAY),
        (datetime(2026, 3, 6, 9, 0, tzinfo=UTC), MONDAY),
        (datetime(2026, 3, 7, 3, 0, tzinfo=UTC), MONDAY),
    ],
)
def test_the_next_morning_is_the_first_working_one_to_come(now: datetime, morning: date) -> None:
    assert calendar_in("UTC", PROCESS).next_morning(now) == morning
