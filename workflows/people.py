"""People: learn who somebody is when they first appear, and keep what we last saw."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe_unless_owed
from storage.people import find_person, list_known
from storage.tables import DeliveryKind, Person

STALE_AFTER = timedelta(days=1)
"""Names, addresses and zones older than this are looked up again."""


async def meet(session: AsyncSession, user_ids: Iterable[str], *, now: datetime) -> None:
    """Owe a look at everybody here whom we have not seen lately."""
    wanted = set(user_ids)
    for user_id in sorted(wanted - await list_known(session, wanted, since=now - STALE_AFTER)):
        await owe_unless_owed(
            session,
            DeliveryKind.LOOK_UP_PERSON,
            lane=f"person/{user_id}",
            key=f"person/{user_id}/{now.isoformat()}",
            due_at=now,
            payload={"user_id": user_id},
        )


async def person_seen(
    session: AsyncSession, user_id: str, *, name: str, email: str | None, zone: str | None, now: datetime
) -> None:
    """Keep what we have just seen of somebody; an address that is not shown this time is kept."""
    known = await find_person(session, user_id)
    if known is None:
        session.add(Person(user_id=user_id, name=name, email=email, zone=zone, seen_at=now))
        return
    known.name, known.email, known.zone, known.seen_at = name, email or known.email, zone or known.zone, now
