"""The history of an incident's channel and its threads, as Slack shows it; read in pages."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.events.messages import GONE, moment_of, read_marks, read_message
from bot.messenger.slack import PAGE
from bot.messenger.work import Work
from storage.tables.columns import JsonObject

LOOK_BACK = 4 * PAGE
"""How much is asked for at once where only the pages' ends are wanted (conversations.history: 999 at most)."""
INSTANT = timedelta(microseconds=1)
"""What Slack counts its ts in: right after the newest thing we know of."""
NOT_THERE = frozenset({"channel_not_found", "not_in_channel"})
"""We are not in the channel, so there is nothing to read; whatever has to be posted there tells somebody."""


async def read_history(work: Work) -> JsonObject:
    """The messages of a stretch of the channel, or the ends of its pages where it is longer than one."""
    after, upto = work.payload["after"], work.payload["upto"]
    try:
        answer = await work.slack.call(
            "conversations.history",
            channel=work.channel_id,
            oldest=after or None,
            latest=upto or None,
            inclusive=True,
            limit=LOOK_BACK,
        )
    except SlackApiError as fault:
        if fault.response["error"] not in NOT_THERE:
            raise
        return {"outside": True}
    messages = [message for message in answer["messages"] if message["ts"] > after]
    if answer["has_more"] or len(messages) > PAGE:
        ends = messages[PAGE - 1 :: PAGE] or messages[-1:]
        return {"pages": [message["ts"] for message in ends], "seen_to": _seen_to(work, messages)}
    return {
        "pages": [],
        "after": after or _begins(work, messages),
        "threads": [(m["ts"], m["reply_count"], m.get("latest_reply", "")) for m in messages if m.get("reply_count")],
        **await _shown(work, messages[::-1]),
    }


def _begins(work: Work, messages: Sequence[dict[str, Any]]) -> str:
    """From when on what is missing was deleted: what is older a plan may hide, or the workspace keeps no longer."""
    return str(messages[-1]["ts"] if messages else work.payload["upto"] or work.payload["known_to"])


async def read_thread(work: Work) -> JsonObject:
    """A page of a thread, without the message it began with; `upto` is its end where there is more."""
    thread_ts, after = work.payload["thread_ts"], work.payload["after"]
    answer = await _replies(work, channel=work.channel_id, ts=thread_ts, oldest=after or None, limit=PAGE)
    messages = [message for message in answer["messages"] if message["ts"] > (after or thread_ts)]
    goes_on = answer["has_more"] and messages
    return {"upto": messages[-1]["ts"] if goes_on else "", **await _shown(work, messages)}


async def look_up_message(work: Work) -> JsonObject:
    """One message, which may be a reply; nothing if it is gone."""
    ts = work.payload["ts"]
    there = {"channel": work.channel_id, "oldest": ts, "latest": ts, "inclusive": True}
    answer = await work.slack.call("conversations.history", **there)
    if not answer["messages"]:
        answer = await _replies(work, ts=ts, **there)
    return await _shown(work, [message for message in answer["messages"] if message["ts"] == ts])


async def _replies(work: Work, **arguments: Any) -> dict[str, Any]:
    """Part of a thread; nothing where there is none any more."""
    try:
        return await work.slack.call("conversations.replies", **arguments)
    except SlackApiError as fault:
        if fault.response["error"] != "thread_not_found":
            raise
    return {"messages": [], "has_more": False}


async def _shown(work: Work, messages: Sequence[dict[str, Any]]) -> JsonObject:
    """What these say, which of them are there, and up to when we know that all that had happened is in it."""
    us = await work.slack.identity()
    seen_to = _seen_to(work, messages)
    seen_at = moment_of(seen_to or "0") + INSTANT
    said = [
        read_message(
            message,
            channel_id=work.channel_id,
            us=us,
            marks=read_marks(message, process=work.process, us=us, seen_at=seen_at),
        )
        for message in messages
    ]
    return {
        "said": [one.to_json() for one in said if one],
        "shown": [message["ts"] for message in messages if message.get("subtype") != GONE],
        "seen_to": seen_to,
    }


def _seen_to(work: Work, messages: Sequence[dict[str, Any]]) -> str:
    """Slack's own time by which this answer is not older than what we know."""
    return str(max([work.payload.get("known_to", ""), *(message["ts"] for message in messages)]))
