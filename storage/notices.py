"""Statements on notices: the deliveries that tell audiences of a transition, and how each went."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.engine import OWES, insert_all_new, write_late_rows
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from storage.tables.columns import JsonObject

ROADS = (DeliveryKind.NOTICE, DeliveryKind.MAIL, DeliveryKind.WEBHOOK)
"""Kinds that carry a notice to its recipient."""


@dataclass(frozen=True)
class Owed:
    """One effect to be owed unless it is."""

    kind: DeliveryKind
    lane: str
    key: str
    payload: JsonObject


async def owe_many_unless_owed(
    session: AsyncSession, owed: Collection[Owed], *, incident_id: int, due_at: datetime
) -> int:
    """Owe these effects of an incident in one go, but for those that are owed already; how many are new."""
    await write_late_rows(session)  # what was owed before keeps its place before these
    rows = [
        {
            "kind": each.kind,
            "incident_id": incident_id,
            "payload": each.payload,
            "dedupe_key": each.key,
            "lane": each.lane,
            "due_at": due_at,
            "attempts": 0,
            "in_doubt": False,
        }
        for each in owed
    ]
    new = await insert_all_new(session, Delivery, rows)
    if new:
        session.info[OWES] = True
    return new


@dataclass(frozen=True)
class NoticeRow:
    """One recipient's notice of one transition, and how it went."""

    delivery_id: int
    kind: DeliveryKind
    to: str
    why: str
    transition: str
    outcome: DeliveryOutcome | None
    last_error: str | None
    done_at: datetime | None
    retry_at: datetime | None


async def count_notices(session: AsyncSession, incident_id: int) -> dict[DeliveryOutcome | None, int]:
    """How many of an incident's notices went how; nothing for those on their way."""
    outcome = col(Delivery.outcome)
    statement = (
        select(outcome, func.count())
        .where(col(Delivery.incident_id) == incident_id, col(Delivery.kind).in_(ROADS))
        .group_by(outcome)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def list_notices(
    session: AsyncSession, incident_id: int, *, limit: int, offset: int = 0, failed_first: bool = False
) -> Sequence[NoticeRow]:
    """An incident's notices, newest first, without their words."""
    payload = col(Delivery.payload)
    failed = case((col(Delivery.outcome) == DeliveryOutcome.GAVE_UP, 0), else_=1)
    statement = (
        select(
            col(Delivery.id),
            col(Delivery.kind),
            payload["to"].as_string(),
            payload["why"].as_string(),
            payload["transition"].as_string(),
            col(Delivery.outcome),
            col(Delivery.last_error),
            col(Delivery.done_at),
            col(Delivery.retry_at),
        )
        .where(col(Delivery.incident_id) == incident_id, col(Delivery.kind).in_(ROADS))
        .order_by(*([failed] if failed_first else []), col(Delivery.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return [NoticeRow(*row) for row in await session.execute(statement)]


async def list_announced(session: AsyncSession, incident_id: int) -> Sequence[Delivery]:
    """What was announced of an incident, newest first; the answer of each says whom nobody could find."""
    statement = (
        select(Delivery)
        .where(col(Delivery.incident_id) == incident_id, col(Delivery.kind) == DeliveryKind.ANNOUNCE)
        .order_by(col(Delivery.id).desc())
    )
    return (await session.execute(statement)).scalars().all()


async def list_deliveries_to_repeat(
    session: AsyncSession, incident_id: int, delivery_ids: Collection[int] | None
) -> Sequence[Delivery]:
    """An incident's notices that were given up, those of these ids or all of them, held."""
    statement = select(Delivery).where(
        col(Delivery.incident_id) == incident_id,
        col(Delivery.kind).in_(ROADS),
        col(Delivery.outcome) == DeliveryOutcome.GAVE_UP,
    )
    if delivery_ids is not None:
        statement = statement.where(col(Delivery.id).in_(delivery_ids))
    statement = statement.order_by(col(Delivery.id)).with_for_update()
    return (await session.execute(statement)).scalars().all()
