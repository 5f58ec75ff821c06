"""The decline form: it is not an incident."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.services import Services
from bot.views.form import Answers, Remembered, form, incident_request, words
from bot.views.severity import REASON_LIMIT
from storage.tables import Incident
from workflows.commands import DeclineIncident
from workflows.incidents import decline_incident


def decline_modal(incident: Incident, *, asked_in: str | None) -> View:
    """The form."""
    hint = "It stays findable, and out of the figures."
    blocks = [words(ids.REASON, "Why is it not an incident?", limit=REASON_LIMIT, focus=True, hint=hint)]
    return form(
        f"Decline {incident.ref}",
        callback_id=ids.DECLINE_MODAL,
        submit="Decline",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_decline_incident(body: Mapping[str, Any]) -> DeclineIncident:
    """The submitted form as a command."""
    return DeclineIncident(**incident_request(body), reason=Answers(body["view"]).text(ids.REASON))


async def on_decline_submitted(slack: AsyncArgs, services: Services) -> None:
    """The decline form was submitted."""
    command = parse_decline_incident(slack.body)
    async with services.transaction() as session:
        await decline_incident(session, command, process=services.process, now=services.now())
    await slack.ack()
