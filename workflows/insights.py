"""Insights: incidents and action items counted, to see where to put the next effort; never a word of a private one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from storage.insights import IncidentFacts, list_incident_facts, list_kinds
from storage.tables import ItemKind, ItemState
from workflows.digest_numbers import values
from workflows.process import Process
from workflows.process_parts import WEEKDAYS

NOT_SAID = "not said"
PRIVATE = "(private)"
"""In place of words that people typed in a private incident."""
DONE = (ItemState.DONE, ItemState.VERIFIED)


@dataclass(frozen=True)
class Count:
    """How many of something there were."""

    of: str
    """`incidents` or `action items`."""
    by: str
    """Which of their facts."""
    value: str
    count: int


async def read_insights(session: AsyncSession, *, process: Process, since: datetime | None = None) -> list[Count]:
    """Everything since then, or ever, counted by each fact; what was declined or merged is left out."""
    incidents = count_incidents(await list_incident_facts(session, since=since), process)
    return [*incidents, *count_items(await list_kinds(session, since=since))]


def count_incidents(incidents: Sequence[IncidentFacts], process: Process) -> list[Count]:
    """By service, type, severity, hour of the day and day of the week (in the zone of the process), source, trigger."""
    zone = ZoneInfo(process.timezone)
    declared = [one.declared_at.astimezone(zone) for one in incidents]
    return [
        *_ranked("service", (name for one in incidents for name in _services(one, process))),
        *_ordered("type", [one.type for one in incidents], process.types),
        *_ordered("severity", [one.severity for one in incidents], process.severities),
        *_ordered("hour", [f"{at:%H}" for at in declared], ()),
        *_ordered("weekday", [WEEKDAYS[at.weekday()] for at in declared], WEEKDAYS),
        *_ranked("detected by", (one.detected_by or NOT_SAID for one in incidents)),
        *_ranked("trigger", (name for one in incidents for name in _triggers(one))),
    ]


def count_items(items: Iterable[tuple[ItemKind, ItemState]]) -> list[Count]:
    """By kind, those that are done among them, and by state."""
    listed = list(items)
    kinds, states = Counter(kind for kind, _ in listed), Counter(state for _, state in listed)
    done = Counter(kind for kind, state in listed if state in DONE)
    return [
        *(Count("action items", "kind", kind, kinds[kind]) for kind in ItemKind if kinds[kind]),
        *(Count("action items", "kind, done", kind, done[kind]) for kind in ItemKind if done[kind]),
        *(Count("action items", "state", state, states[state]) for state in ItemState if states[state]),
    ]


def _services(incident: IncidentFacts, process: Process) -> set[str]:
    """Each once, as sitrep.toml writes it; what somebody typed in a private incident is not told."""
    known = {name.casefold(): name for name in process.services}
    named = {name.casefold() for name in values(incident, "service")}
    unknown = PRIVATE if incident.private else None
    return {known.get(name, unknown or name) for name in named} or {NOT_SAID}


def _triggers(incident: IncidentFacts) -> list[str]:
    said = [trigger.casefold() for trigger in values(incident, "trigger")]
    return [PRIVATE] if said and incident.private else said or [NOT_SAID]


def _ranked(by: str, found: Iterable[str]) -> list[Count]:
    """Most first."""
    counted = sorted(Counter(found).items(), key=lambda each: (-each[1], each[0]))
    return [Count("incidents", by, value, count) for value, count in counted]


def _ordered(by: str, found: Iterable[str], order: Iterable[str]) -> list[Count]:
    """In an order of their own; what has no place in it comes after that, by name."""
    places, counted = list(order), Counter(found)
    listed = [value for value in places if counted[value]] + sorted(counted.keys() - set(places))
    return [Count("incidents", by, value, counted[value]) for value in listed]
