"""Reminders: planned anew with every change, gathered into one message a person and morning, and sent once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_items, list_open_items_of
from storage.deliveries import find_owed, move_planned, owe, owe_unless_owed
from storage.people import find_person
from storage.reminders import (
    add_reminder,
    drop_reminders,
    list_due,
    list_forgotten,
    list_messages_about,
    list_planned_or_named,
    list_planned_to,
    list_reminders,
    put_off_due,
)
from storage.tables import (
    ActionItem,
    Delivery,
    DeliveryKind,
    Incident,
    Reminder,
    ReminderKind,
    ReminderState,
)
from storage.tables.columns import JsonObject
from workflows.calendars import Calendar, calendar_in
from workflows.process import Process
from workflows.process_parts import WEEKDAYS
from workflows.reminders import LATE, Standing, Wanted, wanted
from workflows.standings import list_standings

LADDER = (ReminderKind.DUE, ReminderKind.SNOOZED)
SHOWN_FOR = timedelta(days=14)
"""How long a message about an item is kept up to date; older ones say what is the case when they are pressed."""
MOST_REDRAWN = 5
FORGOTTEN_AFTER = timedelta(minutes=10)


async def replan_item(session: AsyncSession, item: ActionItem, *, process: Process, now: datetime) -> None:
    """Plan what will be said about this item; the caller holds its incident and has changed the item."""
    await session.flush()
    await replan_items(session, [item.number], process=process, now=now)
    await redraw(session, item, now=now)


async def replan_items(
    session: AsyncSession,
    item_ids: Collection[int],
    *,
    process: Process,
    now: datetime,
    risk_ids: Collection[int] = (),
) -> None:
    """Plan what will be said about these items and risks, and let go of what need not be said.

    The caller holds their incidents. Nothing is written for what stays as it is.
    """
    standings = await list_standings(session, item_ids, process=process, risk_ids=risk_ids)
    by_key = {one.key: (standing, one) for standing in standings for one in wanted(standing, process=process, now=now)}
    known = await list_planned_or_named(session, items=item_ids, risks=risk_ids, keys=by_key.keys())
    over = [row for row in known if row.state is ReminderState.PLANNED and row.key not in by_key]
    for row, key in _doing_for(over, by_key, now=now):
        over.remove(row)
        del by_key[key]
    if over:
        await drop_reminders(session, [row.id for row in over])
    await _bring_up_to_date(session, known, {key: one for key, (_, one) in by_key.items()}, now=now)
    named = {row.key for row in known}
    for key, (standing, one) in by_key.items():
        if key not in named:
            await _plan(session, standing, one, now=now)
    await _owe_weekly(session, standings, process=process, now=now)


def _doing_for(
    over: Iterable[Reminder], by_key: Mapping[str, tuple[Standing, Wanted]], *, now: datetime
) -> list[tuple[Reminder, str]]:
    """Of the ladder any step that is due will do for another, and may be in a message that is under way."""
    due = {
        (standing.item.number, one.to): key
        for key, (standing, one) in by_key.items()
        if standing.item and one.kind in LADDER and one.due_at <= now
    }
    return [
        (row, due[row.item_id, row.to])
        for row in over
        if row.item_id and row.kind in LADDER and row.due_at <= now and (row.item_id, row.to) in due
    ]


async def replan_person(session: AsyncSession, user_id: str, *, process: Process, now: datetime) -> None:
    """Somebody's zone has changed, or they can no longer be reached: plan what was planned for them anew."""
    planned = await list_planned_to(session, user_id)
    owned = await list_open_items_of(session, user_id)
    items = {row.item_id for row in planned if row.item_id} | {item.number for item in owned}
    await replan_items(
        session, items, risk_ids={row.risk_id for row in planned if row.risk_id}, process=process, now=now
    )


async def _bring_up_to_date(
    session: AsyncSession, known: Sequence[Reminder], by_key: dict[str, Wanted], *, now: datetime
) -> None:
    for row in known:
        one = by_key.get(row.key)
        if one is None or row.state is not ReminderState.PLANNED:
            continue
        if (row.to, row.on, row.due_at) != (one.to, one.on, one.due_at):
            row.to, row.on, row.due_at = one.to, one.on, one.due_at
            await owe_morning(session, one.to, one.on, due_at=one.due_at, now=now)


async def _plan(session: AsyncSession, standing: Standing, one: Wanted, *, now: datetime) -> None:
    add_reminder(
        session,
        key=one.key,
        kind=one.kind,
        item_id=standing.item.number if standing.item else None,
        risk_id=standing.risk.number if standing.risk else None,
        check_id=one.data.get("check"),
        to=one.to,
        on=one.on,
        due_at=one.due_at,
        state=ReminderState.PLANNED,
        data=one.data,
    )
    await owe_morning(session, one.to, one.on, due_at=one.due_at, now=now)


async def owe_morning(
    session: AsyncSession, to: str, on: date, *, due_at: datetime, now: datetime, besides: Delivery | None = None
) -> None:
    """Owe somebody what is to be said to them that morning; another reminder for it is in the same message.

    A morning is never cancelled, so that nobody can take it from somebody else's reminder: an empty one says nothing.
    `besides` is one that has just been performed and is not written down as such yet.
    """
    key = f"{DeliveryKind.MORNING}/{to}/{on}"
    for again in ("", f"/{int(now.timestamp())}"):
        payload: JsonObject = {"to": to, "on": on.isoformat()}
        if await owe_unless_owed(
            session, DeliveryKind.MORNING, lane=f"morning/{to}", key=key + again, due_at=due_at, payload=payload
        ):
            return
        owed = await find_owed(session, key + again)
        if owed is not None and owed.done_at is None and owed is not besides:
            if owed.due_at != due_at:
                await move_planned(session, key + again, due_at=due_at)
            return


async def _owe_weekly(session: AsyncSession, standings: Iterable[Standing], *, process: Process, now: datetime) -> None:
    """Everybody with something to do gets the whole of it once a week."""
    people = {one.item.owner: one.people for one in standings if one.item and one.item.is_open}
    for owner, known in people.items():
        if known.can_be_reached(owner):
            await owe_weekly(session, owner, known.calendar(owner, process), process=process, now=now)


async def owe_weekly(session: AsyncSession, to: str, calendar: Calendar, *, process: Process, now: datetime) -> None:
    """Owe somebody the morning of their next weekly list."""
    day = calendar.today(now)
    for _ in range(3):
        on = weekly_day(calendar, day, process)
        if on is None:
            return
        if calendar.morning(on) > now:
            await owe_morning(session, to, on, due_at=calendar.morning(on), now=now)
            return
        day += timedelta(days=7)


def weekly_day(calendar: Calendar, day: date, process: Process) -> date | None:
    """The morning of the weekly list in this day's week, Monday to Sunday; nothing where there are no digests."""
    if process.digests.day is None:
        return None
    monday = day - timedelta(days=day.weekday())
    return calendar.working_day(monday + timedelta(days=WEEKDAYS.index(process.digests.day)))


async def morning_sent(
    session: AsyncSession, delivery: Delivery, answer: JsonObject, *, process: Process, now: datetime
) -> JsonObject:
    """Somebody has heard: keep what, and plan what follows; the caller holds the incidents that the answer names."""
    to, shown = delivery.payload["to"], answer.get("shown", [])
    person = await find_person(session, to)
    calendar = calendar_in(person.zone if person else None, process)
    rows, left_out = await list_reminders(session, shown), await list_reminders(session, answer.get("left_out", []))
    for row in rows:
        _has_heard(row, answer, now=now)
    concerned = {row.item_id for row in [*rows, *left_out] if row.item_id}
    items = {item.number: item for item in await list_items(session, concerned)}
    for row in rows:
        if row.item_id in items:
            _owner_has_heard(items[row.item_id], row, today=calendar.today(now))
    for item_id in answer.get("listed", []):
        _add_listed(session, delivery, item_id, answer, today=calendar.today(now), now=now)
    risks = {row.risk_id for row in [*rows, *left_out] if row.risk_id}
    await drop_reminders(session, answer.get("left_out", []))
    await replan_items(session, concerned, risk_ids=risks, process=process, now=now)
    await _owe_the_rest(session, delivery, calendar, process=process, now=now)
    return {name: answer[name] for name in ("channel_id", "ts", "idle") if name in answer}


def _has_heard(row: Reminder, answer: JsonObject, *, now: datetime) -> None:
    row.state, row.sent_at, row.late = ReminderState.SENT, now, now - row.due_at > LATE
    row.channel_id, row.ts = answer["channel_id"], answer["ts"]


def _add_listed(
    session: AsyncSession, delivery: Delivery, item_id: int, answer: JsonObject, *, today: date, now: datetime
) -> None:
    """A line of the weekly list is kept up to date with the rest of its message."""
    add_reminder(
        session,
        key=f"item/{item_id}/{ReminderKind.WEEKLY}/{delivery.number}",
        kind=ReminderKind.WEEKLY,
        item_id=item_id,
        to=delivery.payload["to"],
        on=today,
        due_at=now,
        state=ReminderState.SENT,
        sent_at=now,
        channel_id=answer["channel_id"],
        ts=answer["ts"],
    )


def _owner_has_heard(item: ActionItem, row: Reminder, *, today: date) -> None:
    """The ladder goes on from here; whoever hears late that it is due gets the days of silence from now."""
    if row.kind not in LADDER or row.to != item.owner:
        return
    item.reminded_on = today
    if row.late and item.due_on and item.due_on <= today:
        item.told_late_on = today


async def _owe_the_rest(
    session: AsyncSession, delivery: Delivery, calendar: Calendar, *, process: Process, now: datetime
) -> None:
    """What came up while the message was under way, and next week's list."""
    to = delivery.payload["to"]
    if await list_due(session, to, now=now, limit=1):
        await owe_morning(session, to, calendar.today(now), due_at=now, now=now, besides=delivery)
    if await list_open_items_of(session, to):
        await owe_weekly(session, to, calendar, process=process, now=now)


async def mend_mornings(session: AsyncSession, *, now: datetime) -> None:
    """Owe what is due and has no message on its way: two who plan and send at once may not see each other."""
    for to in await list_forgotten(session, due_before=now - FORGOTTEN_AFTER, limit=500):
        await owe_morning(session, to, now.date(), due_at=now, now=now)


async def put_off_mornings(session: AsyncSession, to: str, *, now: datetime) -> None:
    """They could not be told, for a reason that may last: try again a day later, and not every few minutes."""
    until = now + timedelta(days=1)
    await put_off_due(session, to, now=now, until=until)
    await owe_morning(session, to, until.date(), due_at=until, now=now)


async def tell(
    session: AsyncSession,
    incident: Incident,
    item: ActionItem,
    kind: ReminderKind,
    to: str,
    *,
    now: datetime,
    data: JsonObject | None = None,
) -> None:
    """Tell somebody at once; the caller holds the incident."""
    key = f"item/{item.number}/{kind}/{to}/{incident.ledger_length}"
    add_reminder(
        session,
        key=key,
        kind=kind,
        item_id=item.number,
        to=to,
        on=now.date(),
        due_at=now,
        state=ReminderState.PLANNED,
        data=data or {},
    )
    owe(
        session,
        DeliveryKind.TELL_OF_ITEM,
        lane=f"person/{to}",
        key=f"{DeliveryKind.TELL_OF_ITEM}/{key}",
        due_at=now,
        incident_id=incident.number,
        payload={"to": to, "reminder": key},
    )


async def told(
    session: AsyncSession, delivery: Delivery, answer: JsonObject, *, process: Process, now: datetime
) -> JsonObject:
    """Somebody was told at once: keep in which message."""
    await drop_reminders(session, answer.get("left_out", []))
    for row in await list_reminders(session, answer.get("shown", [])):
        _has_heard(row, answer, now=now)
    return {name: answer[name] for name in ("channel_id", "ts", "idle") if name in answer}


async def redraw(session: AsyncSession, item: ActionItem, *, now: datetime) -> None:
    """Owe the newest messages that show an item what is now true of it."""
    messages = await list_messages_about(session, item.number, sent_after=now - SHOWN_FOR, limit=MOST_REDRAWN)
    for channel_id, ts in messages:
        await owe_redrawing(session, channel_id, ts, now=now)


async def owe_redrawing(session: AsyncSession, channel_id: str, ts: str, *, now: datetime) -> None:
    """Owe one message of ours a drawing of what is now true; several at once are one."""
    await owe_unless_owed(
        session,
        DeliveryKind.REFRESH_REMINDER,
        lane=f"reminder/{channel_id}/{ts}",
        key=f"{DeliveryKind.REFRESH_REMINDER}/{channel_id}/{ts}/{now.timestamp()}",
        due_at=now,
        payload={"channel_id": channel_id, "ts": ts},
    )
