"""Statements on people."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.counting import IS_OPEN
from storage.engine import insert_new
from storage.tables import ActionItem, Person


async def find_person(session: AsyncSession, user_id: str) -> Person | None:
    """What we last saw of somebody."""
    return await session.get(Person, user_id)


async def set_praise(session: AsyncSession, user_id: str, *, wanted: bool, at: datetime) -> None:
    """Keep whether somebody may be thanked in public, also of somebody whom nobody has looked up yet."""
    if await insert_new(session, Person, user_id=user_id, name=user_id, seen_at=at, no_praise=not wanted):
        return
    statement = update(Person).where(col(Person.user_id) == user_id).values(no_praise=not wanted)
    await session.execute(statement)


async def list_names(session: AsyncSession, user_ids: Collection[str]) -> dict[str, str]:
    """The names, by id, of those of these people whom we have seen."""
    statement = select(Person.user_id, Person.name).where(col(Person.user_id).in_(user_ids))
    return {row.user_id: row.name for row in await session.execute(statement)}


async def list_ids_of_addresses(session: AsyncSession, addresses: Collection[str]) -> dict[str, str]:
    """The people we have seen who have one of these addresses, by address in small letters."""
    if not addresses:
        return {}
    wanted = {address.lower() for address in addresses}
    email = func.lower(col(Person.email))
    statement = select(email, Person.user_id).where(email.in_(wanted))
    return {row[0]: row[1] for row in await session.execute(statement)}


async def list_people(session: AsyncSession, user_ids: Collection[str]) -> dict[str, Person]:
    """Those of these people whom we have seen, by id."""
    if not user_ids:
        return {}
    statement = select(Person).where(col(Person.user_id).in_(user_ids))
    return {person.user_id: person for person in (await session.execute(statement)).scalars()}


async def list_items_of_gone_people(
    session: AsyncSession, *, after: int, limit: int, of: str | None = None
) -> Sequence[tuple[int, int]]:
    """Open action items whose owner cannot be reached, all or those of one, with their incidents, in order from the
    one after this on."""
    statement = (
        select(ActionItem.id, ActionItem.incident_id)
        .join(Person, col(Person.user_id) == col(ActionItem.owner))
        .where(
            col(Person.gone_at).is_not(None),
            IS_OPEN,
            col(ActionItem.id) > after,
        )
        .order_by(col(ActionItem.id))
        .limit(limit)
    )
    if of is not None:
        statement = statement.where(col(ActionItem.owner) == of)
    return [(row[0], row[1]) for row in (await session.execute(statement)).all()]
