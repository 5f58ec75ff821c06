"""The merge form: which other incident this one is part of."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, option, words
from bot.views.severity import REASON_LIMIT
from storage.tables import Incident
from workflows.commands import MergeIncident
from workflows.merge import merge_incident

MOST_OFFERED = 100
"""Slack's limit for the options of a menu."""


def merge_modal(incident: Incident, others: Sequence[Incident], *, asked_in: str | None) -> View:
    """The form, with the incidents it may become part of."""
    options = [option(str(other.number), f"{other.ref} · {other.title}") for other in others[:MOST_OFFERED]]
    blocks = [
        choice(ids.INTO, "It is part of", options, hint="That one goes on; this one ends here."),
        words(
            ids.REASON,
            "Why?",
            limit=REASON_LIMIT,
            multiline=False,
            optional=True,
            hint="What shows that they are one and the same.",
        ),
    ]
    return form(
        f"Merge {incident.ref}",
        callback_id=ids.MERGE_MODAL,
        submit="Merge",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_merge_incident(body: Mapping[str, Any]) -> MergeIncident:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    into = answers.chosen(ids.INTO)
    if not into:
        raise InvalidInput({ids.INTO: "Choose the incident that goes on."})
    return MergeIncident(**incident_request(body), into=int(into), reason=answers.text(ids.REASON))


async def on_merge_submitted(slack: AsyncArgs, services: Services) -> None:
    """The merge form was submitted."""
    command = parse_merge_incident(slack.body)
    async with services.transaction() as session:
        await merge_incident(session, command, process=services.process, now=services.now())
    await slack.ack()
