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
    process: Process,
    now: datetime,
) -> None:
    """Keep what we have just seen of somebody; an address that is not shown this time is kept.

    In another zone their mornings are at other times.
    """
    known = await find_person(session, user_id)
    before = known.zone if known else None
    if known is None:
        session.add(Person(user_id=user_id, name=name, email=email, zone=zone, seen_at=now))
    else:
        known.name, known.email, known.zone, known.seen_at = name, email or known.email, zone or before, now
    if (zone or before) != before:
        await session.flush()
        await replan_person(session, user_id, process=process, now=now)
