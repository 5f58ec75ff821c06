"""A plan in which nothing is to prevent the incident from happening again: a warning, until somebody says why not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import record
from storage.tables import EntryKind, Incident
from workflows.access import begin_change
from workflows.commands import IncidentCommand
from workflows.effects import owe_message
from workflows.errors import ReasonNeeded
from workflows.masking import mask


@dataclass(frozen=True, kw_only=True)
class GoWithoutPrevention(IncidentCommand):
    """Say why nothing is to prevent it from happening again."""

    reason: str


async def go_without_prevention(session: AsyncSession, command: GoWithoutPrevention, *, now: datetime) -> Incident:
    """Put it in the ledger and under the card; there is no warning any more.

    Raises AlreadyReceived, IncidentNotFound, ReasonNeeded.
    """
    incident = await begin_change(session, command, now=now)
    reason = mask(command.reason.strip())
    if not reason:
        raise ReasonNeeded(incident, what="Preventing nothing")
    entry = record(session, incident, EntryKind.NO_PREVENTION, by=command.by, at=now, data={"reason": reason})
    incident.last_activity_at = now
    owe_message(session, incident, entry, in_thread=True)
    return incident
