"""When people's mornings are: their zone, their working days, their holidays. No I/O."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from workflows.process import Process
from workflows.process_parts import WEEKDAYS

LONGEST_REST = 60
"""Days without a working day among them, after which we take any day: settings may leave none."""


@dataclass(frozen=True)
class Calendar:
    """One person's days."""

    zone: ZoneInfo
    working_days: frozenset[int]
    """As `date.weekday` counts them: Monday is 0."""
    holidays: frozenset[date]
    at: time
    """When their morning begins, on their clock."""

    def working_day(self, day: date) -> date:
        """This day, or the next on which they work."""
        days = (day + timedelta(days=n) for n in range(LONGEST_REST))
        return next((one for one in days if one.weekday() in self.working_days and one not in self.holidays), day)

    def morning(self, day: date) -> datetime:
        """When this day's morning is, in UTC."""
        return datetime.combine(day, self.at, self.zone).astimezone(UTC)

    def today(self, now: datetime) -> date:
        """Which day it is for them."""
        return now.astimezone(self.zone).date()

    def next_morning(self, now: datetime) -> date:
        """The next working day whose morning is still to come."""
        today = self.today(now)
        return self.working_day(today if self.morning(today) > now else today + timedelta(days=1))


def calendar_in(zone: str | None, process: Process) -> Calendar:
    """The calendar of somebody in this zone; of somebody whose zone nobody knows, that of the process."""
    reminders = process.reminders
    name = zone if zone and _zone(zone) else process.timezone
    special = next((days for days in process.calendars.values() if name in days.zones), None)
    working = special.working_days if special else reminders.working_days
    holidays = special.holidays if special else reminders.holidays
    return Calendar(
        zone=_zone(name) or ZoneInfo("UTC"),
        working_days=frozenset(WEEKDAYS.index(day) for day in working),
        holidays=frozenset(holidays),
        at=reminders.at,
    )


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo | None:
    """Slack may know zones that this machine does not."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return None
