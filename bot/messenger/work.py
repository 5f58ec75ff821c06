"""What the performers of deliveries are handed, and what they have in common."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from slack_sdk.models.blocks import Block

from bot.messenger.caller import Caller
from bot.messenger.fetcher import Fetcher
from bot.messenger.post_office import PostOffice
from bot.messenger.slack import Slack
from storage.deliveries import Claim
from storage.tables import Incident
from storage.tables.columns import JsonObject
from workflows.process import Process
from workflows.quiet import has_room
from workflows.situation import Situation

if TYPE_CHECKING:
    from bot.messenger.trackers import Trackers

EVENT_TYPE = "sitrep_delivery"
"""Of the metadata that our posts carry, so that they are found again."""

SKEW = timedelta(minutes=5)
"""How far Slack's clock and ours may differ."""


class CannotWork(Exception):
    """What this delivery needs is not there; `code` is one of `faults.hint`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class PutOff(Exception):
    """It is better done later, and nothing was done yet."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__("put off")


@dataclass(frozen=True)
class Work:
    """One delivery, how its incident stands, Slack, and the roads beside it where they are set up."""

    slack: Slack
    process: Process
    claim: Claim
    situation: Situation | None
    post_office: PostOffice | None = None
    caller: Caller | None = None
    fetcher: Fetcher | None = None
    briefing: object = None
    """What was read for it when it was claimed (`workflows.briefings`)."""
    trackers: "Trackers | None" = None

    @property
    def about(self) -> Situation:
        """How the incident stands; raises CannotWork for a delivery that has none."""
        if self.situation is None:
            raise CannotWork("no_incident")
        return self.situation

    @property
    def incident(self) -> Incident:
        """The incident; raises CannotWork for a delivery that has none."""
        return self.about.incident

    @property
    def channel_id(self) -> str:
        """The incident's channel; raises CannotWork while there is none."""
        if self.incident.channel_id is None:
            raise CannotWork("no_channel")
        return self.incident.channel_id

    @property
    def payload(self) -> JsonObject:
        """What was written down when it was owed."""
        return self.claim.payload

    def thread_without_room(self) -> str | None:
        """The card, to stand under while the channel is to be kept quiet; nothing where there is room, or no card."""
        return None if has_room(self.incident, due_at=self.claim.due_at) else self.incident.card_ts

    async def post(
        self, channel_id: str, text: str, blocks: list[Block] | None = None, *, thread_ts: str | None = None
    ) -> str:
        """Post once, also over crashes: the ts of the message, found if it was posted before."""
        if self.claim.look_first:
            found = await self.find_post(channel_id, thread_ts)
            if found:
                return str(found["ts"])
        return str((await self.post_new(channel_id, text, blocks, thread_ts=thread_ts))["ts"])

    async def post_new(
        self,
        channel_id: str,
        text: str,
        blocks: list[Block] | None = None,
        *,
        thread_ts: str | None = None,
        kept: JsonObject | None = None,
    ) -> dict[str, Any]:
        """Post, and Slack's answer; what is `kept` stands on the message for whoever looks for it."""
        return await self.slack.call(
            "chat.postMessage",
            channel=channel_id,
            text=text,
            blocks=in_json(blocks) if blocks else None,
            thread_ts=thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": self.claim.dedupe_key, **(kept or {})}},
            unfurl_links=False,
            unfurl_media=False,
        )

    async def find_post(self, channel_id: str, thread_ts: str | None = None) -> dict[str, Any] | None:
        """What an earlier attempt posted there, if it did."""
        oldest = f"{(self.claim.due_at - SKEW).timestamp():.6f}"
        arguments: dict[str, Any] = {"channel": channel_id, "oldest": oldest, "include_all_metadata": True}
        if thread_ts:
            messages = self.slack.pages("conversations.replies", "messages", ts=thread_ts, **arguments)
        else:
            messages = self.slack.pages("conversations.history", "messages", **arguments)
        async for message in messages:
            metadata = message.get("metadata") or {}
            if metadata.get("event_payload", {}).get("key") == self.claim.dedupe_key:
                return message
        return None


def in_json(blocks: list[Block]) -> list[dict[str, Any]]:
    """Blocks as Slack takes them."""
    return [block.to_dict() for block in blocks]
