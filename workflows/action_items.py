"""Action items: added with an owner and a date, changed, and given to others."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_item
from storage.incidents import list_roles, lock_incident
from storage.ledger import record
from storage.people import find_person
from storage.tables import ActionItem, EntryKind, Horizon, Incident, ItemState, LedgerEntry, ReminderKind
from storage.tables.columns import JsonObject
from workflows.access import begin, begin_change, may_see
from workflows.calendars import calendar_in
from workflows.commands import AddActionItem, ChangeItem, ItemCommand
from workflows.effects import owe_message, owe_shown_state
from workflows.item_errors import HiddenFromOwner, ItemNotFound
from workflows.masking import mask
from workflows.people import meet
from workflows.process import Process
from workflows.reminding import replan_item, tell


async def add_action_item(
    session: AsyncSession, command: AddActionItem, *, process: Process, now: datetime
) -> ActionItem:
    """Add one, tell its owner unless they added it themselves, and plan what reminds of it.

    Raises AlreadyReceived, IncidentNotFound, HiddenFromOwner.
    """
    incident = await begin_change(session, command, now=now)
    return await add_to(session, incident, command, process=process, now=now)


async def add_to(
    session: AsyncSession, incident: Incident, command: AddActionItem, *, process: Process, now: datetime
) -> ActionItem:
    """The same for a workflow that holds the incident and has taken on the request. Raises HiddenFromOwner."""
    owner = command.owner or await _usual_owner(session, incident, command)
    await refuse_if_hidden(session, incident, owner)
    item = _new_item(incident, command, owner, now=now)
    item.due_on = command.due_on or await _usual_date(session, command, owner, process, now)
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
    return item


async def change_item(session: AsyncSession, command: ChangeItem, *, process: Process, now: datetime) -> ActionItem:
    """Say what it is from now on."""
    raise NotImplementedError


def _new_item(incident: Incident, command: AddActionItem, owner: str, *, now: datetime) -> ActionItem:
    return ActionItem(
        incident_id=incident.number,
        title=mask(command.title),
        why=mask(command.why),
        owner=owner,
        horizon=command.horizon,
        state=ItemState.OPEN,
        aim=command.aim,
        kind=command.kind,
        proposal=command.proposal,
        impact=command.impact,
        feasibility=command.feasibility,
        priority=command.priority,
        priority_reason=command.priority_reason or None,
        links=list(command.links),
        success_measure=mask(command.success_measure),
        vendor_contact=command.vendor_contact,
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


async def _usual_owner(session: AsyncSession, incident: Incident, command: AddActionItem) -> str:
    roles = {role.role: role.user_id for role in await list_roles(session, [incident.number])}
    return roles.get("lead") or command.by


async def _usual_date(
    session: AsyncSession, command: AddActionItem, owner: str, process: Process, now: datetime
) -> date | None:
    """A working day of the owner's, some time from now; a task needs none."""
    if command.horizon is Horizon.NOW:
        return None
    person = await find_person(session, owner)
    calendar = calendar_in(person.zone if person else None, process)
    return calendar.working_day(calendar.today(now) + timedelta(days=process.reminders.due_in))


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
) -> LedgerEntry:
    """Write down what has happened to an item, and plan anew what is said about it; the caller holds its incident."""
    entry = record(session, incident, kind, by=by, at=now, data={"item": item.number, "title": item.title, **data})
    item.heard_at = now
    owe_shown_state(session, incident, at=now)
    await replan_item(session, item, process=process, now=now)
    return entry
