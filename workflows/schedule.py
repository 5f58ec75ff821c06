"""What is to be asked of an incident as it stands, and when. No I/O."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from storage.tables import Incident, PromptKind, Status
from storage.tables.columns import JsonObject
from storage.tables.timeline import TimelineEntry
from workflows.lifecycle import WORKING
from workflows.process import NOT_SURE, Process
from workflows.process_parts import AudienceKind
from workflows.situation import Situation

SOON = 0.8
"""Which part of the time until a public message has passed when it is asked for the first time."""


@dataclass(frozen=True)
class Wanted:
    """One thing to ask; the same `kind` and `name` are the same question, whenever it is asked."""

    kind: PromptKind
    name: str
    due_at: datetime
    to: str | None = None
    """Whom, by id or address; nothing for the channel. Whoever holds a role by then comes first (`recipient`)."""
    data: JsonObject = field(default_factory=dict)

    @property
    def tail(self) -> str:
        """What its key ends with."""
        return f"{self.kind}/{self.name}"


def wanted(situation: Situation, *, process: Process, now: datetime) -> list[Wanted]:
    """Everything that is or will be to be asked while nothing changes; what was asked already is in it too."""
    if situation.incident.status in (Status.CLOSED, Status.DECLINED, Status.MERGED):
        return []
    found = [*_updates(situation, process, now), *_questions(situation, process)]
    if situation.incident.status in WORKING:
        found += [*_people_and_facts(situation, process), *_progress(situation.incident, process)]
        found += _public(situation.incident, process, now)
    return found


IN_PERSON = frozenset(
    {
        PromptKind.UPDATE_OVERDUE,
        PromptKind.UPDATE_ESCALATED,
        PromptKind.QUESTION_DUE,
        PromptKind.QUESTION_UNANSWERED,
    }
)
"""Kinds that ask one person by direct message; the others ask the channel."""


FOLLOW_UPS = frozenset({PromptKind.UPDATE_OVERDUE, PromptKind.UPDATE_ESCALATED, PromptKind.QUESTION_UNANSWERED})
"""Kinds that somebody hears of because another question has had no answer for a while."""
LATE = timedelta(minutes=10)
"""How long after its time something is asked only because we were away."""


def put_off(kind: PromptKind, data: JsonObject, *, due_at: datetime, now: datetime) -> datetime | None:
    """Until when a follow-up waits that was due while we were away: what it follows has just been asked too."""
    if kind not in FOLLOW_UPS or now - due_at <= LATE:
        return None
    return now + (due_at - datetime.fromisoformat(data["due_at"]))


def recipient(kind: PromptKind, to: str | None, situation: Situation) -> str | None:
    """Whom a direct message asks now: a person by id or address; nothing where there is nobody to ask."""
    match kind:
        case PromptKind.UPDATE_OVERDUE:
            return _first_who_may_know(situation, situation.roles.get("communications"), situation.lead)
        case PromptKind.QUESTION_UNANSWERED:
            return _first_who_may_know(situation, situation.lead, to)
        case _:
            return to


def _first_who_may_know(situation: Situation, *people: str | None) -> str | None:
    """Somebody who has left the channel of a private incident is not asked, so the next one is."""
    return next((person for person in people if person and situation.visible_to(person)), None)


def missing_facts(situation: Situation) -> list[str]:
    """Which facts nobody has given yet, by the names their gaps have, most pressing first."""
    incident = situation.incident
    missing = {
        "description": not incident.description and incident.last_update is None,
        "severity": incident.severity_assumed,
        "impact": incident.impact == NOT_SURE and incident.affected is None,
        "services": not incident.services,
    }
    return [name for name, is_missing in missing.items() if is_missing]


def _updates(situation: Situation, process: Process, now: datetime) -> Iterator[Wanted]:
    """The promise of the next update: before it is due, when it is, to who writes it, to who is above them."""
    incident = situation.incident
    due_at = incident.next_update_due_at
    if due_at is None:
        return
    made_at = incident.promise_made_at or incident.last_update_at or incident.declared_at
    name = f"{_second(made_at)}-{_second(due_at)}"
    data: JsonObject = {"due_at": due_at.isoformat()}
    if now < due_at:
        soon = made_at + (due_at - made_at) * (process.prompts.warn_at_percent / 100)
        yield Wanted(PromptKind.UPDATE_SOON, name, soon, data=data)
    yield Wanted(PromptKind.UPDATE_DUE, name, due_at, data=data)
    personally = due_at + timedelta(minutes=process.prompts.personal_after)
    yield Wanted(PromptKind.UPDATE_OVERDUE, name, personally, data=data)
    above = due_at + timedelta(minutes=process.prompts.escalate_after)
    for person in dict.fromkeys(process.escalation):
        yield Wanted(PromptKind.UPDATE_ESCALATED, f"{name}/{person}", above, to=person, data=data)


def _people_and_facts(situation: Situation, process: Process) -> Iterator[Wanted]:
    incident = situation.incident
    if situation.lead is None:
        since = incident.lead_vacant_since or incident.declared_at
        due_at = since + timedelta(minutes=lead_within(incident, process))
        yield Wanted(PromptKind.NO_LEAD, _second(since), due_at, data={"since": since.isoformat()})
    if missing_facts(situation):
        due_at = incident.declared_at + timedelta(minutes=process.prompts.facts_after)
        yield Wanted(PromptKind.FACTS, "once", due_at)


def lead_within(incident: Incident, process: Process) -> int:
    """How many minutes nobody may lead."""
    severity = process.severities.get(incident.severity)
    return severity.lead_within if severity else 10


def _progress(incident: Incident, process: Process) -> Iterator[Wanted]:
    since = incident.status_changed_at or incident.declared_at
    if incident.status is Status.TRIAGE:
        due_at = since + timedelta(minutes=process.prompts.triage_after)
        yield Wanted(PromptKind.TRIAGE, _second(since), due_at, data={"since": since.isoformat()})
    if incident.status is Status.MONITORING:
        since = incident.watched_since or since
        due_at = since + timedelta(minutes=process.prompts.watch)
        yield Wanted(PromptKind.WATCH, _second(since), due_at, data={"since": since.isoformat()})
    since = incident.last_activity_at or incident.declared_at
    due_at = after_working_time(since, timedelta(minutes=process.prompts.silent_after), zone=_zone(process.timezone))
    yield Wanted(PromptKind.SILENT, _second(since), due_at, data={"since": since.isoformat()})


def _questions(situation: Situation, process: Process) -> Iterator[Wanted]:
    for entry in situation.open_entries:
        if entry.category == "question":
            yield from _question(entry, process)


def _question(entry: TimelineEntry, process: Process) -> Iterator[Wanted]:
    asked = {"entry": entry.sequence, "by": entry.by, **{key: entry.data[key] for key in ("to", "text", "due_at")}}
    name, due_at = str(entry.sequence), datetime.fromisoformat(entry.data["due_at"])
    if entry.data.get("quietly"):  # the channel has read it in an update
        yield Wanted(PromptKind.QUESTION_DUE, f"{name}-first", entry.happened_at, to=entry.data["to"], data=asked)
    else:
        yield Wanted(PromptKind.QUESTION, name, entry.happened_at, data=asked)
    yield Wanted(PromptKind.QUESTION_DUE, name, due_at, to=entry.data["to"], data=asked)
    to_the_lead = due_at + timedelta(minutes=process.prompts.personal_after)
    # Where nobody leads by then, who asked hears of it.
    yield Wanted(PromptKind.QUESTION_UNANSWERED, name, to_the_lead, to=entry.by, data=asked)


def _public(incident: Incident, process: Process, now: datetime) -> Iterator[Wanted]:
    """The first public message, and those that follow it for a while."""
    settings = process.public
    if not _has_public(incident, process):
        return
    first = incident.public_text_at is None
    since = incident.public_text_at or incident.declared_at
    length = timedelta(minutes=settings.first_after if first else settings.every)
    due_at = since + length
    if not first and due_at > incident.declared_at + timedelta(minutes=settings.during):
        return
    data: JsonObject = {"due_at": due_at.isoformat(), "first": first}
    if now < due_at:
        yield Wanted(PromptKind.PUBLIC_SOON, _second(since), since + length * SOON, data=data)
    yield Wanted(PromptKind.PUBLIC_DUE, _second(since), due_at, data=data)


def _has_public(incident: Incident, process: Process) -> bool:
    """Whether people outside are to hear of it: there are such audiences, and it is bad enough, and not private."""
    severity = process.public.severity
    outside = any(audience.kind is AudienceKind.EXTERNAL for audience in process.audiences.values())
    bad_enough = severity is not None and process.rank(incident.severity) <= process.rank(severity)
    return outside and bad_enough and not incident.private


def after_working_time(start: datetime, length: timedelta, *, zone: ZoneInfo) -> datetime:
    """When so much time has passed, counting Monday to Friday only; never a moment of the weekend."""
    at, left = start.astimezone(zone), length
    while True:
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), zone)
        if at.weekday() < 5:
            begun, ends = at.astimezone(start.tzinfo), midnight.astimezone(start.tzinfo)
            if left < ends - begun:
                return begun + left
            left -= ends - begun
        at = midnight


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _second(at: datetime) -> str:
    """A moment as a part of a name."""
    return str(int(at.timestamp()))
