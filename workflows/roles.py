"""Roles: claimed by whoever is first, given or released by command; one holder each."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_roles
from storage.ledger import record
from storage.tables import EntryKind, Incident, RoleAssignment
from workflows.access import begin_change
from workflows.catchup import catch_up
from workflows.changes import changed
from workflows.commands import AssignRole, ClaimRole, ReleaseRole
from workflows.effects import owe_duties, owe_invitation, owe_message, owe_shown_state
from workflows.errors import NoSuchRole, NothingToChange, RoleTaken, person
from workflows.incidents import refuse_if_ended
from workflows.items_of_incident import replan_items_of
from workflows.people import meet
from workflows.process import Process
from workflows.situation import Situation

LEAD, OPERATIONS = "lead", "operations"
BAD = 2
"""How many of the severities, worst first, are too bad for one person to lead and to carry out the fix."""

ROLES_STAY = "its roles stay as they are"


async def claim_role(session: AsyncSession, command: ClaimRole, *, process: Process, now: datetime) -> Incident:
    """Take a role that nobody holds; of two at once the first gets it, and the other is told who has it.

    Raises RoleTaken, NothingToChange when it is theirs already, NoSuchRole, AlreadyEnded.
    """
    incident = await begin_change(session, command, now=now)
    assignment = await _held(session, incident, command.role, process=process)
    if assignment is not None and assignment.user_id != command.by:
        raise RoleTaken(incident, process.role_name(command.role), assignment.user_id)
    return await _give(
        session, incident, assignment, command.role, to=command.by, by=command.by, process=process, now=now
    )


async def assign_role(session: AsyncSession, command: AssignRole, *, process: Process, now: datetime) -> Incident:
    """Give a role to somebody, from whoever holds it now.

    Raises NothingToChange when it is theirs already, NoSuchRole, AlreadyEnded.
    """
    incident = await begin_change(session, command, now=now)
    assignment = await _held(session, incident, command.role, process=process)
    return await _give(
        session, incident, assignment, command.role, to=command.to, by=command.by, process=process, now=now
    )


async def release_role(session: AsyncSession, command: ReleaseRole, *, process: Process, now: datetime) -> Incident:
    """Take a role from whoever holds it, so that somebody else can.

    Raises NothingToChange when nobody holds it, NoSuchRole, AlreadyEnded.
    """
    incident = await begin_change(session, command, now=now)
    assignment = await _held(session, incident, command.role, process=process)
    if assignment is None:
        raise NothingToChange(incident, f"without {process.role_name(command.role)}")
    await session.delete(assignment)
    await session.flush()  # who holds what is read again below
    if command.role == LEAD:
        incident.lead_vacant_since = now
    data = {"role": command.role, "from": assignment.user_id}
    entry = record(session, incident, EntryKind.ROLE_RELEASED, by=command.by, at=now, data=data)
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now, topic=command.role == LEAD)
    await changed(session, incident, entry, process=process, now=now)
    if command.role == LEAD:
        await replan_items_of(session, incident, process=process, now=now)
    return incident


def doubled(situation: Situation, process: Process) -> str:
    """A sentence where one person leads and carries out the fix of something bad; empty where it is not so."""
    lead = situation.lead
    if lead is None or lead != situation.roles.get(OPERATIONS) or process.rank(situation.incident.severity) >= BAD:
        return ""
    return (
        f"{person(lead)} now holds {process.role_name(LEAD)} and {process.role_name(OPERATIONS)} of "
        f"{situation.incident.ref}, which is {process.severity_name(situation.incident.severity)}. "
        "That works better with two people: who fixes loses the overview. Ask somebody to take one of them."
    )


async def _held(session: AsyncSession, incident: Incident, role: str, *, process: Process) -> RoleAssignment | None:
    if role not in process.roles:
        raise NoSuchRole(role, [known.name for known in process.roles.values()])
    refuse_if_ended(incident, so=ROLES_STAY)
    held = {assignment.role: assignment for assignment in await list_roles(session, [incident.number])}
    return held.get(role)


async def _give(
    session: AsyncSession,
    incident: Incident,
    assignment: RoleAssignment | None,
    role: str,
    *,
    to: str,
    by: str,
    process: Process,
    now: datetime,
) -> Incident:
    before = assignment.user_id if assignment else None
    if before == to:
        raise NothingToChange(incident, f"in the hands of {person(to)} as {process.role_name(role)}")
    if assignment is None:
        assignment = RoleAssignment(incident_id=incident.number, role=role, user_id=to, assigned_by=by, assigned_at=now)
        session.add(assignment)
    else:
        assignment.user_id, assignment.assigned_by, assignment.assigned_at = to, by, now
    data = {"role": role, "from": before, "to": to}
    entry = record(session, incident, EntryKind.ROLE_ASSIGNED, by=by, at=now, data=data)
    owe_invitation(session, incident, to, at=now)
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now, topic=role == LEAD)
    await meet(session, {to}, now=now)
    if role == LEAD:
        incident.lead_vacant_since, incident.lead_assigned_at = None, incident.lead_assigned_at or now
    told = (await catch_up(session, incident)).to_json() if before else None
    owe_duties(session, incident, entry, told=told)
    await changed(session, incident, entry, process=process, now=now)
    if role == LEAD:
        await replan_items_of(session, incident, process=process, now=now)
    return incident
