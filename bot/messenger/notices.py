"""Notices in Slack: who stands behind the names of an audience, and the message each of them gets."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot.blocks.notice import notice_message
from bot.messenger.outcomes import outcome_of
from bot.messenger.slack import code_of, read_person
from bot.messenger.work import CannotWork, Work
from storage.tables.columns import JsonObject
from workflows.notice_words import people_in
from workflows.notices import Notice
from workflows.ports import GiveUp
from workflows.process_parts import Audience
from workflows.recipients import is_person

Key = TypeVar("Key")
Value = TypeVar("Value")

UNKNOWN = {
    "channels": "is no channel I am in: invite me there, or correct it.",
    "groups": "is no user group here: correct it.",
    "people": "is nobody in this workspace: correct it.",
}
AT_ONCE = 8
"""Look-ups at the same time: a person by address takes one of their own."""
NOBODY_THERE = frozenset({"channel_not_found", "user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot"})
"""What Slack calls it when somebody cannot be written to; to a reader the first would be about a channel."""
NAMES_LOOKED_UP = 10
"""More people than these are not named in one notice."""


async def find_audience(work: Work) -> JsonObject:
    """What the names in the rules that match stand for, and which of them stand for nothing."""
    rules = {key: work.process.audiences[key] for key in work.payload["rules"] if key in work.process.audiences}
    named = [
        (f"audiences.{key}.{sort}", sort, name) for key, rule in rules.items() for sort, name in _named(work, rule)
    ]
    found = await _each(work, _find, dict.fromkeys((sort, name) for _, sort, name in named))
    answer: JsonObject = {"channels": {}, "groups": {}, "people": {}, "unknown": []}
    for key, sort, name in named:
        one = found[sort, name]
        if isinstance(one, str | list):
            answer[sort][name] = one
        else:
            answer["unknown"].append(_unknown(key, sort, name, one))
    return {**answer, "names": await _names(work, rules.values())}


def _named(work: Work, rule: Audience) -> Iterator[tuple[str, str]]:
    """What has to be looked up; channels matter only where everybody may know of the incident."""
    yield from (("channels", name) for name in rule.channels if not work.incident.private)
    yield from (("groups", name) for name in rule.groups)
    yield from (("people", name) for name in rule.people)


async def _find(work: Work, what: tuple[str, str]) -> str | list[str] | None:
    sort, name = what
    directory = work.slack.directory
    match sort:
        case "channels":
            return await directory.find_channel(name)
        case "groups":
            members = await directory.find_members(name)
            return None if members is None else list(members)
        case _:
            return await directory.find_person(name)


async def _each(
    work: Work, find: Callable[[Work, Key], Awaitable[Value]], keys: Iterable[Key]
) -> dict[Key, Value | SlackApiError]:
    """What is found for each, some at a time; what will never be found keeps nobody else from hearing.

    Raises what may pass, once all that can be known now is known: the next attempt asks for the rest.
    """
    room = asyncio.Semaphore(AT_ONCE)

    async def one(key: Key) -> Value:
        async with room:
            return await find(work, key)

    asked = list(keys)
    answers = await asyncio.gather(*map(one, asked), return_exceptions=True)
    found: dict[Key, Value | SlackApiError] = {}
    for key, answer in zip(asked, answers, strict=True):
        if isinstance(answer, BaseException) and not (
            isinstance(answer, SlackApiError) and _is_permanent(answer, work)
        ):
            raise answer
        found[key] = answer
    return found


def _is_permanent(fault: SlackApiError, work: Work) -> bool:
    return isinstance(outcome_of(fault, attempt=work.claim.attempt, now=work.slack.now()), GiveUp)


def _unknown(key: str, sort: str, name: str, fault: SlackApiError | None) -> JsonObject:
    begin = f"“{name}” in {key} of sitrep.toml"
    if fault is None:
        return {"key": key, "name": name, "because": "unknown", "hint": f"{begin} {UNKNOWN[sort]}"}
    code, needed = code_of(fault), fault.response.get("needed")
    why = f"add the permission {needed} and reinstall the app" if needed else f"Slack answers {code}"
    return {"key": key, "name": name, "because": code, "hint": f"{begin} cannot be looked up: {why}."}


async def _names(work: Work, rules: Iterable[Audience]) -> dict[str, str]:
    """Names of the people in its words, for those who read it outside Slack."""
    if not any(rule.emails or rule.webhooks for rule in rules):
        return {}
    people = sorted(people_in(Notice.from_json(work.payload["notice"])))[:NAMES_LOOKED_UP]
    names = await _each(work, _name, people)
    return {user_id: name if isinstance(name, str) else "somebody" for user_id, name in names.items()}


async def _name(work: Work, user_id: str) -> str:
    return read_person((await work.slack.call("users.info", user=user_id))["user"])["name"]


async def send_notice(work: Work) -> JsonObject:
    """Tell one channel or person; of a private incident only somebody who may see it at this moment.

    Slack opens a direct message by itself when it is posted to; it is opened by us only to look for a post in doubt.
    """
    to = work.payload["to"]
    if work.incident.private and not (is_person(to) and work.about.visible_to(to)):
        raise CannotWork("private")
    notice = Notice.from_json(work.payload["notice"])
    text, blocks = notice_message(notice, why=work.payload["why"])
    try:
        if is_person(to) and work.claim.look_first:
            to = (await work.slack.call("conversations.open", users=to))["channel"]["id"]
        return {"ts": await work.post(to, text, blocks)}
    except SlackApiError as fault:
        if is_person(work.payload["to"]) and code_of(fault) in NOBODY_THERE:
            raise CannotWork("unreachable") from None
        raise
