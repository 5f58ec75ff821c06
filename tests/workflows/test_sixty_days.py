"""Sixty days of a moving clock over twenty action items in six time zones, against the exact list of what is sent.

What is expected is found here by walking through every day of everybody, as one would with a paper calendar.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.engine import Database
from storage.tables import ActionItem, DeliveryKind, ReminderKind, Status
from tests.builders import an_opened_incident
from tests.workflows.mornings import Mornings, settle
from workflows.action_items import add_action_item
from workflows.commands import AddActionItem
from workflows.process import Process, parse_process

START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
"""A Monday; America changes its clocks on the 8th, Europe on the 29th."""
END = START + timedelta(days=60)
ZONES = {
    "UKIRI": "Pacific/Kiritimati",
    "UPAGO": "Pacific/Pago_Pago",
    "UBERLIN": "Europe/Berlin",
    "UYORK": "America/New_York",
    "UKOLKATA": "Asia/Kolkata",
    "UDUBAI": "Asia/Dubai",
    "UNOZONE": None,
}
EASTER = (date(2026, 4, 3), date(2026, 4, 6))
PROCESS: Process = parse_process(
    {
        "reminders": {"holidays": list(EASTER)},
        "calendars": {
            "gulf": {"zones": ["Asia/Dubai"], "working_days": ["sunday", "monday", "tuesday", "wednesday", "thursday"]}
        },
        "severities": {"sev1": {"name": "SEV1"}, "sev2": {"name": "SEV2", "accountable": ["UYORK"]}},
        "matrix": {level: {"high": "sev2", "medium": "sev2", "low": "sev2"} for level in ("high", "medium", "low")},
    }
)
LEADS = ["UBERLIN", "UKIRI"]
OWNERS = list(ZONES)


async def test_sixty_days_of_twenty_items_in_six_zones_send_exactly_what_the_calendar_says(sqlite: Database) -> None:
    items = await _twenty_items(sqlite)
    mornings = Mornings(sqlite, PROCESS)

    await mornings.pass_until(END, start=START)

    sent = [
        (one.at, one.to, tuple(sorted(one.rows)), one.listed)
        for one in mornings.said
        if one.kind is DeliveryKind.MORNING
    ]
    expected = _expected(items)
    assert len(expected) > 150
    assert sorted(sent) == sorted(expected)
    assert not any(one.late for one in mornings.said)


async def _twenty_items(database: Database) -> list[tuple[ActionItem, str]]:
    """Twenty items of two incidents, due on weekdays and weekends, before and after the clocks change; with leads."""
    await settle(database, ZONES, at=START)
    items = []
    for lead in LEADS:
        async with database.transaction() as session:
            incident = await an_opened_incident(session, status=Status.RESOLVED, now=START, lead=lead)
            for n in range(10):
                number = len(items)
                command = AddActionItem(
                    by="UANN",
                    request_id=f"item-{number}",
                    incident_id=incident.number,
                    title=f"Item {number}",
                    owner=OWNERS[number % len(OWNERS)],
                    due_on=date(2026, 3, 2) + timedelta(days=1 + 3 * n + number % 4),
                )
                item = await add_action_item(session, command, process=PROCESS, now=START)
                items.append((item, lead))
    return items


def _expected(items: list[tuple[ActionItem, str]]) -> list[tuple[datetime, str, tuple[object, ...], object]]:
    found = []
    for person in ZONES:
        for day in (date(2026, 2, 28) + timedelta(days=n) for n in range(70)):
            at = _nine(person, day)
            if not START < at <= END or not _works(person, day):
                continue
            rows = [*_ladder_rows(items, person, day), *_silence_rows(items, person, day)]
            listed = _listed(items, person, day)
            if rows or listed:
                found.append((at, person, tuple(sorted(rows)), listed))
    return found


def _ladder_rows(items: list[tuple[ActionItem, str]], person: str, day: date) -> list[tuple[int, ReminderKind]]:
    offsets = [-7, -2, 0, 1, 3, *range(10, 100, 7)]
    return [
        (item.number, ReminderKind.DUE)
        for item, _ in items
        if item.owner == person
        and any(_next_working(person, _due(item) + timedelta(days=offset)) == day for offset in offsets)
    ]


def _silence_rows(items: list[tuple[ActionItem, str]], person: str, day: date) -> list[tuple[int, ReminderKind]]:
    rows = []
    for item, lead in items:
        assert item.due_on is not None
        if lead == person != item.owner and _next_working(person, item.due_on + timedelta(days=3)) == day:
            rows.append((item.number, ReminderKind.SILENT_LEAD))
        if person == "UYORK" != item.owner and _next_working(person, item.due_on + timedelta(days=7)) == day:
            rows.append((item.number, ReminderKind.SILENT_ABOVE))
    return rows


def _listed(items: list[tuple[ActionItem, str]], person: str, day: date) -> tuple[int, ...] | None:
    """Everything they own, on the first working day from Monday on."""
    monday = day - timedelta(days=day.weekday())
    if _next_working(person, monday) != day:
        return None
    mine = sorted((_due(item), item.number) for item, _ in items if item.owner == person)
    return tuple(number for _, number in mine) or None


def _nine(person: str, day: date) -> datetime:
    return datetime.combine(day, time(9), ZoneInfo(ZONES[person] or "UTC")).astimezone(UTC)


def _works(person: str, day: date) -> bool:
    if person == "UDUBAI":
        return day.weekday() not in (4, 5)
    return day.weekday() < 5 and day not in EASTER


def _next_working(person: str, day: date) -> date:
    while not _works(person, day):
        day += timedelta(days=1)
    return day


def _due(item: ActionItem) -> date:
    assert item.due_on is not None
    return item.due_on
