"""Promises of the next update: made by a declaration, hastened by a worse severity, moved by somebody's word."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import record
from storage.tables import EntryKind, Incident, LedgerEntry
from workflows.effects import owe_shown_state
from workflows.process import Process

A_LITTLE = timedelta(minutes=15)
"""How much later a promise is moved by a button."""


def promise_first_update(incident: Incident, *, process: Process, now: datetime) -> None:
    """Promise the first update as soon as its severity asks for it; never later than it was promised already."""
    severity = process.severities.get(incident.severity)
    if severity is None or severity.first_update_within is None or incident.last_update_at is not None:
        return
    due_at = now + timedelta(minutes=severity.first_update_within)
    incident.next_update_due_at = min(due_at, incident.next_update_due_at or due_at)


def move_promise(session: AsyncSession, incident: Incident, *, by: str, now: datetime) -> LedgerEntry:
    """Promise the next update a little later than it was due, or than now where that is past; the caller holds it."""
    before = incident.next_update_due_at
    due_at = max(now, before or now) + A_LITTLE
    incident.next_update_due_at = due_at
    data = {"from": before.isoformat() if before else None, "to": due_at.isoformat()}
    entry = record(session, incident, EntryKind.PROMISE_MOVED, by=by, at=now, data=data)
    owe_shown_state(session, incident, at=now, topic=True)
    return entry


def usual_promise(incident: Incident, process: Process) -> timedelta:
    """In how long the update after this one is usually promised."""
    severity = process.severities.get(incident.severity)
    every = severity.updates_every if severity else None
    return timedelta(minutes=every or process.update_minutes[len(process.update_minutes) // 2])
