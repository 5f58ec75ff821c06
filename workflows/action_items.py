"""Action items: added with an owner and a date, changed, and given to others."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_item
from storage.incidents import lock_incident
from storage.ledger import record
from storage.people import find_person
from storage.tables import ActionItem, EntryKind, Horizon, Incident, ItemKind, ItemState, LedgerEntry, ReminderKind
from storage.tables.columns import JsonObject
from workflows.access import begin, begin_change, may_see
from workflows.calendars import Calendar, calendar_in
from workflows.commands import AddActionItem, ChangeItem, ItemCommand
from workflows.effects import owe_message, owe_shown_state
from workflows.item_errors import HiddenFromOwner, ItemNotFound, WrongItem
from workflows.item_fields import FIELDS, faults_in, shown_by_link
from workflows.masking import mask
from workflows.people import meet
from workflows.process import Process
from workflows.reminding import replan_item, tell
from workflows.situation import situation_of
from workflows.trackers import follow_item, put_automatically


async def add_action_item(
    session: AsyncSession, command: AddActionItem, *, process: Process, now: datetime
) -> ActionItem:
    """Add one, tell its owner unless they added it themselves, and plan what reminds of it.

    Raises AlreadyReceived, IncidentNotFound, HiddenFromOwner, WrongItem.
    """
    incident = await begin_change(session, command, now=now)
    return await add_to(session, incident, command, process=process, now=now)


async def add_to(
    session: AsyncSession, incident: Incident, command: AddActionItem, *, process: Process, now: datetime
) -> ActionItem:
    """The same for a workflow that holds the incident and has taken on the request.

    Raises HiddenFromOwner, and WrongItem with a sentence for each field that cannot be so.
    """
    owner = command.owner or await usual_owner(session, incident, besides=command.by)
    if owner != command.by:
        await refuse_if_hidden(session, incident, owner)
    calendar = await calendar_of(session, owner, process)
    item = _new_item(incident, command, owner, now=now)
    item.due_on = command.due_on or _usual_date(item.horizon, calendar, process, now)
    said = [name for name in FIELDS if name != "due_on" or command.due_on]
    _refuse_faults(_fields(item), said, today=await _first_today(session, calendar, command.by, process, now=now))
    session.add(item)
    await session.flush()
    await meet(session, [owner], now=now)
    entry = record(session, incident, EntryKind.ITEM_ADDED, by=command.by, at=now, data=_added(item))
    incident.last_activity_at = now
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now)
    if owner != command.by:
        await tell(session, incident, item, ReminderKind.ASSIGNED, owner, now=now, data={"by": command.by})
    await replan_item(session, item, process=process, now=now)
    await put_automatically(session, incident, item, process=process, now=now)
    return item


async def change_item(session: AsyncSession, command: ChangeItem, *, process: Process, now: datetime) -> ActionItem:
    """Say what it is from now on; what is so already changes nothing, and a new date makes its ladder run anew.

    Everybody who may see it may. Raises WrongItem with a sentence by field, AlreadyReceived, ItemNotFound.
    """
    incident, item = await begin_item(session, command, now=now)
    calendar = await calendar_of(session, item.owner, process)
    values = _values(item, command, usual=_usual_date(Horizon.AFTER, calendar, process, now))
    before = {name: getattr(item, name) for name in values if getattr(item, name) != values[name]}
    if not before:
        return item
    _refuse_change_of_settled(item, values, before)
    today = await _first_today(session, calendar, command.by, process, now=now)
    _refuse_faults({**_fields(item), **values}, list(before), today=today)
    for name in before:
        setattr(item, name, values[name])
    if "due_on" in before:
        run_anew(item, now=now)
    changes = {name: [_in_json(was), _in_json(values[name])] for name, was in before.items()}
    await item_changed(
        session,
        incident,
        item,
        EntryKind.ITEM_CHANGED,
        by=command.by,
        process=process,
        now=now,
        data={"changes": changes},
    )
    return item


def _values(item: ActionItem, command: ChangeItem, *, usual: date | None) -> dict[str, object]:
    """What its fields are to be, with what follows from that; `usual` is the date where there has to be one."""
    values = {name: _as_kept(value) for name, value in command.changes.items() if name in FIELDS}
    if values.get("horizon") is Horizon.AFTER and item.due_on is None:
        values.setdefault("due_on", usual)
    if "priority_reason" in values or "priority" in values:
        reason = values.get("priority_reason", item.priority_reason)
        values["priority_reason"] = (reason if values.get("priority", item.priority) else None) or None
    return values


def _as_kept(value: object) -> object:
    """Words without secrets."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        return mask(value.strip())
    return [mask(str(each)) for each in value] if isinstance(value, list | tuple) else value


def _in_json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _refuse_change_of_settled(item: ActionItem, values: Mapping[str, object], before: Mapping[str, object]) -> None:
    """Raise WrongItem for what makes sense only while there is work to do."""
    if item.is_open:
        return
    faults = {name: _SETTLED.format(ref=item.ref) for name in ("due_on", "horizon") if name in before}
    kind = values.get("kind", item.kind)
    if isinstance(kind, ItemKind) and shown_by_link(kind) and not (item.evidence or item.links or values.get("links")):
        faults["kind"] = "Work of this kind is done when a link shows it; add the link first."
    if faults:
        raise WrongItem(faults)


_SETTLED = "{ref} is over; open it again to change that."


def _new_item(incident: Incident, command: AddActionItem, owner: str, *, now: datetime) -> ActionItem:
    return ActionItem(
        incident_id=incident.number,
        title=mask(command.title.strip()),
        why=mask(command.why.strip()),
        owner=owner,
        horizon=command.horizon,
        state=ItemState.OPEN,
        aim=command.aim,
        kind=command.kind,
        proposal=command.proposal,
        impact=command.impact,
        feasibility=command.feasibility,
        priority=command.priority,
        priority_reason=mask(command.priority_reason) or None,
        links=[mask(link) for link in command.links],
        success_measure=mask(command.success_measure),
        vendor_contact=mask(command.vendor_contact),
        theme_id=command.theme_id,
        created_by=command.by,
        created_at=now,
        source=command.source,
        source_ref=command.source_ref,
        follows=command.follows,
        assigned_by=command.by,
        assigned_at=now,
        accepted_at=now if owner == command.by else None,
        state_changed_at=now,
        planned_since=now,
    )


def _added(item: ActionItem) -> JsonObject:
    """What the ledger keeps of a new item."""
    return {
        "item": item.number,
        "title": item.title,
        "owner": item.owner,
        "due_on": item.due_on.isoformat() if item.due_on else None,
        "horizon": item.horizon,
        "kind": item.kind,
        "aim": item.aim,
        "source": item.source,
        "source_ref": item.source_ref,
        "follows": item.follows,
    }


async def usual_owner(session: AsyncSession, incident: Incident, *, besides: str) -> str:
    """Whose work is that nobody is named for: the lead's, if they are there; or else of whom it is about."""
    lead = (await situation_of(session, incident)).lead
    known = await find_person(session, lead) if lead else None
    if lead is None or (known and known.gone_at) or not await may_see(session, incident, lead):
        return besides
    return lead


async def calendar_of(session: AsyncSession, user_id: str, process: Process) -> Calendar:
    """Somebody's days."""
    person = await find_person(session, user_id)
    return calendar_in(person.zone if person else None, process)


def _usual_date(horizon: Horizon, calendar: Calendar, process: Process, now: datetime) -> date | None:
    """A working day of the owner's, some time from now; a task needs none."""
    if horizon is Horizon.NOW:
        return None
    return calendar.working_day(calendar.today(now) + timedelta(days=process.reminders.due_in))


def _fields(item: ActionItem) -> dict[str, object]:
    return {name: getattr(item, name) for name in FIELDS}


async def _first_today(session: AsyncSession, calendar: Calendar, by: str, process: Process, *, now: datetime) -> date:
    """The earlier of the days it is for an item's owner and for who speaks: nobody's own today is past."""
    return min(calendar.today(now), (await calendar_of(session, by, process)).today(now))


def _refuse_faults(values: Mapping[str, object], said: Sequence[str], *, today: date) -> None:
    faults = faults_in(values, said, today=today)
    if faults:
        raise WrongItem(faults)


def run_anew(item: ActionItem, *, now: datetime) -> None:
    """Its ladder begins again: what went before it says nothing about how it stands now."""
    item.planned_since = now
    item.reminded_on = item.snoozed_until = item.told_late_on = None
    item.snoozes = 0


async def refuse_if_hidden(session: AsyncSession, incident: Incident, person: str) -> None:
    """Raise HiddenFromOwner for somebody who may not know of the incident: they could not be reminded."""
    if not await may_see(session, incident, person):
        raise HiddenFromOwner(incident, person)


async def begin_item(session: AsyncSession, command: ItemCommand, *, now: datetime) -> tuple[Incident, ActionItem]:
    """Take on a request about an item, once; its incident is held until the end of the transaction.

    Raises AlreadyReceived, and ItemNotFound where it is not there or not theirs to see.
    """
    await begin(session, command, now=now)
    return await hold_item(session, command.item_id, by=command.by, asked_in=command.asked_in)


async def hold_item(
    session: AsyncSession, item_id: int, *, by: str, asked_in: str | None = None
) -> tuple[Incident, ActionItem]:
    """An item and its incident, which is held from now on. Raises ItemNotFound."""
    item = await find_item(session, item_id)
    incident = await lock_incident(session, item.incident_id) if item else None
    if item is None or incident is None:
        raise ItemNotFound(item_id)
    if not await may_see(session, incident, by, asked_in=asked_in):
        raise ItemNotFound(item_id)
    await session.refresh(item)  # it may have changed while we waited for its incident
    return incident, item


async def item_changed(
    session: AsyncSession,
    incident: Incident,
    item: ActionItem,
    kind: EntryKind,
    *,
    by: str,
    process: Process,
    now: datetime,
    data: Mapping[str, object],
    by_itself: bool = False,
) -> LedgerEntry:
    """Write down what has happened to an item, and plan anew what is said about it; the caller holds its incident.

    What happens by itself does not end its owner's silence.
    """
    entry = record(session, incident, kind, by=by, at=now, data={"item": item.number, "title": item.title, **data})
    if not by_itself:
        item.heard_at = now
    owe_shown_state(session, incident, at=now)
    await replan_item(session, item, process=process, now=now)
    await follow_item(session, incident, item, was=data.get("from"), process=process, now=now)
    return entry
