"""Facts: what is known of an incident, correctable at any time, each correction kept in the ledger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_incidents_with_services
from storage.ledger import record
from storage.tables import EntryKind, Incident
from workflows.access import begin_change
from workflows.changes import changed
from workflows.commands import ChangeFacts
from workflows.effects import owe_shown_state
from workflows.errors import WrongFacts
from workflows.masking import mask
from workflows.process import Process

WORDS = ("title", "description", "location", "affected", "prevented", "cost", "trigger")
TIMES = ("impact_started_at", "detected_at", "impact_ended_at")
FIELDS = (*WORDS, "services", "detected_by", *TIMES)


class DetectedBy(StrEnum):
    """Who or what noticed it first."""

    MONITOR = "monitor"
    STAFF = "staff"
    CUSTOMER = "customer"
    AUDIT = "audit"
    OTHER = "other"


async def change_facts(session: AsyncSession, command: ChangeFacts, *, process: Process, now: datetime) -> Incident:
    """Correct what is known, in any status; every field's old and new value are kept, and the card is drawn anew.

    Raises WrongFacts with a sentence for each time that cannot be.
    """
    incident = await begin_change(session, command, now=now)
    facts = {field: _masked(value) for field, value in command.facts.items() if field in FIELDS}
    faults = faults_in(incident, facts, now=now)
    if faults:
        raise WrongFacts(incident, faults)
    changes = {field: [getattr(incident, field), new] for field, new in facts.items()}
    changes = {field: both for field, both in changes.items() if both[0] != both[1]}
    if not changes:
        return incident
    for field, (_, new) in changes.items():
        setattr(incident, field, new)
    data = {field: [_in_json(value) for value in both] for field, both in changes.items()}
    entry = record(session, incident, EntryKind.FACTS_CHANGED, by=command.by, at=now, data=data)
    owe_shown_state(session, incident, at=now, topic="title" in changes)
    await changed(session, incident, entry, process=process, now=now)
    return incident


def _masked(value: Any) -> Any:
    if isinstance(value, list):
        return [mask(each) for each in value]
    return mask(value) if isinstance(value, str) else value


def _in_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def faults_in(incident: Incident, facts: Mapping[str, Any], *, now: datetime) -> dict[str, str]:
    """What is wrong with these times, by field: they may not be to come, nor out of order.

    Forms give whole minutes, so times are compared by the minute.
    """
    faults = {
        field: "That is still to come. Give the time it was, or leave it empty."
        for field in TIMES
        if facts.get(field) and facts[field] > now
    }
    times = {field: facts.get(field, getattr(incident, field)) for field in (*TIMES, "declared_at")}
    for earlier, later, sentence in _ORDER:
        first, second = times[earlier], times[later]
        at = later if later in facts else earlier
        if first and second and at in facts and _minute(first) > _minute(second):
            faults.setdefault(at, sentence)
    return faults


_ORDER = (
    ("impact_started_at", "detected_at", "It was noticed before its impact began; correct one of the two."),
    ("impact_started_at", "impact_ended_at", "Its impact ended before it began; correct one of the two."),
    ("detected_at", "declared_at", "It was declared before that, so it was noticed earlier."),
)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def impact_ended_at(incident: Incident) -> datetime | None:
    """When the harm stopped: as somebody said, otherwise when it was mitigated; None while it goes on."""
    return incident.impact_ended_at or incident.mitigated_at


def impact_duration(incident: Incident) -> timedelta | None:
    """How long people were hit; None while a beginning or an end is not known."""
    ended_at = impact_ended_at(incident)
    if incident.impact_started_at is None or ended_at is None:
        return None
    return max(ended_at - incident.impact_started_at, timedelta(0))


async def list_unknown_services(session: AsyncSession, *, process: Process) -> dict[str, list[str]]:
    """Services that people typed and `sitrep.toml` does not have, by name, with the incidents that name them."""
    unknown: dict[str, list[str]] = {}
    for incident in await list_incidents_with_services(session):
        for name in incident.services:
            if name not in process.services:
                unknown.setdefault(name, []).append(incident.ref)
    return dict(sorted(unknown.items()))
