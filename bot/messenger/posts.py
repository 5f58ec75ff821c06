"""Messages: the card, the digest entry, words for the channel, and words for one person."""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.blocks.answers import Answer, fault_report, trouble_report
from bot.blocks.card import card_text, incident_card
from bot.blocks.digest import digest_entry
from bot.blocks.entries import entry_message, entry_text
from bot.blocks.text import MESSAGE_LIMIT, channel_link, clip, escape
from bot.messenger.faults import OURS, ROADS, deed
from bot.messenger.outcomes import SlackBusy
from bot.messenger.roads import KEEPS_TRYING
from bot.messenger.work import CannotWork, Work, in_json
from storage.tables import DeliveryKind, EntryKind
from storage.tables.columns import JsonObject

EARLIER = timedelta(minutes=1)
"""What happened longer before it was written down says when it was."""


async def post_card(work: Work) -> JsonObject:
    """Post the card."""
    blocks = incident_card(work.about, process=work.process)
    drawn_at = work.incident.ledger_length
    ts = await work.post(work.channel_id, card_text(work.about, process=work.process), blocks)
    return {"ts": ts, "drawn_at": 0 if work.claim.look_first else drawn_at, "top_level": True}


async def pin_card(work: Work) -> JsonObject:
    """Pin the card; a card that is pinned already is fine."""
    try:
        await work.slack.call("pins.add", channel=work.channel_id, timestamp=work.incident.card_ts)
    except SlackApiError as fault:
        if fault.response["error"] != "already_pinned":
            raise
    return {}


async def refresh_card(work: Work) -> JsonObject:
    """Draw the card anew; one that somebody has deleted is posted again."""
    text = card_text(work.about, process=work.process)
    blocks = incident_card(work.about, process=work.process)
    ts = work.incident.card_ts
    if ts is None or not await redraw(work, work.channel_id, ts, text, blocks):
        ts = await work.post(work.channel_id, text, blocks)
    return {"ts": ts, "drawn_at": work.incident.ledger_length, "top_level": True}


async def redraw(work: Work, channel_id: str, ts: str, text: str, blocks: list[Block]) -> bool:
    """Draw a message anew; False when somebody has deleted it."""
    try:
        await work.slack.call("chat.update", channel=channel_id, ts=ts, text=text, blocks=in_json(blocks))
    except SlackApiError as fault:
        if fault.response["error"] != "message_not_found":
            raise
        return False
    return True


async def show_in_digest(work: Work) -> JsonObject:
    """Post the digest entry, or draw it anew; of a private incident nothing is shown."""
    if work.incident.private:
        raise CannotWork("private")
    blocks = digest_entry(work.about, process=work.process)
    text = card_text(work.about, process=work.process)
    channel_id, ts = work.incident.digest_channel_id, work.incident.digest_ts
    if channel_id and ts and await redraw(work, channel_id, ts, text, blocks):
        return {"channel_id": channel_id, "ts": ts, "drawn_at": work.incident.ledger_length}
    channel_id = await work.slack.digest_channel_id()
    ts = await work.post(channel_id, text, blocks)
    drawn_at = 0 if work.claim.look_first else work.incident.ledger_length
    return {"channel_id": channel_id, "ts": ts, "drawn_at": drawn_at}


async def tell_channel(work: Work) -> JsonObject:
    """Tell the channel of an entry, on its own; in the first minutes what can wait for a look goes under the card."""
    text, blocks = _entry(work)
    thread_ts = work.thread_without_room() if work.payload["entry"] == EntryKind.SEVERITY_CHANGED else None
    ts = await work.post(work.channel_id, text, blocks, thread_ts=thread_ts)
    return {"ts": ts, "top_level": thread_ts is None}


async def tell_thread(work: Work) -> JsonObject:
    """Tell of an entry under the card; on its own where there is no card."""
    text, blocks = _entry(work)
    return {"ts": await work.post(work.channel_id, text, blocks, thread_ts=work.incident.card_ts)}


def _entry(work: Work) -> tuple[str, list[Block]]:
    data, happened_at = work.payload["data"], datetime.fromisoformat(work.payload["happened_at"])
    if happened_at < work.claim.due_at - EARLIER:
        data = {**data, "earlier": work.payload["happened_at"]}
    said: dict[str, Any] = {"by": work.payload["by"], "data": data, "process": work.process}
    kind = EntryKind(work.payload["entry"])
    return clip(entry_text(kind, **said), MESSAGE_LIMIT), entry_message(kind, **said)


async def report_fault(work: Work) -> JsonObject:
    """Tell somebody by DM what could not be done, or what has been waiting for long."""
    payload = work.payload
    if not work.about.visible_to(payload["to"]):
        raise CannotWork("private")
    text, blocks = _trouble(work) if "since" in payload else _fault(work)
    answer = await work.slack.call("conversations.open", users=payload["to"])
    return {"ts": await work.post(answer["channel"]["id"], text, blocks)}


def _fault(work: Work) -> Answer:
    payload = work.payload
    kind = DeliveryKind(payload["what"])
    return fault_report(
        deed(kind, whom=payload.get("whom")),
        work.incident.ref,
        because=None if payload["because"] in OURS or kind in ROADS else payload["because"],
        hint=escape(payload["hint"]),
        number=work.incident.number,
    )


def _trouble(work: Work) -> Answer:
    since = datetime.fromisoformat(work.payload["since"])
    return trouble_report(
        ROADS[DeliveryKind(work.payload["what"])],
        work.incident.ref,
        because=work.payload["because"],
        since=since,
        until=since + KEEPS_TRYING,
    )


async def answer_declarer(work: Work) -> JsonObject:
    """Tell the declarer, where the command was typed, that the channel is there; at most once.

    Nobody can look up what was whispered, and who has missed it finds the channel they were invited to.
    """
    if work.claim.look_first:
        return {"in_doubt": True}
    incident = work.incident
    text = f"*{incident.ref}* · {escape(incident.title)}: go to {channel_link(work.channel_id)}"
    session = work.slack.client.session
    webhook = AsyncWebhookClient(
        work.payload["answer_url"],
        session=session,
        timeout=work.slack.client.timeout,
        retry_handlers=[],  # they would repeat what may have been done
    )
    response = await webhook.send(text=clip(text, MESSAGE_LIMIT), response_type="ephemeral")
    if response.status_code == 429 or response.status_code >= 500:
        raise SlackBusy(response.status_code)
    if response.status_code != 200:
        raise CannotWork("answer_expired")
    return {}
