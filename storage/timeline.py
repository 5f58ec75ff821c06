"""The timeline: the ledger folded, kept up in the transaction of every entry."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, literal_column, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import write_late_rows
from storage.tables import EntryKind, LedgerEntry, TimelineEntry
from storage.tables.columns import UtcDateTime
from storage.tables.timeline import OPEN_STATES

SHOWN = frozenset(
    {
        EntryKind.DECLARED,
        EntryKind.ADOPTED,
        EntryKind.ROLE_ASSIGNED,
        EntryKind.ROLE_RELEASED,
        EntryKind.SEVERITY_CHANGED,
        EntryKind.STATUS_CHANGED,
        EntryKind.FACTS_CHANGED,
        EntryKind.NOTE,
        EntryKind.MESSAGE,
        EntryKind.JOINED,
        EntryKind.QUESTION,
        EntryKind.UPDATE,
        EntryKind.PUBLIC_TEXT,
        EntryKind.RESOLVED,
        EntryKind.REOPENED,
        EntryKind.DECLINED,
        EntryKind.MERGED,
        EntryKind.ITEM_ADDED,
        EntryKind.ITEM_STATE,
        EntryKind.ITEM_NEEDS_HELP,
        EntryKind.ITEM_DECIDED,
        EntryKind.CHECK_ANSWERED,
        EntryKind.RISK_ACCEPTED,
        EntryKind.RISK_REVIEWED,
        EntryKind.NO_PREVENTION,
        EntryKind.KUDOS,
    }
)
"""Kinds that begin a timeline entry; the others amend one, or are for the record only."""


KEPT_WITH_STATE = ("outcome", "links", "settled_by")
"""What is said with a new state, and stays with the entry."""


def begun(entry: LedgerEntry) -> dict[str, Any] | None:
    """The timeline entry that a ledger entry begins, as values; None for one that begins none."""
    if entry.kind not in SHOWN:
        return None
    return {
        "incident_id": entry.incident_id,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "category": entry.data.get("category") or ("timeline" if entry.kind is EntryKind.NOTE else None),
        "by": entry.by,
        "happened_at": entry.happened_at,
        "data": entry.data,
        "words": None,
        "state": entry.data.get("state"),
        "message_ts": entry.data.get("ts"),
        "hidden": False,
        "withdrawn": False,
        "edited": False,
    }


def amend(shown: TimelineEntry, entry: LedgerEntry) -> None:
    """Change what is shown as a later ledger entry says; raises KeyError for a kind that amends nothing."""
    _AMEND[entry.kind](shown, entry.data)


def _edited(shown: TimelineEntry, data: dict[str, Any]) -> None:
    shown.words, shown.edited = data["words"], True
    shown.happened_at = datetime.fromisoformat(data["happened_at"])


def _hidden(shown: TimelineEntry, _data: dict[str, Any]) -> None:
    shown.hidden = True


def _shown(shown: TimelineEntry, _data: dict[str, Any]) -> None:
    shown.hidden = False


def _state(shown: TimelineEntry, data: dict[str, Any]) -> None:
    shown.state = data["state"]
    shown.data = {**shown.data, **{name: data[name] for name in KEPT_WITH_STATE if name in data}}


def _marked(shown: TimelineEntry, data: dict[str, Any]) -> None:
    shown.data = {**shown.data, "why": data["why"], "marked_by": data["marked_by"]}
    shown.withdrawn = not data["why"]
    shown.category = data["category"]
    shown.state = data["state"]


def _message_edited(shown: TimelineEntry, data: dict[str, Any]) -> None:
    shown.data = {**shown.data, **{name: data[name] for name in ("text", "files") if name in data}}


def _message_deleted(shown: TimelineEntry, _data: dict[str, Any]) -> None:
    shown.data = {**shown.data, "deleted": True}


def _message_restored(shown: TimelineEntry, _data: dict[str, Any]) -> None:
    shown.data = {name: value for name, value in shown.data.items() if name != "deleted"}


def _file_stored(shown: TimelineEntry, data: dict[str, Any]) -> None:
    files = [{**file, "sha256": data["sha256"]} if file["id"] == data["id"] else file for file in shown.data["files"]]
    shown.data = {**shown.data, "files": files}


_AMEND: dict[EntryKind, Callable[[TimelineEntry, dict[str, Any]], None]] = {
    EntryKind.ENTRY_EDITED: _edited,
    EntryKind.ENTRY_HIDDEN: _hidden,
    EntryKind.ENTRY_SHOWN: _shown,
    EntryKind.ENTRY_STATE: _state,
    EntryKind.MESSAGE_MARKED: _marked,
    EntryKind.MESSAGE_EDITED: _message_edited,
    EntryKind.MESSAGE_DELETED: _message_deleted,
    EntryKind.MESSAGE_RESTORED: _message_restored,
    EntryKind.FILE_STORED: _file_stored,
}


def fold(entries: Iterable[LedgerEntry]) -> dict[int, TimelineEntry]:
    """What a ledger, first entry to last, shows: the timeline by sequence, hidden and withdrawn entries too."""
    shown: dict[int, TimelineEntry] = {}
    for entry in entries:
        values = begun(entry)
        if values is not None:
            shown[entry.sequence] = TimelineEntry(**values)
        elif entry.kind in _AMEND:
            amend(shown[entry.data["of"]], entry)
    return shown


async def list_everything(session: AsyncSession, incident_id: int) -> Sequence[TimelineEntry]:
    """Every entry of a timeline, hidden and withdrawn ones too, by sequence."""
    statement = (
        select(TimelineEntry).where(TimelineEntry.incident_id == incident_id).order_by(col(TimelineEntry.sequence))
    )
    return (await session.execute(statement)).scalars().all()


async def find_timeline_entry(session: AsyncSession, incident_id: int, sequence: int) -> TimelineEntry | None:
    """An entry by the sequence it began with, hidden ones too."""
    await write_late_rows(session)
    return await session.get(TimelineEntry, (incident_id, sequence))


_VISIBLE = (col(TimelineEntry.hidden).is_(False), col(TimelineEntry.withdrawn).is_(False))


@dataclass(frozen=True)
class Place:
    """A place in a timeline: at this time, and among entries of one moment at this sequence."""

    happened_at: datetime
    sequence: int


_ORDER = (col(TimelineEntry.happened_at), col(TimelineEntry.sequence))


async def list_page(
    session: AsyncSession,
    incident_id: int,
    *,
    limit: int,
    before: Place | None = None,
    after: Place | None = None,
    categories: Collection[str] = (),
    hidden: bool = False,
) -> Sequence[TimelineEntry]:
    """Entries newest first, of these categories if any are given: the newest, the next ones before or after a place.

    `hidden`: those that were hidden instead.
    """
    statement = select(TimelineEntry).where(
        TimelineEntry.incident_id == incident_id, *((col(TimelineEntry.hidden),) if hidden else _VISIBLE)
    )
    if categories:
        statement = statement.where(col(TimelineEntry.category).in_(categories))
    if before:
        statement = statement.where(tuple_(*_ORDER) < _values(before))
    if after:
        statement = statement.where(tuple_(*_ORDER) > _values(after))
        rising = (await session.execute(statement.order_by(*_ORDER).limit(limit))).scalars().all()
        return rising[::-1]
    falling = statement.order_by(*(column.desc() for column in _ORDER)).limit(limit)
    return (await session.execute(falling)).scalars().all()


def _values(place: Place) -> Any:
    """Both at once, so that the index is entered at the place instead of read up to it."""
    return tuple_(literal(place.happened_at, UtcDateTime()), literal(place.sequence))


async def list_amendments(session: AsyncSession, incident_id: int, *, of: int, after: int) -> list[LedgerEntry]:
    """What amended an entry since the ledger was so long, first to last."""
    statement = (
        select(LedgerEntry)
        .where(LedgerEntry.incident_id == incident_id, col(LedgerEntry.sequence) > after)
        .order_by(col(LedgerEntry.sequence))
    )
    later = (await session.execute(statement)).scalars()
    return [entry for entry in later if entry.kind in _AMEND and entry.data["of"] == of]


async def list_shown(
    session: AsyncSession, incident_id: int, *, categories: Collection[str] = ()
) -> Sequence[TimelineEntry]:
    """The whole timeline in order of time, or its entries of these categories."""
    statement = select(TimelineEntry).where(TimelineEntry.incident_id == incident_id, *_VISIBLE)
    if categories:
        statement = statement.where(col(TimelineEntry.category).in_(categories))
    statement = statement.order_by(col(TimelineEntry.happened_at), col(TimelineEntry.sequence))
    return (await session.execute(statement)).scalars().all()


_OPEN = (
    select(TimelineEntry)
    .where(
        col(TimelineEntry.incident_id).in_(bindparam("ids", expanding=True)),
        # Written out, so that the index on open entries is used.
        col(TimelineEntry.state).in_([literal_column(f"'{state}'") for state in OPEN_STATES]),
        *_VISIBLE,
    )
    .order_by(col(TimelineEntry.sequence))
)


async def list_open(session: AsyncSession, incident_ids: Collection[int]) -> Sequence[TimelineEntry]:
    """Open theories, questions and concerns, and workarounds in place, of these incidents, first begun first."""
    return (await session.execute(_OPEN, {"ids": list(incident_ids)})).scalars().all()
