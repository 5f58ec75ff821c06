"""The life of an action item: from open to done and verified, or to won't do, and back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_checks
from storage.incidents import ENDED
from storage.tables import (
    OPEN_ITEM_STATES,
    ActionItem,
    CheckState,
    EffectivenessCheck,
    EntryKind,
    Horizon,
    Incident,
    ItemKind,
    ItemState,
    ReminderKind,
)
from workflows.action_items import begin_item, item_changed, run_anew
from workflows.commands import MoveItem
from workflows.effects import owe_message
from workflows.item_errors import (
    AlreadySo,
    CannotBeVerified,
    EvidenceNeeded,
    ItemReasonNeeded,
    ItemSettled,
    OwnerCannotVerify,
    WrongItem,
    settled,
)
from workflows.item_fields import is_link, shown_by_link
from workflows.item_rights import refuse_if_not_theirs, standing_of
from workflows.masking import mask
from workflows.process import Process
from workflows.reminders import Standing
from workflows.reminding import tell

SETTLED = (ItemState.DONE, ItemState.VERIFIED, ItemState.WONT_DO)
FOLLOWS: Mapping[ItemState, tuple[ItemState, ...]] = {
    **{
        state: tuple(after for after in (*OPEN_ITEM_STATES, ItemState.DONE, ItemState.WONT_DO) if after is not state)
        for state in OPEN_ITEM_STATES
    },
    ItemState.DONE: (ItemState.VERIFIED, ItemState.OPEN),
    ItemState.VERIFIED: (ItemState.OPEN,),
    ItemState.WONT_DO: (ItemState.OPEN,),
}
"""Which states can come after which; from a settled one back to open needs a reason."""

_NEEDS_REASON = {ItemState.BLOCKED: "Saying that it is blocked", ItemState.WONT_DO: "Not doing it"}
_TOLD = (ItemState.BLOCKED, *SETTLED)
"""States the incident's channel hears of, while the incident is worked on."""


async def move_item(session: AsyncSession, command: MoveItem, *, process: Process, now: datetime) -> ActionItem:
    """Say that it is in another state now; what is said about it is planned anew, and who has to know is told.

    Raises AlreadySo, ItemSettled, NotTheirItem, ItemReasonNeeded, EvidenceNeeded, WrongItem for what is no link,
    CannotBeVerified, OwnerCannotVerify, AlreadyReceived, ItemNotFound.
    """
    incident, item = await begin_item(session, command, now=now)
    standing = await standing_of(session, item, process=process)
    before, reason = item.state, mask(command.reason.strip())
    _refuse_step(item, command, reason)
    if command.state is ItemState.VERIFIED:
        _refuse_verifier(item, command)
    elif before not in SETTLED:  # that it is not done after all, anybody may find
        refuse_if_not_theirs(standing, item, by=command.by, process=process)
    _refuse_without_evidence(item, command)
    await _enter(session, item, command, reason, process=process, now=now)
    await _record(session, incident, item, command, before, reason, process=process, now=now)
    await _tell(session, incident, item, command, before, reason, standing=standing, now=now)
    return item


def _refuse_step(item: ActionItem, command: MoveItem, reason: str) -> None:
    """Raise for a state that it is in already, that cannot come next, or that needs a reason."""
    after = command.state
    blocked_on_more = after is ItemState.BLOCKED and reason and reason != item.blocked_on
    if _is_so(item, after) and not blocked_on_more:
        raise AlreadySo(item, settled(item))
    if after is ItemState.VERIFIED and item.state is not ItemState.DONE:
        raise CannotBeVerified(item)
    if after is not item.state and after not in FOLLOWS[item.state]:
        raise ItemSettled(item)
    what = "Opening it again" if item.state in SETTLED and after is ItemState.OPEN else _NEEDS_REASON.get(after)
    if what and not reason:
        raise ItemReasonNeeded(item, what=what)


def _is_so(item: ActionItem, after: ItemState) -> bool:
    """What was verified is done as well."""
    return item.state is after or (item.state is ItemState.VERIFIED and after is ItemState.DONE)


def _refuse_verifier(item: ActionItem, command: MoveItem) -> None:
    if item.horizon is Horizon.NOW:
        raise CannotBeVerified(item)
    if command.by in (item.owner, item.done_by):
        raise OwnerCannotVerify(item)


def _refuse_without_evidence(item: ActionItem, command: MoveItem) -> None:
    """Raise EvidenceNeeded, or WrongItem for what is no link; a verifier names the link they have looked at."""
    if command.evidence and not is_link(command.evidence):
        raise WrongItem({"evidence": "That is no link; it begins with https://."})
    if command.state is ItemState.VERIFIED and not command.evidence:
        raise EvidenceNeeded(item, what="Verifying it")
    if command.state is ItemState.DONE and shown_by_link(item.kind) and not (command.evidence or item.links):
        kind = "Training" if item.kind is ItemKind.TRAINING else "Documentation"
        raise EvidenceNeeded(item, what=f"{kind} that is done")


async def _enter(
    session: AsyncSession, item: ActionItem, command: MoveItem, reason: str, *, process: Process, now: datetime
) -> None:
    """Make it so."""
    before = item.state
    item.state, item.state_changed_at = command.state, now
    item.blocked_on = reason if command.state is ItemState.BLOCKED else None
    if command.by == item.owner:
        item.accepted_at = item.accepted_at or now  # who works on it has taken it on
    match command.state:
        case ItemState.DONE:
            item.done_at, item.done_by, item.evidence = now, command.by, _evidence(item, command)
            plan_checks(session, item, process=process)
        case ItemState.VERIFIED:
            item.verified_at, item.verified_by, item.evidence = now, command.by, mask(command.evidence)
        case ItemState.WONT_DO:
            item.dropped_because, item.dropped_by = reason, command.by
        case ItemState.OPEN if before in SETTLED:
            await _begin_again(session, item, now=now)
        case _:
            pass


def _evidence(item: ActionItem, command: MoveItem) -> str | None:
    return mask(command.evidence) or (item.links[0] if shown_by_link(item.kind) else None)


def plan_checks(session: AsyncSession, item: ActionItem, *, process: Process) -> None:
    """Whether it has worked is asked some time after it was done; tasks of the response are not asked about."""
    if item.horizon is Horizon.NOW or item.done_at is None:
        return
    for days in process.reminders.checks:
        due_at = item.done_at + timedelta(days=days)
        session.add(
            EffectivenessCheck(
                item_id=item.number, days=days, done_at=item.done_at, due_at=due_at, state=CheckState.PLANNED
            )
        )


async def _begin_again(session: AsyncSession, item: ActionItem, *, now: datetime) -> None:
    """Nothing of how it was settled stays, but in the ledger; its ladder runs from now on."""
    for check in await list_checks(session, [item.number]):
        if check.state is CheckState.PLANNED:
            check.state = CheckState.CANCELLED
    item.done_at = item.verified_at = None
    item.done_by = item.verified_by = item.evidence = item.outcome = None
    item.dropped_because = item.dropped_by = None
    if item.approved is False:
        item.approved = item.decided_by = None
    run_anew(item, now=now)


async def _record(
    session: AsyncSession,
    incident: Incident,
    item: ActionItem,
    command: MoveItem,
    before: ItemState,
    reason: str,
    *,
    process: Process,
    now: datetime,
) -> None:
    data = {"from": before, "to": item.state, "owner": item.owner, "reason": reason, "evidence": item.evidence}
    entry = await item_changed(
        session, incident, item, EntryKind.ITEM_STATE, by=command.by, process=process, now=now, data=data
    )
    if (item.state in _TOLD or before in SETTLED) and incident.status not in ENDED:
        owe_message(session, incident, entry, in_thread=True)


async def _tell(
    session: AsyncSession,
    incident: Incident,
    item: ActionItem,
    command: MoveItem,
    before: ItemState,
    reason: str,
    *,
    standing: Standing,
    now: datetime,
) -> None:
    """The lead hears that it will not be done, and its owner that it is open again, unless they said so."""
    told = {"by": command.by, "reason": reason}
    if item.state is ItemState.WONT_DO and standing.lead and standing.lead != command.by:
        await tell(session, incident, item, ReminderKind.DROPPED, standing.lead, now=now, data=told)
    if before in SETTLED and item.is_open and item.owner != command.by and standing.may_hear(item.owner):
        data = {**told, "reopened": True}
        await tell(session, incident, item, ReminderKind.ASSIGNED, item.owner, now=now, data=data)
