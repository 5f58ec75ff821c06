"""A Slack workspace in memory: what it holds, and what can be done in it by the app or by a person."""

from typing import Protocol

from sandbox.clock import Clock
from sandbox.ids import Ids
from sandbox.state.annotations import Bookmarks, Pins, Reactions
from sandbox.state.chat import Chat
from sandbox.state.conversations import Conversations
from sandbox.state.core import State
from sandbox.state.files import Files
from sandbox.state.interactions import ResponseUrls, Triggers
from sandbox.state.model import SLACKBOT, App, Channel, Integration, Team, User, UserGroup
from sandbox.state.schedule import Schedule
from sandbox.state.user_shapes import user_json
from sandbox.state.views import Views


class AppManifest(Protocol):
    """What the workspace reads of an app's manifest."""

    @property
    def name(self) -> str: ...
    @property
    def bot_display_name(self) -> str | None: ...
    @property
    def bot_scopes(self) -> frozenset[str]: ...
    @property
    def home_tab_enabled(self) -> bool: ...
    @property
    def messages_tab_enabled(self) -> bool: ...


class Workspace(State):
    """The state, with its operations grouped as Slack groups its methods.

    Every operation names who performs it (`by`: a user id, the bot's for the app), raises SlackError with Slack's
    code when it is refused, and emits the events Slack would send.
    """

    def __init__(self, manifest: AppManifest, clock: Clock | None = None, *, seed: int | None = None) -> None:
        """An empty workspace with the app installed, #general, and every scope of the manifest granted."""
        ids = Ids(seed)
        team = Team(ids.new("T"), "Sandbox", "sandbox")
        super().__init__(team=team, app=_install(manifest, ids, team), clock=clock or Clock(), ids=ids)
        self.manifest = manifest
        self.chat = Chat(self)
        self.conversations = Conversations(self, self.chat)
        self.reactions = Reactions(self)
        self.pins = Pins(self)
        self.bookmarks = Bookmarks(self)
        self.file_store = Files(self, self.chat)
        self.triggers = Triggers(self)
        self.response_urls = ResponseUrls(self, self.chat)
        self.views = Views(self, self.triggers, home_tab_enabled=manifest.home_tab_enabled)
        self.schedule = Schedule(self, self.chat)
        self._add_bots(manifest)
        self.general = self._add_general()

    @property
    def bot(self) -> User:
        """The app's bot user."""
        return self.users[self.app.bot_user_id]

    def add_user(
        self,
        name: str,
        *,
        real_name: str | None = None,
        tz: str = "UTC",
        email: str | None = None,
        guest: bool = False,
        admin: bool = False,
    ) -> User:
        """Bring someone into the workspace, and into #general unless they are a guest."""
        user = User(self.ids.new("U"), name, real_name or name.title(), tz=tz, email=email or f"{name}@example.com")
        user.is_restricted, user.is_admin, user.updated = guest, admin, self.clock.seconds()
        self.users[user.id] = user
        if not guest:
            self.conversations.admit_quietly(self.general, user.id)
        event = {"type": "team_join", "user": user_json(self, user, email=True), "event_ts": self.event_ts()}
        self.emit(event, channel=None)
        self.changed()
        return user

    def add_integration(self, name: str, *, webhook: bool = False) -> Integration:
        """Install another app with a bot user, or an incoming webhook that has none."""
        bot_id, app_id = self.ids.new("B"), self.ids.new("A")
        integration = Integration(bot_id, name, app_id, None if webhook else self.ids.new("U"))
        self._admit(integration)
        self.changed()
        return integration

    def change_profile(
        self,
        user: User,
        *,
        real_name: str | None = None,
        tz: str | None = None,
        email: str | None = None,
        title: str | None = None,
    ) -> None:
        """Change what is given of someone's profile."""
        changes = {"real_name": real_name, "tz": tz, "email": email, "title": title}
        for name, value in changes.items():
            if value is not None:
                setattr(user, name, value)
        self._announce_change(user)

    def deactivate(self, user: User) -> None:
        """Switch someone's account off and take them out of every channel."""
        user.deleted = True
        for channel in self.channels.values():
            if not channel.is_direct and user.id in channel.members:
                del channel.members[user.id]
                self.changed(channel)
        self._announce_change(user)

    def add_usergroup(self, handle: str, users: list[str], *, name: str | None = None) -> UserGroup:
        """Make a user group."""
        group = UserGroup(self.ids.new("S"), name or handle.title(), handle, users=list(users))
        group.created = group.updated = self.clock.seconds()
        self.usergroups[group.id] = group
        self.changed()
        return group

    def change_usergroup(
        self, group: UserGroup, *, users: list[str] | None = None, disabled: bool | None = None
    ) -> None:
        """Put other people into a user group, disable it or enable it again."""
        group.users = group.users if users is None else list(users)
        group.deleted = group.deleted if disabled is None else disabled
        group.updated = self.clock.seconds()
        self.changed()

    def grant(self, scopes: frozenset[str]) -> None:
        """Install the app again with these bot scopes."""
        self.app.scopes = scopes
        self.changed()

    def reinstall(self, app: App) -> None:
        """Have this app here, as it once was, under the name and with the scopes of its manifest of now."""
        self.app = app
        app.name, app.scopes = self.manifest.name, self.manifest.bot_scopes
        self._add_bots(self.manifest)

    def visible_channels(self, viewer: str) -> list[Channel]:
        """The conversations this user may know of, oldest first."""
        return [channel for channel in self.channels.values() if self.visible(channel, viewer)]

    def _announce_change(self, user: User) -> None:
        user.updated = self.clock.seconds()
        event = {"type": "user_change", "user": user_json(self, user, email=True), "event_ts": self.event_ts()}
        self.emit(event, channel=None)
        self.changed()

    def _add_bots(self, manifest: AppManifest) -> None:
        own = Integration(self.app.bot_id, manifest.name, self.app.id, self.app.bot_user_id)
        self._admit(own, bot_name=manifest.bot_display_name)
        self.users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot")

    def _admit(self, integration: Integration, *, bot_name: str | None = None) -> None:
        self.integrations[integration.bot_id] = integration
        if integration.user_id is not None:
            name = bot_name or integration.name
            handle = "".join(c for c in name.lower() if c.isalnum() or c in "-_") or "bot"
            bot = User(integration.user_id, handle, name, is_bot=True, bot_id=integration.bot_id)
            self.users[bot.id] = bot

    def _add_general(self) -> Channel:
        general = Channel(self.ids.new("C"), "public", "general", SLACKBOT, created=self.clock.seconds())
        general.is_general = True
        self.channels[general.id] = general
        return general


def _install(manifest: AppManifest, ids: Ids, team: Team) -> App:
    app_id, bot_user_id = ids.new("A"), ids.new("U")
    number = ids.digits(12)
    return App(
        id=app_id,
        name=manifest.name,
        bot_id=ids.new("B"),
        bot_user_id=bot_user_id,
        bot_token=f"xoxb-{number}-{ids.digits(13)}-{ids.word(24)}",
        app_token=f"xapp-1-{app_id}-{ids.digits(13)}-{ids.hexadecimal(64)}",
        client_id=f"{number}.{ids.digits(13)}",
        signing_secret=ids.hexadecimal(32),
        verification_token=ids.word(24),
        scopes=manifest.bot_scopes,
    )
