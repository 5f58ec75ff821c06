"""Slack's JSON for what a workspace holds, people aside (methods.json: response shapes; protocol.md, sections 4, 7)."""

from mimetypes import guess_type
from typing import Any
from urllib.parse import quote

from sandbox.state.core import State
from sandbox.state.model import Bookmark, Channel, File, Json, Message, Pin, View, Words
from sandbox.state.user_shapes import bot_profile_json

CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


def channel_json(state: State, channel: Channel, viewer: str, *, num_members: bool = False) -> Json:
    """A conversation object as `viewer` gets it."""
    shape = _direct_json(state, channel, viewer) if channel.kind == "im" else _channel_json(state, channel, viewer)
    if num_members:
        shape["num_members"] = len(channel.members)
    return shape


def _direct_json(state: State, channel: Channel, viewer: str) -> Json:
    other = next((user for user in channel.members if user != viewer), viewer)
    return {
        "id": channel.id,
        "created": channel.created,
        "is_archived": False,
        "is_im": True,
        "is_org_shared": False,
        "context_team_id": state.team.id,
        "updated": channel.created * 1000,
        "user": other,
        "is_user_deleted": state.users[other].deleted,
        "is_open": viewer in channel.open_for,
        "priority": 0,
    }


def _channel_json(state: State, channel: Channel, viewer: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": False,
        "is_mpim": channel.kind == "mpim",
        "is_private": channel.kind != "public",
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "unlinked": 0,
        "name_normalized": channel.name,
        "is_shared": False,
        "is_org_shared": False,
        "is_ext_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": state.team.id,
        "updated": channel.created * 1000,
        "creator": channel.creator,
        "is_member": viewer in channel.members,
        "last_read": channel.last_read.get(viewer, "0000000000.000000"),
        "topic": _words_json(channel.topic),
        "purpose": _words_json(channel.purpose),
        "previous_names": list(channel.previous_names),
    }


def _words_json(words: Words) -> Json:
    return {"value": words.value, "creator": words.creator, "last_set": words.last_set}


def message_json(state: State, message: Message, *, metadata: bool = False) -> Json:
    """A message object; the metadata's payload only for those who asked for it (protocol.md, section 11)."""
    shape: Json = {"type": "message", "ts": message.ts, "text": message.text, "team": state.team.id}
    if message.subtype == "bot_message":
        shape["username"] = message.username
    else:
        shape["user"] = message.user
    for name in ("subtype", "thread_ts", "parent_user_id", "edited", "client_msg_id", "icons", "bot_id"):
        if (value := getattr(message, name)) is not None:
            shape[name] = value
    shape |= _content_json(state, message)
    shape |= _thread_json(message)
    if message.metadata is not None:
        shape["metadata"] = message.metadata if metadata else {"event_type": message.metadata.get("event_type")}
    return shape | message.extra


def _content_json(state: State, message: Message) -> Json:
    shape: Json = {}
    integration = state.integrations.get(message.bot_id or "")
    if integration is not None and integration.user_id is not None:
        shape |= {"app_id": integration.app_id, "bot_profile": bot_profile_json(state, integration)}
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.attachments:
        shape["attachments"] = message.attachments
    if message.files:
        shape |= {"files": [file_json(state, state.files[file]) for file in message.files], "upload": False}
    if message.reactions:
        shape["reactions"] = reactions_json(message)
    if message.pinned:
        shape["pinned_to"] = [message.channel_id]
    if message.ephemeral_to is not None:
        shape["is_ephemeral"] = True
    return shape


def _thread_json(message: Message) -> Json:
    if not message.replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users": [*message.repliers],
        "reply_users_count": len(message.repliers),
        "latest_reply": message.replies[-1],
        "is_locked": False,
        "subscribed": False,
    }


def reactions_json(message: Message) -> list[Json]:
    """The reactions of a message, each with who used it."""
    return [{"name": r.name, "users": list(r.users), "count": len(r.users)} for r in message.reactions]


def message_event(state: State, channel: Channel, message: Message) -> Json:
    """The `message` event for a new message (protocol.md, section 7.5)."""
    shape = message_json(state, message)
    shape.pop("metadata", None)
    if message.subtype == "thread_broadcast" and message.thread_ts in channel.messages:
        shape["root"] = message_json(state, channel.messages[message.thread_ts])
    return shape | {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.kind], "event_ts": message.ts}


def file_json(state: State, file: File) -> Json:
    """A file object."""
    kinds = {"public": "channels", "private": "groups", "mpim": "groups", "im": "ims"}
    places: Json = {"channels": [], "groups": [], "ims": []}
    shares: Json = {}
    for channel_id, ts in file.shares.items():
        channel = state.channels[channel_id]
        places[kinds[channel.kind]].append(channel_id)
        group: Any = shares.setdefault("public" if channel.kind == "public" else "private", {})
        group[channel_id] = [{"ts": ts, "channel_name": channel.name, "team_id": state.team.id}]
    return _file_json(state, file) | places | {"shares": shares}


def _file_json(state: State, file: File) -> Json:
    extension = file.name.rpartition(".")[2].lower() if "." in file.name else "text"
    name = quote(file.name, safe="")
    url = f"{state.url}files-pri/{state.team.id}-{file.id}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mimetype(file),
        "filetype": file.snippet_type or extension,
        "pretty_type": (file.snippet_type or extension).upper(),
        "editable": file.snippet_type is not None,
        "alt_txt": file.alt_txt,
        "user": file.user,
        "size": file.size,
        "mode": "snippet" if file.snippet_type else "hosted",
        "is_external": False,
        "is_public": any(state.channels[channel].kind == "public" for channel in file.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "url_private": f"{url}/{name}",
        "url_private_download": f"{url}/download/{name}",
        "permalink": f"{state.url}files/{file.user}/{file.id}/{name}",
        "comments_count": 0,
    }


def mimetype(file: File) -> str:
    """A file's type, judged by its name."""
    return guess_type(file.name)[0] or "application/octet-stream"


def bookmark_json(state: State, bookmark: Bookmark) -> Json:
    """A bookmark object."""
    return {
        "id": bookmark.id,
        "channel_id": bookmark.channel_id,
        "title": bookmark.title,
        "link": bookmark.link,
        "emoji": bookmark.emoji,
        "icon_url": None,
        "type": bookmark.type,
        "entity_id": None,
        "date_created": bookmark.date_created,
        "date_updated": bookmark.date_updated,
        "rank": bookmark.rank,
        "last_updated_by_user_id": bookmark.updated_by,
        "last_updated_by_team_id": state.team.id,
        "shortcut_id": None,
        "app_id": None,
    }


def pin_json(state: State, channel: Channel, pin: Pin) -> Json:
    """An item of `pins.list`, also the `item` of a pin event."""
    message = message_json(state, channel.messages[pin.ts]) | {"permalink": permalink(state, channel, pin.ts)}
    shape = {"type": "message", "channel": channel.id, "created": pin.created, "created_by": pin.created_by}
    return shape | {"message": message}


def permalink(state: State, channel: Channel, ts: str) -> str:
    """A message's address; a reply's names its thread (methods.json: chat.getPermalink)."""
    link = f"{state.url}archives/{channel.id}/p{ts.replace('.', '')}"
    message = channel.messages[ts]
    return f"{link}?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else link


def view_json(state: State, view: View) -> Json:
    """A view object, with what the person has put in as its state."""
    payload = view.payload
    shape: Json = {
        "id": view.id,
        "team_id": state.team.id,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": payload.get("private_metadata") or "",
        "callback_id": payload.get("callback_id") or "",
        "external_id": view.external_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": bool(payload.get("clear_on_close")),
        "notify_on_close": bool(payload.get("notify_on_close")),
        "root_view_id": view.root_view_id,
        "previous_view_id": view.previous_view_id,
        "app_id": state.app.id,
        "app_installed_team_id": state.team.id,
        "bot_id": state.app.bot_id,
    }
    for part in ("title", "close", "submit"):
        shape[part] = payload.get(part)
    if view.type == "modal":
        shape["submit_disabled"] = bool(payload.get("submit_disabled"))
    return shape
