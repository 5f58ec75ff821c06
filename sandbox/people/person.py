"""Someone in the workspace: what they do, and what they see."""

from collections.abc import Callable, Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from sandbox.contract.messages import TEXT_LIMIT
from sandbox.people.commands import Reply, run_command, run_message_shortcut, run_shortcut
from sandbox.people.form import Form
from sandbox.people.inputs import Directory
from sandbox.people.pressing import MessageControls
from sandbox.people.seen import NotVisible, Screen, Search, SeenMessage
from sandbox.people.typed import as_message
from sandbox.people.world import World
from sandbox.state import shapes
from sandbox.state.errors import SlackError
from sandbox.state.model import Bookmark, Channel, Json, Message, User


class Person:
    """One human user; every deed goes by Slack's rules and raises SlackError where Slack would refuse it."""

    def __init__(self, world: World, user: User) -> None:
        self.user = user
        self._world = world
        self._workspace = world.workspace
        self._screen = Screen(world.workspace, user)
        self._directory = Directory(self._user_id, self._channel_id, self._upload)

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    # Towards the app

    async def command(self, line: str, *, channel: str) -> Reply:
        """Type a slash command in a channel and see what comes back at once."""
        return await run_command(self._world, self._screen, self._active(channel), line)

    async def shortcut(self, name: str) -> Reply:
        """Use one of the app's global shortcuts."""
        return await run_shortcut(self._world, self._screen, name)

    async def message_shortcut(self, name: str, message: SeenMessage) -> Reply:
        """Use one of the app's message shortcuts on a message."""
        channel, found = self._at(message)
        return await run_message_shortcut(self._world, self._screen, channel, found, name)

    async def press(self, label: str, message: SeenMessage) -> Reply:
        """Press a button on a message; a confirmation is accepted."""
        return await self._controls(message).press(label)

    async def choose(self, option: str, message: SeenMessage, *, menu: str | None = None) -> Reply:
        """Choose from a menu on a message; `menu` names one whose options are people or channels."""
        return await self._controls(message).choose(option, self._directory, menu=menu)

    async def form(self, timeout: float = 10) -> Form:  # noqa: ASYNC109  what a test says, not how it is done
        """The modal in front of them, once one is open."""
        what = f"{self.name} sees no form"
        return await self._world.changes.until(self.open_form, within=timeout, what=lambda: what)

    def open_form(self) -> Form | None:
        """The modal in front of them now, if any."""
        view = self._workspace.views.top(self.id)
        return Form(self._world, self._screen, view, self._directory) if view else None

    def view(self, view_id: str) -> Form:
        """The modal or Home tab of theirs with this id; raises NotVisible once it is gone."""
        view = self._workspace.views.find(view_id)
        if view is None or view.user_id != self.id:
            raise NotVisible("this form is closed")
        return Form(self._world, self._screen, view, self._directory)

    def controls(self, message: SeenMessage) -> MessageControls:
        """What can be pressed and chosen on a message, by ids."""
        return self._controls(message)

    async def opens_home(self, tab: Literal["home", "messages"] = "home") -> Form | None:
        """Go to the app's Home (or to its other tab); gives what is on it once something was published."""
        self._refuse_closed_tab(tab)
        dm, _ = self._workspace.conversations.open([self._workspace.bot.id], by=self._acting)
        view = self._workspace.views.home(self.id)
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": dm.id, "tab": tab}
        shown = {"view": shapes.view_json(self._workspace, view)} if view else {}
        self._workspace.emit(event | shown | {"event_ts": self._workspace.event_ts()}, channel=None)
        return Form(self._world, self._screen, view, self._directory) if view and tab == "home" else None

    # In conversations

    async def types(
        self, words: str, *, channel: str, thread: SeenMessage | None = None, broadcast: bool = False
    ) -> SeenMessage:
        """Send a message, in a thread if one is named, and then to the channel too if it is broadcast."""
        _check_words(words)
        place = self._open(channel)
        draft = self._draft(words, thread) | {"reply_broadcast": broadcast}
        message = self._workspace.chat.post(place, by=self._acting, draft=draft)
        return self._screen.see(place, message)

    async def edits(self, message: SeenMessage, words: str) -> SeenMessage:
        """Change a message of their own."""
        _check_words(words)
        channel, found = self._posted(message)
        changes = {"text": as_message(self._workspace, self._screen, words)}
        return self._screen.see(channel, self._workspace.chat.edit(channel, found, by=self._acting, changes=changes))

    async def deletes(self, message: SeenMessage) -> None:
        """Delete a message of their own."""
        channel, found = self._posted(message)
        self._workspace.chat.delete(channel, found, by=self._acting)

    async def dismisses(self, message: SeenMessage) -> None:
        """Take a message that only they are shown off their screen."""
        channel, found = self._at(message)
        if found.ephemeral_to != self.id:
            raise SlackError("message_not_found")
        self._workspace.chat.delete_ephemeral(channel, found)

    async def reads(self, channel: str, ts: str) -> None:
        """Have read a conversation up to this message; what was read stays so."""
        place = self._screen.channel(channel)
        if ts > place.last_read.get(self.id, ""):
            place.last_read[self.id] = ts
            self._workspace.changed(place)

    async def reacts(self, message: SeenMessage, emoji: str) -> None:
        """Put a reaction on a message."""
        channel, found = self._posted(message)
        self._workspace.reactions.add(channel, found, emoji.strip(":"), by=self._acting)

    async def unreacts(self, message: SeenMessage, emoji: str) -> None:
        """Take a reaction of their own back."""
        channel, found = self._posted(message)
        self._workspace.reactions.remove(channel, found, emoji.strip(":"), by=self._acting)

    async def pins_message(self, message: SeenMessage) -> None:
        """Pin a message to its channel."""
        channel, found = self._posted(message)
        self._workspace.pins.add(channel, found, by=self._acting)

    async def unpins_message(self, message: SeenMessage) -> None:
        """Take a pin off."""
        channel, found = self._posted(message)
        self._workspace.pins.remove(channel, found, by=self._acting)

    async def uploads(
        self, name: str, content: bytes, *, channel: str, words: str = "", thread: SeenMessage | None = None
    ) -> SeenMessage:
        """Share a file in a channel or thread."""
        return await self.uploads_all([(name, content)], channel=channel, words=words, thread=thread)

    async def uploads_all(
        self,
        contents: Sequence[tuple[str, bytes]],
        *,
        channel: str,
        words: str = "",
        thread: SeenMessage | None = None,
    ) -> SeenMessage:
        """Share files, each a name and its bytes, in one message."""
        place, draft = self._open(channel), self._draft(words, thread)
        files = [self._workspace.files[self._upload(each)["id"]] for each in contents]
        return self._screen.see(place, self._workspace.file_store.share(files, place, by=self._acting, draft=draft))

    def uploads_for_form(self, contents: Sequence[tuple[str, bytes]]) -> list[Json]:
        """Upload files that a form is to hold, and give them as `state.values` has them."""
        return [self._upload(each) for each in contents]

    async def opens_direct(self, user_ids: Sequence[str]) -> str:
        """Open the DM or group DM with these people, by their ids, and give its id."""
        return self._workspace.conversations.open(list(user_ids), by=self._acting)[0].id

    async def creates(self, name: str, *, private: bool = False) -> None:
        """Make a channel."""
        self._workspace.conversations.create(name, by=self._acting, private=private)

    async def joins(self, channel: str) -> None:
        """Join a public channel."""
        self._workspace.conversations.join(self._screen.channel(channel), by=self._acting)

    async def leaves(self, channel: str) -> None:
        """Leave a channel."""
        self._workspace.conversations.leave(self._joined(channel), by=self._acting)

    async def invites(self, name: str, channel: str) -> None:
        """Bring someone (or the app, by its bot's name) into a channel."""
        self._workspace.conversations.invite(self._active(channel), [self._user_id(name)], by=self._acting)

    async def removes(self, name: str, channel: str) -> None:
        """Remove someone from a channel."""
        self._workspace.conversations.kick(self._active(channel), self._user_id(name), by=self._acting)

    async def renames(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        self._workspace.conversations.rename(self._active(channel), name, by=self._acting)

    async def sets_topic(self, channel: str, topic: str) -> None:
        """Change a channel's topic."""
        self._workspace.conversations.set_topic(self._open(channel), topic, by=self._acting)

    async def archives(self, channel: str) -> None:
        """Archive a channel."""
        self._workspace.conversations.archive(self._joined(channel), by=self._acting)

    async def unarchives(self, channel: str) -> None:
        """Bring an archived channel back."""
        self._workspace.conversations.unarchive(self._screen.channel(channel), by=self._acting)

    async def changes_profile(self, **changes: str) -> None:
        """Change what is given of their real_name, title, email and tz (a zone's name)."""
        if "tz" in changes:
            ZoneInfo(changes["tz"])  # an unknown zone is refused here, not when someone reads a time
        self._workspace.change_profile(self._workspace.user(self._acting), **changes)

    # Seeing

    def sees(self, channel: str) -> list[SeenMessage]:
        """The channel from oldest to newest, with what only they are shown."""
        return self._screen.messages(self._screen.channel(channel))

    def finds(self, channel: str, containing: str) -> SeenMessage | None:
        """The newest message here that reads so, in threads too, if there is one."""
        return self._screen.newest(self._screen.channel(channel), containing)

    async def wait_for(self, channel: str, *, containing: str, timeout: float = 10) -> SeenMessage:  # noqa: ASYNC109
        """The newest message that reads so, once it is there; the channel may be yet to come."""
        search = Search(self._screen, containing)
        return await self._world.changes.until(
            lambda: search.newest(self._screen.channel(channel)) if self._knows(channel) else None,
            within=timeout,
            what=lambda: f"{self.name} sees no {containing!r} in {channel}, but {self._shown(channel)}",
        )

    async def until(self, look: Callable[[], object], *, what: str = "", timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until what they see is as `look` wants it; what is not there for them yet may still come."""
        await self._world.changes.until(
            lambda: _truth(look), within=timeout, what=lambda: what or f"{self.name} did not see what was awaited"
        )

    async def wait_for_channel(self, beginning: str, *, timeout: float = 10) -> str:  # noqa: ASYNC109
        """The name of the first channel they can find that begins so, once there is one."""
        return await self._world.changes.until(
            lambda: next((name for name in self.channels() if name.startswith(beginning)), None),
            within=timeout,
            what=lambda: f"{self.name} sees no channel {beginning}…, but {self.channels()}",
        )

    def channels(self) -> list[str]:
        """Names of the conversations they can find, DMs as @name."""
        return self._screen.channels()

    def dm(self) -> list[SeenMessage]:
        """Their DM with the app, empty while there is none."""
        channel = self._workspace.conversations.find_direct([self.id, self._workspace.bot.id])
        return self._screen.messages(channel) if channel else []

    def home(self) -> list[Json]:
        """The blocks of the app's Home tab as last published for them."""
        view = self._workspace.views.home(self.id)
        return view.blocks if view else []

    def topic(self, channel: str) -> str:
        return self._screen.topic(self._screen.channel(channel))

    def members(self, channel: str) -> list[str]:
        return self._screen.members(self._screen.channel(channel))

    def pins(self, channel: str) -> list[SeenMessage]:
        return self._screen.pins(self._screen.channel(channel))

    def bookmarks(self, channel: str) -> list[Bookmark]:
        return self._screen.bookmarks(self._screen.channel(channel))

    @property
    def screen(self) -> Screen:
        """Everything they see, in finer grain."""
        return self._screen

    # Finding things

    @property
    def _acting(self) -> str:
        """Their id for whatever they do; account_inactive once they are deactivated."""
        if self.user.deleted:
            raise SlackError("account_inactive")
        return self.id

    def _joined(self, name: str) -> Channel:
        return self._workspace.joined_channel(self._conversation(name).id, self._acting)

    def _active(self, name: str) -> Channel:
        return self._workspace.active_channel(self._conversation(name).id, self._acting)

    def _open(self, name: str) -> Channel:
        channel = self._active(name)
        if channel.kind == "im" and self._workspace.bot.id in channel.members:
            self._refuse_closed_tab("messages")
        return channel

    def _refuse_closed_tab(self, tab: Literal["home", "messages"]) -> None:
        if tab == "home" and not self._world.manifest.home_tab_enabled:
            raise SlackError("not_enabled")
        if tab == "messages" and not self._world.manifest.messages_tab_enabled:
            raise SlackError("messages_tab_disabled")

    def _draft(self, words: str, thread: SeenMessage | None) -> Json:
        """A message as they write it; names they can pick become mentions."""
        draft: Json = {"text": as_message(self._workspace, self._screen, words)}
        return draft | ({"thread_ts": thread.thread_ts or thread.ts} if thread else {})

    def _conversation(self, name: str) -> Channel:
        if name.startswith("@") and name not in self.channels():
            return self._workspace.conversations.open([self._user_id(name)], by=self._acting)[0]
        return self._screen.channel(name)

    def _at(self, message: SeenMessage) -> tuple[Channel, Message]:
        channel = self._workspace.channel(message.channel_id, self.id)
        found = self._workspace.chat.find(channel, message.ts)
        if found is None or found.ephemeral_to not in (None, self.id):
            raise SlackError("message_not_found")
        return channel, found

    def _posted(self, message: SeenMessage) -> tuple[Channel, Message]:
        """A message that everyone here sees, no ephemeral one and no tombstone; message_not_found otherwise."""
        channel = self._workspace.channel(message.channel_id, self._acting)
        return channel, self._workspace.message(channel, message.ts)

    def _controls(self, message: SeenMessage) -> MessageControls:
        channel, found = self._at(message)
        entered = found.entered.setdefault(self.id, {})
        return MessageControls(self._world, self._screen, channel, found, entered)

    def _user_id(self, name: str) -> str:
        return self._workspace.user_named(name.removeprefix("@")).id

    def _channel_id(self, name: str) -> str:
        return self._conversation(name).id

    def _upload(self, file: object) -> Json:
        """A file (name and bytes) as it is once uploaded, not yet shared."""
        name, content = file if isinstance(file, tuple) else (str(file), str(file).encode())
        announced = self._workspace.file_store.announce(name, by=self._acting, size=len(content))
        self._workspace.file_store.receive(announced.id, content)
        return shapes.file_json(self._workspace, self._workspace.file_store.complete(announced.id, by=self._acting))

    def _knows(self, channel: str) -> bool:
        return channel.removeprefix("#") in self.channels()

    def _shown(self, channel: str) -> list[str]:
        return [message.text for message in self.sees(channel)] if self._knows(channel) else []


def _check_words(words: str) -> None:
    if not words.strip():
        raise SlackError("no_text")
    # What Slack's own client takes is not documented; no message is longer than this (protocol.md, section 11).
    if len(words) > TEXT_LIMIT:
        raise SlackError("msg_too_long")


def _truth(look: Callable[[], object]) -> bool | None:
    try:
        return True if look() else None
    except NotVisible:
        return None
