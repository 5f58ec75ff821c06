"""An incident's life: declared, moved from status to status, declined, reopened."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import ENDED, add_role
from storage.ledger import record
from storage.tables import EntryKind, Incident, LedgerEntry, Status
from workflows.access import begin, begin_change
from workflows.adopt import owe_adoption
from workflows.changes import OF_STATUS, changed, newly_declared
from workflows.commands import ChangeSeverity, ChangeStatus, DeclareIncident, DeclineIncident, ReopenIncident
from workflows.effects import owe_duties, owe_message, owe_opening, owe_shown_state
from workflows.errors import (
    AlreadyEnded,
    NoSuchSeverity,
    NothingToChange,
    ReasonNeeded,
    StepNotAllowed,
    StillOpen,
)
from workflows.items_of_incident import replan_items_of
from workflows.lifecycle import Step, choices, skipped, step
from workflows.masking import mask
from workflows.notices import Transition
from workflows.process import NOT_SURE, Process
from workflows.promises import promise_anew, promise_first_update


async def declare_incident(
    session: AsyncSession, command: DeclareIncident, *, process: Process, now: datetime
) -> Incident:
    """Write down a new incident with its lead, if it has one, and owe it a channel, or the one it was declared for.

    Raises AlreadyReceived when this very form was submitted before, ChannelTaken.
    """
    await begin(session, command, now=now)
    incident = _new_incident(command, process=process, now=now)
    session.add(incident)
    await session.flush()
    lead = None if command.nobody_leads else command.lead or command.by
    record(session, incident, EntryKind.DECLARED, by=command.by, at=now, data=_declaration(incident))
    invited = [command.by, lead] if lead else [command.by]
    if command.channel_id:
        await owe_adoption(session, incident, command.channel_id, invited=invited, by=command.by, now=now)
    else:
        owe_opening(session, incident, invited=invited, answer_url=command.answer_url, at=now)
    if lead:
        _give_lead(session, incident, lead, by=command.by, now=now)
    newly_declared(session, incident, roles={"lead": lead} if lead else {}, process=process, now=now)
    return incident


def _give_lead(session: AsyncSession, incident: Incident, lead: str, *, by: str, now: datetime) -> None:
    """The first lead; only who leads without having asked for it is told the duties."""
    add_role(session, incident, "lead", user_id=lead, by=by, at=now)
    data = {"role": "lead", "to": lead}
    entry = record(session, incident, EntryKind.ROLE_ASSIGNED, by=by, at=now, data=data)
    if lead != by:
        owe_duties(session, incident, entry)


def _new_incident(command: DeclareIncident, *, process: Process, now: datetime) -> Incident:
    private = process.types[command.type].private if command.private is None else command.private
    return Incident(
        marker=secrets.token_hex(6),
        title=mask(command.title),
        description=mask(command.description),
        severity=process.severity_for(command.impact, command.urgency),
        severity_assumed=NOT_SURE in (command.impact, command.urgency),
        impact=command.impact,
        urgency=command.urgency,
        type=command.type,
        services=list(command.services),
        status=Status.TRIAGE,
        private=private,
        declared_by=command.by,
        declared_at=now,
        status_changed_at=now,
        lead_assigned_at=None if command.nobody_leads else now,
        lead_vacant_since=now if command.nobody_leads else None,
    )


def _declaration(incident: Incident) -> dict[str, object]:
    names = ("title", "description", "severity", "impact", "urgency", "type", "services", "private")
    return {name: getattr(incident, name) for name in names}


async def change_severity(
    session: AsyncSession, command: ChangeSeverity, *, process: Process, now: datetime
) -> Incident:
    """Set the severity, or confirm an assumed one, with the reason, and tell the channel.

    Raises AlreadyEnded, NoSuchSeverity, NothingToChange, ReasonNeeded.
    """
    incident = await begin_change(session, command, now=now)
    name = process.severity_name(command.severity)
    refuse_if_ended(incident, so=f"its severity stays {process.severity_name(incident.severity)}")
    if command.severity not in process.severities:
        raise NoSuchSeverity(command.severity, [severity.name for severity in process.severities.values()])
    if command.severity == incident.severity and not incident.severity_assumed:
        raise NothingToChange(incident, name)
    if not command.reason:
        raise ReasonNeeded(incident, what=f"Changing the severity to {name}")
    data = {"from": incident.severity, "to": command.severity, "reason": mask(command.reason)}
    transition = _severity_transition(incident, command.severity, process)
    incident.severity, incident.severity_assumed = command.severity, False
    promise_first_update(incident, process=process, now=now)
    entry = record(session, incident, EntryKind.SEVERITY_CHANGED, by=command.by, at=now, data=data)
    owe_message(session, incident, entry)
    owe_shown_state(session, incident, at=now, topic=True)
    await changed(session, incident, entry, process=process, now=now, transition=transition)
    await replan_items_of(session, incident, process=process, now=now)
    return incident


def _severity_transition(incident: Incident, after: str, process: Process) -> Transition | None:
    if after == incident.severity:
        return None
    raised = process.rank(after) < process.rank(incident.severity)
    return Transition.SEVERITY_RAISED if raised else Transition.SEVERITY_LOWERED


def refuse_if_ended(incident: Incident, *, so: str, can_reopen: bool = True) -> None:
    """Raise AlreadyEnded for one that nobody is working on; `so` says what that means for the request."""
    if incident.status in ENDED:
        raise AlreadyEnded(incident, so=so, can_reopen=can_reopen)


async def change_status(session: AsyncSession, command: ChangeStatus, *, process: Process, now: datetime) -> Incident:
    """Move to another status while it is worked on; a reply under the card tells of it.

    Raises NothingToChange, ReasonNeeded for a jump, StepNotAllowed.
    """
    incident = await begin_change(session, command, now=now)
    entry = move(session, incident, command.status, reason=command.reason, by=command.by, now=now)
    if entry is None:
        raise NothingToChange(incident, str(command.status))
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now, topic=True)
    transition = OF_STATUS[command.status]
    await changed(session, incident, entry, process=process, now=now, transition=transition)
    return incident


def move(
    session: AsyncSession, incident: Incident, after: Status, *, reason: str, by: str, now: datetime
) -> LedgerEntry | None:
    """Change the status of an incident the caller holds, and record it; None when it is so already.

    Raises ReasonNeeded for a jump, StepNotAllowed.
    """
    before = incident.status
    kind = step(before, after)
    if kind is Step.NONE:
        return None
    if kind not in (Step.FORWARD, Step.JUMP, Step.BACK):
        raise StepNotAllowed(incident, after, instead=_instead(incident, kind, after))
    if kind is Step.JUMP and not reason:
        left_out = " and ".join(status.capitalize() for status in skipped(before, after))
        raise ReasonNeeded(incident, what=f"Leaving out {left_out}")
    incident.status, incident.status_changed_at = after, now
    if after is Status.MONITORING:
        incident.mitigated_at = incident.watched_since = now
    data = {"from": before, "to": after, "step": kind, "reason": mask(reason)}
    return record(session, incident, EntryKind.STATUS_CHANGED, by=by, at=now, data=data)


def _instead(incident: Incident, kind: Step, after: Status) -> str:
    if kind is Step.RESOLVE:
        return "Resolve it; that asks how it was checked."
    if kind is Step.DECLINE:
        return "Decline it; that asks why."
    if kind is Step.MERGE:
        return "Merge it; that asks into which one."
    if incident.status in ENDED:
        return "Reopen it first."
    if after is Status.CLOSED:
        return "Resolve it first."
    if step(incident.status, Status.INVESTIGATING) is Step.BACK:
        return "If it is not over, go back to investigating."
    return f"It can become {' or '.join(choices(incident.status))}."


async def reopen_incident(
    session: AsyncSession, command: ReopenIncident, *, process: Process, now: datetime
) -> Incident:
    """Take up again what was resolved, closed or declined; it is the same incident, being investigated.

    Raises StillOpen, ReasonNeeded, StepNotAllowed for one that was merged.
    """
    incident = await begin_change(session, command, now=now)
    if incident.status not in ENDED:
        raise StillOpen(incident)
    if step(incident.status, Status.INVESTIGATING) is not Step.REOPEN:
        raise StepNotAllowed(incident, Status.INVESTIGATING, instead="Reopen the one it was merged into.")
    if not command.reason:
        raise ReasonNeeded(incident, what="Reopening")
    data = {"from": incident.status, "reason": mask(command.reason)}
    incident.status, incident.resolved_at, incident.ended_because = Status.INVESTIGATING, None, None
    incident.status_changed_at, incident.mitigated_at = now, None
    incident.lead_vacant_since = now if incident.lead_vacant_since else None
    incident.reopened_times += 1
    incident.verification = incident.verified_by = incident.temporary_fix = incident.remaining = None
    promise_anew(incident, process=process, now=now)
    entry = record(session, incident, EntryKind.REOPENED, by=command.by, at=now, data=data)
    owe_message(session, incident, entry)
    owe_shown_state(session, incident, at=now, topic=True)
    await changed(session, incident, entry, process=process, now=now, transition=Transition.REOPENED)
    await replan_items_of(session, incident, process=process, now=now)
    return incident


async def decline_incident(
    session: AsyncSession, command: DeclineIncident, *, process: Process, now: datetime
) -> Incident:
    """Say in triage that it is not an incident, and why.

    Raises AlreadyEnded, StepNotAllowed once it was confirmed, ReasonNeeded.
    """
    incident = await begin_change(session, command, now=now)
    refuse_if_ended(incident, so="there is nothing to decline", can_reopen=False)
    if step(incident.status, Status.DECLINED) is not Step.DECLINE:
        raise StepNotAllowed(
            incident, Status.DECLINED, instead="It was taken for real; resolve it, and say there what it was."
        )
    if not command.reason:
        raise ReasonNeeded(incident, what="Declining")
    incident.status, incident.ended_because = Status.DECLINED, mask(command.reason)
    incident.status_changed_at, incident.next_update_due_at = now, None
    entry = record(
        session, incident, EntryKind.DECLINED, by=command.by, at=now, data={"reason": incident.ended_because}
    )
    owe_message(session, incident, entry)
    owe_shown_state(session, incident, at=now, topic=True)
    await changed(session, incident, entry, process=process, now=now, transition=Transition.DECLINED)
    return incident
