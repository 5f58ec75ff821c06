"""Whose an action item is: given, taken on, declined, and when its owner needs help."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem, EntryKind, Incident, ReminderKind
from workflows.action_items import begin_item, item_changed, refuse_if_hidden, run_anew
from workflows.commands import AcceptItem, AskForHelp, AssignItem, DeclineItem, ItemCommand
from workflows.effects import owe_message
from workflows.errors import clock, person
from workflows.item_errors import AlreadySo, ItemSettled, NobodyElse, NotTheirItem
from workflows.item_rights import refuse_if_not_theirs, standing_of
from workflows.masking import mask
from workflows.people import meet
from workflows.process import Process
from workflows.reminders import Standing
from workflows.reminding import tell


async def assign_item(session: AsyncSession, command: AssignItem, *, process: Process, now: datetime) -> ActionItem:
    """Give it to somebody, who is told, or take it over; everybody who may see it may.

    Raises ItemSettled, AlreadySo, HiddenFromOwner, AlreadyReceived, ItemNotFound.
    """
    incident, item = await _begin_open(session, command, now=now)
    if item.owner == command.to:
        raise AlreadySo(item, f"{person(item.owner)}'s (since {clock(item.assigned_at)})")
    if command.to != command.by:  # who asks has been seen to be allowed to
        await refuse_if_hidden(session, incident, command.to)
    why = mask(command.why.strip())
    data = {"from": item.owner, "to": command.to, "why": why}
    await give(session, item, command.to, by=command.by, now=now)
    await item_changed(
        session, incident, item, EntryKind.ITEM_ASSIGNED, by=command.by, process=process, now=now, data=data
    )
    if command.to != command.by:
        told = {"by": command.by, "why": why}
        await tell(session, incident, item, ReminderKind.ASSIGNED, command.to, now=now, data=told)
    return item


async def give(session: AsyncSession, item: ActionItem, to: str, *, by: str, now: datetime) -> None:
    """Make it somebody's; the caller holds the incident and writes down why."""
    item.owner, item.assigned_by, item.assigned_at = to, by, now
    item.accepted_at = now if to == by else None
    run_anew(item, now=now)
    await meet(session, [to], now=now)


async def _begin_open(session: AsyncSession, command: ItemCommand, *, now: datetime) -> tuple[Incident, ActionItem]:
    incident, item = await begin_item(session, command, now=now)
    if not item.is_open:
        raise ItemSettled(item)
    return incident, item


async def accept_item(session: AsyncSession, command: AcceptItem, *, process: Process, now: datetime) -> ActionItem:
    """Its owner takes it on. Raises ItemSettled, NotTheirItem, AlreadySo, AlreadyReceived, ItemNotFound."""
    incident, item = await _begin_open(session, command, now=now)
    if item.owner != command.by:
        raise NotTheirItem(item)
    if item.accepted_at is not None:
        raise AlreadySo(item, f"accepted ({person(item.owner)}, {clock(item.accepted_at)})")
    item.accepted_at = now
    await item_changed(
        session, incident, item, EntryKind.ITEM_ACCEPTED, by=command.by, process=process, now=now, data={}
    )
    return item


async def decline_item(session: AsyncSession, command: DeclineItem, *, process: Process, now: datetime) -> ActionItem:
    """Its owner does not take it on: it goes back to who assigned it, or else to the lead or who made it.

    Whose it is now and the lead are told at once. Raises ItemSettled, NotTheirItem, NobodyElse, AlreadyReceived,
    ItemNotFound.
    """
    incident, item = await _begin_open(session, command, now=now)
    if item.owner != command.by:
        raise NotTheirItem(item)
    standing = await standing_of(session, item, process=process)
    to = _goes_back_to(standing, item, process)
    if to is None:
        raise NobodyElse(item)
    why = mask(command.why.strip())
    await give(session, item, to, by=to, now=now)
    item.accepted_at = None  # nobody has asked them
    data = {"from": command.by, "to": to, "why": why}
    await item_changed(
        session, incident, item, EntryKind.ITEM_DECLINED, by=command.by, process=process, now=now, data=data
    )
    for one in dict.fromkeys((to, standing.first_of(standing.lead, besides=[command.by]))):
        if one is not None:
            told = {"by": command.by, "why": why}
            await tell(session, incident, item, ReminderKind.DECLINED, one, now=now, data=told)
    return item


def _goes_back_to(standing: Standing, item: ActionItem, process: Process) -> str | None:
    candidates = (item.assigned_by, standing.about.lead, item.created_by, standing.about.incident.declared_by)
    return standing.first_of(*candidates, *standing.accountable(process), besides=[item.owner])


async def ask_for_help(session: AsyncSession, command: AskForHelp, *, process: Process, now: datetime) -> ActionItem:
    """Its owner cannot go on alone: the incident's channel is asked, or the lead where there is none any more.

    Raises ItemSettled, NotTheirItem, AlreadyReceived, ItemNotFound.
    """
    incident, item = await _begin_open(session, command, now=now)
    standing = await standing_of(session, item, process=process)
    refuse_if_not_theirs(standing, item, by=command.by, process=process)
    asked = standing.first_of(standing.lead, besides=[command.by])
    data = {"owner": item.owner, "asked": asked, "words": mask(command.words.strip())}
    entry = await item_changed(
        session, incident, item, EntryKind.ITEM_NEEDS_HELP, by=command.by, process=process, now=now, data=data
    )
    owe_message(session, incident, entry)
    return item
