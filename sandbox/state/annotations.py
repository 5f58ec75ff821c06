"""What people add to messages and channels: reactions, pins and bookmarks."""

import re
from urllib.parse import urlsplit

from sandbox.contract.emoji import is_emoji
from sandbox.state import shapes
from sandbox.state.chat import SYSTEM_SUBTYPES
from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.model import Bookmark, Channel, Json, Message, Pin, Reaction

_EMOJI = re.compile(r"[a-z0-9_+'\-]+(::skin-tone-[2-6])?")
_MOST_BOOKMARKS = 100  # methods.json: bookmarks.add


class Reactions:
    """The reactions on messages."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, channel: Channel, message: Message, name: str, *, by: str) -> None:
        """React to a message, once per person and emoji."""
        if not is_emoji(name) and name not in self._state.emoji:
            raise SlackError("invalid_name")
        if channel.is_archived:
            raise SlackError("is_archived")
        reaction = self._find(message, name)
        if reaction is not None and by in reaction.users:
            raise SlackError("already_reacted")
        if reaction is None:
            message.reactions.append(Reaction(name, [by]))
        else:
            reaction.users.append(by)
        self._emit("reaction_added", channel, message, name, by)

    def remove(self, channel: Channel, message: Message, name: str, *, by: str) -> None:
        """Take one's own reaction back; no_reaction when there is none."""
        reaction = self._find(message, name)
        if reaction is None or by not in reaction.users:
            raise SlackError("no_reaction")
        reaction.users.remove(by)
        if not reaction.users:
            message.reactions.remove(reaction)
        self._emit("reaction_removed", channel, message, name, by)

    def _find(self, message: Message, name: str) -> Reaction | None:
        return next((reaction for reaction in message.reactions if reaction.name == name), None)

    def _emit(self, event: str, channel: Channel, message: Message, name: str, by: str) -> None:
        item = {"type": "message", "channel": channel.id, "ts": message.ts}
        shape = {"type": event, "user": by, "reaction": name, "item": item, **_item_user(self._state, message)}
        self._state.emit(shape | {"event_ts": self._state.event_ts()}, channel=channel)
        self._state.changed(channel, message=message.ts)


class Pins:
    """The messages pinned to conversations."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, channel: Channel, message: Message, *, by: str) -> Pin:
        """Pin a message; system messages cannot be (methods.json: pins.add)."""
        if message.subtype in SYSTEM_SUBTYPES:
            raise SlackError("not_pinnable")
        if message.ts in channel.pins:
            raise SlackError("already_pinned")
        pin = channel.pins[message.ts] = Pin(message.ts, self._state.clock.seconds(), by)
        message.pinned = True
        self._emit("pin_added", channel, pin, by)
        return pin

    def remove(self, channel: Channel, message: Message, *, by: str) -> None:
        """Unpin a message; no_pin when it is not pinned."""
        if message.ts not in channel.pins:
            raise SlackError("no_pin")
        pin = channel.pins.pop(message.ts)
        message.pinned = False
        self._emit("pin_removed", channel, pin, by, has_pins=bool(channel.pins))

    def _emit(self, event: str, channel: Channel, pin: Pin, by: str, **extra: bool) -> None:
        info = {"channel": channel.id, "pinned_by": pin.created_by, "pinned_ts": pin.created}
        shape: Json = {"type": event, "user": by, "channel_id": channel.id, "pinned_info": info}
        shape |= {"item": shapes.pin_json(self._state, channel, pin)}
        shape |= _item_user(self._state, channel.messages[pin.ts])
        shape |= {"pin_count": len(channel.pins), "event_ts": self._state.event_ts(), **extra}
        self._state.emit(shape, channel=channel)
        self._state.changed(channel, message=pin.ts)


class Bookmarks:
    """The links in the bar of a channel."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, channel: Channel, *, by: str, title: str, link: str | None, emoji: str | None) -> Bookmark:
        """Put a link up; at most 100 per conversation."""
        _check_link(link)
        _check_emoji(emoji)
        if len(channel.bookmarks) >= _MOST_BOOKMARKS:
            raise SlackError("too_many_bookmarks")
        now = self._state.clock.seconds()
        bookmark_id, rank = self._state.ids.new("Bk"), f"{len(channel.bookmarks) + 1:05d}"
        bookmark = Bookmark(bookmark_id, channel.id, title, link, emoji, "link", rank, now, 0, by)
        channel.bookmarks[bookmark_id] = bookmark
        self._state.changed(channel)
        return bookmark

    def edit(self, channel: Channel, bookmark_id: str, *, by: str, changes: dict[str, str]) -> Bookmark:
        """Change a bookmark's title, link or emoji."""
        bookmark = self._get(channel, bookmark_id)
        if "link" in changes:
            _check_link(changes["link"])
        _check_emoji(changes.get("emoji"))
        for name, value in changes.items():
            setattr(bookmark, name, value)
        bookmark.updated_by, bookmark.date_updated = by, self._state.clock.seconds()
        self._state.changed(channel)
        return bookmark

    def remove(self, channel: Channel, bookmark_id: str) -> None:
        """Take a link down."""
        del channel.bookmarks[self._get(channel, bookmark_id).id]
        self._state.changed(channel)

    def _get(self, channel: Channel, bookmark_id: str) -> Bookmark:
        if bookmark_id not in channel.bookmarks:
            raise SlackError("not_found")
        return channel.bookmarks[bookmark_id]


def _item_user(state: State, message: Message) -> Json:
    """Whose message it is; absent where no user wrote it (protocol.md, section 7.6)."""
    return {"item_user": message.user} if message.user in state.users else {}


def _check_link(link: str | None) -> None:
    parts = urlsplit(link or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SlackError("invalid_link")


def _check_emoji(emoji: str | None) -> None:
    if emoji and not _EMOJI.fullmatch(emoji.strip(":")):
        raise SlackError("invalid_emoji")
