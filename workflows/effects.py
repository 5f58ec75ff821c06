"""What changes of an incident owe the world, and what follows once an effect has happened."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import is_owed, list_given_up, owe, wait_again
from storage.incidents import find_incident, list_roles
from storage.ledger import record
from storage.tables import Delivery, DeliveryKind, EntryKind, Incident, LedgerEntry
from storage.tables.columns import JsonObject
from workflows.participants import members_seen
from workflows.people import meet, person_seen

NO_CHANNEL = "no_channel"
"""Why a delivery stopped that needs the channel before it is there."""

US = "sitrep"
"""Who does what nobody asked for in so many words."""


def owe_opening(
    session: AsyncSession, incident: Incident, *, invited: list[str], answer_url: str | None, at: datetime
) -> None:
    """Owe a new incident its channel, with the card first in it, and what can only follow when it is there."""
    payload: JsonObject = {"invited": invited, "answer_url": answer_url}
    _owe(session, incident, DeliveryKind.OPEN_CHANNEL, lane="messages", at=at, payload=payload)
    _owe(session, incident, DeliveryKind.POST_CARD, lane="messages", at=at)


def owe_message(session: AsyncSession, incident: Incident, entry: LedgerEntry, *, in_thread: bool = False) -> None:
    """Owe the channel the words of an entry: on their own, or as a quiet reply under the card."""
    kind = DeliveryKind.TELL_THREAD if in_thread else DeliveryKind.TELL_CHANNEL
    payload: JsonObject = {
        "entry": entry.kind,
        "by": entry.by,
        "data": entry.data,
        "happened_at": entry.happened_at.isoformat(),
    }
    _owe(session, incident, kind, lane="messages", at=entry.recorded_at, payload=payload, name=str(entry.sequence))


def owe_shown_state(session: AsyncSession, incident: Incident, *, at: datetime, topic: bool = False) -> None:
    """Owe a redrawing of whatever shows the incident as it is now; `topic` when what the topic says has changed.

    What has not been posted yet is drawn when it is, so nothing is owed for it.
    """
    name = str(incident.ledger_length)
    if incident.card_ts:
        _owe(session, incident, DeliveryKind.REFRESH_CARD, lane="card", at=at, name=name)
    if incident.channel_id and topic:
        _owe(session, incident, DeliveryKind.SET_TOPIC, lane="topic", at=at, name=name)
    if incident.digest_ts:
        _owe(session, incident, DeliveryKind.DIGEST_ENTRY, lane="digest", at=at, name=name)


def owe_invitation(session: AsyncSession, incident: Incident, user_id: str, *, at: datetime) -> None:
    """Owe somebody an invitation to the channel, if there is one yet."""
    if incident.channel_id:
        name = f"{user_id}/{incident.ledger_length}"
        _owe(
            session,
            incident,
            DeliveryKind.INVITE,
            lane=f"invite/{user_id}",
            at=at,
            name=name,
            payload={"user_id": user_id},
        )


def _owe(
    session: AsyncSession,
    incident: Incident,
    kind: DeliveryKind,
    *,
    lane: str,
    at: datetime,
    name: str = "",
    payload: JsonObject | None = None,
) -> None:
    key = "/".join(filter(None, (incident.marker, kind, name)))
    owe(session, kind, lane=f"{incident.ref}/{lane}", key=key, due_at=at, incident_id=incident.number, payload=payload)


async def delivered(session: AsyncSession, delivery: Delivery, answer: JsonObject, *, now: datetime) -> None:
    """Write down what an effect brought into being or found out, and owe what can only follow from it.

    The caller holds the delivery's incident.
    """
    match delivery.kind:
        case kind if kind in _FOLLOW:
            incident = await find_incident(session, delivery.incident_id or 0)
            if incident is not None:
                await _FOLLOW[delivery.kind](session, incident, delivery.payload, answer, now)
        case DeliveryKind.LOOK_UP_PERSON:
            await person_seen(
                session, answer["user_id"], name=answer["name"], email=answer["email"], zone=answer["zone"], now=now
            )
        case DeliveryKind.LOOK_UP_PARTICIPANTS:
            began_at = datetime.fromisoformat(answer["began_at"])
            await members_seen(session, delivery.incident_id or 0, answer["members"], at=began_at)
        case _:
            return


async def _channel_opened(
    session: AsyncSession, incident: Incident, payload: JsonObject, answer: JsonObject, now: datetime
) -> None:
    """The declarer is invited before anything optional, then whoever got a role meanwhile; all runs side by side."""
    incident.channel_id, incident.channel_name = answer["channel_id"], answer["name"]
    record(session, incident, EntryKind.CHANNEL_OPENED, by=US, at=now, data={"name": answer["name"]})
    for stopped in await list_given_up(session, incident.number):
        if stopped.last_error == NO_CHANNEL:
            wait_again(session, stopped)
    holders = [role.user_id for role in await list_roles(session, [incident.number])]
    for user_id in dict.fromkeys([*payload["invited"], *holders]):
        owe_invitation(session, incident, user_id, at=now)
    if not incident.private:
        _owe(session, incident, DeliveryKind.DIGEST_ENTRY, lane="digest", at=now)
    _owe(session, incident, DeliveryKind.SET_TOPIC, lane="topic", at=now)
    _owe(session, incident, DeliveryKind.SET_PURPOSE, lane="purpose", at=now)
    if payload["answer_url"]:
        _owe(
            session,
            incident,
            DeliveryKind.ANSWER_DECLARER,
            lane="answer",
            at=now,
            payload={"answer_url": payload["answer_url"]},
        )
    await meet(session, [*payload["invited"], *holders], now=now)


async def _card_posted(
    session: AsyncSession, incident: Incident, _payload: JsonObject, answer: JsonObject, now: datetime
) -> None:
    if answer["ts"] == incident.card_ts:
        return  # the same card, drawn anew
    incident.card_ts = answer["ts"]
    _owe(session, incident, DeliveryKind.PIN_CARD, lane="pin", at=now, name=answer["ts"])
    _owe(session, incident, DeliveryKind.ADD_BOOKMARK, lane="bookmark", at=now, name=answer["ts"])
    if incident.ledger_length > answer["drawn_at"]:
        _owe(session, incident, DeliveryKind.REFRESH_CARD, lane="card", at=now, name=str(incident.ledger_length))


async def _digest_posted(
    session: AsyncSession, incident: Incident, _payload: JsonObject, answer: JsonObject, now: datetime
) -> None:
    first = incident.digest_ts is None
    incident.digest_channel_id, incident.digest_ts = answer["channel_id"], answer["ts"]
    if first and incident.ledger_length > answer["drawn_at"]:
        _owe(session, incident, DeliveryKind.DIGEST_ENTRY, lane="digest", at=now, name=str(incident.ledger_length))


_FOLLOW: dict[DeliveryKind, Callable[[AsyncSession, Incident, JsonObject, JsonObject, datetime], Awaitable[None]]] = {
    DeliveryKind.OPEN_CHANNEL: _channel_opened,
    DeliveryKind.POST_CARD: _card_posted,
    DeliveryKind.REFRESH_CARD: _card_posted,
    DeliveryKind.DIGEST_ENTRY: _digest_posted,
}


async def gave_up(session: AsyncSession, delivery: Delivery, *, because: str, hint: str, now: datetime) -> None:
    """Tell the declarer what could not be done, and what to do about it; a failed report is not reported."""
    if delivery.incident_id is None or delivery.kind in _NOBODY_IS_TOLD:
        return
    incident = await find_incident(session, delivery.incident_id)
    if incident is None:
        return
    if because == NO_CHANNEL:
        # That the channel could not be opened was told; what needs it follows when it is there, or now if it is.
        if incident.channel_id:
            wait_again(session, delivery)
        return
    # A fault that hits many things at once (a channel was archived) is one message an hour, not one a thing.
    whom = delivery.payload.get("user_id", "")
    key = "/".join(("fault", incident.marker, because, hint, whom, f"{now:%Y%m%d%H}", str(delivery.attempts)))
    if await is_owed(session, key):
        return
    payload: JsonObject = {
        "to": incident.declared_by,
        "what": delivery.kind,
        "whom": whom or None,
        "because": because,
        "hint": hint,
    }
    owe(
        session,
        DeliveryKind.REPORT_FAULT,
        lane=f"person/{incident.declared_by}",
        key=key,
        due_at=now,
        incident_id=incident.number,
        payload=payload,
    )


_NOBODY_IS_TOLD = frozenset(
    {
        DeliveryKind.REPORT_FAULT,
        DeliveryKind.ANSWER_DECLARER,
        DeliveryKind.LOOK_UP_PERSON,
        DeliveryKind.LOOK_UP_PARTICIPANTS,
    }
)


async def retry_given_up(session: AsyncSession, incident_id: int) -> int:
    """Make everything that stopped at a permanent fault wait again, in its old place; how many there were.

    A report about a fault is history, and is not repeated.
    """
    again = [row for row in await list_given_up(session, incident_id) if row.kind is not DeliveryKind.REPORT_FAULT]
    for delivery in again:
        wait_again(session, delivery)
    return len(again)
