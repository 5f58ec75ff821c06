"""People: learn who somebody is when they first appear, and keep what we last saw."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe_unless_owed
from storage.people import find_person
from storage.tables import DeliveryKind, Person
from workflows.process import Process
from workflows.reminding import replan_person


async def meet(session: AsyncSession, user_ids: Iterable[str], *, now: datetime) -> None:
    """Owe a look at everybody here, at each once a day: names, addresses and zones change."""
    for user_id in sorted(set(user_ids)):
        await owe_unless_owed(
            session,
            DeliveryKind.LOOK_UP_PERSON,
            lane=f"look-up/{user_id}",
            key=f"person/{user_id}/{now:%Y-%m-%d}",
            due_at=now,
            payload={"user_id": user_id},
        )


async def person_seen(
    session: AsyncSession,
    user_id: str,
    *,
    name: str,
    email: str | None,
    zone: str | None,
    gone: bool = False,
    process: Process,
    now: datetime,
    as_of: datetime | None = None,
) -> None:
    """Keep what we have just seen of somebody; an address that is not shown this time is kept.

    In another zone their mornings are at other times; who has left the workspace has none. Who could not be written
    to after we had asked how they are (`as_of`) is not back by that.
    """
    known = await find_person(session, user_id)
    if known is None:
        known = Person(user_id=user_id, name=name, seen_at=now)
        session.add(known)
    before = known.zone, known.gone_at
    known.name, known.email, known.zone, known.seen_at = name, email or known.email, zone or known.zone, now
    if gone:
        known.gone_at = known.gone_at or now
    elif known.gone_at is not None and known.gone_at < (as_of or now):
        known.gone_at = None
    if (known.zone, known.gone_at) != before:
        await session.flush()
        await replan_person(session, user_id, process=process, now=now)
