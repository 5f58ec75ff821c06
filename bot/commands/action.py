"""`/incident action|task <text> [@owner] [by friday]`: work with an owner and a day, in one line."""

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import date

from bot.actions.item_forms import add_form
from bot.blocks.items import day_words
from bot.blocks.new_item import new_item
from bot.blocks.text import escape, mentioned
from bot.commands.ask import Ask
from bot.dates import find_day, other_reading
from bot.views.item import Draft
from bot.views.item_answers import CANNOT
from storage.tables import ActionItem, Horizon, Incident
from workflows.action_items import add_action_item, calendar_of
from workflows.commands import AddActionItem
from workflows.errors import NotAPerson
from workflows.item_errors import HiddenFromOwner, WrongItem
from workflows.item_fields import TITLE_LIMIT
from workflows.masking import mask
from workflows.titles import first_sentence
from workflows.vague import question_about

_PERSON_AT_END = re.compile(
    r"(?<!\bwith)(?<!\band)(?<!\bfrom)(?<!\bof)(?<!\babout)(?<!\bask)(?<!\btell)(?<!\bcall)(?<!\bping)"
    r"(?:^|[\s,;(–—-])(?:(?:for|to|by|assigned to|assign to|owner:?|owned by|->|→)\s*)?"
    r"\{@(?P<id>[UW][A-Z0-9]+)\}[\s,;.)]*$",
    re.IGNORECASE,
)
"""Somebody named last, unless they belong to what is to be done: “ask @bo”."""
_PERSON_FIRST = re.compile(r"^\{@(?P<id>[UW][A-Z0-9]+)\}[\s,:;–—-]*")


@dataclass(frozen=True)
class SaidItem:
    """What one line says: what is to be done, by whom, until when, and how the day was said."""

    title: str
    owner: str | None
    due_on: date | None
    day_as_said: str = ""


async def on_action(ask: Ask, incident: Incident) -> None:
    """Work for afterwards."""
    await _add(ask, incident, Horizon.AFTER)


async def on_task(ask: Ask, incident: Incident) -> None:
    """A task of the response."""
    await _add(ask, incident, Horizon.NOW)


async def _add(ask: Ask, incident: Incident, horizon: Horizon) -> None:
    """Make it, and say what there is now; without words, or where something is wrong, the form goes on from there."""
    services = ask.services
    async with services.read() as session:
        today = (await calendar_of(session, ask.user_id, services.process)).today(services.now())
    # In a thread of its own: the first day in words waits for its library.
    said = await asyncio.to_thread(read_item, mask(ask.words), today=today)
    title, why = fit(await services.with_names(said.title, sign="@"))
    draft = Draft(title=title, why=why, owner=said.owner, due_on=said.due_on, horizon=horizon)
    if not title:
        await ask.open(await add_form(services, incident, draft, by=ask.user_id, asked_in=ask.channel_id))
        return
    try:
        item = await _made(ask, incident, draft)
    except (WrongItem, HiddenFromOwner, NotAPerson) as refusal:
        kept = draft if isinstance(refusal, WrongItem) else replace(draft, owner=None)
        form = add_form(services, incident, kept, by=ask.user_id, asked_in=ask.channel_id, notice=str(refusal))
        await ask.open(await form)
        return
    await ask.answer(*new_item(item, incident, today=today, remarks=_remarks(item, said, ask, today=today)))


async def _made(ask: Ask, incident: Incident, draft: Draft) -> ActionItem:
    await ask.services.refuse_ourselves(draft.owner, cannot=CANNOT)
    command = AddActionItem(
        **ask.request(),
        incident_id=incident.number,
        asked_in=ask.channel_id,
        title=draft.title,
        why=draft.why,
        owner=draft.owner,
        due_on=draft.due_on,
        horizon=draft.horizon,
    )
    async with ask.services.transaction() as session:
        return await add_action_item(session, command, process=ask.services.process, now=ask.services.now())


def _remarks(item: ActionItem, said: SaidItem, ask: Ask, *, today: date) -> list[str]:
    """What nobody said and we took for granted, and what only they can say."""
    remarks = []
    if said.owner is None:
        whose = "it is yours" if item.owner == ask.user_id else "it is the lead’s"
        remarks.append(f"Nobody was named, so {whose}.")
    if said.due_on is None and item.due_on:
        remarks.append("I found no day in it, so it has the usual one.")
    other = other_reading(said.day_as_said, today=today)
    if other and item.due_on:
        read, meant = (day_words(day, today=today) for day in (item.due_on, other))
        remarks.append(f"“{escape(said.day_as_said)}” was read as {read}. Edit it if {meant} was meant.")
    question = question_about(item.title)
    return [*remarks, question] if question else remarks


def read_item(words: str, *, today: date) -> SaidItem:
    """What one line says; the owner may stand before or after everything, or be named in it."""
    rest, owner = _without(_PERSON_AT_END, words, None)
    said = find_day(rest, today=today)
    rest, owner = _without(_PERSON_AT_END, said.rest if said else rest, owner)
    rest, owner = _without(_PERSON_FIRST, rest, owner)
    title = " ".join(rest.split()).rstrip(" ,;–—")
    owner = owner or mentioned(title)
    return SaidItem(title, owner, said.day if said else None, said.words if said else "")


def _without(at: re.Pattern[str], words: str, owner: str | None) -> tuple[str, str | None]:
    """The words without the person who stands there, unless there is an owner already."""
    found = None if owner else at.search(words)
    if found is None:
        return words, owner
    return (words[: found.start()] + words[found.end() :]).strip(), found["id"]


def fit(text: str) -> tuple[str, str]:
    """A title, and what is to be kept beside it: nothing where all of it fits, otherwise the whole text."""
    return (text, "") if len(text) <= TITLE_LIMIT else (first_sentence(text), text)
