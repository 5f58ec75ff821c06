"""Conversations: making, joining, leaving, inviting, naming, archiving, and opening DMs."""

from collections.abc import Iterable

from sandbox.state import shapes
from sandbox.state.chat import Chat
from sandbox.state.core import State
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, Kind, Words
from sandbox.state.names import check_channel_name

_LONGEST_TOPIC = 250  # protocol.md, section 12
_PREFIX: dict[Kind, str] = {"public": "C", "private": "C", "im": "D", "mpim": "C"}


class Conversations:
    """The conversations of a workspace, and who takes part in them."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self._chat = chat

    def create(self, name: str, *, by: str, private: bool = False) -> Channel:
        """Make a channel with its creator as the first member."""
        check_channel_name(name)
        self._refuse_guest(by)
        self._refuse_taken(name)
        channel = self._add("private" if private else "public", name, by, [by])
        if not private:
            shape = shapes.channel_json(self._state, channel, by)
            self._state.emit({"type": "channel_created", "channel": shape, "event_ts": self._ts()}, channel=channel)
        self._welcome(channel, by, inviter=None)
        return channel

    def join(self, channel: Channel, *, by: str) -> bool:
        """Take a place in a public channel; false when they had one already."""
        if channel.kind != "public":
            raise SlackError("method_not_supported_for_channel_type")
        if channel.is_archived:
            raise SlackError("is_archived")
        if by in channel.members:
            return False
        self._admit(channel, by, inviter=None)
        return True

    def leave(self, channel: Channel, *, by: str) -> None:
        """Give up a place in a channel."""
        self._only_channels(channel)
        if channel.is_archived:
            raise SlackError("is_archived")
        if channel.is_general:
            raise SlackError("cant_leave_general")
        if by in channel.members and len(channel.members) == 1:
            raise SlackError("last_member")
        self._dismiss(channel, by)

    def invite(self, channel: Channel, users: list[str], *, by: str, force: bool = False) -> list[Json]:
        """Bring people in, all or none; with `force`, those who can come (methods.json: conversations.invite)."""
        self._only_channels(channel)
        problems = [problem for user in users if (problem := self._cannot_be_invited(channel, user, by=by))]
        if problems and not (force and len(problems) < len(users)):
            raise SlackError(problems[0]["error"], errors=problems)
        failed = {problem["user"] for problem in problems}
        for user in dict.fromkeys(users):
            if user not in failed:
                self._admit(channel, user, inviter=by)
        return problems

    def kick(self, channel: Channel, user: str, *, by: str) -> None:
        """Remove someone; not_in_channel when they are not there (methods.json: conversations.kick)."""
        self._only_channels(channel)
        self._state.user(user)
        if user == by:
            raise SlackError("cant_kick_self")
        if channel.is_general:
            raise SlackError("cant_kick_from_general")
        if user not in channel.members:
            raise SlackError("not_in_channel")
        self._dismiss(channel, user)

    def rename(self, channel: Channel, name: str, *, by: str) -> None:
        """Give the channel another name; only its creator and admins may."""
        self._only_channels(channel)
        check_channel_name(name)
        if by != channel.creator and not self._state.users[by].is_admin:
            raise SlackError("not_authorized")
        if name == channel.name:
            return
        self._refuse_taken(name)
        old, channel.name = channel.name, name
        channel.previous_names.append(old)
        self._chat.say(channel, by=by, subtype="name", text=_renamed(by, old, name), old_name=old, name=name)
        shape = {"id": channel.id, "name": name, "name_normalized": name, "created": channel.created}
        shape |= {"is_channel": channel.kind == "public", "is_mpim": False}
        event = {"type": self._event("rename", channel), "channel": shape, "event_ts": self._ts()}
        self._state.emit(event, channel=channel)

    def archive(self, channel: Channel, *, by: str) -> None:
        """Close the channel for good reading only."""
        self._only_channels(channel)
        if channel.is_archived:
            raise SlackError("already_archived")
        if channel.is_general:
            raise SlackError("cant_archive_general")
        self._chat.say(
            channel, by=by, subtype="archive", text=f"<@{by}> archived the channel", members=[*channel.members]
        )
        channel.is_archived = True
        self._emit_by("archive", channel, by, is_moved=0)

    def unarchive(self, channel: Channel, *, by: str) -> None:
        """Open an archived channel again, with whoever does so as a member."""
        self._only_channels(channel)
        if not channel.is_archived:
            raise SlackError("not_archived")
        channel.is_archived = False
        channel.members[by] = None
        self._chat.say(channel, by=by, subtype="unarchive", text=f"<@{by}> un-archived the channel")
        self._emit_by("unarchive", channel, by)

    def set_topic(self, channel: Channel, topic: str, *, by: str) -> None:
        """Change the topic (at most 250 characters) and say so in the channel."""
        self._check_words(channel, topic)
        if topic == channel.topic.value:
            return
        channel.topic = Words(topic, by, self._state.clock.seconds())
        text = f"<@{by}> set the channel topic: {topic}" if topic else f"<@{by}> cleared the channel topic"
        self._chat.say(channel, by=by, subtype="topic", text=text, topic=topic)

    def set_purpose(self, channel: Channel, purpose: str, *, by: str) -> None:
        """Change the purpose (at most 250 characters) and say so in the channel."""
        self._check_words(channel, purpose)
        if purpose == channel.purpose.value:
            return
        channel.purpose = Words(purpose, by, self._state.clock.seconds())
        text = f"<@{by}> set the channel description: {purpose}" if purpose else f"<@{by}> cleared the description"
        self._chat.say(channel, by=by, subtype="purpose", text=text, purpose=purpose)

    def open(self, users: Iterable[str], *, by: str) -> tuple[Channel, bool]:
        """The DM or group DM of these people with `by`, and whether it was open already."""
        members = list(dict.fromkeys([by, *users]))
        channel = self.find_direct(members)
        if channel is None:
            kind: Kind = "im" if len(members) <= 2 else "mpim"
            names = "--".join(self._state.user(user).name for user in members)
            channel = self._add(kind, "" if kind == "im" else f"mpdm-{names}-1", by, members)
        was_open = by in channel.open_for
        channel.open_for.add(by)
        if not was_open:
            self._state.changed(channel)
        return channel, was_open

    def find_direct(self, members: list[str]) -> Channel | None:
        """The DM or group DM of exactly these people, if there is one."""
        wanted = set(members)
        return next((c for c in self._state.channels.values() if c.is_direct and set(c.members) == wanted), None)

    def close(self, channel: Channel, *, by: str) -> bool:
        """Take a DM off someone's list; false when it was not on it."""
        if not channel.is_direct:
            raise SlackError("method_not_supported_for_channel_type")
        was_open = by in channel.open_for
        channel.open_for.discard(by)
        self._state.changed(channel)
        return was_open

    def admit_quietly(self, channel: Channel, user: str) -> None:
        """Make someone a member without a word, as when a workspace is set up."""
        channel.members[user] = None
        self._state.changed(channel)

    def _add(self, kind: Kind, name: str, creator: str, members: list[str]) -> Channel:
        channel_id = self._state.ids.new(_PREFIX[kind])
        channel = Channel(channel_id, kind, name, creator, created=self._state.clock.seconds())
        channel.members = dict.fromkeys(members)
        self._state.channels[channel.id] = channel
        self._state.changed(channel)
        return channel

    def _admit(self, channel: Channel, user: str, *, inviter: str | None) -> None:
        channel.members[user] = None
        self._welcome(channel, user, inviter=inviter)

    def _welcome(self, channel: Channel, user: str, *, inviter: str | None) -> None:
        extra = {"inviter": inviter} if inviter else {}
        self._chat.say(channel, by=user, subtype="join", text=f"<@{user}> has joined the channel", **extra)
        event = {"type": "member_joined_channel", "user": user, "channel": channel.id, **extra}
        self._emit_member(channel, event)

    def _dismiss(self, channel: Channel, user: str) -> None:
        channel.members.pop(user, None)
        if channel.members:
            self._chat.say(channel, by=user, subtype="leave", text=f"<@{user}> has left the channel")
        self._emit_member(channel, {"type": "member_left_channel", "user": user, "channel": channel.id})
        if user == self._state.app.bot_user_id:
            event = {"type": self._event("left", channel), "channel": channel.id, "actor_id": user}
            self._state.emit(event | {"event_ts": self._ts()}, channel=channel)

    def _emit_member(self, channel: Channel, event: Json) -> None:
        letter = "C" if channel.kind == "public" else "G"
        extra = {"channel_type": letter, "team": self._state.team.id, "event_ts": self._ts()}
        self._state.emit(event | extra, channel=channel)
        self._state.changed(channel)

    def _emit_by(self, what: str, channel: Channel, by: str, **extra: int) -> None:
        event = {"type": self._event(what, channel), "channel": channel.id, "user": by, **extra}
        self._state.emit(event | {"event_ts": self._ts()}, channel=channel)
        self._state.changed(channel)

    def _event(self, what: str, channel: Channel) -> str:
        return f"{'group' if channel.kind == 'private' else 'channel'}_{what}"

    def _ts(self) -> str:
        return self._state.event_ts()

    def _cannot_be_invited(self, channel: Channel, user: str, *, by: str) -> Json | None:
        if user == by:
            code = "cant_invite_self"
        elif user not in self._state.users:
            code = "user_not_found"
        elif self._state.users[user].deleted or self._state.users[user].id == "USLACKBOT":
            code = "cant_invite"
        elif user in channel.members:
            code = "already_in_channel"
        else:
            return None
        return {"user": user, "ok": False, "error": code}

    def _check_words(self, channel: Channel, words: str) -> None:
        if channel.kind == "im":
            raise SlackError("method_not_supported_for_channel_type")
        if len(words) > _LONGEST_TOPIC:
            raise SlackError("too_long")

    def _only_channels(self, channel: Channel) -> None:
        if channel.is_direct:
            raise SlackError("method_not_supported_for_channel_type")

    def _refuse_guest(self, user: str) -> None:
        if self._state.users[user].is_restricted:
            raise SlackError("restricted_action")

    def _refuse_taken(self, name: str) -> None:
        # Archived channels keep their names (protocol.md, section 12).
        if self._state.channel_named(name) is not None:
            raise SlackError("name_taken")


def _renamed(by: str, old: str, new: str) -> str:
    return f'<@{by}> has renamed the channel from "{old}" to "{new}"'
