"""The form for a text for people outside: a template to begin with, and the words."""

from collections.abc import Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.text import clip, escape
from bot.listener import InvalidInput
from bot.messenger.slack import Held
from bot.services import Services
from bot.views.form import Answers, Remembered, choice, form, incident_request, option, remembered, words
from storage.tables import Incident
from workflows.access import see_incident
from workflows.commands import DraftPublicText
from workflows.process import Process
from workflows.public import STAGE, draft_public_text, from_template, outside

TEXT_LIMIT = 2000
CONTEXT_LIMIT = 1000

log = structlog.get_logger()


def public_modal(
    incident: Incident, *, process: Process, asked_in: str | None, stage: str | None = None, text: str = ""
) -> View:
    """The form with the template that fits how it stands, or the one that was chosen; or with words of their own."""
    stages = list(process.public.templates)
    usual = STAGE.get(incident.status)
    chosen = stage if stage in stages else usual if usual in stages else next(iter(stages), "")
    blocks: list[Block] = []
    if stages:
        listed = [option(key, key.replace("_", " ").capitalize()) for key in stages]
        blocks.append(choice(ids.STAGE, "Begin with", listed, chosen=chosen, action_id=ids.STAGE_CHOICE))
    blocks += [
        words(
            _words_of(chosen),
            "What do people outside read?",
            value=text or from_template(incident, chosen, process),
            limit=TEXT_LIMIT,
            hint="Nothing else about the incident goes out: no number, no names, no words of an update.",
        ),
        ContextBlock(elements=[MarkdownTextObject(text=_reach(incident, process))]),
    ]
    return form(
        "Tell people outside",
        callback_id=ids.PUBLIC_MODAL,
        submit="Propose" if process.public.approval else "Publish",
        blocks=blocks,
        private_metadata=Remembered(incident.number, asked_in).to_text(),
    )


def _words_of(stage: str) -> str:
    """The field's id; with another template it is another field, because Slack keeps what a field holds."""
    return f"{ids.WORDS}:{stage}"


def _reach(incident: Incident, process: Process) -> str:
    names = [audience.name for audience in outside(incident, process)]
    if not names:
        return "No audience of people outside is set up for this: it goes to nobody, and is kept to be copied."
    after = ", once somebody else has approved it" if process.public.approval else ""
    return clip(f"Goes to: {escape(', '.join(names))}{after}.", CONTEXT_LIMIT)


def _field_of_words(view: Mapping[str, Any]) -> str:
    """The field with the words that this version of the form has."""
    fields: list[str] = list(view["state"]["values"])
    return next(block_id for block_id in fields if block_id.startswith(f"{ids.WORDS}:"))


def parse_draft_public_text(body: Mapping[str, Any]) -> DraftPublicText:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    field = _field_of_words(body["view"])
    text = Answers(body["view"]).text(field)
    if not text:
        raise InvalidInput({field: "Write what people outside are to read."})
    return DraftPublicText(**incident_request(body), stage=field.partition(":")[2], text=text)


async def on_public_submitted(slack: AsyncArgs, services: Services) -> None:
    """Somebody proposes a text for people outside."""
    command = parse_draft_public_text(slack.body)
    async with services.transaction() as session:
        await draft_public_text(session, command, process=services.process, now=services.now())
    await slack.ack()


async def on_stage_chosen(slack: AsyncArgs, services: Services) -> None:
    """Another template was chosen: show its words, unless somebody has written some of their own."""
    view = slack.body["view"]
    kept, answers, field = remembered(view), Answers(view), _field_of_words(view)
    async with services.read() as session:
        incident = await see_incident(session, kept.incident_id, slack.body["user"]["id"], asked_in=kept.asked_in)
    text = answers.text(field)
    own = "" if text == from_template(incident, field.partition(":")[2], services.process) else text
    redrawn = public_modal(
        incident, process=services.process, asked_in=kept.asked_in, stage=answers.chosen(ids.STAGE), text=own
    )
    await slack.ack()
    try:
        await services.slack.call("views.update", view_id=view["id"], hash=view["hash"], view=redrawn.to_dict())
    except (SlackApiError, ClientError, TimeoutError, Held) as fault:
        # It was closed, or another choice was faster; the words that stand there are those that are sent.
        log.info("a form was not drawn anew", exc_info=fault)
