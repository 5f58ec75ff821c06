"""A whole Slack workspace on this machine: its Web API, its link to the app, its people, its page."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from sandbox.calls import Calls
from sandbox.clock import Clock
from sandbox.contract.manifest import Manifest, event_allowed, load_manifest
from sandbox.control import control_routes
from sandbox.faults import Faults
from sandbox.keeping import Keeping
from sandbox.link.connection import DisconnectReason
from sandbox.link.feed import RETRY_AFTER, EventFeed
from sandbox.link.http import HttpTransport, RequestUrls
from sandbox.link.link import Link
from sandbox.link.payload import ANSWER_WITHIN
from sandbox.link.socket import PATH, WARNING_GRACE, AppNeverConnected, SocketTransport
from sandbox.page.guide import Walk
from sandbox.page.hub import Hub
from sandbox.page.routes import page_routes
from sandbox.page.trouble import Operator, Trouble
from sandbox.page.wire import Wire
from sandbox.people.changes import Changes
from sandbox.people.other_bot import OtherBot
from sandbox.people.payloads import event_payload
from sandbox.people.person import Person
from sandbox.people.previews import preview_of
from sandbox.people.seen import SeenMessage
from sandbox.people.world import World
from sandbox.seeds import FEW, bring_in, seed_workspace
from sandbox.server import Server
from sandbox.state.emitted import never_emitted
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, UserGroup
from sandbox.travel import Travel
from sandbox.workspace import Workspace

__all__ = ["AppNeverConnected", "Sandbox"]

HOST = "127.0.0.1"


class Sandbox:
    """One workspace with one app installed, served on a loopback port while it is entered."""

    def __init__(
        self,
        manifest: Path | str | Mapping[str, Any],
        *,
        host: str = HOST,
        port: int = 0,
        people: int = FEW,
        data: Path | None = None,
        clock: Clock | None = None,
        seed: int | None = None,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        """A workspace of so many people for the app of this manifest, kept in the folder `data` if one is named.

        Port 0 takes a free one, `seed` fixes the ids. Raises OSError where the folder cannot be used.
        """
        self.manifest: Manifest = load_manifest(manifest)
        self._installed = self.manifest
        self.clock = clock or Clock()
        self.travel = Travel(self.clock)
        self.workspace = Workspace(self.manifest, self.clock, seed=seed)
        self.keeping = Keeping(self.workspace, data) if data else None
        if not (self.keeping and self.keeping.load()):
            seed_workspace(self.workspace)
        bring_in(self.workspace, people)
        self.faults = Faults()
        self.server = Server(self.workspace, faults=self.faults)
        self.socket = SocketTransport(app_id=self.workspace.app.id, clock=self.clock, answer_within=answer_within)
        self.link = Link(self.socket, self.faults)
        self.feed = EventFeed(
            self.link, self.clock, self.faults, envelope=lambda event: event_payload(self.workspace, event)
        )
        self.changes = Changes(self.workspace)
        self.hub = Hub(self.workspace, person=self.person)
        self.trouble = Trouble(self.faults, self.hub)
        self.wire = Wire(self.workspace, self.hub)
        self.guide: Walk | None = None
        """Through the page, where whoever serves the workspace has handed one in."""
        self.faults.on_cut(self.socket.cut)
        self.calls.watcher = self.link.watcher = self.wire.note
        self.socket.watcher = self.wire.note_connection
        self._host, self._port = host, port
        self._answer_within = answer_within
        self._people: dict[str, Person] = {}
        self._other_bots: dict[str, OtherBot] = {}
        self.server.app.router.add_get(PATH, self.socket.handle)
        self.server.app.add_routes([*control_routes(self), *page_routes(self, self.hub)])
        self.workspace.on_event(self._tell_app)
        for name in never_emitted(self.manifest.bot_events):
            self.workspace.complain(f"the app subscribed to {name}, which never happens in this workspace")

    # Running

    async def start(self, *, port: int | None = None) -> None:
        """Serve the workspace; raises OSError where its port is taken, and may then be started again."""
        await self.server.start(self._host, self._port if port is None else port)
        if self.manifest.socket_mode:
            self.server.open_socket_url = self._socket_url
        if self.keeping is not None:
            await self.keeping.start()

    async def stop(self) -> None:
        """Stop serving; the app finds nobody at home."""
        if self.guide is not None:
            self.guide.close()
        await self.feed.close()
        await self.link.change_to(self.socket)
        await self.link.close()
        await self.hub.close()
        await self.server.stop()
        if self.keeping is not None:
            await self.keeping.close()

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    # What an app is configured with

    @property
    def url(self) -> str:
        """The workspace's address, once it is served."""
        return self.server.url

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.app.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.workspace.app.signing_secret

    def describe(self) -> Json:
        """Everything an app, or whoever starts one, needs to know."""
        app = self.workspace.app
        return {
            "url": self.url,
            "api_url": self.api_url,
            "bot_token": app.bot_token,
            "app_token": app.app_token,
            "signing_secret": app.signing_secret,
            "app_id": app.id,
            "team_id": self.workspace.team.id,
            "bot_user_id": app.bot_user_id,
        }

    # The link to the app

    async def deliver_over_http(
        self,
        url: str | None = None,
        *,
        commands_url: str | None = None,
        interactivity_url: str | None = None,
        options_url: str | None = None,
    ) -> None:
        """Deliver to the app's Request URLs instead of Socket Mode; raises UrlNotVerified if it fails the challenge.

        `url` is for whatever is not named besides; without it, that goes where the manifest says.
        """
        urls = self._request_urls(url, commands_url, interactivity_url, options_url)
        transport = HttpTransport(
            urls, signing_secret=self.signing_secret, clock=self.clock, answer_within=self._answer_within
        )
        try:
            await transport.verify_url(self.workspace.app.verification_token)
        except BaseException:
            await transport.close()
            raise
        await self.link.change_to(transport)

    async def deliver_over_socket(self) -> None:
        """Deliver over Socket Mode again."""
        await self.link.change_to(self.socket)

    async def app_connected(self, timeout: float = 10, *, connections: int = 1) -> None:  # noqa: ASYNC109
        """Wait until the app holds so many Socket Mode connections; raises AppNeverConnected."""
        if not await self.socket.wait_for_connections(connections, within=timeout):
            raise AppNeverConnected(f"{self.socket.connections} of {connections} connections after {timeout:g} s")

    async def refresh_connections(
        self, reason: DisconnectReason = DisconnectReason.WARNING, *, grace: float = WARNING_GRACE
    ) -> None:
        """Ask the app to leave its Socket Mode connections for new ones, as Slack does every few hours."""
        if reason is DisconnectReason.LINK_DISABLED:
            await self.socket.disable()
        else:
            await self.socket.refresh(reason, grace=grace)

    def enable_socket_mode(self) -> None:
        """Let the app connect again after LINK_DISABLED."""
        self.socket.enable()

    async def events_settled(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until every event so far is acknowledged, given up, or waiting for a retry still to come."""
        async with asyncio.timeout(timeout):
            await self.feed.settled()

    async def retries_over(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Let time pass until Slack has given up whatever it cannot deliver (protocol.md, section 7.3)."""
        for delay in RETRY_AFTER:
            self.clock.advance(delay.total_seconds())
            await self.events_settled(timeout)

    # What happens in it

    def person(self, name: str) -> Person:
        """Someone in the workspace, by name (KeyError when there is no such person)."""
        if name not in self._people:
            self._people[name] = Person(self._world(), self.workspace.user_named(name))
        return self._people[name]

    def people(self) -> list[str]:
        """Names of everyone human."""
        users = self.workspace.users.values()
        return [user.name for user in users if not user.is_bot and not user.deleted and user.name != "slackbot"]

    def other_bot(self, name: str, *, webhook: bool = False) -> OtherBot:
        """Another app of this name, or an incoming webhook; installed when it is first named."""
        if name not in self._other_bots:
            known = self.workspace.integration_named(name)
            integration = known or self.workspace.add_integration(name, webhook=webhook)
            self._other_bots[name] = OtherBot(self.workspace, integration)
        return self._other_bots[name]

    def unfurl(self, message: SeenMessage, *, title: str, text: str = "", url: str | None = None) -> None:
        """Have Slack put a preview under a message, of the first link in it where no other is named."""
        channel = self.workspace.channels[message.channel_id]
        found = self.workspace.message(channel, message.ts)
        self.workspace.chat.unfurl(channel, found, preview_of(found, title=title, text=text, url=url))

    def add_usergroup(self, handle: str, people: Iterable[str], *, name: str | None = None) -> UserGroup:
        """Make a user group of these people, by their names."""
        return self.workspace.add_usergroup(handle, self._ids(people), name=name)

    def change_usergroup(
        self, handle: str, *, people: Iterable[str] | None = None, disabled: bool | None = None
    ) -> UserGroup:
        """Put other people into a user group, disable it or enable it again (KeyError when there is none)."""
        group = self.workspace.usergroup_named(handle)
        users = None if people is None else self._ids(people)
        self.workspace.change_usergroup(group, users=users, disabled=disabled)
        return group

    @property
    def operator(self) -> Operator | None:
        """Who runs the app for us and can kill it, where it is not its user's to run."""
        return self.trouble.operator

    @operator.setter
    def operator(self, operator: Operator | None) -> None:
        self.trouble.operator = operator

    @property
    def calls(self) -> Calls:
        """The app's calls, oldest first."""
        return self.server.calls

    @property
    def complaints(self) -> list[str]:
        """What Slack would have accepted with a warning."""
        return self.workspace.complaints

    def _socket_url(self) -> str:
        """A new address for Socket Mode; forbidden_team while it is switched off."""
        if not self.socket.enabled:
            raise SlackError("forbidden_team")
        return self.socket.open_url(self.url)

    def _request_urls(
        self, url: str | None, commands: str | None, interactivity: str | None, options: str | None
    ) -> RequestUrls:
        declared = self.manifest
        return RequestUrls(
            events=url or declared.request_url,
            commands={name: commands or url or each.url for name, each in declared.slash_commands.items()},
            interactivity=interactivity or url or declared.interactivity_url,
            options=options or url or declared.options_url,
        )

    def _ids(self, people: Iterable[str]) -> list[str]:
        return [self.workspace.user_named(name.removeprefix("@")).id for name in people]

    def _world(self) -> World:
        return World(self.workspace, self.manifest, self.link, self.changes, self.url)

    def _granted(self) -> Manifest:
        """The manifest with the scopes that were granted last."""
        if self._installed.bot_scopes is not self.workspace.app.scopes:
            self._installed = replace(self.manifest, bot_scopes=self.workspace.app.scopes)
        return self._installed

    def _tell_app(self, event: Json, channel: Channel | None) -> None:
        """An app gets what it subscribed to, has the scope for and can see (protocol.md, section 7.4)."""
        kind = channel.kind if channel else None
        if event_allowed(self._granted(), event["type"], kind) and self.workspace.reaches_bot(event, channel):
            self.feed.send(event)
