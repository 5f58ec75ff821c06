"""Proof of who was told of what: each notice, how it went, and another try for what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import wait_again
from storage.notices import NoticeRow, list_announced, list_deliveries_to_repeat, list_notices
from storage.tables import DeliveryOutcome, Incident
from workflows.access import begin_change
from workflows.commands import IncidentCommand

MOST_LOOKED_AT = 2000


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
    """An incident's notices, newest first, and whom nobody could find."""

    notices: Sequence[NoticeRow]
    unknown: Sequence[Unknown]

    @property
    def sent(self) -> int:
        """How many arrived."""
        return sum(row.outcome is DeliveryOutcome.SENT for row in self.notices)

    @property
    def failed(self) -> int:
        """How many were given up, and how many names stand for nobody."""
        return sum(row.outcome is DeliveryOutcome.GAVE_UP for row in self.notices) + len(self.unknown)

    @property
    def waiting(self) -> int:
        """How many are on their way."""
        return sum(row.done_at is None for row in self.notices)


async def proof_of(session: AsyncSession, incident: Incident) -> Proof:
    """Who was told of what, as far as is known now; a name that was found later is unknown no more."""
    notices = await list_notices(session, incident.number, limit=MOST_LOOKED_AT)
    announced = await list_announced(session, incident.number)
    latest = next((row.answer for row in announced if row.answer is not None), None) or {}
    unknown = [Unknown(each["key"], each["name"], each["hint"]) for each in latest.get("unknown", ())]
    return Proof(notices, unknown)


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
