"""Proof of who was told of what: each notice, how it went, and another try for what failed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import wait_again
from storage.notices import NoticeRow, count_notices, list_announced, list_deliveries_to_repeat, list_notices
from storage.tables import DeliveryOutcome, Incident
from workflows.access import begin_change
from workflows.commands import IncidentCommand


@dataclass(frozen=True, kw_only=True)
class RetryNotices(IncidentCommand):
    """Try again what failed."""

    deliveries: tuple[int, ...] | None = None
    """Nothing: everything that failed, also to find whom nobody could find."""


@dataclass(frozen=True)
class Unknown:
    """A name in sitrep.toml that stands for nobody who could be told."""

    key: str
    name: str
    hint: str


@dataclass(frozen=True)
class Proof:
    """An incident's notices, and whom nobody could find."""

    notices: Sequence[NoticeRow]
    """One page of them: what failed, then the others, each newest first."""
    unknown: Sequence[Unknown]
    counts: Mapping[DeliveryOutcome | None, int]
    """Of all of them, by how they went."""
    page: int = 0
    pages: int = 1

    @property
    def total(self) -> int:
        """How many notices there are."""
        return sum(self.counts.values())

    @property
    def sent(self) -> int:
        """How many arrived."""
        return self.counts.get(DeliveryOutcome.SENT, 0)

    @property
    def failed(self) -> int:
        """How many were given up."""
        return self.counts.get(DeliveryOutcome.GAVE_UP, 0)

    @property
    def waiting(self) -> int:
        """How many are on their way."""
        return self.counts.get(None, 0)


async def proof_of(session: AsyncSession, incident: Incident, *, page: int = 0, size: int) -> Proof:
    """Who was told of what, as far as is known now; a name that was found later is unknown no more."""
    counts = await count_notices(session, incident.number)
    pages = max(-(-sum(counts.values()) // size), 1)
    page = min(max(page, 0), pages - 1)
    notices = await list_notices(session, incident.number, limit=size, offset=page * size, failed_first=True)
    announced = await list_announced(session, incident.number)
    latest = next((row.answer for row in announced if row.answer is not None), None) or {}
    unknown = [Unknown(each["key"], each["name"], each["hint"]) for each in latest.get("unknown", ())]
    return Proof(notices, unknown, counts, page, pages)


async def retry_notices(session: AsyncSession, command: RetryNotices, *, now: datetime) -> int:
    """Make what failed wait again, in its old place; how many there were.

    Who was told meanwhile is not told twice: an announcement that is looked up again owes only what is not owed.
    """
    incident = await begin_change(session, command, now=now)
    again = list(await list_deliveries_to_repeat(session, incident.number, command.deliveries))
    if command.deliveries is None:
        announced = await list_announced(session, incident.number)
        again += [row for row in announced if row.done_at and (row.answer or {}).get("unknown")]
    for delivery in again:
        wait_again(session, delivery)
    return len(again)
