"""The timeline: facts people put on it in so many words, and what they change of what is there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_roles
from storage.ledger import record, record_amendment
from storage.tables import EntryKind, Incident, TimelineEntry
from storage.tables.columns import JsonObject
from storage.timeline import find_timeline_entry, list_amendments, list_open
from workflows.access import begin_change
from workflows.belonging import first_state
from workflows.categories import CONCERN, NOTE, ON_CARD, REPLACED, STATES, WORKAROUND
from workflows.changes import changed
from workflows.commands import AddNote, EditEntry
from workflows.effects import owe_message, owe_shown_state
from workflows.errors import ChangedMeanwhile, InTheFuture, NoSuchEntry
from workflows.masking import mask
from workflows.process import Process

SKEW = timedelta(minutes=2)
"""How far a person's clock may be ahead of ours: what happened “now” there has happened."""


async def add_note(session: AsyncSession, command: AddNote, *, process: Process, now: datetime) -> Incident:
    """Put a fact on the timeline, in any status; a reply under the card shows it to the others.

    A workaround takes the place of those before it; a concern is for whoever leads. Raises InTheFuture.
    """
    incident = await begin_change(session, command, now=now)
    happened_at = past(command.happened_at, now=now)
    if command.category == WORKAROUND:
        await _replace_workarounds(session, incident, by=command.by, now=now)
    data = _noted(command) | await _for_lead(session, incident, command)
    entry = record(session, incident, EntryKind.NOTE, by=command.by, at=now, data=data, happened_at=happened_at)
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now)
    await changed(session, incident, entry, process=process, now=now)
    return incident


def past(at: datetime | None, *, now: datetime) -> datetime | None:
    """The time, unless it is still to come.

    Raises InTheFuture.
    """
    if at is not None and at > now + SKEW:
        raise InTheFuture
    return min(at, now) if at is not None else None


def _noted(command: AddNote) -> JsonObject:
    """What the ledger keeps; only what was said."""
    said: JsonObject = {
        "category": command.category if command.category != NOTE else None,
        "state": first_state(command.category),
        "link": mask(command.link),
        "objections": mask(command.objections),
    }
    return {"text": mask(command.text), **{name: value for name, value in said.items() if value}}


async def _for_lead(session: AsyncSession, incident: Incident, command: AddNote) -> JsonObject:
    """Whom a concern is told to by name, unless it is their own."""
    if command.category != CONCERN:
        return {}
    holders = {role.role: role.user_id for role in await list_roles(session, [incident.number])}
    lead = holders.get("lead")
    return {"to": lead} if lead and lead != command.by else {}


async def _replace_workarounds(session: AsyncSession, incident: Incident, *, by: str, now: datetime) -> None:
    for entry in await list_open(session, [incident.number]):
        if entry.category == WORKAROUND:
            data = {"state": REPLACED, "settled_by": by}
            record_amendment(session, incident, entry, EntryKind.ENTRY_STATE, by=by, at=now, data=data)


async def edit_entry(session: AsyncSession, command: EditEntry, *, process: Process, now: datetime) -> Incident:
    """Change an entry's words, time or state, hide it or show it again; every form it had stays in the ledger.

    Raises NoSuchEntry, InTheFuture, and ChangedMeanwhile where somebody else changed the same since it was opened.
    """
    incident = await begin_change(session, command, now=now)
    entry = await find_timeline_entry(session, incident.number, command.entry)
    if entry is None or entry.withdrawn:
        raise NoSuchEntry(incident)
    changes = list(_changes(entry, command, now=now))
    await _refuse_if_overtaken(session, incident, command, changes)
    for change in changes:
        newest = record_amendment(session, incident, entry, change.kind, by=command.by, at=now, data=change.data)
    if changes:
        if entry.category in ON_CARD:
            owe_shown_state(session, incident, at=now)
        await changed(session, incident, newest, process=process, now=now)
    return incident


@dataclass(frozen=True)
class _Change:
    """One amendment, and those of others that would contradict it."""

    kind: EntryKind
    data: JsonObject
    against: frozenset[EntryKind]


def _changes(entry: TimelineEntry, command: EditEntry, *, now: datetime) -> Iterator[_Change]:
    """What the command makes different from what is so already."""
    words = entry.words if command.words is None else mask(command.words)
    happened_at = past(command.happened_at, now=now) or entry.happened_at
    if (words, happened_at) != (entry.words, entry.happened_at):
        data = {"words": words, "happened_at": happened_at.isoformat()}
        against = {EntryKind.ENTRY_EDITED} | ({EntryKind.MESSAGE_EDITED} if command.words is not None else set())
        yield _Change(EntryKind.ENTRY_EDITED, data, frozenset(against))
    state = _state(entry, command)
    if state:
        yield _Change(EntryKind.ENTRY_STATE, state, frozenset({EntryKind.ENTRY_STATE, EntryKind.MESSAGE_MARKED}))
    if command.hidden is not None and command.hidden is not entry.hidden:
        kind = EntryKind.ENTRY_HIDDEN if command.hidden else EntryKind.ENTRY_SHOWN
        yield _Change(kind, {}, frozenset({EntryKind.ENTRY_HIDDEN, EntryKind.ENTRY_SHOWN}))


def _state(entry: TimelineEntry, command: EditEntry) -> JsonObject:
    """A new state with who says so, and what they show for it; nothing where both stay."""
    state = command.state if command.state in STATES.get(entry.category or "", ()) else entry.state
    links = [mask(link) for link in command.links] if command.links is not None else entry.data.get("links", [])
    if (state, links) == (entry.state, entry.data.get("links", [])):
        return {}
    by = command.by if state != entry.state else entry.data.get("settled_by")
    said = {"state": state, "links": links, "settled_by": by}
    return {name: value for name, value in said.items() if name != "links" or command.links is not None}


async def _refuse_if_overtaken(
    session: AsyncSession, incident: Incident, command: EditEntry, changes: list[_Change]
) -> None:
    against = frozenset[EntryKind]().union(*(change.against for change in changes))
    if not against:
        return
    for later in await list_amendments(session, incident.number, of=command.entry, after=command.seen):
        if later.kind in against and later.by != command.by:
            raise ChangedMeanwhile(later.by)
