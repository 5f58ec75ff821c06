"""Reminders: planned anew with every change, gathered into one message a person and morning, and sent once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import has_open_items, list_items, list_open_items_of, list_risks
from storage.deliveries import owe, owe_unless_owed
from storage.incidents import lock_incidents
from storage.people import find_person
from storage.reminders import (
    add_reminder,
    add_reminders,
    drop_reminders,
    list_due,
    list_messages_about,
    list_planned_or_named,
    list_planned_to,
    list_reminders,
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
from workflows.mornings import Morning, next_weekly, owe_mornings
from workflows.process import Process
from workflows.reminders import LATE, Standing, Wanted, wanted
from workflows.standings import list_standings

LADDER = (ReminderKind.DUE, ReminderKind.SNOOZED)
SHOWN_FOR = timedelta(days=14)
"""How long a message about an item is kept up to date; older ones say what is the case when they are pressed."""
MOST_REDRAWN = 5


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
    mornings = _bring_up_to_date(known, {key: one for key, (_, one) in by_key.items()})
    named = {row.key for row in known}
    new = [both for key, both in by_key.items() if key not in named]
    await add_reminders(session, [_row(standing, one) for standing, one in new])
    mornings |= {(one.to, one.on): one.due_at for _, one in new}
    mornings |= _weekly_lists(standings, process=process, now=now)
    if mornings:
        await owe_mornings(session, mornings, now=now)


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
    risks = {row.risk_id for row in planned if row.risk_id}
    incidents = {item.incident_id for item in await list_items(session, items)}
    incidents |= {risk.incident_id for risk in await list_risks(session, risks)}
    await lock_incidents(session, incidents)
    await replan_items(session, items, risk_ids=risks, process=process, now=now)


def _bring_up_to_date(known: Sequence[Reminder], by_key: Mapping[str, Wanted]) -> dict[Morning, datetime]:
    """What is planned for another person or time than it was; on which mornings it is now."""
    mornings = {}
    for row in known:
        one = by_key.get(row.key)
        if one is None or row.state is not ReminderState.PLANNED:
            continue
        if (row.to, row.on, row.due_at) != (one.to, one.on, one.due_at):
            row.to, row.on, row.due_at = one.to, one.on, one.due_at
            mornings[one.to, one.on] = one.due_at
    return mornings


def _row(standing: Standing, one: Wanted) -> JsonObject:
    return {
        "key": one.key,
        "kind": one.kind,
        "item_id": standing.item.number if standing.item else None,
        "risk_id": standing.risk.number if standing.risk else None,
        "check_id": one.data.get("check"),
        "to": one.to,
        "on": one.on,
        "due_at": one.due_at,
        "state": ReminderState.PLANNED,
        "late": False,
        "data": one.data,
    }


def _weekly_lists(standings: Iterable[Standing], *, process: Process, now: datetime) -> dict[Morning, datetime]:
    """Everybody with something to do gets the whole of it once a week."""
    people = {one.item.owner: one.people for one in standings if one.item and one.item.is_open}
    found = {}
    for owner, known in people.items():
        calendar = known.calendar(owner, process)
        on = next_weekly(calendar, process, now=now) if known.can_be_reached(owner) else None
        if on is not None:
            found[owner, on] = calendar.morning(on)
    return found


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
    to, mornings = delivery.payload["to"], {}
    if await list_due(session, to, now=now, limit=1):
        mornings[to, calendar.today(now)] = now
    on = next_weekly(calendar, process, now=now)
    if on is not None and await has_open_items(session, to):
        mornings[to, on] = calendar.morning(on)
    if mornings:
        await owe_mornings(session, mornings, now=now, besides=delivery)


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
