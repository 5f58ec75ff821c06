"""`/incident note [text]`."""

from bot.commands.ask import Ask
from bot.views.note import note_modal
from storage.tables import Incident
from workflows.commands import AddNote
from workflows.timeline import add_note


async def on_note(ask: Ask, incident: Incident) -> None:
    """Put the text on the timeline, or ask for it."""
    if not ask.words:
        await ask.open(note_modal(incident, asked_in=ask.channel_id))
        return
    command = AddNote(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id, text=ask.words)
    async with ask.services.transaction() as session:
        await add_note(session, command, process=ask.services.process, now=ask.services.now())
    await ask.answer(f":memo: Noted on the timeline of {incident.ref}.")
