"""The ledger: entries are only ever added, each chained to the one before."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import add_late, write_late_rows
from storage.tables import EntryKind, Incident, LedgerEntry, TimelineEntry
from storage.tables.columns import JsonObject
from storage.timeline import amend, begun, fold, list_everything


def record(
    session: AsyncSession,
    incident: Incident,
    kind: EntryKind,
    *,
    by: str,
    at: datetime,
    data: JsonObject | None = None,
    happened_at: datetime | None = None,
) -> LedgerEntry:
    """Add the next entry of an incident, whose row the caller has locked or just made, and show it on the timeline.

    `at` is when it is recorded; `happened_at` when it was so, if that was earlier. The rows are written just before
    the commit; what comes back is for reading.
    """
    entry = LedgerEntry(
        incident_id=incident.number,
        sequence=incident.ledger_length + 1,
        kind=kind,
        happened_at=happened_at or at,
        recorded_at=at,
        by=by,
        data=data or {},
        previous_hash=incident.ledger_hash,
        hash="",
    )
    entry.hash = hash_of(entry)
    incident.ledger_length, incident.ledger_hash = entry.sequence, entry.hash
    add_late(session, LedgerEntry, **entry.model_dump())
    shown = begun(entry)
    if shown is not None:
        add_late(session, TimelineEntry, **shown)
    return entry


def record_amendment(
    session: AsyncSession,
    incident: Incident,
    shown: TimelineEntry,
    kind: EntryKind,
    *,
    by: str,
    at: datetime,
    data: JsonObject | None = None,
) -> LedgerEntry:
    """Add an entry that changes how an earlier one shows; the caller holds the incident."""
    entry = record(session, incident, kind, by=by, at=at, data={"of": shown.sequence, **(data or {})})
    amend(shown, entry)
    return entry


def hash_of(entry: LedgerEntry) -> str:
    """The SHA-256 (hex) of everything an entry says and of the hash before it."""
    said = [
        entry.previous_hash,
        entry.incident_id,
        entry.sequence,
        entry.kind,
        entry.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.by,
        entry.data,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


async def list_entries(session: AsyncSession, incident_id: int) -> Sequence[LedgerEntry]:
    """All entries of an incident, first to last."""
    await write_late_rows(session)
    statement = select(LedgerEntry).where(LedgerEntry.incident_id == incident_id).order_by(col(LedgerEntry.sequence))
    return (await session.execute(statement)).scalars().all()


async def find_entry(session: AsyncSession, incident_id: int, sequence: int) -> LedgerEntry | None:
    """An entry by its sequence."""
    await write_late_rows(session)
    return await session.get(LedgerEntry, (incident_id, sequence))


async def find_newest_entry(
    session: AsyncSession, incident_id: int, kinds: Collection[EntryKind]
) -> LedgerEntry | None:
    """The last entry of one of these kinds."""
    await write_late_rows(session)
    statement = (
        select(LedgerEntry)
        .where(LedgerEntry.incident_id == incident_id, col(LedgerEntry.kind).in_(kinds))
        .order_by(col(LedgerEntry.sequence).desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalars().first()


async def has_entry(session: AsyncSession, incident_id: int, kind: EntryKind, *, by: str) -> bool:
    """Whether there is an entry of this kind by this person."""
    await write_late_rows(session)
    statement = select(LedgerEntry.sequence).where(
        LedgerEntry.incident_id == incident_id, LedgerEntry.kind == kind, LedgerEntry.by == by
    )
    return (await session.execute(statement)).first() is not None


@dataclass(frozen=True)
class BrokenEntry:
    """The first place where an incident's ledger is not what was written."""

    ref: str
    sequence: int
    because: str


def first_broken(incident: Incident, entries: Sequence[LedgerEntry]) -> BrokenEntry | None:
    """Recompute the chain of one incident; entries come in order of their sequence."""
    previous = ""
    for expected, entry in enumerate(entries, start=1):
        because = _fault(entry, expected=expected, previous=previous)
        if because:
            return BrokenEntry(incident.ref, expected, because)
        previous = entry.hash
    if len(entries) < incident.ledger_length:
        return BrokenEntry(incident.ref, len(entries) + 1, "the newest entries are missing")
    if len(entries) > incident.ledger_length:
        return BrokenEntry(
            incident.ref, incident.ledger_length + 1, "the incident counts no entry after the one before"
        )
    if previous != incident.ledger_hash:
        return BrokenEntry(
            incident.ref, max(len(entries), 1), "it is not the entry that the incident knows as its newest"
        )
    return None


def _fault(entry: LedgerEntry, *, expected: int, previous: str) -> str | None:
    if entry.sequence != expected:
        return f"an entry is missing; the next one found is {entry.sequence}"
    if entry.previous_hash != previous:
        return "it is not chained to the entry before it"
    if entry.hash != hash_of(entry):
        return "its contents are not what was written"
    return None


async def verify(session: AsyncSession) -> tuple[int, BrokenEntry | None]:
    """How many entries were checked, and the first broken or wrongly shown one of the first incident that has one."""
    checked = 0
    incidents = (await session.execute(select(Incident).order_by(col(Incident.id)))).scalars().all()
    for incident in incidents:
        entries = await list_entries(session, incident.number)
        broken = first_broken(incident, entries) or await _first_misshown(session, incident, entries)
        if broken:
            return checked + broken.sequence - 1, broken
        checked += len(entries)
    return checked, None


async def _first_misshown(
    session: AsyncSession, incident: Incident, entries: Sequence[LedgerEntry]
) -> BrokenEntry | None:
    """The first entry of which the timeline people see says something else than the whole ledger does."""
    told = {sequence: shown.model_dump() for sequence, shown in fold(entries).items()}
    kept = {shown.sequence: shown.model_dump() for shown in await list_everything(session, incident.number)}
    wrong = [sequence for sequence in told.keys() | kept.keys() if told.get(sequence) != kept.get(sequence)]
    return BrokenEntry(incident.ref, min(wrong), "the timeline shows it otherwise") if wrong else None
