"""The form for a new entry: a fact for the timeline, and what it stands for."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, PlainTextObject, UrlInputElement
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.categories import category_name, kinds_to_add
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, choice, field, form, moment, option, view_request, words
from bot.views.timeline import look_from_json, look_to_json, redraw_below
from storage.tables import Incident
from workflows.categories import NOTE
from workflows.commands import AddNote
from workflows.errors import InTheFuture
from workflows.look import Look
from workflows.process import Process
from workflows.timeline import add_note

LINK_LIMIT = 1000
OBJECTIONS_LIMIT = 500


def note_modal(
    incident: Incident, *, process: Process, asked_in: str | None, category: str = NOTE, below: Look | None = None
) -> View:
    """The form, with what it stands for chosen; `below` is the timeline it was opened from."""
    kinds = [option(kind, category_name(kind, process)) for kind in kinds_to_add(process)]
    blocks: list[Block] = [
        words(ids.NOTE, "What happened?", focus=True, hint="Seen, done or decided. It goes on the timeline."),
        choice(ids.CATEGORY, "What is it?", kinds, chosen=category),
        moment(ids.WHEN, "When?", optional=True, hint="Leave it empty for now."),
        field(ids.LINK, "Link", _link(), optional=True),
        words(
            ids.OBJECTIONS,
            "Objections",
            limit=OBJECTIONS_LIMIT,
            multiline=False,
            optional=True,
            hint="To a decision: who was against it, and why.",
        ),
    ]
    return form(
        f"Note for {incident.ref}",
        callback_id=ids.NOTE_MODAL,
        submit="Note it",
        blocks=blocks,
        private_metadata=json.dumps(look_to_json(below or Look(incident_id=incident.number, asked_in=asked_in))),
    )


def _link() -> UrlInputElement:
    return UrlInputElement(action_id=ids.VALUE, placeholder=PlainTextObject(text="https://"))


def parse_add_note(body: Mapping[str, Any]) -> AddNote:
    """The submitted form as a command.

    Raises InvalidInput.
    """
    answers, kept = Answers(body["view"]), json.loads(body["view"]["private_metadata"])
    text, link = answers.text(ids.NOTE), answers.text(ids.LINK)
    if not text:
        raise InvalidInput({ids.NOTE: "Write what happened; a few words are enough."})
    if len(link) > LINK_LIMIT:
        raise InvalidInput({ids.LINK: f"That link is longer than {LINK_LIMIT:,} characters; use a shorter one."})
    return AddNote(
        **view_request(body),
        incident_id=kept["incident_id"],
        asked_in=kept["asked_in"],
        text=text,
        category=answers.chosen(ids.CATEGORY) or NOTE,
        happened_at=answers.moment(ids.WHEN),
        link=link,
        objections=answers.text(ids.OBJECTIONS),
    )


async def on_note_submitted(slack: AsyncArgs, services: Services) -> None:
    """The form was submitted; a timeline below it is drawn anew."""
    command = parse_add_note(slack.body)
    try:
        async with services.transaction() as session:
            await add_note(session, command, process=services.process, now=services.now())
    except InTheFuture as refusal:
        raise InvalidInput({ids.WHEN: str(refusal)}) from None
    await slack.ack()
    await redraw_below(services, slack.body, look_from_json(json.loads(slack.body["view"]["private_metadata"])))
