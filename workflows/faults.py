"""What stopped at a permanent fault: somebody is told, and can have it tried again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import is_owed, list_given_up, owe, wait_again
from storage.incidents import find_incident
from storage.notices import ROADS
from storage.tables import Delivery, DeliveryKind, Incident
from storage.tables.columns import JsonObject
from workflows.effects import NO_CHANNEL
from workflows.recipients import SUBSCRIPTION

PRIVATE = "private"
"""Why a delivery stopped whose recipient may not see the incident."""


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
    if because == PRIVATE and delivery.kind in ROADS:
        return  # they left before it was sent; nobody has to do anything about that
    if delivery.kind is DeliveryKind.NOTICE:
        whom, once = delivery.payload["to"], "notice"
        why = delivery.payload["why"]
        hint = f"{hint} It is named in {why} of sitrep.toml." if why != SUBSCRIPTION else hint
    else:
        whom, once = delivery.payload.get("user_id", ""), "/".join((because, hint, _together(delivery, now)))
    key = "/".join(("fault", incident.marker, once, whom))
    await _report(session, incident, key, what=delivery.kind, whom=whom, because=because, hint=hint, now=now)


async def report_unknown(session: AsyncSession, incident: Incident, unknown: JsonObject, *, now: datetime) -> None:
    """Tell the declarer, once, of a name in sitrep.toml that stands for nobody who could be told."""
    key = "/".join(("fault", incident.marker, "unknown", unknown["key"], unknown["name"]))
    kind, because, hint = DeliveryKind.ANNOUNCE, unknown["because"], unknown["hint"]
    await _report(session, incident, key, what=kind, whom="", because=because, hint=hint, now=now)


async def _report(
    session: AsyncSession,
    incident: Incident,
    key: str,
    *,
    what: DeliveryKind,
    whom: str,
    because: str,
    hint: str,
    now: datetime,
) -> None:
    if await is_owed(session, key):
        return
    owe(
        session,
        DeliveryKind.REPORT_FAULT,
        lane=f"person/{incident.declared_by}",
        key=key,
        due_at=now,
        incident_id=incident.number,
        payload={
            "to": incident.declared_by,
            "what": what,
            "whom": whom or None,
            "because": because,
            "hint": hint,
        },
    )


def _together(delivery: Delivery, now: datetime) -> str:
    """A fault that hits many things at once (a channel was archived) is one message an hour, not one a thing.

    Notices that were tried for a day end in the same minute, each after attempts of its own number.
    """
    if delivery.kind in (DeliveryKind.MAIL, DeliveryKind.WEBHOOK):
        return f"{now:%Y%m%d%H%M}"
    return f"{now:%Y%m%d%H}/{delivery.attempts}"


_NOBODY_IS_TOLD = frozenset(
    {
        DeliveryKind.REPORT_FAULT,
        DeliveryKind.ANSWER_DECLARER,
        DeliveryKind.WHISPER_CATCHUP,
        DeliveryKind.LOOK_UP_PERSON,
        DeliveryKind.LOOK_UP_PARTICIPANTS,
        DeliveryKind.WHISPER,
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
