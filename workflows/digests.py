"""Digests: which comes when, planned one ahead of its kind, and planned again when it was sent or sitrep.toml changed.

Who missed one while we were away gets the next that is due, once: of each kind only one is ever owed.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import cancel_planned, move_planned, owe_unless_owed, plan_again
from storage.digests import list_waiting_in
from storage.kept import keep
from storage.tables import Delivery, DeliveryKind
from storage.tables.columns import JsonObject
from workflows.calendars import Calendar, calendar_in
from workflows.digest_contents import TOLD_UNTIL
from workflows.mornings import weekly_day
from workflows.process import Process

DIGESTS = (DeliveryKind.WEEKLY_DIGEST, DeliveryKind.MONTHLY_DIGEST, DeliveryKind.TREND)
LANE = "digest"
LOOKED_AHEAD = 3
"""The next one may have been sent already, when its time was moved to later on the same day."""


async def plan_digests(
    session: AsyncSession, *, process: Process, now: datetime, besides: Delivery | None = None
) -> None:
    """Owe the next digest of each kind, and let go of what sitrep.toml no longer wants; nothing is written otherwise.

    `besides` is one that has just been performed and is not written down as such yet.
    """
    waiting = [row for row in await list_waiting_in(session, LANE) if row is not besides]
    for kind in DIGESTS:
        await _plan(session, kind, [row for row in waiting if row.kind is kind], process=process, now=now)


async def digest_sent(
    session: AsyncSession, delivery: Delivery, answer: JsonObject, *, process: Process, now: datetime
) -> JsonObject:
    """A digest was sent, or had nothing to say: the next one begins where it ended."""
    if delivery.kind is DeliveryKind.WEEKLY_DIGEST and answer.get("until"):
        await keep(session, TOLD_UNTIL, answer["until"])
    await plan_digests(session, process=process, now=now, besides=delivery)
    return {name: answer[name] for name in ("channel_id", "ts", "idle") if name in answer}


async def _plan(
    session: AsyncSession, kind: DeliveryKind, waiting: Sequence[Delivery], *, process: Process, now: datetime
) -> None:
    calendar = calendar_in(None, process)
    wanted = [(key_of(kind, on), on) for on in islice(digest_days(kind, process, after=now), LOOKED_AHEAD)]
    if wanted and any(row.due_at <= now for row in waiting):
        return  # it is late and on its way; the next is owed when it has been sent
    kept = None
    planned = {row.dedupe_key: row for row in waiting}
    for key, on in wanted:
        if await _is_planned(session, kind, key, on, planned.get(key), calendar):
            kept = key
            break
    over = planned.keys() - {kept}
    if over:
        await cancel_planned(session, over, now=now)


async def _is_planned(
    session: AsyncSession, kind: DeliveryKind, key: str, on: date, planned: Delivery | None, calendar: Calendar
) -> bool:
    """See that the digest of this day is owed at its time; False for one that was sent before."""
    due_at = calendar.morning(on)
    if planned is not None:
        if planned.due_at != due_at:
            await move_planned(session, key, due_at=due_at)
        return True
    payload: JsonObject = {"on": on.isoformat()}
    if await owe_unless_owed(session, kind, lane=LANE, key=key, due_at=due_at, payload=payload):
        return True
    return await plan_again(session, key, due_at=due_at)


def key_of(kind: DeliveryKind, on: date) -> str:
    """Which digest it is: there is one of its kind a day."""
    return f"{kind}/{on}"


def digest_days(kind: DeliveryKind, process: Process, *, after: datetime) -> Iterator[date]:
    """The days on which a digest is still to come, in order; none where sitrep.toml wants none."""
    calendar = calendar_in(None, process)
    last = None
    for on in _days(kind, calendar, process, since=calendar.today(after)):
        if on != last and calendar.morning(on) > after:
            yield on
        last = on


def _days(kind: DeliveryKind, calendar: Calendar, process: Process, *, since: date) -> Iterator[date]:
    """The same from a day of which the digest may have gone out; two weeks without a working day have one day."""
    match kind:
        case DeliveryKind.WEEKLY_DIGEST:
            yield from _weekly(calendar, process, since=since - timedelta(days=7))
        case DeliveryKind.MONTHLY_DIGEST if process.digests.monthly:
            yield from _first_days(calendar, since=since, months=1)
        case DeliveryKind.TREND if process.digests.quarterly:
            yield from _first_days(calendar, since=since, months=3)


def _weekly(calendar: Calendar, process: Process, *, since: date) -> Iterator[date]:
    day = since
    while (on := weekly_day(calendar, day, process)) is not None:
        yield on
        day += timedelta(days=7)


def _first_days(calendar: Calendar, *, since: date, months: int) -> Iterator[date]:
    """The first working day of every so many months, counted from January."""
    year, month = since.year, (since.month - 1) // months * months + 1
    while True:
        yield calendar.working_day(date(year, month, 1))
        year, month = (year, month + months) if month + months <= 12 else (year + 1, 1)
