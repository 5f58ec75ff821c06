"""What a browser is told, as JSON: people, conversations, messages and views as one person may see them."""

from copy import deepcopy

from sandbox.people.person import Person
from sandbox.state import shapes
from sandbox.state.core import State
from sandbox.state.model import SLACKBOT, Channel, Json, Message, User, View
from sandbox.state.user_shapes import usergroup_json

MOST_COUNTED = 100
"""Unread messages of a conversation are counted up to here."""

_SHARED = ("shares", "channels", "groups", "ims")
"""Of a file: where else it was shared, private channels by name."""


def user_shown(user: User) -> Json:
    """Somebody by name and picture; the address of a picture is the page's own."""
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "title": user.title,
        "tz": user.tz,
        "is_bot": user.is_bot or user.id == SLACKBOT,
        "is_guest": user.is_restricted,
        "deleted": user.deleted,
        "picture": f"/page/picture/{user.id}.svg",
    }


def people_shown(state: State) -> Json:
    """Everybody, and the user groups, by id."""
    groups = [usergroup_json(state, group, users=True, count=False) for group in state.usergroups.values()]
    return {
        "users": {user.id: user_shown(user) for user in state.users.values()},
        "usergroups": {group["id"]: group for group in groups if not group["date_delete"]},
    }


def conversation_shown(state: State, channel: Channel, person: Person) -> Json:
    """A conversation as it stands in somebody's list; `with` is whom a DM is with."""
    unread, mentions = _unread(channel, person)
    shape: Json = {
        "id": channel.id,
        "kind": channel.kind,
        "name": channel.name,
        "creator": channel.creator,
        "created": channel.created,
        "is_member": person.id in channel.members,
        "is_open": person.id in channel.open_for,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "topic": channel.topic.value,
        "purpose": channel.purpose.value,
        "members": [*channel.members],
        "pins": [*channel.pins],
        "bookmarks": [shapes.bookmark_json(state, bookmark) for bookmark in channel.bookmarks.values()],
        "last_read": channel.last_read.get(person.id, ""),
        "unread": unread,
        "mentions": mentions,
    }
    if channel.kind == "im":
        shape["with"] = next((user for user in channel.members if user != person.id), person.id)
    return shape


def conversations_shown(state: State, person: Person) -> dict[str, Json | None]:
    """Every conversation they may know of, by id, oldest first."""
    found = (channel for channel in state.channels.values() if state.visible(channel, person.id))
    return {channel.id: conversation_shown(state, channel, person) for channel in found}


def message_shown(state: State, channel: Channel, message: Message, person: Person) -> Json:
    """A message as Slack gives it, with where it stands and what this person has chosen on it."""
    shape = shapes.message_json(state, message)
    shape.pop("metadata", None)
    if files := shape.get("files"):
        shape["files"] = [{key: value for key, value in file.items() if key not in _SHARED} for file in files]
    shape |= {"channel": channel.id, "author": message.user, "pinned": message.pinned}
    if pin := channel.pins.get(message.ts):
        shape["pinned_by"] = pin.created_by
    if message.broadcast:
        parent = channel.messages.get(message.thread_ts or "")
        shape |= {"is_broadcast": True, "root_text": parent.text if parent else ""}
    if message.ephemeral_to is not None:
        shape["thread_ts"] = message.thread_ts
    if message.username:
        shape["username"] = message.username
    if entered := message.entered.get(person.id):
        shape["values"] = entered
    return shape


def view_shown(state: State, view: View) -> Json:
    """A modal or Home tab with what is entered in it now; what is entered later changes nothing here."""
    return shapes.view_json(state, view) | {"state": {"values": deepcopy(view.values)}}


def is_for(message: Message, person: Person) -> bool:
    """Whether this person is shown the message: everybody is, but for what only somebody else sees."""
    return message.ephemeral_to in (None, person.id)


def _unread(channel: Channel, person: Person) -> tuple[int, int]:
    """How many messages are new for them, and how many of those name them or are in a DM."""
    if person.id not in channel.members:
        return 0, 0
    last_read, unread, mentions = channel.last_read.get(person.id, ""), 0, 0
    for ts in reversed(channel.messages):
        message = channel.messages[ts]
        if ts <= last_read or unread >= MOST_COUNTED:
            break
        if message.user == person.id or (message.is_reply and not message.broadcast) or _is_quiet(message):
            continue
        unread += 1
        mentions += channel.is_direct or f"<@{person.id}>" in message.text or "<!channel>" in message.text
    return unread, mentions


def _is_quiet(message: Message) -> bool:
    """Joins, leaves and tombstones make no channel bold."""
    return message.subtype is not None and (
        message.subtype == "tombstone" or message.subtype.startswith(("channel_", "group_"))
    )
