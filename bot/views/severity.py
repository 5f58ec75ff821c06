"""The severity form: how bad it really is, and why we think so."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, option, words
from storage.tables import Incident
from workflows.commands import ChangeSeverity
from workflows.incidents import change_severity
from workflows.process import Process

REASON_LIMIT = 500


def severity_modal(
    incident: Incident, *, process: Process, asked_in: str | None, chosen: str | None = None, reason: str = ""
) -> View:
    """The form, with the severity it has or the one that was asked for."""
    options = [option(key, severity.name, severity.help) for key, severity in process.severities.items()]
    blocks = [
        choice(ids.SEVERITY, "Severity", options, chosen=chosen or incident.severity),
        words(
            ids.REASON,
            "Why?",
            value=reason,
            limit=REASON_LIMIT,
            focus=True,
            hint="One line, for those who read it tomorrow.",
        ),
    ]
    return form(
        f"Severity of {incident.ref}",
        callback_id=ids.SEVERITY_MODAL,
        submit="Change",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_change_severity(body: Mapping[str, Any]) -> ChangeSeverity:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    severity = answers.chosen(ids.SEVERITY)
    if not severity:
        raise InvalidInput({ids.SEVERITY: "Choose how bad it is."})
    return ChangeSeverity(**incident_request(body), severity=severity, reason=answers.text(ids.REASON))


async def on_severity_submitted(slack: AsyncArgs, services: Services) -> None:
    """The severity form was submitted."""
    command = parse_change_severity(slack.body)
    async with services.transaction() as session:
        await change_severity(session, command, process=services.process, now=services.now())
    await slack.ack()
