"""The steps that tests of digests share: items as they may stand, and what a digest reads."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import Claim
from storage.engine import Database
from storage.tables import ActionItem, DeliveryKind, Horizon, Incident, ItemKind, ItemState, Person, Source
from tests.builders import PROCESS
from workflows.digest_contents import WeeklyDigest, read_weekly

MONDAY = datetime(2026, 3, 9, 9, tzinfo=UTC)
MADE = datetime(2026, 2, 23, 12, tzinfo=UTC)


async def an_item_row(session: AsyncSession, incident: Incident, **changes: Any) -> ActionItem:
    """An open item of Bo's, due on the Friday after `MONDAY`."""
    values: dict[str, Any] = {
        "incident_id": incident.number,
        "title": "Alert on refused cards",
        "owner": "UBO",
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN,
        "kind": ItemKind.OTHER,
        "due_on": date(2026, 3, 13),
        "created_by": "UANN",
        "created_at": MADE,
        "source": Source.COMMAND,
        "assigned_by": "UANN",
        "assigned_at": MADE,
        "state_changed_at": MADE,
        "planned_since": MADE,
    }
    item = ActionItem(**{**values, **changes})
    session.add(item)
    await session.flush()
    return item


def a_person(user_id: str, name: str, **changes: Any) -> Person:
    """Somebody whom we have looked up."""
    return Person(user_id=user_id, name=name, seen_at=MADE, **changes)


async def weekly(database: Database, *, now: datetime = MONDAY, due_at: datetime = MONDAY) -> WeeklyDigest:
    """What the digest of that Monday says."""
    claim = Claim(
        delivery_id=1,
        kind=DeliveryKind.WEEKLY_DIGEST,
        incident_id=None,
        payload={"on": f"{due_at:%Y-%m-%d}"},
        dedupe_key="weekly_digest",
        due_at=due_at,
        attempt=1,
        look_first=False,
    )
    async with database.read() as session:
        return await read_weekly(session, claim, PROCESS, now)


def titles(items: Any) -> list[str]:
    """What these items are called, in their order."""
    return [item.title for item in items]


def totals(digest: WeeklyDigest) -> Counter[str]:
    """What everybody has to do together."""
    found: Counter[str] = Counter()
    for load in digest.loads:
        found += Counter(open=load.open, overdue=load.overdue, due=load.due, done=load.done)
    return found
