"""What every operation shares: the records, who may see which, and telling those who listen."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.ids import Ids
from sandbox.lately import keep_latest
from sandbox.state.errors import SlackError
from sandbox.state.model import App, Channel, File, Integration, Json, Message, Team, User, UserGroup

MOST_COMPLAINTS = 1000
EventListener = Callable[[Json, Channel | None], None]
ChangeListener = Callable[["Change"], None]


@dataclass(frozen=True)
class Change:
    """What a person could see is different now: a message of a conversation, a conversation, or something else."""

    channel: Channel | None = None
    ts: str | None = None  # of the message that is new, changed or gone
    user_id: str | None = None  # whose modals or Home tab they are; None with no channel: the people of the workspace


class State:
    """The records of one workspace with one installed app."""

    def __init__(self, *, team: Team, app: App, clock: Clock, ids: Ids) -> None:
        self.team = team
        self.app = app
        self.clock = clock
        self.ids = ids
        self.url = f"https://{team.domain}.slack.com/"
        self.users: dict[str, User] = {}
        self.integrations: dict[str, Integration] = {}  # by bot_id, the app's own among them
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.usergroups: dict[str, UserGroup] = {}
        self.emoji: dict[str, str] = {}
        self.complaints: list[str] = []
        self._event_listeners: list[EventListener] = []
        self._change_listeners: list[ChangeListener] = []

    # Who listens

    def on_event(self, listener: EventListener) -> None:
        """Call the listener with every event and the conversation it belongs to (none: the whole workspace)."""
        self._event_listeners.append(listener)

    def on_change(self, listener: ChangeListener) -> None:
        """Call the listener after everything a person could see change, events or not (ephemerals, views)."""
        self._change_listeners.append(listener)

    def emit(self, event: Json, *, channel: Channel | None) -> None:
        """Tell the listeners of an event; whether the app gets it is the link's to decide."""
        for listener in self._event_listeners:
            listener(event, channel)

    def changed(
        self, channel: Channel | None = None, *, message: str | None = None, user_id: str | None = None
    ) -> None:
        """Tell the listeners that something a person can see is different now; `message` is a ts."""
        change = Change(channel, message, user_id)
        for listener in self._change_listeners:
            listener(change)

    def complain(self, about: str) -> None:
        """Note something that Slack accepts with a warning or advises against."""
        self.complaints.append(about)
        keep_latest(self.complaints, MOST_COMPLAINTS)

    def event_ts(self) -> str:
        """A ts for an event that is no message."""
        micros = int(self.clock.timestamp() * 1_000_000)
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    # Who is there, and who may see what

    def user(self, user_id: str) -> User:
        """The user with this id, or user_not_found."""
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def user_named(self, name: str) -> User:
        """The user with this name, as people know them (KeyError when there is none)."""
        for user in self.users.values():
            if user.name == name:
                return user
        raise KeyError(name)

    def usergroup_named(self, handle: str) -> UserGroup:
        """The user group with this handle, disabled ones included (KeyError when there is none)."""
        for group in self.usergroups.values():
            if group.handle == handle.removeprefix("@"):
                return group
        raise KeyError(handle)

    def integration_of(self, author: str) -> Integration | None:
        """What posts under this user id or bot_id; None for a person."""
        user = self.users.get(author)
        return self.integrations.get((user.bot_id or "") if user else author)

    def integration_named(self, name: str) -> Integration | None:
        """The other app or webhook of this name, if it is installed."""
        others = (one for one in self.integrations.values() if one.app_id != self.app.id)
        return next((one for one in others if one.name == name), None)

    def channel_named(self, name: str) -> Channel | None:
        """The channel with this name, archived ones included, if any."""
        name = name.removeprefix("#")
        return next((c for c in self.channels.values() if c.name == name and not c.is_direct), None)

    def visible(self, channel: Channel, viewer: str) -> bool:
        """Whether this user may know of the conversation: members do, and everyone but guests of public channels."""
        user = self.users.get(viewer)  # an incoming webhook is no user
        return viewer in channel.members or (channel.kind == "public" and not (user and user.is_restricted))

    def channel(self, channel_id: str, viewer: str) -> Channel:
        """The conversation with this id; channel_not_found when there is none or the viewer may not know of it."""
        channel = self.channels.get(channel_id)
        if channel is None or not self.visible(channel, viewer):
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self, channel_id: str, viewer: str) -> Channel:
        """The conversation with this id, of which the viewer is a member; not_in_channel when they are not."""
        channel = self.channel(channel_id, viewer)
        if viewer not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def active_channel(self, channel_id: str, viewer: str) -> Channel:
        """The conversation with this id, joined by the viewer and not archived; is_archived when it is."""
        channel = self.channel(channel_id, viewer)
        if channel.is_archived:
            raise SlackError("is_archived")
        return self.joined_channel(channel_id, viewer)

    def message(self, channel: Channel, ts: str) -> Message:
        """The message with this ts in the conversation, or message_not_found."""
        message = channel.messages.get(ts)
        if message is None or message.subtype == "tombstone":
            raise SlackError("message_not_found")
        return message

    def reaches_bot(self, event: Json, channel: Channel | None) -> bool:
        """Whether the bot can see what the event is about (protocol.md, section 7.4): mostly, as a member."""
        if channel is None or self.app.bot_user_id in channel.members:
            return True
        if event["type"] in ("channel_left", "group_left") or event.get("user") == self.app.bot_user_id:
            return event["type"] in ("channel_left", "group_left", "member_left_channel")
        return channel.kind == "public" and event["type"] in _PUBLIC_KNOWLEDGE


_PUBLIC_KNOWLEDGE = frozenset(
    {"channel_created", "channel_rename", "channel_deleted", "channel_archive", "channel_unarchive"}
)
