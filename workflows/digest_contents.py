"""What a digest says, read in the transaction that claims it, so that it shows what is so when it is sent."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage import digests as rows
from storage.deliveries import Claim
from storage.digests import Load
from storage.insights import list_incident_facts
from storage.kept import find_kept
from storage.people import list_people
from storage.tables import ActionItem, Person, TimelineEntry
from workflows.calendars import calendar_in
from workflows.digest_numbers import Month, MonthNumbers, Rise, month_numbers, rises
from workflows.kudos import without_unwanted_thanks
from workflows.process import Process
from workflows.reminders import LATE
from workflows.themes import RollUp, list_roll_ups

TOLD_UNTIL = "weekly digest told until"
"""What was done until then has been thanked for."""
WEEK = timedelta(days=7)
MOST_LISTED = 7
"""Of each part; with titles cut short all parts fit into one message."""
MOST_OLD = 3
MOST_THEMES = 5
_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")


@dataclass(frozen=True)
class WeeklyDigest:
    """Everything one weekly digest says; of action items it lists the first few, `loads` counts them all."""

    today: date
    since: date
    """The day from which on what was done is thanked for."""
    until: datetime
    loads: Sequence[Load]
    people: dict[str, Person]
    late: bool = False
    overdue: Sequence[ActionItem] = ()
    due: Sequence[ActionItem] = ()
    done: Sequence[ActionItem] = ()
    oldest: Sequence[ActionItem] = ()
    proposals: Sequence[ActionItem] = ()
    kudos: Sequence[TimelineEntry] = ()
    themes: Sequence[RollUp] = ()

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.loads or self.kudos)

    def likes_praise(self, user_id: str) -> bool:
        """Whether somebody may be thanked by name."""
        person = self.people.get(user_id)
        return person is None or not person.no_praise


@dataclass(frozen=True)
class MonthlyDigest:
    """Everything one monthly digest says."""

    month: Month
    numbers: MonthNumbers
    before: MonthNumbers
    """Those of the month before it, to compare with."""
    late: bool = False


@dataclass(frozen=True)
class TrendReport:
    """What rose in a quarter."""

    quarter: date
    """Its first day."""
    rises: Sequence[Rise]
    late: bool = False


async def read_weekly(session: AsyncSession, claim: Claim, process: Process, now: datetime) -> WeeklyDigest:
    """The week until now: what was done since the digest before, and what is to be done."""
    calendar = calendar_in(None, process)
    today = calendar.today(now)
    since, until = await _told_until(session, claim), today + WEEK - timedelta(days=1)
    loads = await rows.list_loads(session, today=today, until=until, since=since, now=now)
    kudos = await without_unwanted_thanks(session, await rows.list_kudos(session, since, now))
    done = await rows.list_done_between(session, since, now, limit=MOST_LISTED)
    overdue = await rows.list_overdue(session, today=today, limit=MOST_LISTED)
    due = await rows.list_due_between(session, today, until, limit=MOST_LISTED)
    oldest = await rows.list_oldest_open(session, limit=MOST_OLD)
    proposals = await rows.list_proposals(session, limit=MOST_LISTED)
    themes = (await list_roll_ups(session, today=today))[:MOST_THEMES]
    items = (*done, *overdue, *due, *oldest, *proposals)
    named = {item.owner for item in items} | {load.owner for load in loads if load.done}
    people = await list_people(session, named | _named_in(kudos) | {one.theme.owner for one in themes})
    return WeeklyDigest(
        today=today,
        since=calendar.today(since),
        until=now,
        late=now - claim.due_at > LATE,
        loads=loads,
        people=people,
        overdue=overdue,
        due=due,
        done=done,
        oldest=oldest,
        proposals=proposals,
        kudos=kudos,
        themes=themes,
    )


async def _told_until(session: AsyncSession, claim: Claim) -> datetime:
    told = await find_kept(session, TOLD_UNTIL)
    return datetime.fromisoformat(told) if told else claim.due_at - WEEK


def _named_in(kudos: Collection[TimelineEntry]) -> set[str]:
    """Who thanks, who is thanked, and who else is named."""
    return {person for entry in kudos for person in (entry.by, entry.data["to"], *_PERSON.findall(said(entry)))}


def said(kudos: TimelineEntry) -> str:
    """Somebody's words of thanks, as they stand now."""
    return kudos.words or str(kudos.data["text"])


async def read_monthly(session: AsyncSession, claim: Claim, process: Process, now: datetime) -> MonthlyDigest:
    """The month before the day it is for."""
    zone = calendar_in(None, process).zone
    month = Month(date.fromisoformat(claim.payload["on"]).replace(day=1), zone).before
    numbers, before = [
        month_numbers(
            await rows.list_dates_of_month(
                session, since=each.begins_at, until=each.ends_at, first=each.first, last=each.last
            ),
            each,
            now=now,
        )
        for each in (month, month.before)
    ]
    return MonthlyDigest(month, numbers, before, late=now - claim.due_at > LATE)


async def read_trend(session: AsyncSession, claim: Claim, process: Process, now: datetime) -> TrendReport:
    """The quarter before the day it is for, beside the one before that; of private incidents nothing is told."""
    zone = calendar_in(None, process).zone
    on = date.fromisoformat(claim.payload["on"])
    this = date(on.year, (on.month - 1) // 3 * 3 + 1, 1)
    quarter, earlier = _quarter_before(this), _quarter_before(_quarter_before(this))
    starts = [Month(first, zone).begins_at for first in (earlier, quarter, this)]
    facts = await list_incident_facts(session, since=starts[0], until=starts[2])
    public = [one for one in facts if not one.private]
    before = [one for one in public if one.declared_at < starts[1]]
    found = rises(before, [one for one in public if one.declared_at >= starts[1]])
    return TrendReport(quarter, found, late=now - claim.due_at > LATE)


def _quarter_before(first: date) -> date:
    return date(first.year, first.month - 3, 1) if first.month > 3 else date(first.year - 1, 10, 1)
