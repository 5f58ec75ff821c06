"""Did it work? What is answered some time after an action item was done, and what follows from the answer."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_check, find_item, list_checks, list_items_after
from storage.incidents import find_incident, list_incidents
from storage.tables import (
    ActionItem,
    CheckState,
    EffectivenessCheck,
    EntryKind,
    Horizon,
    Incident,
    ItemKind,
    ItemState,
    Source,
)
from storage.tables.columns import JsonObject
from workflows.access import begin, may_see
from workflows.action_items import add_to, hold_item, item_changed
from workflows.check_commands import AddFromCheck, AnswerCheck, CheckCommand, Effect
from workflows.check_errors import (
    EFFECTS,
    AlreadyFollowed,
    CheckAnswered,
    CheckNotFound,
    CheckOver,
    NotTheirCheck,
)
from workflows.commands import AddActionItem
from workflows.errors import clock, person
from workflows.item_errors import AlreadySo, CannotBeVerified, ItemNotFound, OwnerCannotVerify
from workflows.item_fields import TITLE_LIMIT
from workflows.item_rights import standing_of
from workflows.masking import mask
from workflows.process import Process
from workflows.reminders import Standing

_NEEDS = {
    ItemKind.CONTROL: "Add a control, since this did not suffice: ",
    ItemKind.TRAINING: "Train whoever needs it after: ",
}


async def answer_check(session: AsyncSession, command: AnswerCheck, *, process: Process, now: datetime) -> ActionItem:
    """Say whether an item has worked: whoever of those asked is first settles it for all.

    Where it has not worked a new item goes on with it, and nothing more is asked about this one.
    Raises AlreadyReceived, CheckNotFound, CheckAnswered, CheckOver, NotTheirCheck.
    """
    incident, item, check = await _hold(session, command, now=now)
    standing = await refuse_unless_asked(session, item, check, by=command.by, process=process)
    data = await _keep(session, item, check, command, now=now)
    await item_changed(
        session, incident, item, EntryKind.CHECK_ANSWERED, by=command.by, process=process, now=now, data=data
    )
    title = command.next_step or (what_instead(item) if command.answer is Effect.NOT else "")
    if title:
        await _go_on(session, incident, standing, check, command, title, kind=ItemKind.OTHER, process=process, now=now)
    return item


async def add_from_check(
    session: AsyncSession, command: AddFromCheck, *, process: Process, now: datetime
) -> ActionItem:
    """Make the control or the training that is needed an action item, once a check, also before its answer.

    Raises AlreadyReceived, CheckNotFound, CheckOver, NotTheirCheck, AlreadyFollowed.
    """
    incident, item, check = await _hold(session, command, now=now)
    if check.state is CheckState.CANCELLED:
        raise CheckOver(item)
    standing = await standing_of(session, item, process=process)
    refuse_others(standing, item, by=command.by, process=process)
    after = await list_items_after(session, [item.number])
    made = next((one for one in made_by(check, after) if one.kind is command.kind), None)
    if made is not None:
        raise AlreadyFollowed(made)
    title = _NEEDS[command.kind] + item.title
    return await _go_on(session, incident, standing, check, command, title, kind=command.kind, process=process, now=now)


def what_instead(item: ActionItem) -> str:
    """The title of what goes on with an item that has not worked."""
    return _short(f"Find what works instead of: {item.title}")


async def see_check(
    session: AsyncSession, check_id: int, *, by: str, asked_in: str | None = None
) -> tuple[Incident, ActionItem, EffectivenessCheck]:
    """A check with its item and the item's incident, for somebody who may see it. Raises CheckNotFound."""
    check = await find_check(session, check_id)
    item = await find_item(session, check.item_id) if check else None
    incident = await find_incident(session, item.incident_id) if item else None
    if check is None or item is None or incident is None:
        raise CheckNotFound
    if not await may_see(session, incident, by, asked_in=asked_in):
        raise CheckNotFound
    return incident, item, check


async def refuse_unless_asked(
    session: AsyncSession, item: ActionItem, check: EffectivenessCheck, *, by: str, process: Process
) -> Standing:
    """How the item stands, for somebody who may answer. Raises CheckAnswered, CheckOver, NotTheirCheck."""
    if check.state is CheckState.ANSWERED and check.answered_by and check.answered_at and check.answer:
        answer = EFFECTS[Effect(check.answer)]
        raise CheckAnswered(item, by=check.answered_by, at=clock(check.answered_at), answer=answer)
    if check.state is not CheckState.PLANNED:
        raise CheckOver(item)
    standing = await standing_of(session, item, process=process)
    refuse_others(standing, item, by=by, process=process)
    return standing


def refuse_others(standing: Standing, item: ActionItem, *, by: str, process: Process) -> None:
    """Raise NotTheirCheck for anybody but the owner, who cares for the incident, and the accountable people."""
    asked = [one for one in dict.fromkeys((item.owner, standing.lead)) if one]
    if by not in (*asked, *standing.accountable(process)):
        raise NotTheirCheck(item, asked)


def refuse_verifier(item: ActionItem, *, by: str) -> None:
    """Raise AlreadySo, CannotBeVerified, or OwnerCannotVerify: what a verifier's form would be declined for."""
    if item.state is ItemState.VERIFIED:
        raise AlreadySo(item, f"verified by {person(item.verified_by or '')}")
    if item.state is not ItemState.DONE or item.horizon is Horizon.NOW:
        raise CannotBeVerified(item)
    if by in (item.owner, item.done_by):
        raise OwnerCannotVerify(item)


def made_by(check: EffectivenessCheck, after: Iterable[ActionItem]) -> list[ActionItem]:
    """Those of these items that came out of a check."""
    return [one for one in after if one.source is Source.CHECK and one.source_ref == str(check.number)]


async def _hold(
    session: AsyncSession, command: CheckCommand, *, now: datetime
) -> tuple[Incident, ActionItem, EffectivenessCheck]:
    """Take on the request; the incident is held from now on."""
    await begin(session, command, now=now)
    check = await find_check(session, command.check_id)
    try:
        incident, item = await hold_item(
            session, check.item_id if check else 0, by=command.by, asked_in=command.asked_in
        )
    except ItemNotFound:
        raise CheckNotFound from None
    if check is None:
        raise CheckNotFound
    await session.refresh(check)  # it may have been answered while we waited
    return incident, item, check


async def _keep(
    session: AsyncSession, item: ActionItem, check: EffectivenessCheck, command: AnswerCheck, *, now: datetime
) -> JsonObject:
    """Keep the answer with the check and its item; what the ledger keeps of it."""
    check.state, check.answer = CheckState.ANSWERED, command.answer
    check.answered_by, check.answered_at = command.by, now
    check.side_effects = mask(command.side_effects)
    check.similar, said = await _may_name(session, command)
    item.outcome = command.answer
    if command.answer is Effect.NOT:
        await _ask_no_more(session, item)
    kept = {"check": check.number, "days": check.days, "answer": check.answer, "side_effects": check.side_effects}
    return {**kept, "similar": said}


async def _may_name(session: AsyncSession, command: AnswerCheck) -> tuple[list[int], list[int]]:
    """Those of the named incidents that who answers may see; and of these those that everybody may."""
    named = [one for one in await list_incidents(session, command.similar) if await may_see(session, one, command.by)]
    return [one.number for one in named], [one.number for one in named if not one.private]


async def _ask_no_more(session: AsyncSession, item: ActionItem) -> None:
    """It is known not to work, so whether it still works later is no question."""
    for other in await list_checks(session, [item.number]):
        if other.state is CheckState.PLANNED:
            other.state = CheckState.CANCELLED


async def _go_on(
    session: AsyncSession,
    incident: Incident,
    standing: Standing,
    check: EffectivenessCheck,
    command: CheckCommand,
    title: str,
    *,
    kind: ItemKind,
    process: Process,
    now: datetime,
) -> ActionItem:
    """A new item that goes on with the one that was checked; its owner's, as long as they are here."""
    item = standing.item
    adding = AddActionItem(
        by=command.by,
        request_id=command.request_id,
        incident_id=incident.number,
        title=_short(title),
        owner=standing.first_of(item.owner if item else None, standing.lead),
        horizon=Horizon.AFTER,
        aim=item.aim if item else None,
        kind=kind,
        source=Source.CHECK,
        source_ref=str(check.number),
        follows=check.item_id,
    )
    return await add_to(session, incident, adding, process=process, now=now)


def _short(title: str) -> str:
    return title if len(title) <= TITLE_LIMIT else f"{title[: TITLE_LIMIT - 1].rstrip()}…"
