"""The status form: where it is in its life."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, words
from bot.views.severity import REASON_LIMIT
from bot.views.update import status_options
from storage.tables import Incident, Status
from workflows.commands import ChangeStatus
from workflows.incidents import change_status


def status_modal(incident: Incident, *, asked_in: str | None, chosen: Status | None = None, reason: str = "") -> View:
    """The form for an incident that is worked on, with the next status or the one that was asked for."""
    options = status_options(incident)
    blocks = [
        choice(
            ids.STATUS,
            "New status",
            options,
            chosen=chosen or options[0].value,
            hint=f"Now: {incident.status.capitalize()}. To end it, use Resolve.",
        ),
        words(
            ids.REASON,
            "Why?",
            value=reason,
            limit=REASON_LIMIT,
            multiline=False,
            optional=True,
            hint="Needed only if a step is left out.",
        ),
    ]
    return form(
        f"Status of {incident.ref}",
        callback_id=ids.STATUS_MODAL,
        submit="Change",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_change_status(body: Mapping[str, Any]) -> ChangeStatus:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    status = answers.chosen(ids.STATUS)
    if not status:
        raise InvalidInput({ids.STATUS: "Choose the new status."})
    return ChangeStatus(
        **incident_request(body),
        status=Status(status),
        reason=answers.text(ids.REASON),
    )


async def on_status_submitted(slack: AsyncArgs, services: Services) -> None:
    """The status form was submitted."""
    command = parse_change_status(slack.body)
    async with services.transaction() as session:
        await change_status(session, command, process=services.process, now=services.now())
    await slack.ack()
