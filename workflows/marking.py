"""A mark made in a form: the message goes on the timeline as its presser says, with words and a time of theirs."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.engine import write_late_rows
from storage.ledger import record_amendment
from storage.messages import list_messages
from storage.tables import EntryKind, Incident, LedgerEntry, TimelineEntry
from storage.timeline import find_timeline_entry
from workflows.access import begin_change
from workflows.categories import ON_CARD
from workflows.changes import changed
from workflows.commands import MarkMessage
from workflows.effects import owe_shown_state
from workflows.errors import NoSuchEntry
from workflows.heard import Marked
from workflows.masking import mask
from workflows.process import Process
from workflows.timeline import past
from workflows.transcript import capture


async def mark_message(session: AsyncSession, command: MarkMessage, *, process: Process, now: datetime) -> Incident:
    """Mark a message of the incident's channel; other words or another time amend its entry.

    Raises InTheFuture, and NoSuchEntry for a message that is not there.
    """
    incident = await begin_change(session, command, now=now)
    happened_at = past(command.happened_at, now=now)
    marked = Marked(
        channel_id=incident.channel_id or "",
        ts=command.ts,
        user_id=command.by,
        mark=command.mark,
        is_set=True,
        at=now,
        by_hand=True,
    )
    await capture(session, [marked], process=process, now=now)
    await write_late_rows(session)
    message = (await list_messages(session, incident.number, [command.ts])).get(command.ts)
    entry = await find_timeline_entry(session, incident.number, message.entry) if message and message.entry else None
    if entry is None:
        raise NoSuchEntry(incident)
    amended = _amend(session, incident, entry, command, happened_at=happened_at or entry.happened_at, now=now)
    if amended:
        if entry.category in ON_CARD:
            owe_shown_state(session, incident, at=now)
        await changed(session, incident, amended, process=process, now=now)
    return incident


def _amend(
    session: AsyncSession,
    incident: Incident,
    entry: TimelineEntry,
    command: MarkMessage,
    *,
    happened_at: datetime,
    now: datetime,
) -> LedgerEntry | None:
    """Give it the words and time that were asked for, and show it where somebody had hidden it."""
    amended = None
    if entry.hidden:
        amended = record_amendment(session, incident, entry, EntryKind.ENTRY_SHOWN, by=command.by, at=now)
    words = entry.words if command.words is None else mask(command.words)
    if (words, happened_at) != (entry.words, entry.happened_at):
        data = {"words": words, "happened_at": happened_at.isoformat()}
        amended = record_amendment(session, incident, entry, EntryKind.ENTRY_EDITED, by=command.by, at=now, data=data)
    return amended
