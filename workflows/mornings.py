"""Mornings: one message a person and morning with all they are to hear, and the weekly list of what they have to do."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import list_owed, move_planned, owe_all_unless_owed
from storage.reminders import list_forgotten, put_off_due
from storage.tables import Delivery, DeliveryKind
from workflows.calendars import Calendar
from workflows.process import Process
from workflows.process_parts import WEEKDAYS

FORGOTTEN_AFTER = timedelta(minutes=10)

Morning = tuple[str, date]
"""Whose, and which day of theirs."""


async def owe_mornings(
    session: AsyncSession,
    mornings: Mapping[Morning, datetime],
    *,
    now: datetime,
    besides: Delivery | None = None,
) -> None:
    """Owe each of these people what is to be said to them on that morning, whose moment in UTC is given.

    A morning is never cancelled, so that nobody can take it from somebody else's reminder: an empty one says nothing.
    `besides` is one that has just been performed and is not written down as such yet.
    """
    # In one order, so that two replicas which plan the same people at once do not wait for each other in a circle.
    planned = dict(sorted((_key(morning), morning) for morning in mornings))
    owed = {delivery.dedupe_key: delivery for delivery in await list_owed(session, planned)}
    missing: dict[str, Morning] = {}
    for key, morning in planned.items():
        known = owed.get(key)
        if known is None:
            missing[key] = morning
        elif known.done_at is not None or known is besides:
            missing[f"{key}/{now.isoformat()}"] = morning  # that day's message is out, so this is another one
        elif known.due_at != mornings[morning]:
            await move_planned(session, key, due_at=mornings[morning])
    await _owe(session, missing, mornings)


async def _owe(session: AsyncSession, missing: Mapping[str, Morning], mornings: Mapping[Morning, datetime]) -> None:
    rows = [
        {
            "kind": DeliveryKind.MORNING,
            "lane": f"morning/{to}",
            "dedupe_key": key,
            "due_at": mornings[to, on],
            "payload": {"to": to, "on": on.isoformat()},
        }
        for key, (to, on) in missing.items()
    ]
    await owe_all_unless_owed(session, rows)


def _key(morning: Morning) -> str:
    to, on = morning
    return f"{DeliveryKind.MORNING}/{to}/{on}"


def next_weekly(calendar: Calendar, process: Process, *, now: datetime) -> date | None:
    """The next morning of somebody's weekly list; nothing where there are no digests."""
    days = (weekly_day(calendar, calendar.today(now) + timedelta(weeks=n), process) for n in range(-1, 3))
    return next((on for on in days if on is not None and calendar.morning(on) > now), None)


def last_weekly(calendar: Calendar, process: Process, *, now: datetime) -> date | None:
    """The last morning of somebody's weekly list that has come; nothing while today's is still to come."""
    today = calendar.today(now)
    days = [weekly_day(calendar, today - timedelta(weeks=n), process) for n in range(2)]
    to_come = [on for on in days if on is not None and calendar.morning(on) > now]
    come = (on for on in days if on is not None and on not in to_come)
    return None if today in to_come else next(come, None)


def weekly_day(calendar: Calendar, day: date, process: Process) -> date | None:
    """The morning of the weekly list of this day's week, Monday to Sunday; nothing where there are no digests.

    It may be in the next week, where nobody works on the days that are left of this one.
    """
    if process.digests.day is None:
        return None
    monday = day - timedelta(days=day.weekday())
    return calendar.working_day(monday + timedelta(days=WEEKDAYS.index(process.digests.day)))


async def mend_mornings(session: AsyncSession, *, now: datetime) -> None:
    """Owe what is due and has no message on its way: two who plan and send at once may not see each other."""
    people = await list_forgotten(session, due_before=now - FORGOTTEN_AFTER, now=now, limit=500)
    if people:
        await owe_mornings(session, {(to, now.date()): now for to in people}, now=now)


async def put_off_mornings(session: AsyncSession, to: str, *, now: datetime) -> None:
    """They could not be told, for a reason that may last: try again a day later, and not every few minutes."""
    until = now + timedelta(days=1)
    await put_off_due(session, to, now=now, until=until)
    await owe_mornings(session, {(to, until.date()): until}, now=now)
