"""What people and other bots write: heard as events, and as Slack's history shows it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.messenger.slack import Identity
from bot.services import Services
from workflows.heard import Deleted, Heard, Marks, Said, SaidFile
from workflows.process import Process
from workflows.replies import replied_in_person

SPOKEN = frozenset({None, "bot_message", "me_message", "thread_broadcast", "file_share"})
"""Subtypes that are somebody's words; every other one is Slack's own line (protocol 7.5)."""
GONE = "tombstone"
"""The subtype of what stays in place of a deleted message that has replies."""

LARGEST_SIZE = 2**31 - 1
"""What the database counts to; files kept elsewhere may be larger, and are not fetched."""

_PART = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>")


async def on_message(event: Mapping[str, Any], services: Services) -> None:
    """Something was written, edited or deleted: keep it. Of direct messages replies are taken as answers."""
    heard = read_event(event, us=await services.slack.identity())
    if event.get("channel_type") == "im":
        if isinstance(heard, Said):
            async with services.transaction() as session:
                await replied_in_person(session, heard, process=services.process, now=services.now())
    elif heard is not None:
        await services.capture.keep(heard)


def read_event(event: Mapping[str, Any], *, us: Identity) -> Heard | None:
    """What a message event tells; None for our own words and Slack's own lines."""
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, us=us)
        case "message_deleted":
            return _deleted(event, us=us)
        case _:
            return read_message(event, channel_id=event["channel"], us=us)


def read_message(
    message: Mapping[str, Any], *, channel_id: str, us: Identity, marks: Marks | None = None
) -> Said | None:
    """A message as Slack shows it; None for our own words and Slack's own lines."""
    if message.get("subtype") not in SPOKEN or is_ours(message, us):
        return None
    bot_id = message.get("bot_id")
    thread_ts = message.get("thread_ts")
    return Said(
        channel_id=channel_id,
        ts=message["ts"],
        posted_at=moment_of(message["ts"]),
        author=message.get("user") or bot_id or "",
        author_name=_bot_name(message) if bot_id else None,
        by_bot=bool(bot_id),
        thread_ts=thread_ts if thread_ts != message["ts"] else None,
        broadcast=message.get("subtype") == "thread_broadcast",
        text=words_of(message),
        files=tuple(_file(file) for file in message.get("files") or ()),
        edited_ts=(message.get("edited") or {}).get("ts", ""),
        marks=marks,
    )


def read_marks(message: Mapping[str, Any], *, process: Process, us: Identity, seen_at: datetime) -> Marks:
    """Who marked a message that Slack's history shows."""
    by: dict[str, tuple[str, ...]] = {}
    is_complete = True
    for reaction in message.get("reactions") or ():
        mark = mark_of(reaction["name"], process)
        if mark is not None:
            people = tuple(user_id for user_id in reaction["users"] if user_id != us.user_id)
            by[mark] = (*by.get(mark, ()), *people)
            is_complete = is_complete and len(reaction["users"]) == reaction["count"]
    return Marks(by, is_complete, seen_at)


def mark_of(reaction: str, process: Process) -> str | None:
    """The mark that a reaction is, whatever its skin tone; None where it is none."""
    return process.mark_of_emoji.get(reaction.split("::")[0])


def is_ours(message: Mapping[str, Any], us: Identity) -> bool:
    """Whether we wrote this."""
    return message.get("bot_id") == us.bot_id or message.get("user") == us.user_id


def moment_of(ts: str) -> datetime:
    """The time in a ts."""
    return datetime.fromtimestamp(float(ts), UTC)


def _changed(event: Mapping[str, Any], *, us: Identity) -> Heard | None:
    """An edit; also what Slack sends when it merely adds a preview, which changes no words."""
    message, before = event["message"], event.get("previous_message") or {}
    if message.get("subtype") == GONE:
        return _deleted({**event, "deleted_ts": message["ts"]}, us=us)
    said = read_message(message, channel_id=event["channel"], us=us)
    if said is None:
        return None
    old = words_of(before) if before else said.text
    edited_ts = said.edited_ts
    if not edited_ts and (old != said.text or _has_new_files(message, before)):
        edited_ts = event["ts"]  # bots change their messages without the flag; the change's own ts says when
    written = ((before.get("edited") or {}).get("ts", ""), old) if old != said.text else None
    return _with(said, edited_ts=edited_ts, before=written)


def _has_new_files(message: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    return bool(before) and not _file_ids(message) <= _file_ids(before)


def _file_ids(message: Mapping[str, Any]) -> set[str]:
    return {file["id"] for file in message.get("files") or ()}


def _with(said: Said, *, edited_ts: str, before: tuple[str, str] | None) -> Said:
    return Said(**{**vars(said), "edited_ts": edited_ts, "before": before})


def _deleted(event: Mapping[str, Any], *, us: Identity) -> Heard | None:
    before = event.get("previous_message") or {}
    if before and is_ours(before, us):
        return None
    said = read_message(before, channel_id=event["channel"], us=us) if before.get("ts") else None
    return Deleted(
        channel_id=event["channel"],
        ts=event["deleted_ts"],
        at=moment_of(event.get("event_ts") or event["ts"]),
        said=said,
    )


def words_of(message: Mapping[str, Any]) -> str:
    """The words of a message as plain text: people as `{@U1}`; of bots that write in attachments or blocks, those."""
    text = message.get("text") or _of_attachments(message.get("attachments") or ()) or _of_blocks(message)
    return plain(text)


def plain(text: str) -> str:
    """Slack's text without its markup."""
    bare = _PART.sub(_part, storable(text))
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def storable(text: str) -> str:
    """The text without what no database takes: NUL, and half of a character that was cut in two."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _part(match: re.Match[str]) -> str:
    sort, target, label = match.groups()
    match sort:
        case "@":
            return f"{{@{target}}}"
        case "#":
            return f"#{label or target}"
        case "!":
            return label or f"@{target.split('^')[0]}"
        case _:
            bare = target.removeprefix("mailto:")
            return bare if not label or label in (bare, target, bare.split("://")[-1]) else f"{label} ({bare})"


def _of_attachments(attachments: Any) -> str:
    parts = []
    for attachment in attachments:
        said = [attachment.get(name) for name in ("pretext", "title", "text")]
        said += [_of_field(field) for field in attachment.get("fields") or ()]
        parts.append("\n".join(filter(None, said)) or attachment.get("fallback") or _of_blocks(attachment))
    return "\n".join(filter(None, parts))


def _of_field(field: Mapping[str, Any]) -> str:
    return ": ".join(str(part) for part in (field.get("title"), field.get("value")) if part)


def _of_blocks(holder: Mapping[str, Any]) -> str:
    """Texts of the blocks that have one; rich text comes with a `text` of its own."""
    found = []
    for block in holder.get("blocks") or ():
        texts = [block.get("text"), *(block.get("fields") or ()), *(block.get("elements") or ())]
        found += [part["text"] for part in texts if isinstance(part, dict) and isinstance(part.get("text"), str)]
    return "\n".join(found)


def _bot_name(message: Mapping[str, Any]) -> str | None:
    return storable(message.get("username") or (message.get("bot_profile") or {}).get("name") or "") or None


def _file(file: Mapping[str, Any]) -> SaidFile:
    return SaidFile(
        id=file["id"],
        name=storable(file.get("name") or file.get("title") or file["id"]),
        mimetype=file.get("mimetype") or "",
        size=min(int(file.get("size") or 0), LARGEST_SIZE),
        unavailable=_UNAVAILABLE.get(str(file.get("mode"))),
    )


_UNAVAILABLE = {
    "tombstone": "it was deleted",
    "hidden_by_limit": "the workspace's plan hides it",
    "external": "it is kept elsewhere",
}
"""Modes of a file whose bytes Slack does not have for us."""
