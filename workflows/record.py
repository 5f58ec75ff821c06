"""The record: everything that is known of an incident, as one document for reviews, audits and archives."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_participants, list_roles
from storage.ledger import list_entries
from storage.notices import NoticeRow, list_notices
from storage.people import list_names
from storage.tables import EntryKind, Incident, LedgerEntry, Participant, RoleAssignment, TimelineEntry, Update
from storage.tables.columns import JsonObject
from storage.timeline import list_shown
from storage.updates import list_updates
from workflows import categories as c
from workflows.errors import person
from workflows.facts import impact_duration, impact_ended_at
from workflows.item_export import export_rows
from workflows.kudos import without_unwanted_thanks
from workflows.process import Process
from workflows.questions import waits
from workflows.record_words import who, words_of
from workflows.targets import targets
from workflows.updates import promises_kept

_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")
MOST_NOTICES = 100_000


@dataclass(frozen=True)
class _Sources:
    """All that the record is made of."""

    incident: Incident
    ledger: Sequence[LedgerEntry]
    timeline: Sequence[TimelineEntry]
    roles: Sequence[RoleAssignment]
    participants: Sequence[Participant]
    updates: Sequence[Update]
    notices: Sequence[NoticeRow]
    process: Process


async def record_of(session: AsyncSession, incident: Incident, *, process: Process) -> JsonObject:
    """The record as JSON takes it: times in ISO and UTC, durations in seconds, people by name."""
    number = incident.number
    sources = _Sources(
        incident,
        await list_entries(session, number),
        await without_unwanted_thanks(session, await list_shown(session, number)),
        await list_roles(session, [number]),
        await list_participants(session, number),
        await list_updates(session, number),
        await list_notices(session, number, limit=MOST_NOTICES),
        process,
    )
    record = _record(sources) | {"action_items": await export_rows(session, number, process=process)}
    named = set(_PERSON.findall(str(record)))
    return _with_names(record, await list_names(session, named))  # type: ignore[no-any-return]  # an object stays one


def _record(it: _Sources) -> JsonObject:
    return {
        "incident": _facts(it),
        "times": _times(it),
        "durations": _durations(it.incident, it.timeline),
        "targets": [
            {"name": each.name, "within": _seconds(each.within), "took": _seconds(each.took), "kept": each.kept}
            for each in targets(it.ledger, process=it.process)
        ],
        "people": _people(it),
        "timeline": [_line(entry, it.process) for entry in it.timeline],
        "actions": _of(it, *c.ACTIONS),
        "theories": _of(it, c.THEORY),
        "unfounded": [_line(entry, it.process) for entry in c.unfounded(it.timeline)],
        "decisions": _of(it, c.DECISION),
        "workarounds": _of(it, c.WORKAROUND),
        "evidence": _of(it, c.EVIDENCE, c.FILE),
        "thanks": [_thanks(entry) for entry in it.timeline if entry.kind is EntryKind.KUDOS],
        "questions": _questions(it),
        "updates": _updates(it),
        "promises": _promises(it.updates),
        "notices": [_notice(row) for row in reversed(it.notices)],
        "ledger": {"entries": it.incident.ledger_length, "hash": it.incident.ledger_hash},
    }


def _facts(it: _Sources) -> JsonObject:
    incident = it.incident
    said = ("description", "location", "affected", "prevented", "cost", "detected_by", "trigger", "ended_because")
    kind = it.process.types.get(incident.type)
    return {
        "ref": incident.ref,
        "title": incident.title,
        "severity": it.process.severity_name(incident.severity),
        "severity_assumed": incident.severity_assumed,
        "type": kind.name if kind else incident.type,
        "status": incident.status.value,
        "private": incident.private,
        "services": list(incident.services),
        "channel": incident.channel_name,
        "merged_into": f"INC-{incident.merged_into}" if incident.merged_into else None,
        "public_text": incident.public_text,
        "verification": incident.verification,
        "verified_by": person(incident.verified_by) if incident.verified_by else None,
        "temporary_fix": incident.temporary_fix,
        "remaining": incident.remaining,
        **{name: getattr(incident, name) or None for name in said},
    }


def _times(it: _Sources) -> list[JsonObject]:
    incident = it.incident
    times = {
        "Impact began": incident.impact_started_at,
        "Detected": incident.detected_at,
        "Declared": incident.declared_at,
        "Lead assigned": incident.lead_assigned_at,
        "Contained": c.first_containment(it.timeline),
        "First update": next((update.published_at for update in it.updates), None),
        "Mitigated": incident.mitigated_at,
        "Impact ended": impact_ended_at(incident),
        "Resolved": incident.resolved_at,
        "Declined": _ended(it, EntryKind.DECLINED),
        "Merged": _ended(it, EntryKind.MERGED),
    }
    return [{"name": name, "at": _iso(at)} for name, at in times.items() if at or name in _ALWAYS]


def _ended(it: _Sources, kind: EntryKind) -> datetime | None:
    """When it was declined or merged, if that is how it stands; what was merged into it is not its own end."""
    if it.incident.status.value != kind.value:
        return None
    return next(entry.happened_at for entry in reversed(it.ledger) if entry.kind is kind)


_ALWAYS = ("Impact began", "Detected", "Declared", "Lead assigned", "Mitigated", "Resolved")
"""Times that every record shows, also where nobody has said them."""


def _durations(incident: Incident, timeline: Sequence[TimelineEntry]) -> list[JsonObject]:
    declared_to = incident.resolved_at - incident.declared_at if incident.resolved_at else None
    detecting = None
    if incident.impact_started_at and incident.detected_at:
        detecting = incident.detected_at - incident.impact_started_at
    listed = {
        "Impact": impact_duration(incident),
        "To detect": detecting,
        "To contain": c.time_to_containment(incident, timeline),
        "Declared to resolved": declared_to,
    }
    return [{"name": name, "seconds": _seconds(took)} for name, took in listed.items()]


def _people(it: _Sources) -> list[JsonObject]:
    """Everybody who holds a role, was in the channel, wrote on the timeline, marked something or was asked."""
    held: dict[str, list[str]] = {}
    for role in it.roles:
        held.setdefault(role.user_id, []).append(it.process.role_name(role.role))
    there = {participant.user_id for participant in it.participants}
    involved = (user_id for entry in it.timeline for user_id in _involved(entry))
    seen = [it.incident.declared_by, *held, *sorted(there), *involved]
    count = Counter(entry.by for entry in it.timeline)
    return [
        {"name": person(user_id), "roles": held.get(user_id, []), "entries": count[user_id]}
        for user_id in dict.fromkeys(seen)
        if _PERSON.fullmatch(person(user_id))
    ]


def _involved(entry: TimelineEntry) -> list[str]:
    return [
        entry.by,
        *filter(None, [entry.data.get("to"), entry.data.get("settled_by")]),
        *entry.data.get("marked_by", ()),
    ]


def _line(entry: TimelineEntry, process: Process) -> JsonObject:
    return {
        "entry": entry.sequence,
        "at": _iso(entry.happened_at),
        "by": who(entry.by, entry.data),
        "kind": entry.kind.value,
        "category": entry.category,
        "words": words_of(entry, process),
        "state": entry.state,
        "outcome": entry.data.get("outcome"),
        "settled_by": person(entry.data["settled_by"]) if entry.data.get("settled_by") else None,
        "links": list(entry.data.get("links", ())),
        "marked_by": [person(user_id) for user_id in entry.data.get("marked_by", ())],
        "edited": entry.edited,
    }


def _of(it: _Sources, *categories: str) -> list[JsonObject]:
    """Entries of these categories in order of time; a message may stand for several."""
    wanted = set(categories)
    return [
        _line(entry, it.process)
        for entry in it.timeline
        if entry.category in wanted or wanted.intersection(entry.data.get("why", ()))
    ]


def _thanks(entry: TimelineEntry) -> JsonObject:
    said = entry.words or entry.data["text"]
    return {"to": person(entry.data["to"]), "by": who(entry.by, entry.data), "words": said}


def _questions(it: _Sources) -> list[JsonObject]:
    waited = {wait.question: wait for wait in waits(it.ledger)}
    return [
        {
            **_line(entry, it.process),
            "to": person(entry.data["to"]),
            "text": entry.words or entry.data["text"],
            "waited": _seconds(waited[entry.sequence].settled_after),
        }
        for entry in it.timeline
        if entry.kind is EntryKind.QUESTION
    ]


def _updates(it: _Sources) -> list[JsonObject]:
    return [
        {
            "at": _iso(update.published_at),
            "by": person(update.published_by),
            "words": update.words,
            "promised_at": _iso(update.promised_at),
            "kept": update.published_at <= update.promised_at if update.promised_at else None,
        }
        for update in it.updates
    ]


def _promises(updates: Sequence[Update]) -> JsonObject:
    promises = promises_kept(updates)
    return {"kept": promises.kept, "missed": promises.missed}


def _notice(row: NoticeRow) -> JsonObject:
    return {
        "to": person(row.to) if _PERSON.fullmatch(person(row.to)) else row.to,
        "by": row.kind.value,
        "of": row.transition,
        "outcome": row.outcome.value if row.outcome else "waiting",
        "at": _iso(row.done_at),
        "because": row.last_error if row.outcome and row.outcome.value == "gave_up" else None,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _seconds(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds())


def _with_names(value: Any, names: dict[str, str]) -> Any:
    """Every `{@U1}` as a name; who was never seen keeps the id."""
    if isinstance(value, str):
        return _PERSON.sub(lambda match: names.get(match.group(1), match.group(1)), value)
    if isinstance(value, list):
        return [_with_names(each, names) for each in value]
    return {key: _with_names(each, names) for key, each in value.items()} if isinstance(value, dict) else value
