"""What a method's handler gets: the workspace, its caller, and arguments that were checked already."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.contract.methods import Method
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, User
from sandbox.workspace import Workspace


@dataclass
class ApiCall:
    """One call of a Web API method by the app; `user_id` is whom its token acts as."""

    workspace: Workspace
    method: Method
    arguments: dict[str, Any]
    user_id: str
    base_url: str
    open_socket_url: Callable[[], str] | None = None
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """A string argument; the default when it was not given."""
        value = self.arguments.get(name)
        return default if value is None else str(value)

    def optional(self, name: str) -> str | None:
        """A string argument, or None when it was left out or empty."""
        return self.text(name) or None

    def flag(self, name: str) -> bool:
        """A boolean argument, false when it was not given."""
        return self.arguments.get(name) is True

    def ids(self, name: str) -> list[str]:
        """An argument that is a list, or commas between ids, as a list."""
        value = self.arguments.get(name)
        parts = map(str, value) if isinstance(value, list) else self.text(name).split(",")
        return [part.strip() for part in parts if part.strip()]

    def has_scope(self, scope: str) -> bool:
        """Whether the caller's token was granted this scope."""
        return scope in self.workspace.app.scopes

    def require_scope(self, scope: str) -> None:
        """Raise missing_scope unless the token has this scope beyond what the method itself demands."""
        if not self.has_scope(scope):
            raise missing_scope(scope, self.workspace.app.scopes)

    def channel(self, name: str = "channel") -> Channel:
        """The conversation an argument names, as far as the caller may know of it."""
        return self.workspace.channel(self.text(name), self.user_id)

    def joined_channel(self, name: str = "channel") -> Channel:
        """The conversation an argument names, of which the caller is a member."""
        return self.workspace.joined_channel(self.text(name), self.user_id)

    def active_channel(self, name: str = "channel") -> Channel:
        """The conversation an argument names, joined and not archived."""
        return self.workspace.active_channel(self.text(name), self.user_id)

    def doubt_archived(self, channel: Channel) -> None:
        """Complain of an archived channel where the method's page lists no code for one (methods.json)."""
        if channel.is_archived:
            self.workspace.complain(f"{self.method.name}: #{channel.name} is archived; Slack may refuse this")

    def user(self, name: str = "user") -> User:
        """The user an argument names; the caller when it was not given."""
        return self.workspace.user(self.text(name, self.user_id))

    def warn(self, code: str, note: str = "") -> None:
        """Add a warning to a successful answer."""
        self.warnings.append(code)
        self.workspace.complain(f"{self.method.name}: {note or code}")


Handler = Callable[[ApiCall], Json]


def missing_scope(needed: str, granted: frozenset[str]) -> SlackError:
    """The refusal for a token that lacks a scope (methods.json: request_rules)."""
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(granted)))
