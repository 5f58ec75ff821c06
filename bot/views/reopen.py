"""The reopen form: it is not over after all."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.services import Services
from bot.views.form import Answers, Remembered, form, incident_request, words
from bot.views.severity import REASON_LIMIT
from storage.tables import Incident
from workflows.commands import ReopenIncident
from workflows.incidents import reopen_incident


def reopen_modal(incident: Incident, *, asked_in: str | None) -> View:
    """The form."""
    blocks = [words(ids.REASON, "Why is it not over?", limit=REASON_LIMIT, focus=True)]
    return form(
        f"Reopen {incident.ref}",
        callback_id=ids.REOPEN_MODAL,
        submit="Reopen",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_reopen_incident(body: Mapping[str, Any]) -> ReopenIncident:
    """The submitted form as a command."""
    return ReopenIncident(**incident_request(body), reason=Answers(body["view"]).text(ids.REASON))


async def on_reopen_submitted(slack: AsyncArgs, services: Services) -> None:
    """The reopen form was submitted."""
    command = parse_reopen_incident(slack.body)
    async with services.transaction() as session:
        await reopen_incident(session, command, process=services.process, now=services.now())
    await slack.ack()
