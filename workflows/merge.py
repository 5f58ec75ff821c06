"""Merging: two were declared for one and the same, and one of them goes on."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import ENDED, find_incident, lock_incidents
from storage.ledger import record
from storage.tables import EntryKind, Incident, Status
from workflows.access import begin, may_see
from workflows.changes import changed
from workflows.commands import MergeIncident
from workflows.effects import owe_message, owe_shown_state
from workflows.errors import CannotMerge, IncidentNotFound, StepNotAllowed
from workflows.incidents import refuse_if_ended
from workflows.items_of_incident import hand_items_on
from workflows.lifecycle import Step, step
from workflows.masking import mask
from workflows.notices import Transition
from workflows.process import Process

NOTHING_TO_MERGE = "there is nothing to merge"


async def merge_incident(session: AsyncSession, command: MergeIncident, *, process: Process, now: datetime) -> Incident:
    """End one in triage as part of another that is worked on; both ledgers and both channels say so.

    What was promised and asked in it ends, and its action items go on in the other. Raises AlreadyEnded,
    StepNotAllowed once it was confirmed, CannotMerge, and IncidentNotFound for either of them.
    """
    await begin(session, command, now=now)
    held = {
        incident.number: incident for incident in await lock_incidents(session, {command.incident_id, command.into})
    }
    incident = await _seen(session, held, command.incident_id, command)
    refuse_if_not_mergeable(incident)
    into = await _seen(session, held, command.into, command)
    await _refuse(session, incident, into, by=command.by)
    reason = mask(command.reason)
    incident.status, incident.merged_into, incident.ended_because = Status.MERGED, into.number, reason
    incident.status_changed_at, incident.next_update_due_at = now, None
    data = {"into": into.number, "channel_id": into.channel_id, "reason": reason}
    entry = record(session, incident, EntryKind.MERGED, by=command.by, at=now, data=data)
    owe_message(session, incident, entry)
    owe_shown_state(session, incident, at=now, topic=True)
    await changed(session, incident, entry, process=process, now=now, transition=Transition.MERGED)
    await _tell_the_other(session, into, incident, by=command.by, process=process, now=now)
    await hand_items_on(session, incident, into, by=command.by, process=process, now=now)
    return incident


async def _seen(session: AsyncSession, held: dict[int, Incident], number: int, command: MergeIncident) -> Incident:
    incident = held.get(number)
    if incident is None or not await may_see(session, incident, command.by, asked_in=command.asked_in):
        raise IncidentNotFound(number)
    return incident


def refuse_if_not_mergeable(incident: Incident) -> None:
    """Raise AlreadyEnded, or StepNotAllowed for one that was taken for real."""
    refuse_if_ended(incident, so=NOTHING_TO_MERGE, can_reopen=False)
    if step(incident.status, Status.MERGED) is not Step.MERGE:
        raise StepNotAllowed(
            incident, Status.MERGED, instead="It was taken for real; resolve it, and say there where it goes on."
        )


async def _refuse(session: AsyncSession, incident: Incident, into: Incident, *, by: str) -> None:
    """Raise CannotMerge where the other is itself, does not go on, or is seen by others than this one."""
    if into is incident:
        raise CannotMerge(incident, because="It cannot be part of itself", instead="Name the other one.")
    if into.merged_into == incident.number:
        raise CannotMerge(incident, because=f"{into.ref} is part of it already", instead="Nothing is left to do.")
    if into.status is Status.MERGED:
        raise CannotMerge(
            incident,
            because=f"{into.ref} was merged into another one",
            instead=await _where_it_goes_on(session, into, by),
        )
    if into.status in ENDED:
        raise CannotMerge(
            incident, because=f"{into.ref} is already {into.status}", instead=f"Reopen {into.ref} if it goes on there."
        )
    if incident.private and not into.private:
        raise CannotMerge(
            incident,
            because=f"It is private and everybody can see {into.ref}",
            instead="Decline it, and say there in your own words what everybody may know.",
        )
    if into.private and not incident.private:
        raise CannotMerge(
            incident,
            because=f"{into.ref} is private and everybody would learn of it here",
            instead="Decline this one, and say in the private one what matters.",
        )


async def _where_it_goes_on(session: AsyncSession, merged: Incident, by: str) -> str:
    other = await find_incident(session, merged.merged_into or 0)
    if other is not None and await may_see(session, other, by):
        return f"Merge it into {other.ref}."
    return "Merge it into the one that goes on."


async def _tell_the_other(
    session: AsyncSession, into: Incident, merged: Incident, *, by: str, process: Process, now: datetime
) -> None:
    """Say in the one that goes on what has become part of it; of a private one no word but its number."""
    data = {
        "merged": merged.number,
        "title": None if merged.private else merged.title,
        "channel_id": merged.channel_id,
    }
    entry = record(session, into, EntryKind.MERGED, by=by, at=now, data=data)
    owe_message(session, into, entry, in_thread=True)
    owe_shown_state(session, into, at=now)
    await changed(session, into, entry, process=process, now=now)
