"""The note form: a fact for the timeline."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, form, incident_request, words
from storage.tables import Incident
from workflows.commands import AddNote
from workflows.timeline import add_note


def note_modal(incident: Incident, *, asked_in: str | None) -> View:
    """The form."""
    blocks = [words(ids.NOTE, "What happened?", focus=True, hint="Seen, done or decided. It goes on the timeline.")]
    return form(
        f"Note for {incident.ref}",
        callback_id=ids.NOTE_MODAL,
        submit="Note it",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_add_note(body: Mapping[str, Any]) -> AddNote:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    text = Answers(body["view"]).text(ids.NOTE)
    if not text:
        raise InvalidInput({ids.NOTE: "Write what happened; a few words are enough."})
    return AddNote(**incident_request(body), text=text)


async def on_note_submitted(slack: AsyncArgs, services: Services) -> None:
    """The note form was submitted."""
    command = parse_add_note(slack.body)
    async with services.transaction() as session:
        await add_note(session, command, process=services.process, now=services.now())
    await slack.ack()
