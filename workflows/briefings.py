"""What a message about action items needs to know: read in the transaction that claims it, so nothing stale is sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_open_items_of
from storage.deliveries import Claim
from storage.people import find_person
from storage.reminders import find_reminder, list_due, list_of_message
from storage.tables import DeliveryKind, ItemState, Reminder, ReminderKind
from storage.tables.columns import JsonObject
from workflows.calendars import calendar_in
from workflows.check_findings import find_for_reminders
from workflows.digest_contents import read_monthly, read_trend, read_weekly
from workflows.mornings import last_weekly
from workflows.process import Process
from workflows.reminders import LATE, Standing, wanted
from workflows.reminding import LADDER
from workflows.standings import list_standings

log = structlog.get_logger()

MOST_READ = 200

Reader = Callable[[AsyncSession, Claim, Process, datetime], Awaitable[object]]


@dataclass(frozen=True)
class Row:
    """One thing a message says, and how what it is about stands."""

    reminder: Reminder
    standing: Standing
    extra: JsonObject = field(default_factory=dict)
    """What was found for it, such as incidents that look alike."""


@dataclass(frozen=True)
class Briefing:
    """All that one message says to one person."""

    to: str
    today: date
    """On their calendar."""
    rows: Sequence[Row] = ()
    left_out: Sequence[int] = ()
    """Reminders that are not to be sent any more."""
    weekly: Sequence[Standing] | None = None
    """Everything they have to do, on the day of the weekly list."""
    late: bool = False
    """Something in it was due longer ago, while we were away."""
    incident_ids: Sequence[int] = ()
    """Whose items are planned anew when it is written down, and which are held for that."""


@dataclass(frozen=True)
class Unbriefed:
    """What one message has to know could not be read, through a mistake of ours."""

    because: str


async def brief(
    session: AsyncSession, claims: Sequence[Claim], *, process: Process, now: datetime
) -> Mapping[int, object]:
    """By delivery, what those of these that need it have to know; one that cannot be read harms no other."""
    readers = [(claim, READERS[claim.kind]) for claim in claims if claim.kind in READERS]
    return {claim.delivery_id: await _read(read, session, claim, process, now) for claim, read in readers}


async def _read(read: Reader, session: AsyncSession, claim: Claim, process: Process, now: datetime) -> object:
    try:
        return await read(session, claim, process, now)
    except SQLAlchemyError:
        raise  # the transaction is over, and with it the claim
    except Exception as fault:
        log.error("a message could not be read up on", kind=claim.kind, delivery=claim.delivery_id, exc_info=fault)
        return Unbriefed(type(fault).__name__)


async def _morning(session: AsyncSession, claim: Claim, process: Process, now: datetime) -> Briefing:
    """All that is due to somebody by now; and on the day of the weekly list, all they have to do."""
    to = claim.payload["to"]
    person = await find_person(session, to)
    calendar = calendar_in(person.zone if person else None, process)
    today = calendar.today(now)
    due = await list_due(session, to, now=now, limit=MOST_READ)
    rows = await _rows(session, due, process)
    said = [row for row in rows if _is_wanted(row, process, now)]
    kept = {row.reminder.number for row in said}
    listed_on = last_weekly(calendar, process, now=now)
    # It may stand for mornings we missed.
    is_listed = listed_on is not None and date.fromisoformat(claim.payload["on"]) <= listed_on
    weekly = await _weekly(session, to, process) if is_listed else None
    return Briefing(
        to=to,
        today=today,
        rows=await _with_findings(session, said, viewer=to),
        left_out=[one.number for one in due if one.number not in kept],
        weekly=weekly,
        late=any(now - row.reminder.due_at > LATE for row in said),
        incident_ids=sorted({row.standing.about.incident.number for row in rows}),
    )


async def _weekly(session: AsyncSession, to: str, process: Process) -> Sequence[Standing]:
    items = await list_open_items_of(session, to)
    found = await list_standings(session, [item.number for item in items], process=process)
    standings = {one.item.number: one for one in found if one.item}
    return [standings[item.number] for item in items if standings[item.number].about.visible_to(to)]


async def _one(session: AsyncSession, claim: Claim, process: Process, now: datetime) -> Briefing:
    """One reminder that does not wait; Slack may have let it wait until it is not so any more."""
    to = claim.payload["to"]
    person = await find_person(session, to)
    reminder = await find_reminder(session, claim.payload["reminder"])
    rows = await _rows(session, [reminder] if reminder else [], process)
    today = calendar_in(person.zone if person else None, process).today(now)
    said = [row for row in rows if row.standing.about.visible_to(to) and _is_still_news(row)]
    return Briefing(to=to, today=today, rows=said, left_out=[row.reminder.number for row in rows if row not in said])


async def _message(session: AsyncSession, claim: Claim, process: Process, now: datetime) -> Briefing:
    """What a message of ours said, as it stands now."""
    shown = await list_of_message(session, claim.payload["channel_id"], claim.payload["ts"])
    rows = await _rows(session, shown, process)
    to = shown[0].to if shown else ""
    person = await find_person(session, to)
    today = calendar_in(person.zone if person else None, process).today(now)
    seen = [row for row in rows if row.standing.about.visible_to(to)]
    return Briefing(
        to=to,
        today=today,
        rows=await _with_findings(session, seen, viewer=to),
        late=any(r.late for r in shown),
    )


async def _rows(session: AsyncSession, reminders: Sequence[Reminder], process: Process) -> list[Row]:
    """Reminders with what they are about, in their order."""
    items = {one.item_id for one in reminders if one.item_id}
    risks = {one.risk_id for one in reminders if one.risk_id}
    standings = await list_standings(session, items, process=process, risk_ids=risks)
    of_item = {one.item.number: one for one in standings if one.item}
    of_risk = {one.risk.number: one for one in standings if one.risk}
    found = [(one, of_item.get(one.item_id or 0) or of_risk.get(one.risk_id or 0)) for one in reminders]
    return [Row(reminder, standing) for reminder, standing in found if standing is not None]


async def _with_findings(session: AsyncSession, rows: Sequence[Row], *, viewer: str) -> list[Row]:
    """The rows that ask whether something worked, with what was found for the answer."""
    about = [(row.reminder, row.standing) for row in rows if row.reminder.kind is ReminderKind.CHECK]
    found = await find_for_reminders(session, about, viewer=viewer)
    return [replace(row, extra=found.get(row.reminder.number, {})) for row in rows]


def _is_wanted(row: Row, process: Process, now: datetime) -> bool:
    """Whether it is still theirs to hear; of the ladder any step that is due will do, when an earlier was missed."""
    found = wanted(row.standing, process=process, now=now)
    due = [one for one in found if one.due_at <= now and one.to == row.reminder.to]
    if row.reminder.kind in LADDER:
        return any(one.kind in LADDER for one in due)
    return any(one.key == row.reminder.key for one in due)


def _is_still_news(row: Row) -> bool:
    """Whether it has not been overtaken: settled, opened again, or given to somebody since."""
    item, reminder = row.standing.item, row.reminder
    if item is None:
        return False
    if reminder.kind is ReminderKind.DROPPED:
        return item.state is ItemState.WONT_DO
    is_given_since = reminder.kind is not ReminderKind.HELP and item.assigned_at > reminder.due_at
    return item.is_open and not is_given_since


async def _item(session: AsyncSession, claim: Claim, process: Process, _now: datetime) -> Standing | None:
    """How the item stands that it is about."""
    return next(iter(await list_standings(session, [claim.payload["item"]], process=process)), None)


READERS: dict[DeliveryKind, Reader] = {
    DeliveryKind.MORNING: _morning,
    DeliveryKind.TELL_OF_ITEM: _one,
    DeliveryKind.REFRESH_REMINDER: _message,
    DeliveryKind.WEEKLY_DIGEST: read_weekly,
    DeliveryKind.MONTHLY_DIGEST: read_monthly,
    DeliveryKind.TREND: read_trend,
    DeliveryKind.TRACK: _item,
    DeliveryKind.LOOK_UP_TRACKED: _item,
}
"""By kind of delivery."""
