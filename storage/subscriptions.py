"""Statements on subscriptions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import insert_new
from storage.tables import Subscription
from storage.tables.columns import JsonObject

_FITTING = (
    select(Subscription)
    .where(
        or_(
            col(Subscription.incident_id) == bindparam("incident_id"),
            and_(
                col(Subscription.incident_id).is_(None),
                or_(
                    col(Subscription.severity).is_(None),
                    col(Subscription.severity).in_(bindparam("severities", expanding=True)),
                ),
                or_(col(Subscription.type).is_(None), col(Subscription.type) == bindparam("type")),
                or_(
                    col(Subscription.service).is_(None),
                    col(Subscription.service).in_(bindparam("services", expanding=True)),
                ),
            ),
        )
    )
    .order_by(col(Subscription.id))
)


async def list_fitting_subscriptions(
    session: AsyncSession, incident_id: int, *, severities: Sequence[str], type_: str, services: Sequence[str]
) -> Sequence[Subscription]:
    """Who wants to hear of this incident, or of all that are at least as bad, of its type, or hit one of its services.

    `severities` are its own and those less bad; services are in small letters, as they are kept.
    """
    values = {
        "incident_id": incident_id,
        "severities": list(severities),
        "type": type_,
        "services": list(services),
    }
    return (await session.execute(_FITTING, values)).scalars().all()


async def add_subscription(session: AsyncSession, asked: JsonObject, *, by: str, at: datetime) -> bool:
    """Keep a wish, given by its columns; False when it is kept already."""
    return await insert_new(session, Subscription, key=_key(asked), **asked, created_by=by, created_at=at)


async def find_same_subscription(session: AsyncSession, asked: JsonObject) -> Subscription:
    """The subscription that is this wish; raises NoResultFound."""
    statement = select(Subscription).where(Subscription.key == _key(asked))
    return (await session.execute(statement)).scalars().one()


def _key(asked: JsonObject) -> str:
    subscriber = asked["user_id"] or asked["channel_id"]
    parts = (subscriber, *(asked[name] for name in ("incident_id", "severity", "type", "service")))
    return "|".join("" if part is None else str(part) for part in parts)


async def list_subscriptions(
    session: AsyncSession, user_id: str, *, channel_id: str | None = None
) -> Sequence[Subscription]:
    """What somebody follows or had a channel follow, and what the channel follows they ask in; newest first."""
    theirs = or_(col(Subscription.user_id) == user_id, col(Subscription.created_by) == user_id)
    if channel_id:
        theirs = or_(theirs, col(Subscription.channel_id) == channel_id)
    statement = select(Subscription).where(theirs).order_by(col(Subscription.id).desc())
    return (await session.execute(statement)).scalars().all()


async def find_subscription(session: AsyncSession, number: int) -> Subscription | None:
    """A subscription by its number."""
    return await session.get(Subscription, number)


async def remove_subscription(session: AsyncSession, number: int) -> None:
    """Let go of a wish."""
    await session.execute(delete(Subscription).where(col(Subscription.id) == number))
