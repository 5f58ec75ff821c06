"""Notices in Slack: who stands behind the names of an audience, and the message each of them gets."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks.notice import notice_message
from bot.messenger.slack import read_person
from bot.messenger.work import CannotWork, Work
from storage.tables.columns import JsonObject
from workflows.notice_words import people_in
from workflows.notices import Notice
from workflows.process_parts import Audience
from workflows.recipients import is_person

UNKNOWN = {
    "channels": "is no channel I am in: invite me there, or correct it.",
    "groups": "is no user group here: correct it.",
    "people": "is nobody in this workspace: correct it.",
}
NAMES_LOOKED_UP = 10
"""More people than these are not named in one notice."""


async def find_audience(work: Work) -> JsonObject:
    """What the names in the rules that match stand for, and which of them stand for nothing."""
    answer: JsonObject = {"channels": {}, "groups": {}, "people": {}, "unknown": [], "names": await _names(work)}
    rules = {key: work.process.audiences[key] for key in work.payload["rules"] if key in work.process.audiences}
    for key, rule in rules.items():
        async for sort, name, found in _found(work, rule):
            if isinstance(found, str | list):
                answer[sort][name] = found
            else:
                answer["unknown"].append(_unknown(f"audiences.{key}.{sort}", sort, name, found))
    return answer


async def _found(work: Work, rule: Audience) -> AsyncIterator[tuple[str, str, str | list[str] | SlackApiError | None]]:
    """Each name and what it stands for; channels matter only where everybody may know of the incident."""
    directory = work.slack.directory
    for name in rule.channels if not work.incident.private else ():
        yield "channels", name, await directory.find_channel(name)
    for name in rule.groups:
        members = await _unless_forbidden(directory.find_members, name)
        yield "groups", name, list(members) if isinstance(members, list | tuple) else members
    for name in rule.people:
        yield "people", name, await _unless_forbidden(directory.find_person, name)


async def _unless_forbidden(find: Callable[[str], Awaitable[Any]], name: str) -> Any:
    """What is found; a permission the app lacks keeps only those from hearing who cannot be found without it."""
    try:
        return await find(name)
    except SlackApiError as fault:
        if fault.response["error"] != "missing_scope":
            raise
        return fault


def _unknown(key: str, sort: str, name: str, fault: SlackApiError | None) -> JsonObject:
    if fault is None:
        return {
            "key": key,
            "name": name,
            "because": "unknown",
            "hint": f"“{name}” in {key} of sitrep.toml {UNKNOWN[sort]}",
        }
    needed = fault.response.get("needed")
    hint = f"“{name}” in {key} of sitrep.toml cannot be looked up: add the permission {needed} and reinstall the app."
    return {"key": key, "name": name, "because": "missing_scope", "hint": hint}


async def _names(work: Work) -> dict[str, str]:
    """Names of the people in its words, for those who read it outside Slack."""
    audiences = work.process.audiences
    rules = [audiences[key] for key in work.payload["rules"] if key in audiences]
    if not any(rule.emails or rule.webhooks for rule in rules):
        return {}
    people = sorted(people_in(Notice.from_json(work.payload["notice"])))[:NAMES_LOOKED_UP]
    return {user_id: await _name(work, user_id) for user_id in people}


async def _name(work: Work, user_id: str) -> str:
    try:
        return read_person((await work.slack.call("users.info", user=user_id))["user"])["name"]
    except SlackApiError as fault:
        if fault.response["error"] not in ("user_not_found", "user_not_visible"):
            raise
        return "somebody"


async def send_notice(work: Work) -> JsonObject:
    """Tell one channel or person; of a private incident only somebody who may see it at this moment.

    Slack opens a direct message by itself when it is posted to; it is opened by us only to look for a post in doubt.
    """
    to = work.payload["to"]
    if work.incident.private and not (is_person(to) and work.about.visible_to(to)):
        raise CannotWork("private")
    if is_person(to) and work.claim.look_first:
        to = (await work.slack.call("conversations.open", users=to))["channel"]["id"]
    notice = Notice.from_json(work.payload["notice"])
    text, blocks = notice_message(notice, why=work.payload["why"])
    return {"ts": await work.post(to, text, blocks)}
