"""Files of messages on the timeline: stored beside the database, or why not."""

from storage.files import find_file
from storage.ledger import record_amendment
from storage.messages import list_messages
from storage.tables import EntryKind
from storage.timeline import find_timeline_entry
from workflows.effects import US
from workflows.happened import Happened


async def file_fetched(it: Happened) -> None:
    """The bytes of a file are stored, or cannot be had; its timeline entry names the hash of what was stored."""
    file = await find_file(it.session, it.incident.number, it.payload["file_id"])
    if file is None:
        return
    if it.answer.get("sha256") or not file.sha256:  # what is stored stays so when it was shared again and then deleted
        file.sha256, file.not_stored_because = it.answer.get("sha256"), it.answer.get("because")
    ts = it.payload["ts"]
    messages = await list_messages(it.session, it.incident.number, [ts])
    sequence = messages[ts].entry if ts in messages else None
    shown = await find_timeline_entry(it.session, it.incident.number, sequence) if sequence else None
    if file.sha256 and shown is not None:
        data = {"id": file.file_id, "sha256": file.sha256}
        record_amendment(it.session, it.incident, shown, EntryKind.FILE_STORED, by=US, at=it.now, data=data)
