"""What travels over the link: a payload for the app, and the app's answer."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Json = dict[str, Any]
Kind = Literal["events_api", "slash_commands", "interactive"]

# Slack waits this long for every kind of payload (protocol: "HTTP basics every receiver shares").
ANSWER_WITHIN = 3.0


@dataclass(frozen=True)
class Retry:
    """The number of a repeated delivery (1 to 3) and why the one before it failed."""

    number: int
    reason: str


@dataclass(frozen=True)
class Payload:
    """One thing Slack tells the app: an event, a slash command, or an interaction."""

    kind: Kind
    body: Json
    retry: Retry | None = None

    @property
    def accepts_response(self) -> bool:
        """Whether what the app puts in its acknowledgement means anything."""
        return self.kind != "events_api"


@dataclass(frozen=True)
class Answer:
    """What the app answered, or in one of Slack's words why there is no answer."""

    content: object = None
    failure: str | None = None
    retry_wanted: bool = True

    @property
    def ok(self) -> bool:
        return self.failure is None


@dataclass(eq=False)
class Delivery:
    """One attempt to carry a payload to the app; `answer` is None while it is under way."""

    payload: Payload
    answer: Answer | None = None


class Transport(Protocol):
    """One of the two roads towards an app."""

    async def deliver(self, payload: Payload) -> Answer:
        """Carry one payload to the app once and wait for its answer."""

    async def ready(self, within: float) -> bool:
        """Wait until the app can be reached, and say whether it can."""

    async def close(self) -> None:
        """Let go of everything this transport holds open."""
