"""The form that puts a message on the timeline: as what, in which words, and when."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.categories import category_name
from bot.blocks.text import clip
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.entry import digest, minute
from bot.views.form import WORDS_LIMIT, Answers, choice, form, moment, option, view_request, words
from storage.tables import Incident
from workflows.categories import NOTE
from workflows.commands import MarkMessage
from workflows.errors import InTheFuture
from workflows.marking import mark_message
from workflows.process import Process


def mark_modal(incident: Incident, *, ts: str, text: str, said_at: datetime, process: Process) -> View:
    """The form, with the message's own words and time."""
    said = clip(text, WORDS_LIMIT)
    marks = [option(mark, category_name(mark, process)) for mark in process.marks or [NOTE]]
    kept = {
        "incident_id": incident.number,
        "asked_in": incident.channel_id,
        "ts": ts,
        "words": digest(said),
        "when": minute(said_at),
    }
    return form(
        "Add to the timeline",
        callback_id=ids.MARK_MODAL,
        submit="Add",
        blocks=[
            choice(ids.CATEGORY, "What is it?", marks, chosen=marks[0].value),
            words(
                ids.WORDS,
                "Words",
                value=said,
                optional=True,
                hint="As they were said, or clearer: what was said stays in the record.",
            ),
            moment(ids.WHEN, "When it happened", chosen=said_at, hint="On your own clock."),
        ],
        private_metadata=json.dumps(kept),
    )


def parse_mark_message(body: Mapping[str, Any]) -> MarkMessage:
    """The submitted form as a command; words and a time that were left as they were are None.

    Raises InvalidInput.
    """
    answers, kept = Answers(body["view"]), json.loads(body["view"]["private_metadata"])
    mark, text, at = answers.chosen(ids.CATEGORY), answers.text(ids.WORDS), answers.moment(ids.WHEN)
    if not mark:
        raise InvalidInput({ids.CATEGORY: "Choose what it is."})
    return MarkMessage(
        **view_request(body),
        incident_id=kept["incident_id"],
        asked_in=kept["asked_in"],
        ts=kept["ts"],
        mark=mark,
        words=None if not text or digest(text) == kept["words"] else text,
        happened_at=None if at is None or minute(at) == kept["when"] else at,
    )


async def on_mark_submitted(slack: AsyncArgs, services: Services) -> None:
    """The form was submitted."""
    command = parse_mark_message(slack.body)
    try:
        async with services.transaction() as session:
            await mark_message(session, command, process=services.process, now=services.now())
    except InTheFuture as refusal:
        raise InvalidInput({ids.WHEN: str(refusal)}) from None
    await slack.ack()
