"""The update form: words for people outside the response."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, option, words
from storage.tables import Incident, Status
from workflows.commands import PublishUpdate
from workflows.lifecycle import MEANING, choices
from workflows.process import Process
from workflows.updates import publish_update

NO_PROMISE = "none"


def update_modal(incident: Incident, *, process: Process, asked_in: str | None, text: str = "") -> View:
    """The form, with the status it has and the promise that is usual."""
    blocks: list[Block] = [
        words(
            ids.WORDS,
            "What should people know?",
            value=text,
            focus=True,
            hint="What is the case, what is being done, what is needed. Everybody who follows it reads this.",
        ),
    ]
    if choices(incident.status):
        blocks += [
            choice(
                ids.STATUS,
                "New status",
                status_options(incident),
                optional=True,
                hint=f"Now: {incident.status.capitalize()}. Leave it empty to keep it so.",
            ),
            words(
                ids.REASON,
                "Why is a step left out?",
                multiline=False,
                limit=300,
                optional=True,
                hint="Needed only if the new status is more than one step ahead.",
            ),
        ]
    blocks.append(
        choice(
            ids.NEXT_UPDATE,
            "Next update in",
            promises(process),
            chosen=str(process.update_minutes[len(process.update_minutes) // 2])
            if choices(incident.status)
            else NO_PROMISE,
        )
    )
    return form(
        f"Update {incident.ref}",
        callback_id=ids.UPDATE_MODAL,
        submit="Publish",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def status_options(incident: Incident) -> list[Option]:
    """The statuses it may have next, with what each means."""
    return [option(status, status.capitalize(), MEANING[status]) for status in choices(incident.status)]


def promises(process: Process) -> list[Option]:
    """When the next update may be promised for."""
    listed = [option(str(minutes), f"{minutes} minutes") for minutes in process.update_minutes]
    return [*listed, option(NO_PROMISE, "No promise")]


def parse_publish_update(body: Mapping[str, Any]) -> PublishUpdate:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    text, status = answers.text(ids.WORDS), answers.chosen(ids.STATUS)
    if not text:
        raise InvalidInput({ids.WORDS: "Write what people should know; a sentence is enough."})
    minutes = answers.chosen(ids.NEXT_UPDATE)
    return PublishUpdate(
        **incident_request(body),
        words=text,
        status=Status(status) if status else None,
        reason=answers.text(ids.REASON),
        next_update_in=timedelta(minutes=int(minutes)) if minutes and minutes != NO_PROMISE else None,
    )


async def on_update_submitted(slack: AsyncArgs, services: Services) -> None:
    """The update form was submitted."""
    command = parse_publish_update(slack.body)
    async with services.transaction() as session:
        await publish_update(session, command, process=services.process, now=services.now())
    await slack.ack()
