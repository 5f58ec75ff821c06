"""Statements on action items, the checks on them, accepted risks and themes."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.counting import IS_OPEN
from storage.incidents import VISIBLE
from storage.tables import OPEN_ITEM_STATES, AcceptedRisk, ActionItem, CheckState, EffectivenessCheck, Incident, Source

_THESE = select(ActionItem).where(col(ActionItem.id).in_(bindparam("ids", expanding=True))).order_by(col(ActionItem.id))
_NUMBERS_OF_INCIDENT = (
    select(ActionItem.id).where(col(ActionItem.incident_id) == bindparam("incident_id")).order_by(col(ActionItem.id))
)
_CHECKS = (
    select(EffectivenessCheck)
    .where(col(EffectivenessCheck.item_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(EffectivenessCheck.id))
)
_RISKS = (
    select(AcceptedRisk)
    .where(col(AcceptedRisk.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(AcceptedRisk.id))
)


async def find_item(session: AsyncSession, item_id: int) -> ActionItem | None:
    """An action item by its number."""
    return await session.get(ActionItem, item_id)


async def list_items(session: AsyncSession, ids: Collection[int]) -> Sequence[ActionItem]:
    """These action items, by number."""
    return (await session.execute(_THESE, {"ids": list(ids)})).scalars().all() if ids else []


async def list_items_of_incident(session: AsyncSession, incident_id: int) -> Sequence[ActionItem]:
    """An incident's action items, by number."""
    statement = select(ActionItem).where(ActionItem.incident_id == incident_id).order_by(col(ActionItem.id))
    return (await session.execute(statement)).scalars().all()


async def list_item_numbers_of_incident(session: AsyncSession, incident_id: int) -> Sequence[int]:
    """The numbers of an incident's action items, in order."""
    found = await session.execute(_NUMBERS_OF_INCIDENT, {"incident_id": incident_id})
    return [number for number in found.scalars() if number is not None]


async def list_items_of_messages(
    session: AsyncSession, incident: Incident, ts: Collection[str]
) -> dict[str, ActionItem]:
    """The items that were made of these messages of an incident's channel, by ts; it may have been merged since."""
    where = await _where_it_goes_on(session, incident)
    statement = (
        select(ActionItem)
        .where(
            col(ActionItem.incident_id).in_(where),
            col(ActionItem.source).in_((Source.MESSAGE, Source.MARK)),
            col(ActionItem.source_ref).in_(ts),
        )
        .order_by(col(ActionItem.id).desc())
    )
    return {str(item.source_ref): item for item in (await session.execute(statement)).scalars()}


async def _where_it_goes_on(session: AsyncSession, incident: Incident) -> list[int]:
    """The incident, the one it was merged into, the one that was merged into, and so on."""
    numbers, one = [incident.number], incident
    while one.merged_into and one.merged_into not in numbers:
        numbers.append(one.merged_into)
        one = await session.get_one(Incident, one.merged_into)
    return numbers


async def list_open_items_of(session: AsyncSession, owner: str) -> Sequence[ActionItem]:
    """What somebody has to do, in the order it is due; what has no date comes last."""
    statement = (
        select(ActionItem)
        .where(ActionItem.owner == owner, IS_OPEN)
        .order_by(col(ActionItem.due_on).is_(None), col(ActionItem.due_on), col(ActionItem.id))
    )
    return (await session.execute(statement)).scalars().all()


async def list_checks(session: AsyncSession, item_ids: Collection[int]) -> Sequence[EffectivenessCheck]:
    """The checks on these items, by number."""
    return (await session.execute(_CHECKS, {"ids": list(item_ids)})).scalars().all() if item_ids else []


async def find_check(session: AsyncSession, check_id: int) -> EffectivenessCheck | None:
    """A check by its number."""
    return await session.get(EffectivenessCheck, check_id)


async def list_items_after(session: AsyncSession, item_ids: Collection[int]) -> Sequence[ActionItem]:
    """The items that go on with these, by number."""
    statement = select(ActionItem).where(col(ActionItem.follows).in_(item_ids)).order_by(col(ActionItem.id))
    return (await session.execute(statement)).scalars().all() if item_ids else []


async def find_risk(session: AsyncSession, risk_id: int) -> AcceptedRisk | None:
    """An accepted risk by its number."""
    return await session.get(AcceptedRisk, risk_id)


async def list_risks(session: AsyncSession, ids: Collection[int]) -> Sequence[AcceptedRisk]:
    """These accepted risks, by number."""
    return (await session.execute(_RISKS, {"ids": list(ids)})).scalars().all() if ids else []


async def list_risks_of_incident(session: AsyncSession, incident_id: int) -> Sequence[AcceptedRisk]:
    """The risks still accepted in an incident, by number."""
    statement = (
        select(AcceptedRisk)
        .where(AcceptedRisk.incident_id == incident_id, col(AcceptedRisk.ended_at).is_(None))
        .order_by(col(AcceptedRisk.id))
    )
    return (await session.execute(statement)).scalars().all()


async def list_items_to_plan(session: AsyncSession, *, after: int, limit: int) -> Sequence[int]:
    """The numbers of items of which something may still be said, in order, from the one after this on."""
    waits_for_check = (
        select(EffectivenessCheck.item_id)
        .where(
            col(EffectivenessCheck.item_id) == col(ActionItem.id),
            col(EffectivenessCheck.state) == CheckState.PLANNED,
        )
        .exists()
    )
    statement = (
        select(ActionItem.id)
        .where(
            col(ActionItem.id) > after,
            col(ActionItem.state).in_((*OPEN_ITEM_STATES, "done")) | waits_for_check,
        )
        .order_by(col(ActionItem.id))
        .limit(limit)
    )
    return [number for number in (await session.execute(statement)).scalars() if number is not None]


async def list_risks_to_plan(session: AsyncSession) -> Sequence[int]:
    """The numbers of the risks that are still accepted."""
    statement = select(AcceptedRisk.id).where(col(AcceptedRisk.ended_at).is_(None)).order_by(col(AcceptedRisk.id))
    return [number for number in (await session.execute(statement)).scalars() if number is not None]


async def list_visible_risks(
    session: AsyncSession, viewer: str, *, incident_id: int | None, limit: int
) -> Sequence[int]:
    """The numbers of the risks still accepted that this person may know of, first to be looked at first.

    Of one incident, where it is given.
    """
    seen = select(Incident.id).where(col(Incident.id) == col(AcceptedRisk.incident_id), VISIBLE).exists()
    statement = select(AcceptedRisk.id).where(col(AcceptedRisk.ended_at).is_(None), seen)
    if incident_id is not None:
        statement = statement.where(AcceptedRisk.incident_id == incident_id)
    statement = statement.order_by(col(AcceptedRisk.review_on), col(AcceptedRisk.id)).limit(limit)
    found = (await session.execute(statement, {"viewer": viewer})).scalars()
    return [number for number in found if number is not None]


async def has_open_items(session: AsyncSession, owner: str) -> bool:
    """Whether somebody has anything to do."""
    statement = select(ActionItem.id).where(ActionItem.owner == owner, IS_OPEN).limit(1)
    return (await session.execute(statement)).first() is not None
