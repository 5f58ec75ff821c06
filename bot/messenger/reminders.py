"""Messages about action items: the morning's, what cannot wait for one, and what they show drawn anew."""

from collections.abc import Iterable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block

from bot.blocks.reminders import listed, reminder_message
from bot.messenger.notices import NOBODY_THERE
from bot.messenger.people import open_dm
from bot.messenger.slack import code_of
from bot.messenger.work import CannotWork, Work, in_json
from storage.tables.columns import JsonObject
from workflows.briefings import Briefing

GONE = frozenset({"message_not_found", "channel_not_found", "is_inactive"})
"""What Slack calls a message that somebody has deleted, or whose reader has left."""
NOBODY_OF_THIS_ADDRESS = "users_not_found"


async def send_morning(work: Work) -> JsonObject:
    """All that somebody is to hear this morning, in one message; nothing where there is nothing to say."""
    return await _say(work, _briefing(work))


async def tell_of_item(work: Work) -> JsonObject:
    """One thing that does not wait for a morning; nothing where it is not theirs to hear any more."""
    return await _say(work, _briefing(work))


async def refresh_reminder(work: Work) -> JsonObject:
    """Draw what is now true; a message that somebody has deleted stays so, and one of another sort is none of ours."""
    briefing = _briefing(work)
    if not briefing.to:
        return {}
    text, blocks = reminder_message(briefing, process=work.process)
    place = {"channel": work.payload["channel_id"], "ts": work.payload["ts"]}
    try:
        await work.slack.call("chat.update", **place, text=text, blocks=in_json(blocks))
    except SlackApiError as fault:
        if code_of(fault) not in GONE:
            raise
    return {}


async def _say(work: Work, briefing: Briefing) -> JsonObject:
    """Post it once, also over crashes: what an earlier attempt said stands in its message's metadata."""
    kept = {
        "shown": [row.reminder.number for row in briefing.rows],
        "left_out": list(briefing.left_out),
        "listed": [item.number for item, _ in listed(briefing)],
        "incidents": list(briefing.incident_ids),
    }
    found = await _find_said(work, briefing.to, kept)
    if found is not None:
        return found
    if not briefing.rows and not briefing.weekly:
        return {**kept, "idle": True}
    text, blocks = reminder_message(briefing, process=work.process)
    answer = await _post(work, briefing.to, text, blocks, {name: _written(ids) for name, ids in kept.items()})
    return {**kept, "channel_id": answer["channel"], "ts": answer["ts"]}


async def _find_said(work: Work, to: str, names: Iterable[str]) -> JsonObject | None:
    if not work.claim.look_first:
        return None
    channel_id = await open_dm(work, await _id_of(work, to))
    found = await work.find_post(channel_id)
    if found is None:
        return None
    said: Mapping[str, Any] = found["metadata"]["event_payload"]
    return {**{name: _read(said.get(name, "")) for name in names}, "channel_id": channel_id, "ts": found["ts"]}


def _written(ids: Iterable[int]) -> str:
    """Numbers as one short text: Slack's metadata holds no lists, and takes only so much (metadata_too_large)."""
    return " ".join(map(str, ids))


def _read(written: str) -> list[int]:
    return [int(one) for one in written.split()]


async def _post(work: Work, to: str, text: str, blocks: list[Block], kept: Mapping[str, str]) -> dict[str, Any]:
    """Straight to the person: their direct messages need not be opened for it, which Slack would let us do 50 times
    a minute (methods: chat.postMessage, conversations.open)."""
    try:
        return await work.post_new(await _id_of(work, to), text, blocks, kept=dict(kept))
    except SlackApiError as fault:
        if code_of(fault) in NOBODY_THERE:
            raise CannotWork("unreachable") from None
        raise


async def _id_of(work: Work, to: str) -> str:
    """Somebody's id, also where sitrep.toml names them by an address we have not seen yet."""
    if "@" not in to:
        return to
    try:
        return str((await work.slack.call("users.lookupByEmail", email=to))["user"]["id"])
    except SlackApiError as fault:
        if code_of(fault) == NOBODY_OF_THIS_ADDRESS:
            raise CannotWork("unreachable") from None
        raise


def _briefing(work: Work) -> Briefing:
    if not isinstance(work.briefing, Briefing):
        raise TypeError("a message about action items was claimed without its briefing")
    return work.briefing
