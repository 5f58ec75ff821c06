"""What stopped at a permanent fault: somebody is told, and can have it tried again."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import is_owed, list_given_up, owe, wait_again
from storage.incidents import find_incident
from storage.notices import ROADS
from storage.tables import Delivery, DeliveryKind, Incident
from storage.tables.columns import JsonObject
from workflows.effects import NO_CHANNEL
from workflows.gone import cannot_be_reached
from workflows.mornings import put_off_mornings
from workflows.recipients import SUBSCRIPTION, is_person
from workflows.situation import situation_of
from workflows.trackers import putting_stopped
from workflows.unheard import nobody_has_to_hear

PRIVATE = "private"
"""Why a delivery stopped whose recipient may not see the incident."""
UNREACHABLE = "unreachable"
"""Why it stopped when somebody takes no direct messages from us."""
OF_ONE_RECIPIENT = frozenset({UNREACHABLE, "channel_not_found", "not_in_channel", "is_archived"})
"""Codes for what is wrong with one recipient; any other would be told for each of two hundred."""


async def gave_up(session: AsyncSession, delivery: Delivery, *, because: str, hint: str, now: datetime) -> None:
    """Tell somebody what could not be done, and what to do about it; a failed report is not reported."""
    await _let_go(session, delivery, because, now=now)
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
    if await nobody_has_to_hear(session, incident, delivery, because=because, now=now):
        return
    if delivery.kind is DeliveryKind.NOTICE:
        key, whom, hint = _of_notice(delivery, because, hint)
    else:
        key, whom = (
            f"{because}/{hint}/{_together(delivery, now)}",
            delivery.payload.get(_WHOM.get(delivery.kind, "user_id")),
        )
    said: JsonObject = {"what": delivery.kind, "whom": whom, "because": because, "hint": hint}
    await report(session, incident, f"fault/{incident.marker}/{key}", said, now=now)


async def _let_go(session: AsyncSession, delivery: Delivery, because: str, *, now: datetime) -> None:
    """What is so from now on because this cannot be done."""
    if delivery.kind is DeliveryKind.TRACK:
        await putting_stopped(session, delivery)
    if delivery.kind not in (DeliveryKind.MORNING, DeliveryKind.TELL_OF_ITEM):
        return
    to = delivery.payload["to"]
    if because == UNREACHABLE and is_person(to):
        await cannot_be_reached(session, to, now=now)
    elif delivery.kind is DeliveryKind.MORNING:
        await put_off_mornings(session, to, now=now)


def _of_notice(delivery: Delivery, because: str, hint: str) -> tuple[str, str | None, str]:
    """What is told once, who did not hear, and what to do; what keeps a crowd from hearing is one thing."""
    to, why = delivery.payload["to"], delivery.payload["why"]
    if because not in OF_ONE_RECIPIENT:
        return f"notice/{because}", None, hint
    if why == SUBSCRIPTION:
        return f"notice/{why}", to, hint
    once = why if why.endswith(".groups") else to
    return f"notice/{once}", to, f"{hint} It is named in {why} of sitrep.toml."


async def report_unknown(session: AsyncSession, incident: Incident, unknown: JsonObject, *, now: datetime) -> None:
    """Tell somebody, once, of a name in sitrep.toml that stands for nobody who could be told."""
    key = "/".join(("fault", incident.marker, "unknown", unknown["key"], unknown["name"]))
    said = {"what": DeliveryKind.ANNOUNCE, "whom": None, "because": unknown["because"], "hint": unknown["hint"]}
    await report(session, incident, key, said, now=now)


async def report(session: AsyncSession, incident: Incident, key: str, said: JsonObject, *, now: datetime) -> None:
    """Owe somebody these words about what went wrong, once; where nobody may hear of it there are none."""
    to = await _who_is_told(session, incident)
    if to is None or await is_owed(session, key):
        return
    owe(
        session,
        DeliveryKind.REPORT_FAULT,
        lane=f"person/{to}",
        key=key,
        due_at=now,
        incident_id=incident.number,
        payload={"to": to, **said},
    )


async def _who_is_told(session: AsyncSession, incident: Incident) -> str | None:
    """The declarer; once they have left a private one, who leads it."""
    if not incident.private:
        return incident.declared_by
    situation = await situation_of(session, incident)
    asked = (incident.declared_by, situation.lead)
    return next((user_id for user_id in asked if user_id and situation.visible_to(user_id)), None)


def _together(delivery: Delivery, now: datetime) -> str:
    """A fault that hits many things at once (a channel was archived) is one message an hour, not one a thing.

    Notices that were tried for a day end in the same minute, each after attempts of its own number.
    """
    if delivery.kind in (DeliveryKind.MAIL, DeliveryKind.WEBHOOK):
        return f"{now:%Y%m%d%H%M}"
    return f"{now:%Y%m%d%H}/{delivery.attempts}"


_WHOM = {DeliveryKind.TELL_OF_ITEM: "to"}
"""Where the payload says for whom it was; otherwise `user_id`."""
_NOBODY_IS_TOLD = frozenset(
    {
        DeliveryKind.REPORT_FAULT,
        DeliveryKind.ANSWER_DECLARER,
        DeliveryKind.WHISPER_CATCHUP,
        DeliveryKind.LOOK_UP_PERSON,
        DeliveryKind.LOOK_UP_PARTICIPANTS,
        DeliveryKind.WHISPER,
        DeliveryKind.WEEKLY_DIGEST,
        DeliveryKind.MONTHLY_DIGEST,
        DeliveryKind.TREND,
        DeliveryKind.MORNING,
        DeliveryKind.REFRESH_REMINDER,
        DeliveryKind.LOOK_UP_TRACKED,
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
