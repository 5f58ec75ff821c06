"""Whom an update will reach, in a line for its form."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from bot.blocks.text import channel_link, escape, plural
from bot.messenger.directory import Directory
from bot.services import Services
from storage.people import list_ids_of_addresses
from storage.tables import DeliveryKind, Incident, Status
from workflows.audiences import subscribers
from workflows.notices import Transition
from workflows.process import Process
from workflows.recipients import Found, Recipient, followers, is_person, matching_rules, recipients_of
from workflows.situation import situation_of

PATIENCE = 0.8
"""Seconds; a form can be opened for three seconds after the click, and every look-up may be slow."""
MOST_LOOKED_UP = 10
"""People by address, of whom one is asked for at a time; more of them are counted as they stand in sitrep.toml."""

NAMED = 10
"""Channels and groups that are not known in time stand there by name, so many of them."""


async def reach_of_update(services: Services, incident: Incident, *, status: Status | None = None) -> str:
    """Whom an update reaches that brings this status; a group nobody told us of in time stands there by its name."""
    process = services.process
    told = [Transition.UPDATE, *([Transition(status)] if status and status is not incident.status else [])]
    rules = matching_rules(incident, told, severity=incident.severity, process=process)
    found, pending = await _look_up(services.slack.directory, rules, process)
    async with services.read() as session:
        situation = await situation_of(session, incident)
        following = await subscribers(session, incident, Transition.UPDATE, severity=incident.severity, process=process)
        people = await list_ids_of_addresses(session, [*_addresses(rules, process), *_people(rules, process)])
    counted = {name: name for name in _people(rules, process) if name not in found.people}
    found = Found(found.channels, found.groups, {**counted, **people, **found.people})
    reached = {
        (each.road, each.to): each
        for each in [*recipients_of(rules, situation, found, process), *followers(following, situation)]
    }
    return in_words(incident, list(reached.values()), [] if incident.private else pending)


def in_words(incident: Incident, reached: Collection[Recipient], pending: Collection[str]) -> str:
    """“Reaches #incidents, 2 channels, 14 people and 3 addresses”."""
    digest = channel_link(incident.digest_channel_id) if incident.digest_channel_id else ""
    others = [each for each in reached if each.to != incident.digest_channel_id]
    late = sorted(pending)
    more = [f"{len(late) - NAMED} more" if len(late) > NAMED else ""]
    names = [digest if not incident.private else "", *_counts(others), *map(escape, late[:NAMED]), *more]
    listed = [name for name in names if name]
    if not listed:
        return "Reaches its channel only."
    last = f" and {listed[-1]}" if len(listed) > 1 else ""
    return f"Reaches {', '.join(listed[:-1] if last else listed)}{last}, besides its channel."


def _counts(reached: Collection[Recipient]) -> list[str]:
    notices = [each.to for each in reached if each.road is DeliveryKind.NOTICE]
    people = sum(is_person(to) or "@" in to for to in notices)
    counts = {
        "channel": len(notices) - people,
        "person": people,
        "address": sum(each.road is DeliveryKind.MAIL for each in reached),
        "webhook": sum(each.road is DeliveryKind.WEBHOOK for each in reached),
    }
    return [_PLURALS.get(noun, plural)(count, noun) for noun, count in counts.items() if count]


_PLURALS = {
    "person": lambda count, _: "1 person" if count == 1 else f"{count} people",
    "address": lambda count, _: "1 address" if count == 1 else f"{count} addresses",
}


async def _look_up(directory: Directory, rules: Collection[str], process: Process) -> tuple[Found, list[str]]:
    """Who is known in time, and the names of the channels and groups that are not; a person counts as one anyway."""
    channels = {name for key in rules for name in process.audiences[key].channels}
    groups = {name for key in rules for name in process.audiences[key].groups}
    people = list(dict.fromkeys(_people(rules, process)))[:MOST_LOOKED_UP]
    asked: dict[tuple[str, str], asyncio.Task[Any]] = {
        **{("channels", name): asyncio.create_task(directory.find_channel(name)) for name in channels},
        **{("groups", name): asyncio.create_task(directory.find_members(name)) for name in groups},
        **{("people", name): asyncio.create_task(directory.find_person(name)) for name in people},
    }
    if asked:
        await asyncio.wait(asked.values(), timeout=PATIENCE)
    answers = {key: _answer(task) for key, task in asked.items()}
    late = [name for (sort, name), answer in answers.items() if answer is _LATE and sort != "people"]
    return _found(answers), late


_LATE = object()


def _answer(task: "asyncio.Task[Any]") -> Any:
    if not task.done():
        task.cancel()
        return _LATE
    return _LATE if task.exception() else task.result()


def _found(answers: Mapping[tuple[str, str], Any]) -> Found:
    known = {key: answer for key, answer in answers.items() if answer is not None and answer is not _LATE}
    return Found(
        {name: answer for (sort, name), answer in known.items() if sort == "channels"},
        {name: answer for (sort, name), answer in known.items() if sort == "groups"},
        {name: answer for (sort, name), answer in known.items() if sort == "people"},
    )


def _people(rules: Collection[str], process: Process) -> list[str]:
    return [name for key in rules for name in process.audiences[key].people]


def _addresses(rules: Collection[str], process: Process) -> list[str]:
    return [address for key in rules for address in process.audiences[key].emails]
