"""From `/incident …` to the verb: which verb, and which incident."""

import difflib
import json
import re
from collections.abc import Iterable
from datetime import datetime

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.blocks.answers import pick_incident, unknown_verb
from bot.commands.ask import Ask, ask_of_button, ask_of_command
from bot.commands.usage import USAGE
from bot.commands.verbs import ABOUT_ONE, ANYWHERE, GENERAL
from bot.services import Services
from storage.incidents import ENDED, find_incident_of_channel, list_visible_incidents
from storage.tables import Incident
from workflows.access import may_see, see_incident
from workflows.situation import Situation, by_priority, list_situations

_REF = re.compile(r"^INC-(\d{1,9})(?:\s+|$)", re.IGNORECASE)
MOST_LOOKED_AT, MOST_OFFERED = 200, 20


async def on_incident_command(slack: AsyncArgs, services: Services) -> None:
    """Somebody typed `/incident …`."""
    verb, rest = [*slack.body.get("text", "").split(None, 1), "", ""][:2]
    verb = verb.lower() or "help"
    if verb not in USAGE:
        await _suggest(slack, services, verb)
        return
    await _run(ask_of_command(slack, services, rest), verb)


async def _suggest(slack: AsyncArgs, services: Services, verb: str) -> None:
    nearest = difflib.get_close_matches(verb, USAGE, n=1, cutoff=0.5)
    ask = ask_of_command(slack, services, "")
    await ask.answer(unknown_verb(verb, USAGE[nearest[0]][0] if nearest else None))


async def _run(ask: Ask, verb: str) -> None:
    general = ANYWHERE.get((verb, ask.words.lower())) or GENERAL.get(verb)
    if general is not None:
        await general(ask)
        return
    incident, ask = await _which_incident(ask)
    if incident is None:
        await _offer(ask, verb)
    else:
        await ABOUT_ONE[verb](ask, incident)


async def _which_incident(ask: Ask) -> tuple[Incident | None, Ask]:
    """The one whose channel this is; elsewhere the one whose reference was typed first.

    In an incident's channel words stay in that incident, also when they begin with the name of another one: what is
    said in a private channel must not end up elsewhere. Raises IncidentNotFound for a reference that leads nowhere.
    """
    named = _REF.match(ask.words)
    async with ask.services.read() as session:
        here = await find_incident_of_channel(session, ask.channel_id or "")
        if here is not None and await may_see(session, here, ask.user_id, asked_in=ask.channel_id):
            is_this_one = named is not None and int(named.group(1)) == here.number
            return here, _with_words(ask, ask.words[named.end() :]) if named and is_this_one else ask
        if named:
            incident = await see_incident(session, int(named.group(1)), ask.user_id, asked_in=ask.channel_id)
            return incident, _with_words(ask, ask.words[named.end() :])
    return None, ask


def _with_words(ask: Ask, words: str) -> Ask:
    return Ask(ask.slack, ask.services, ask.user_id, ask.channel_id, words, ask.request_id)


async def _offer(ask: Ask, verb: str) -> None:
    """Outside an incident's channel: the caller's open incidents as buttons, which go on with the same words."""
    async with ask.services.read() as session:
        incidents = await list_visible_incidents(session, ask.user_id, only_open=verb != "reopen", limit=MOST_LOOKED_AT)
        fitting = [incident.number for incident in incidents if (incident.status in ENDED) == (verb == "reopen")]
        situations = await list_situations(session, fitting)
    text, blocks = pick_incident(
        _most_likely(situations.values(), verb, ask)[:MOST_OFFERED],
        verb=verb,
        words=ask.words,
        asker=ask.user_id,
        process=ask.services.process,
    )
    await ask.answer(text, blocks)


def _most_likely(situations: Iterable[Situation], verb: str, ask: Ask) -> list[Situation]:
    """Those the asker holds a role in first; then the worst, or what ended last where one is to be reopened."""
    if verb == "reopen":
        ordered = sorted(situations, key=_ended_at, reverse=True)
    else:
        ordered = by_priority(situations, ask.services.process)
    return sorted(ordered, key=lambda situation: ask.user_id not in situation.roles.values())


def _ended_at(situation: Situation) -> datetime:
    return situation.incident.resolved_at or situation.incident.declared_at


async def on_incident_picked(slack: AsyncArgs, services: Services) -> None:
    """One of the offered incidents was chosen; go on with the verb as it was typed."""
    picked = json.loads(slack.body["actions"][0]["value"])
    ask = ask_of_button(slack, services, picked["words"])
    async with services.read() as session:
        incident = await see_incident(session, picked["incident"], ask.user_id)
    await ABOUT_ONE[picked["verb"]](ask, incident)
