"""A workspace served on a free port, with slack_sdk's own client pointed at it."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import Clock
from sandbox.contract.methods import known_errors, method
from sandbox.server import Server
from sandbox.state.model import Channel, Json, User
from sandbox.workspace import Workspace

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

EVERY_SCOPE = frozenset(
    {
        "bookmarks:read", "bookmarks:write", "channels:history", "channels:join", "channels:manage",
        "channels:read", "chat:write", "dnd:read", "emoji:read", "files:read", "files:write", "groups:history",
        "groups:read", "groups:write", "im:history", "im:read", "im:write", "mpim:history", "mpim:read",
        "mpim:write", "pins:read", "pins:write", "reactions:read", "reactions:write", "team:read",
        "usergroups:read", "usergroups:write", "users.profile:read", "users:read", "users:read.email", "users:write"
    }
)  # fmt: skip


@dataclass(frozen=True)
class Manifest:
    """An app that asks for everything."""

    name: str = "Testbot"
    bot_display_name: str | None = "testbot"
    bot_scopes: frozenset[str] = EVERY_SCOPE
    home_tab_enabled: bool = True
    messages_tab_enabled: bool = True


class Slack:
    """A running workspace, seen from the app and from its people."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.workspace = server.workspace
        self.clock = server.workspace.clock
        self.faults = server.faults
        self.bot = server.workspace.app.bot_user_id
        self.ann = self.workspace.add_user("ann", real_name="Ann Kaya", tz="Europe/Berlin")
        self.bo = self.workspace.add_user("bo", tz="America/New_York")
        self.events: list[Json] = []
        self.workspace.on_event(lambda event, channel: self.events.append(event))

    @property
    def web(self) -> AsyncWebClient:
        """A client with the bot's token, which tries nothing a second time by itself."""
        token, base_url = self.workspace.app.bot_token, f"{self.server.url}/api/"
        return AsyncWebClient(token=token, base_url=base_url, retry_handlers=[])

    def public(self, name: str = "ops", *, by: User | None = None) -> Channel:
        """A channel someone made, without the bot unless it made it."""
        return self.workspace.conversations.create(name, by=by.id if by else self.bot)

    def private(self, name: str = "secret", *, by: User | None = None) -> Channel:
        """A private channel."""
        return self.workspace.conversations.create(name, by=by.id if by else self.bot, private=True)

    def says(self, who: User, channel: Channel, text: str, **draft: object) -> str:
        """Have someone type a message; its ts."""
        return self.workspace.chat.post(channel, by=who.id, draft={"text": text, **draft}).ts

    def grant_without(self, *scopes: str) -> None:
        """Take scopes away from the app."""
        self.workspace.grant(EVERY_SCOPE - set(scopes))

    def kinds(self) -> list[str]:
        """The events so far, as type or type.subtype."""
        return [".".join(filter(None, (event["type"], event.get("subtype")))) for event in self.events]


@pytest.fixture
def manifest() -> Manifest:
    """The app that is installed; a module may install another."""
    return Manifest()


@pytest.fixture
async def slack(manifest: Manifest) -> AsyncIterator[Slack]:
    """A workspace whose time only moves when it is told to."""
    server = Server(Workspace(manifest, Clock(lambda: NOON), seed=1))
    await server.start()
    yield Slack(server)
    await server.stop()
    assert undocumented_errors(server) == []


def undocumented_errors(server: Server) -> list[tuple[str, str]]:
    """The refusals of this test that no page of Slack's lists for the method."""
    calls = [(method(call.method), call.answer) for call in server.calls.log if call.answer and "error" in call.answer]
    refusals = [(known, answer["error"]) for known, answer in calls if known and known.name != "api.test"]
    return [(known.name, code) for known, code in refusals if code not in known_errors(known)]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A plain HTTP client."""
    async with aiohttp.ClientSession() as session:
        yield session


async def refusal(call: Awaitable[object]) -> str:
    """The error code with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])
