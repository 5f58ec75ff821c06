"""The timeline: facts people put on it in so many words."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import record
from storage.tables import EntryKind, Incident
from workflows.access import begin_change
from workflows.changes import changed
from workflows.commands import AddNote
from workflows.effects import owe_message, owe_shown_state
from workflows.process import Process


async def add_note(session: AsyncSession, command: AddNote, *, process: Process, now: datetime) -> Incident:
    """Put a note on the timeline, in any status; a reply under the card shows it to the others."""
    incident = await begin_change(session, command, now=now)
    entry = record(session, incident, EntryKind.NOTE, by=command.by, at=now, data={"text": command.text})
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now)
    await changed(session, incident, entry, process=process, now=now)
    return incident
