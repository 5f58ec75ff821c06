"""reactions.*, pins.*, bookmarks.*."""

import re

from sandbox.api.call import ApiCall, Handler
from sandbox.api.paging import page
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, Message
from sandbox.state.shapes import bookmark_json, message_json, permalink, pin_json

_TS = re.compile(r"\d+\.\d+")


def reactions_add(call: ApiCall) -> Json:
    """React to a message."""
    channel, message = _item(call, call.channel())
    call.workspace.reactions.add(channel, message, call.text("name"), by=call.user_id)
    return {}


def reactions_remove(call: ApiCall) -> Json:
    """Take the bot's own reaction back."""
    channel, message = _item(call, call.channel())
    call.workspace.reactions.remove(channel, message, call.text("name"), by=call.user_id)
    return {}


def reactions_get(call: ApiCall) -> Json:
    """The reactions of one message."""
    channel, message = _item(call, call.channel())
    return {"type": "message", "channel": channel.id, "message": _with_permalink(call, channel, message)}


def reactions_list(call: ApiCall) -> Json:
    """The messages a user reacted to, the newest first, as far as the bot may see them."""
    user = call.user()
    found = [
        (channel, message)
        for channel in call.workspace.visible_channels(call.user_id)
        for message in channel.messages.values()
        if any(user.id in reaction.users for reaction in message.reactions)
    ]
    found.sort(key=lambda item: item[1].ts, reverse=True)
    items, cursor = page(call, found, lambda item: f"{item[0].id}/{item[1].ts}")
    shapes = [{"type": "message", "channel": c.id, "message": _with_permalink(call, c, m)} for c, m in items]
    return {"items": shapes, "response_metadata": {"next_cursor": cursor}}


def pins_add(call: ApiCall) -> Json:
    """Pin a message; the bot must be a member."""
    channel, message = _item(call, call.joined_channel())
    call.doubt_archived(channel)
    call.workspace.pins.add(channel, message, by=call.user_id)
    return {}


def pins_remove(call: ApiCall) -> Json:
    """Unpin a message."""
    channel, message = _item(call, call.joined_channel())
    call.workspace.pins.remove(channel, message, by=call.user_id)
    return {}


def pins_list(call: ApiCall) -> Json:
    """What is pinned, the newest pin first."""
    channel = call.channel()
    return {"items": [pin_json(call.workspace, channel, pin) for pin in reversed(channel.pins.values())]}


def bookmarks_add(call: ApiCall) -> Json:
    """Put a link into a channel's bar."""
    channel = call.joined_channel("channel_id")
    call.doubt_archived(channel)
    if call.text("type") != "link":
        raise SlackError("invalid_bookmark_type")
    link, emoji = call.optional("link"), call.optional("emoji")
    bookmark = call.workspace.bookmarks.add(channel, by=call.user_id, title=call.text("title"), link=link, emoji=emoji)
    return {"bookmark": bookmark_json(call.workspace, bookmark)}


def bookmarks_edit(call: ApiCall) -> Json:
    """Change a bookmark."""
    channel = call.joined_channel("channel_id")
    changes: dict[str, str] = {name: call.text(name) for name in ("title", "link", "emoji") if name in call.arguments}
    bookmark_id = call.text("bookmark_id")
    bookmark = call.workspace.bookmarks.edit(channel, bookmark_id, by=call.user_id, changes=changes)
    return {"bookmark": bookmark_json(call.workspace, bookmark)}


def bookmarks_remove(call: ApiCall) -> Json:
    """Take a bookmark down."""
    call.workspace.bookmarks.remove(call.joined_channel("channel_id"), call.text("bookmark_id"))
    return {}


def bookmarks_list(call: ApiCall) -> Json:
    """A channel's bookmarks."""
    channel = call.joined_channel("channel_id")
    return {"bookmarks": [bookmark_json(call.workspace, bookmark) for bookmark in channel.bookmarks.values()]}


def _item(call: ApiCall, channel: Channel) -> tuple[Channel, Message]:
    timestamp = call.text("timestamp")
    if not timestamp:
        raise SlackError("no_item_specified")
    if not _TS.fullmatch(timestamp):
        raise SlackError("bad_timestamp")
    return channel, call.workspace.message(channel, timestamp)


def _with_permalink(call: ApiCall, channel: Channel, message: Message) -> Json:
    link = permalink(call.workspace, channel, message.ts)
    return message_json(call.workspace, message) | {"permalink": link}


HANDLERS: dict[str, Handler] = {
    "bookmarks.add": bookmarks_add,
    "bookmarks.edit": bookmarks_edit,
    "bookmarks.list": bookmarks_list,
    "bookmarks.remove": bookmarks_remove,
    "pins.add": pins_add,
    "pins.list": pins_list,
    "pins.remove": pins_remove,
    "reactions.add": reactions_add,
    "reactions.get": reactions_get,
    "reactions.list": reactions_list,
    "reactions.remove": reactions_remove,
}
