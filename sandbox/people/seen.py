"""What one person sees: conversations, messages with everything on them, the App Home."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import is_
from zoneinfo import ZoneInfo

from sandbox.blocktext import dicts, label_of, options_of, read_attachments, read_blocks
from sandbox.people.inputs import elements_of
from sandbox.state.core import State
from sandbox.state.model import Bookmark, Channel, Json, Message, User
from sandbox.text import Reader, read_mrkdwn


class NotVisible(LookupError):
    """Someone looked for a thing that is not there for them."""


@dataclass(frozen=True)
class SeenMessage:
    """One message as one person sees it at one moment."""

    channel_id: str
    ts: str
    author: str
    text: str
    blocks: list[Json]
    ephemeral: bool
    thread_ts: str | None
    subtype: str | None
    reactions: dict[str, list[str]]
    edited: bool
    pinned: bool
    buttons: list[str]
    files: list[str]
    reply_count: int
    screen: "Screen" = field(repr=False, compare=False)

    def replies(self) -> list["SeenMessage"]:
        """The thread under this message as it is now, oldest first, without the message itself."""
        return self.screen.replies(self.channel_id, self.thread_ts or self.ts)


class Screen:
    """Slack through the eyes of one person."""

    def __init__(self, state: State, user: User) -> None:
        self._state = state
        self.user = user

    def channels(self) -> list[str]:
        """Names of all conversations this person can find, DMs as @name, archived channels left out."""
        found = self._state.channels.values()
        return sorted(self.name_of(c) for c in found if self._state.visible(c, self.user.id) and not c.is_archived)

    def channel(self, name: str) -> Channel:
        """The conversation they know by this name or id; raises NotVisible when they can find none."""
        wanted = name.removeprefix("#")
        for channel in self._state.channels.values():
            if wanted in (self.name_of(channel), channel.id) and self._state.visible(channel, self.user.id):
                return channel
        raise NotVisible(f"{self.user.name} sees no conversation called {name}")

    def name_of(self, channel: Channel) -> str:
        """What this person calls a conversation: a channel's name, or the other one's name in a DM."""
        if channel.kind != "im":
            return channel.name
        other = next((user for user in channel.members if user != self.user.id), self.user.id)
        return f"@{self._state.users[other].name}"

    def messages(self, channel: Channel) -> list[SeenMessage]:
        """The channel from top to bottom: no thread replies but broadcasts, and what only they are shown."""
        shown = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
        whispered = [m for m in channel.ephemerals if m.ephemeral_to == self.user.id and not m.thread_ts]
        return self._seen(channel, [*shown, *whispered])

    def replies(self, channel_id: str, thread_ts: str) -> list[SeenMessage]:
        """A thread's replies, and what only they are shown in it."""
        channel = self._state.channel(channel_id, self.user.id)
        shown = [m for m in channel.messages.values() if m.is_reply and m.thread_ts == thread_ts]
        whispered = [m for m in channel.ephemerals if m.ephemeral_to == self.user.id and m.thread_ts == thread_ts]
        return self._seen(channel, [*shown, *whispered])

    def at(self, channel: str, ts: str) -> SeenMessage:
        """The message with this ts in the channel of this name; raises NotVisible where there is none for them."""
        place = self.channel(channel)
        mine = (m for m in place.ephemerals if m.ephemeral_to == self.user.id and m.ts == ts)
        message = place.messages.get(ts) or next(mine, None)
        if message is not None:
            return self.see(place, message)
        raise NotVisible(f"{self.user.name} sees no message {ts} in {channel}")

    def newest(self, channel: Channel, containing: str) -> SeenMessage | None:
        """The newest message they can see here that reads so, in threads too."""
        return Search(self, containing).newest(channel)

    def all_messages(self, channel: Channel) -> list[Message]:
        """Everything they can see here, threads included, newest first."""
        whispered = [m for m in channel.ephemerals if m.ephemeral_to == self.user.id]
        return sorted([*channel.messages.values(), *whispered], key=lambda m: m.ts, reverse=True)

    def whispers(self, channel: Channel) -> set[str]:
        """The ts of every message here that only they are shown."""
        return {message.ts for message in channel.ephemerals if message.ephemeral_to == self.user.id}

    def whispers_since(self, channel: Channel, known: set[str]) -> list[SeenMessage]:
        """The messages only they are shown that are not among those known before."""
        fresh = self.whispers(channel) - known
        return self._seen(channel, [message for message in channel.ephemerals if message.ts in fresh])

    def see(self, channel: Channel, message: Message) -> SeenMessage:
        """One message through their eyes."""
        return SeenMessage(
            channel_id=channel.id,
            ts=message.ts,
            author=self._author(message),
            text=self.words_of(message),
            blocks=message.blocks,
            ephemeral=message.ephemeral_to is not None,
            thread_ts=message.thread_ts,
            subtype=message.subtype,
            reactions={r.name: [self._user_name(u) or u for u in r.users] for r in message.reactions},
            edited=message.edited is not None,
            pinned=message.ts in channel.pins,
            buttons=buttons_on(blocks_of(message)),
            files=[self._state.files[file].name for file in message.files],
            reply_count=len(message.replies),
            screen=self,
        )

    def words_of(self, message: Message) -> str:
        """A message as read: its blocks where it has some, else its text, and then its attachments."""
        reader = self.reader()
        body = read_blocks(message.blocks, reader) if message.blocks else read_mrkdwn(message.text, reader)
        return "\n".join(part for part in (body, read_attachments(message.attachments, reader)) if part)

    def topic(self, channel: Channel) -> str:
        """The channel's topic as read."""
        return read_mrkdwn(channel.topic.value, self.reader())

    def members(self, channel: Channel) -> list[str]:
        """Names of those in the channel, in the order they came."""
        return [self._state.users[user].name for user in channel.members]

    def pins(self, channel: Channel) -> list[SeenMessage]:
        """The pinned messages, in the order they were pinned."""
        return [self.see(channel, channel.messages[ts]) for ts in channel.pins if ts in channel.messages]

    def bookmarks(self, channel: Channel) -> list[Bookmark]:
        """The links at the top of the channel."""
        return list(channel.bookmarks.values())

    def reader(self) -> Reader:
        """Their zone, the moment, and the names they may know."""
        return Reader(
            ZoneInfo(self.user.tz), self._state.clock.now(), self._user_name, self._channel_name, self._group_name
        )

    def name_for(self, value: str) -> str:
        """The name behind an id as they know it; anything else stays as it is."""
        return self._user_name(value) or self._channel_name(value) or value

    def _seen(self, channel: Channel, messages: Iterable[Message]) -> list[SeenMessage]:
        return [self.see(channel, message) for message in sorted(messages, key=lambda m: m.ts)]

    def _author(self, message: Message) -> str:
        return message.username or self._user_name(message.user) or message.user

    def _user_name(self, user_id: str) -> str | None:
        user = self._state.users.get(user_id)
        return user.name if user else None

    def _channel_name(self, channel_id: str) -> str | None:
        channel = self._state.channels.get(channel_id)
        return channel.name if channel and self._state.visible(channel, self.user.id) else None

    def _group_name(self, group_id: str) -> str | None:
        group = self._state.usergroups.get(group_id)
        return group.handle if group else None


class Search:
    """Someone's eye out for words: what was read once is not read again until its content is another."""

    def __init__(self, screen: Screen, containing: str) -> None:
        self._screen = screen
        self._containing = containing
        self._read: dict[str, tuple[object, ...]] = {}

    def newest(self, channel: Channel) -> SeenMessage | None:
        """The newest message here that reads so, if there is one."""
        for message in self._screen.all_messages(channel):
            if self._is_new(message) and self._containing in self._screen.words_of(message):
                return self._screen.see(channel, message)
        return None

    def _is_new(self, message: Message) -> bool:
        """Whether the message, once found not to read so, may read so now."""
        before, content = self._read.get(message.ts, ()), (message.text, message.blocks, message.attachments)
        # By identity: every change of a message puts a new list in place of the old one.
        if len(before) == len(content) and all(map(is_, before, content)):
            return False
        self._read[message.ts] = content
        return True


def blocks_of(message: Message) -> list[Json]:
    """All blocks of a message, those of its attachments included."""
    attached = [dict(block) for a in dicts(message.attachments) for block in dicts(a.get("blocks"))]
    return [*message.blocks, *attached]


def buttons_on(blocks: Iterable[Json]) -> list[str]:
    """Labels of everything to press or choose on these blocks, menus by the options they open."""
    labels: list[str] = []
    for block in blocks:
        if block.get("type") == "input":
            continue
        for element in elements_of(block):
            labels += _labels_of(element)
    return labels


def feedback_buttons(element: Json) -> list[Json]:
    """The two buttons of a feedback_buttons element (blocks.json), and none of any other."""
    if element.get("type") != "feedback_buttons":
        return []
    return [element["positive_button"], element["negative_button"]]


def _labels_of(element: Json) -> list[str]:
    if element.get("type") in ("button", "workflow_button", "icon_button"):
        return [label_of(element)]
    return [label_of(option) for option in (*feedback_buttons(element), *options_of(element))]
