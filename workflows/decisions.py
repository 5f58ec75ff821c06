"""Investments: action items that need a decision-maker's answer."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem, EntryKind, ItemKind, ItemState, ReminderKind
from workflows.access import may_see
from workflows.action_items import begin_item, item_changed
from workflows.check_commands import DecideItem
from workflows.check_errors import AlreadyDecided, NothingToDecide, NotTheirDecision
from workflows.effects import owe_message
from workflows.item_errors import ItemReasonNeeded
from workflows.item_rights import standing_of
from workflows.masking import mask
from workflows.process import Process
from workflows.reminders import deciders
from workflows.reminding import tell


async def decide_item(session: AsyncSession, command: DecideItem, *, process: Process, now: datetime) -> ActionItem:
    """Approve an investment or not; one that is not approved will not be done, and its owner hears why.

    Raises AlreadyReceived, ItemNotFound, NothingToDecide, AlreadyDecided, NotTheirDecision, ItemReasonNeeded.
    """
    incident, item = await begin_item(session, command, now=now)
    await refuse_decision(session, item, by=command.by, process=process)
    reason = mask(command.reason.strip())
    if not command.approved and not reason:
        raise ItemReasonNeeded(item, what="Not approving an investment")
    item.approved, item.decided_by = command.approved, command.by
    if not command.approved:
        _drop(item, reason, by=command.by, now=now)
    data = {"approved": command.approved, "reason": reason, "owner": item.owner}
    entry = await item_changed(
        session, incident, item, EntryKind.ITEM_DECIDED, by=command.by, process=process, now=now, data=data
    )
    owe_message(session, incident, entry, in_thread=True)
    if not command.approved and item.owner != command.by and await may_see(session, incident, item.owner):
        told = {"by": command.by, "reason": reason}
        await tell(session, incident, item, ReminderKind.DROPPED, item.owner, now=now, data=told)
    return item


def _drop(item: ActionItem, reason: str, *, by: str, now: datetime) -> None:
    item.state, item.state_changed_at = ItemState.WONT_DO, now
    item.dropped_because, item.dropped_by, item.blocked_on = reason, by, None


async def refuse_decision(session: AsyncSession, item: ActionItem, *, by: str, process: Process) -> None:
    """Raise NothingToDecide, AlreadyDecided, or NotTheirDecision for who may not answer."""
    if item.approved is not None:
        raise AlreadyDecided(item)
    if item.kind is not ItemKind.INVESTMENT or not item.is_open:
        raise NothingToDecide(item)
    asked = deciders(await standing_of(session, item, process=process), process)
    if by not in asked:
        raise NotTheirDecision(item.ref, asked)
