"""Resolved is a gate: it opens when it was said how it was verified, by whom, and what stays."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import record
from storage.tables import EntryKind, Incident, Status
from workflows.access import begin_change
from workflows.changes import changed
from workflows.commands import ResolveIncident
from workflows.effects import owe_message, owe_shown_state
from workflows.errors import GapsRemain
from workflows.gaps import Place, open_gaps
from workflows.incidents import refuse_if_ended
from workflows.masking import mask
from workflows.notices import Transition
from workflows.process import Process
from workflows.public import draft_when_resolved
from workflows.situation import situation_of
from workflows.what_stays import add_what_stays

NOTHING_TO_RESOLVE = "there is nothing to resolve"


async def resolve_incident(
    session: AsyncSession, command: ResolveIncident, *, process: Process, now: datetime
) -> Incident:
    """Resolve it with the answers of the form, which are kept; what stays becomes action items.

    Raises GapsRemain naming every answer that is missing, and AlreadyEnded.
    """
    incident = await begin_change(session, command, now=now)
    command = _without_secrets(command)
    refuse_if_ended(incident, so=NOTHING_TO_RESOLVE, can_reopen=False)
    situation = await situation_of(session, incident)
    gaps = open_gaps(situation, Place.RESOLVE, command)
    if gaps:
        raise GapsRemain(incident, gaps)
    data = _answers(incident, command)
    _close_the_gate(incident, command, now=now)
    entry = record(session, incident, EntryKind.RESOLVED, by=command.by, at=now, data=data)
    owe_message(session, incident, entry)
    owe_shown_state(session, incident, at=now, topic=True)
    await changed(session, incident, entry, process=process, now=now, transition=Transition.RESOLVED)
    await draft_when_resolved(session, incident, process=process, now=now)
    await add_what_stays(session, incident, command, open_entries=situation.open_entries, process=process, now=now)
    return incident


def _without_secrets(command: ResolveIncident) -> ResolveIncident:
    """What was written, before any of it is kept or becomes an action item."""
    return replace(
        command,
        verification=mask(command.verification),
        temporary_fix=command.temporary_fix and mask(command.temporary_fix),
        remaining=command.remaining and mask(command.remaining),
        reason=mask(command.reason),
    )


def _answers(incident: Incident, command: ResolveIncident) -> dict[str, object]:
    return {
        "from": incident.status,
        "verification": command.verification,
        "verified_by": command.verified_by,
        "temporary_fix": command.temporary_fix,
        "remaining": command.remaining,
        "reason": command.reason,
    }


def _close_the_gate(incident: Incident, command: ResolveIncident, *, now: datetime) -> None:
    incident.status, incident.resolved_at, incident.status_changed_at = Status.RESOLVED, now, now
    incident.mitigated_at = incident.mitigated_at or now
    incident.next_update_due_at = None
    incident.verification, incident.verified_by = command.verification, command.verified_by
    incident.temporary_fix, incident.remaining = command.temporary_fix, command.remaining
