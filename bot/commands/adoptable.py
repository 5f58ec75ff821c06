"""Whether a channel that was there before can become an incident's channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.services import Services
from storage.incidents import find_incident_of_channel
from workflows.access import may_see
from workflows.errors import ChannelTaken, Declined, person


@dataclass(frozen=True)
class ExistingChannel:
    """A channel that can be adopted; whether it is private decides whether the incident is."""

    channel_id: str
    private: bool


class CannotAdopt(Declined):
    """This channel cannot become an incident's channel."""

    def __init__(self, because: str, instead: str) -> None:
        super().__init__(f"{because}, so nothing was changed. {instead}")


DECLARE = "`/incident declare` opens a channel of its own."


async def adoptable(services: Services, channel_id: str | None, *, called: str = "") -> ExistingChannel:
    """The channel, if Slack lets it be adopted; `called` is how Slack calls it where the command was typed.

    Raises CannotAdopt.
    """
    if channel_id is None or channel_id.startswith("D") or called.startswith(("directmessage", "mpdm-")):
        raise CannotAdopt("Direct messages cannot become an incident's channel", DECLARE)
    channel = await _look_at(services, channel_id)
    if channel.get("is_im") or channel.get("is_mpim"):
        raise CannotAdopt("Direct messages cannot become an incident's channel", DECLARE)
    if channel.get("is_archived"):
        raise CannotAdopt("This channel is archived", "Unarchive it first, then type this again.")
    if services.slack.is_digest_channel(channel):
        raise CannotAdopt("This is the digest channel, in which every incident has its entry", DECLARE)
    return ExistingChannel(channel_id, bool(channel["is_private"]))


async def refuse_taken(services: Services, channel_id: str | None, *, asker: str) -> None:
    """Raise ChannelTaken for the channel of an incident."""
    async with services.read() as session:
        incident = await find_incident_of_channel(session, channel_id or "")
        if incident is not None:
            seen = await may_see(session, incident, asker, asked_in=channel_id)
            raise ChannelTaken(incident.ref if seen else None)


async def _look_at(services: Services, channel_id: str) -> Mapping[str, Any]:
    """What Slack shows of a channel: of a private one only to who is in it."""
    try:
        answer = await services.slack.call("conversations.info", channel=channel_id)
    except SlackApiError as fault:
        if fault.response["error"] != "channel_not_found":
            raise
        us = person((await services.slack.identity()).user_id)
        raise CannotAdopt(
            "I am not in this channel and cannot read it", f"Invite me first: /invite {us}. Then type this again."
        ) from None
    channel: Mapping[str, Any] = answer["channel"]
    return channel
