"""A messenger that keeps in a list what it is to say, and a clock that goes from one thing that is due to the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import Claim, claim_due, finish, list_claimed, next_due_at
from storage.engine import Database
from storage.people import find_person
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, Person, ReminderKind
from storage.tables.columns import JsonObject
from workflows.afterwards import delivered
from workflows.briefings import Briefing, brief
from workflows.process import Process

US = "test"


@dataclass(frozen=True)
class Said:
    """One message to one person: when, and what it says of which item."""

    at: datetime
    to: str
    rows: tuple[tuple[int, ReminderKind], ...]
    """Items by number, and what is said of each."""
    listed: tuple[int, ...] | None
    """The weekly list, on its day."""
    late: bool
    kind: DeliveryKind


@dataclass
class Mornings:
    """Everything that was said, in order."""

    database: Database
    process: Process
    said: list[Said] = field(default_factory=list)
    _stamps: count = field(default_factory=count)

    async def pass_until(self, end: datetime, *, start: datetime) -> None:
        """Go from `start` to `end`, and stop at each moment at which something is due."""
        now: datetime | None = start
        while now is not None and now <= end:
            await self.perform_due(now)
            async with self.database.read() as session:
                now = await next_due_at(session, now=now)

    async def perform_due(self, now: datetime) -> None:
        """Perform all that is due now, and what follows from it at once."""
        while await self._turn(now, patient=False) or await self._turn(now, patient=True):
            pass

    async def _turn(self, now: datetime, *, patient: bool) -> bool:
        async with self.database.transaction() as session:
            claims = await claim_due(session, by=US, now=now, limit=50, patient=patient)
            briefings = await brief(session, claims, process=self.process, now=now)
        answers = {claim.delivery_id: self._perform(claim, briefings.get(claim.delivery_id), now) for claim in claims}
        async with self.database.transaction() as session:
            for delivery in await list_claimed(session, answers.keys(), by=US):
                await self._write_down(session, delivery, answers[delivery.number], now)
        return bool(claims)

    async def _write_down(self, session: AsyncSession, delivery: Delivery, answer: JsonObject, now: datetime) -> None:
        if delivery.kind in (DeliveryKind.MORNING, DeliveryKind.TELL_OF_ITEM):
            await delivered(session, delivery, answer, process=self.process, now=now)
        finish(delivery, DeliveryOutcome.SENT, now=now)

    def _perform(self, claim: Claim, briefing: object, now: datetime) -> JsonObject:
        if claim.kind not in (DeliveryKind.MORNING, DeliveryKind.TELL_OF_ITEM):
            return {}
        assert isinstance(briefing, Briefing)
        kept: JsonObject = {
            "shown": [row.reminder.number for row in briefing.rows],
            "left_out": list(briefing.left_out),
            "listed": [one.item.number for one in briefing.weekly or () if one.item],
            "incidents": list(briefing.incident_ids),
        }
        if not briefing.rows and not briefing.weekly:
            return {**kept, "idle": True}
        rows = tuple((row.reminder.item_id or 0, row.reminder.kind) for row in briefing.rows)
        listed = tuple(kept["listed"]) if briefing.weekly is not None else None
        self.said.append(Said(now, briefing.to, rows, listed, briefing.late, claim.kind))
        return {**kept, "channel_id": f"D{briefing.to}", "ts": f"1.{next(self._stamps):06}"}


async def settle(database: Database, people: dict[str, str | None], *, at: datetime) -> None:
    """People whose zones we know."""
    async with database.transaction() as session:
        for user_id, zone in people.items():
            if await find_person(session, user_id) is None:
                session.add(Person(user_id=user_id, name=user_id.title(), email=None, zone=zone, seen_at=at))


def days_from(start: datetime, days: int) -> Iterable[datetime]:
    """Each day from this one on, at the same time."""
    return (start + timedelta(days=n) for n in range(days))
