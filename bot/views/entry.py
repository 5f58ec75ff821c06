"""The form of one timeline entry: its words, its time, its state, and whether it shows."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.categories import state_name
from bot.blocks.entries import entry_text
from bot.blocks.text import clip
from bot.blocks.timeline import BY_PEOPLE, entry_head
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import WORDS_LIMIT, Answers, choice, form, moment, option, view_request, words
from bot.views.timeline import look_from_json, look_to_json, redraw_below
from storage.tables import Incident, TimelineEntry
from workflows.categories import QUESTION, STATES, THEORY
from workflows.commands import EditEntry
from workflows.errors import InTheFuture
from workflows.look import Look
from workflows.process import Process
from workflows.timeline import edit_entry

HEAD_LIMIT = 600
YES, NO = "shown", "hidden"


def entry_modal(incident: Incident, entry: TimelineEntry, *, words: str, process: Process, below: Look) -> View:
    """The form as the entry stands now; `words` are its own, with people by name."""
    said = clip(words, WORDS_LIMIT)
    links = "\n".join(entry.data.get("links", ()))
    kept = {
        "below": look_to_json(below),
        "entry": entry.sequence,
        "seen": incident.ledger_length,
        "words": digest(said),
        "when": minute(entry.happened_at),
        "state": entry.state,
        "links": digest(links),
        "hidden": entry.hidden,
    }
    return form(
        f"Entry of {incident.ref}",
        callback_id=ids.ENTRY_MODAL,
        submit="Save",
        blocks=list(_fields(entry, said, links, is_whole=said == words, process=process)),
        private_metadata=json.dumps(kept),
    )


def own_words(entry: TimelineEntry) -> str:
    """What people wrote in it, and can write anew; nothing for an entry that only we worded."""
    if entry.words is not None:
        return entry.words
    if entry.data.get("deleted"):
        return ""
    return str(entry.data.get("text") or entry.data.get("words") or "")


def _fields(entry: TimelineEntry, said: str, links: str, *, is_whole: bool, process: Process) -> Iterator[Block]:
    if entry.kind in BY_PEOPLE:
        head = entry_head(entry, process)
    else:
        head = entry_text(entry.kind, by=entry.by, data=entry.data, process=process)
    yield ContextBlock(elements=[MarkdownTextObject(text=clip(head, HEAD_LIMIT))])
    hint = "Earlier words stay in the record." if is_whole else "It is longer than fits here; yours takes its place."
    yield words(ids.WORDS, "Words", value=said, optional=not said, hint=hint)
    yield moment(ids.WHEN, "When it happened", chosen=entry.happened_at, hint="On your own clock.")
    states = STATES.get(entry.category or "", ())
    if states and entry.category != QUESTION:
        options = [option(state, state_name(state).capitalize()) for state in states]
        yield choice(ids.STATE, "State", options, chosen=entry.state, optional=entry.state is None)
    if entry.category == THEORY:
        yield words(ids.LINKS, "Evidence", value=links, limit=1500, optional=True, hint="Links or words, one a line.")
    yield choice(
        ids.SHOWN,
        "On the timeline",
        [option(YES, "Shown"), option(NO, "Hidden", "It stays in the record, and can be shown again")],
        chosen=NO if entry.hidden else YES,
    )


def digest(text: str) -> str:
    """Enough to know the same words again; a view remembers no more than 3,000 characters."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]


def minute(at: datetime) -> int:
    """Pickers show minutes; the seconds of an entry that nobody touched stay."""
    return int(at.timestamp()) // 60


def parse_edit_entry(body: Mapping[str, Any]) -> EditEntry:
    """The submitted form as a command; what was left as it was is None.

    Raises InvalidInput.
    """
    answers, kept = Answers(body["view"]), json.loads(body["view"]["private_metadata"])
    text, at, state, links = _answers(answers)
    if digest(text) == kept["words"]:
        said = None
    elif not text:
        raise InvalidInput({ids.WORDS: "Write what happened. To take it off the timeline, choose Hidden below."})
    else:
        said = text
    hidden = answers.chosen(ids.SHOWN) == NO
    return EditEntry(
        **view_request(body),
        incident_id=kept["below"]["incident_id"],
        asked_in=kept["below"]["asked_in"],
        entry=kept["entry"],
        seen=kept["seen"],
        words=said,
        happened_at=None if at is None or minute(at) == kept["when"] else at,
        state=None if state == kept["state"] else state,
        links=None if digest(links) == kept["links"] else tuple(filter(None, map(str.strip, links.splitlines()))),
        hidden=None if hidden is kept["hidden"] else hidden,
    )


def _answers(answers: Answers) -> tuple[str, datetime | None, str | None, str]:
    return answers.text(ids.WORDS), answers.moment(ids.WHEN), answers.chosen(ids.STATE), answers.text(ids.LINKS)


async def on_entry_submitted(slack: AsyncArgs, services: Services) -> None:
    """The entry form was submitted; the timeline below it is drawn anew."""
    command = parse_edit_entry(slack.body)
    try:
        async with services.transaction() as session:
            await edit_entry(session, command, process=services.process, now=services.now())
    except InTheFuture as refusal:
        raise InvalidInput({ids.WHEN: str(refusal)}) from None
    await slack.ack()
    below = json.loads(slack.body["view"]["private_metadata"])["below"]
    await redraw_below(services, slack.body, look_from_json(below))
