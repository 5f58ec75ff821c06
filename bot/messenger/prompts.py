"""What we ask: put where it is to be answered, and drawn anew when it is answered or idle."""

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks.prompts import ended_line, prompt_blocks, prompt_text
from bot.blocks.text import MESSAGE_LIMIT, clip, prose
from bot.messenger.people import open_dm
from bot.messenger.work import PutOff, Work, in_json
from storage.tables import PromptKind
from storage.tables.columns import JsonObject
from workflows.prompts import is_wanted
from workflows.schedule import IN_PERSON, put_off, recipient

IDLE: JsonObject = {"idle": True}
"""Nothing was asked: it is not so any more, or there is nobody to ask who may know of it."""


async def ask(work: Work) -> JsonObject:
    """Ask, unless it has become idle by now; a private incident's question reaches only those who may see it.

    Raises PutOff, once, for a follow-up that comes with what it follows.
    """
    kind, key = PromptKind(work.payload["kind"]), work.claim.dedupe_key
    now = work.slack.now()
    if not is_wanted(work.about, kind, key, process=work.process, now=now):
        return IDLE
    until = put_off(kind, work.payload["data"], due_at=work.claim.due_at, now=now)
    if until and work.claim.attempt == 1:
        raise PutOff(until)
    return await (_ask_person if kind in IN_PERSON else _ask_channel)(work, kind, key)


async def _ask_person(work: Work, kind: PromptKind, key: str) -> JsonObject:
    named = recipient(kind, work.payload["to"], work.about)
    to = await _person_id(work, named) if named else None
    if to is None or not work.about.visible_to(to):
        return IDLE
    channel_id = await open_dm(work, to)
    words = prompt_text(kind, work.about, work.payload["data"], process=work.process)
    ts = await work.post(channel_id, words, prompt_blocks(kind, words, key))
    return {"ts": ts, "channel_id": channel_id, "to": to, "words": words}


async def _person_id(work: Work, named: str) -> str:
    """Somebody's id, by id or address."""
    if "@" not in named:
        return named
    return str((await work.slack.call("users.lookupByEmail", email=named))["user"]["id"])


async def _ask_channel(work: Work, kind: PromptKind, key: str) -> JsonObject:
    """In the channel; a draft stands where its words were written, and what has no room goes under the card."""
    data = work.payload["data"]
    channel_id, thread_ts = work.channel_id, work.thread_without_room()
    if kind is PromptKind.DRAFT:
        if not work.about.visible_to(data["by"]):
            return IDLE
        channel_id, thread_ts = data["channel_id"], data["thread_ts"]
    words = prompt_text(kind, work.about, data, process=work.process, has_thread=thread_ts is None)
    ts = await work.post(channel_id, words, prompt_blocks(kind, words, key), thread_ts=thread_ts)
    return {"ts": ts, "channel_id": channel_id, "to": None, "words": words, "top_level": thread_ts is None}


async def refresh_prompt(work: Work) -> JsonObject:
    """Say under the question how it ended, in place of its buttons; one that somebody has deleted stays so."""
    payload = work.payload
    if payload["to"] and not work.about.visible_to(payload["to"]):
        return {}
    kind = PromptKind(payload["kind"])
    line = ended_line(kind, payload["ended"], process=work.process)
    is_open = bool(payload["ended"].get("open"))
    blocks = prompt_blocks(kind, payload["words"], payload["prompt"], ended=line, is_open=is_open)
    text = clip(f"{payload['words']}\n{line}", MESSAGE_LIMIT)
    message: dict[str, Any] = {"channel": payload["channel_id"], "ts": payload["ts"], "text": text}
    try:
        await work.slack.call("chat.update", **message, blocks=in_json(blocks))
    except SlackApiError as fault:
        if fault.response["error"] != "message_not_found":
            raise
    return {}


async def whisper(work: Work) -> JsonObject:
    """Say something to one person only, in the thread where they wrote; at most once, for nobody can look it up."""
    payload = work.payload
    if work.claim.look_first:
        return {"in_doubt": True}
    text = clip(prose(payload["sentence"]), MESSAGE_LIMIT)
    place = {"channel": payload["channel_id"], "thread_ts": payload["thread_ts"], "text": text}
    if payload["channel_id"] == work.incident.channel_id:
        await work.slack.call("chat.postEphemeral", user=payload["to"], **place)
    else:  # in their direct messages with us nobody else reads it
        await work.slack.call("chat.postMessage", **place)
    return {}
