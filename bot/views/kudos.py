"""The form to thank somebody."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, Remembered, form, incident_request, person, words
from storage.tables import Incident
from workflows.kudos import GiveKudos, ThanksToOneself, give_kudos

WHY_LIMIT = 500


def kudos_modal(incident: Incident, *, asked_in: str | None, to: str | None = None, text: str = "") -> View:
    """Whom, and for what."""
    blocks: list[Block] = [
        person(ids.PERSON, "Whom?", chosen=to),
        words(
            ids.WORDS,
            "What for?",
            value=text,
            limit=WHY_LIMIT,
            focus=True,
            hint="Everybody reads it under the card and in the digest. Who does not like that gets it in private.",
        ),
    ]
    return form(
        f"Kudos in {incident.ref}",
        callback_id=ids.KUDOS_MODAL,
        submit="Thank",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def parse_give_kudos(body: Mapping[str, Any]) -> GiveKudos:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers = Answers(body["view"])
    to, text = answers.person(ids.PERSON), answers.text(ids.WORDS)
    faults = {}
    if to is None:
        faults[ids.PERSON] = "Choose whom you want to thank."
    if not text:
        faults[ids.WORDS] = "Write what for; a few words are enough."
    if to is None or faults:
        raise InvalidInput(faults)
    return GiveKudos(**incident_request(body), to=to, text=text)


async def on_kudos_submitted(slack: AsyncArgs, services: Services) -> None:
    """The form was submitted."""
    command = parse_give_kudos(slack.body)
    await services.refuse_ourselves(command.to, cannot="be thanked")
    try:
        async with services.transaction() as session:
            await give_kudos(session, command, now=services.now())
    except ThanksToOneself as refusal:
        raise InvalidInput({ids.PERSON: str(refusal)}) from None
    await slack.ack()
