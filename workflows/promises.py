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
    if incident.last_update_at is None:
        _promise(incident, process=process, now=now)


def promise_anew(incident: Incident, *, process: Process, now: datetime) -> None:
    """Promise an update of what is taken up again; what was promised before it ended, and is past, is let go of."""
    if incident.next_update_due_at and incident.next_update_due_at <= now:
        incident.next_update_due_at = None
    _promise(incident, process=process, now=now)


def _promise(incident: Incident, *, process: Process, now: datetime) -> None:
    severity = process.severities.get(incident.severity)
    if severity is None or severity.first_update_within is None:
        return
    due_at, before = now + timedelta(minutes=severity.first_update_within), incident.next_update_due_at
    if before is None or due_at < before:
        incident.next_update_due_at, incident.promise_made_at = due_at, now


def move_promise(session: AsyncSession, incident: Incident, *, by: str, now: datetime) -> LedgerEntry:
    """Promise the next update a little later than it was due, or than now where that is past; the caller holds it."""
    before = incident.next_update_due_at
    due_at = max(now, before or now) + A_LITTLE
    incident.next_update_due_at, incident.promise_made_at = due_at, now
    data = {"from": before.isoformat() if before else None, "to": due_at.isoformat()}
    entry = record(session, incident, EntryKind.PROMISE_MOVED, by=by, at=now, data=data)
    owe_shown_state(session, incident, at=now, topic=True)
    return entry


def usual_promise(incident: Incident, process: Process) -> timedelta:
    """In how long the update after this one is usually promised."""
    severity = process.severities.get(incident.severity)
    every = severity.updates_every if severity else None
    return timedelta(minutes=every or process.update_minutes[len(process.update_minutes) // 2])
