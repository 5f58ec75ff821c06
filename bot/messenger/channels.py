"""An incident's channel: opened or adopted, peopled, described."""

import re
from collections.abc import Iterator
from typing import Any

from anyascii import anyascii
from slack_sdk.errors import SlackApiError

from bot.blocks.card import channel_purpose, channel_topic, purpose_mark
from bot.messenger.work import SKEW, CannotWork, Work
from storage.tables import Incident
from storage.tables.columns import JsonObject

NAME_LIMIT = 80
"""Of a channel's name; lower-case letters, digits, hyphens and underscores (methods: conversations.create)."""
MOST_NAMES = 20


async def open_channel(work: Work) -> JsonObject:
    """Make the channel, or adopt the one we made before a crash; a name somebody else has gets a number."""
    for name in names(work.incident):
        try:
            answer = await work.slack.call("conversations.create", name=name, is_private=work.incident.private)
        except SlackApiError as fault:
            if fault.response["error"] != "name_taken":
                raise
            channel = await _ours(work, name)
        else:
            channel = answer["channel"]
        if channel is not None:
            return {"channel_id": channel["id"], "name": channel["name"]}
    raise CannotWork("name_taken")


async def adopt_channel(work: Work) -> JsonObject:
    """Come into a channel that was there before; into a private one we have been invited."""
    channel_id = work.payload["channel_id"]
    channel = (await work.slack.call("conversations.info", channel=channel_id))["channel"]
    if channel["is_archived"]:
        raise CannotWork("is_archived")
    if not channel["is_member"]:
        await work.slack.call("conversations.join", channel=channel_id)
    return {"channel_id": channel_id, "name": channel["name"], "private": channel["is_private"]}


def names(incident: Incident) -> Iterator[str]:
    """Names to try: `inc-<number>-<words of the title>`, then the same with a number."""
    name = channel_name(incident.number, incident.title)
    yield name
    for number in range(2, MOST_NAMES):
        ending = f"-{number}"
        yield name[: NAME_LIMIT - len(ending)].rstrip("-") + ending


def channel_name(number: int, title: str) -> str:
    """The name for a title in any script; never empty, whole words as far as they fit."""
    name = f"inc-{number}"
    for word in re.findall(r"[a-z0-9]+", anyascii(title).lower()):
        if len(name) + 1 + len(word) > NAME_LIMIT:
            if name == f"inc-{number}":
                name = f"{name}-{word}"[:NAME_LIMIT]
            break
        name = f"{name}-{word}"
    return name


async def _ours(work: Work, name: str) -> dict[str, Any] | None:
    """The channel of this name if we made it for this incident: by us, and marked so or new and not yet marked."""
    us = (await work.slack.identity()).user_id
    async for channel in work.slack.pages("users.conversations", "channels", types="public_channel,private_channel"):
        if channel["name"] == name and channel.get("creator") == us:
            purpose = (channel.get("purpose") or {}).get("value", "")
            is_new = channel["created"] >= (work.incident.declared_at - SKEW).timestamp()
            if purpose_mark(work.incident) in purpose or (not purpose and is_new):
                return channel
    return None


async def invite(work: Work) -> JsonObject:
    """Invite somebody; who is there already is fine."""
    user_id = work.payload["user_id"]
    try:
        await work.slack.call("conversations.invite", channel=work.channel_id, users=user_id)
    except SlackApiError as fault:
        # A bot that was given a role, or an invitation whose answer was lost.
        if fault.response["error"] not in ("already_in_channel", "cant_invite_self"):
            raise
    return {}


async def set_topic(work: Work) -> JsonObject:
    """Set the topic to what it is now."""
    topic = channel_topic(work.about, process=work.process)
    await work.slack.call("conversations.setTopic", channel=work.channel_id, topic=topic)
    return {"topic": topic}


async def set_purpose(work: Work) -> JsonObject:
    """Set the purpose, with the mark by which the channel is recognised."""
    await work.slack.call("conversations.setPurpose", channel=work.channel_id, purpose=channel_purpose(work.incident))
    return {}


async def add_bookmark(work: Work) -> JsonObject:
    """Add a bookmark to the card; once. (One an incident: Slack takes twenty a minute.)"""
    url = (await work.slack.identity()).team_url
    link = f"{url}archives/{work.channel_id}/p{(work.incident.card_ts or '').replace('.', '')}"
    if work.claim.look_first:
        answer = await work.slack.call("bookmarks.list", channel_id=work.channel_id)
        if any(bookmark.get("link") == link for bookmark in answer["bookmarks"]):
            return {}
    await work.slack.call("bookmarks.add", channel_id=work.channel_id, title="Card", type="link", link=link)
    return {}


async def look_up_participants(work: Work) -> JsonObject:
    """See who is in the channel."""
    began_at = work.slack.now()
    members = [member async for member in work.slack.pages("conversations.members", "members", channel=work.channel_id)]
    return {"members": members, "began_at": began_at.isoformat()}
