"""What changes of an incident owe the world."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe
from storage.tables import DeliveryKind, Incident, LedgerEntry
from storage.tables.columns import JsonObject

NO_CHANNEL = "no_channel"
"""Why a delivery stopped that needs the channel before it is there."""

US = "sitrep"
"""Who does what nobody asked for in so many words."""


def owe_opening(
    session: AsyncSession, incident: Incident, *, invited: list[str], answer_url: str | None, at: datetime
) -> None:
    """Owe a new incident its channel, with the card first in it, and what can only follow when it is there."""
    payload: JsonObject = {"invited": invited, "answer_url": answer_url}
    owe_for(session, incident, DeliveryKind.OPEN_CHANNEL, lane="messages", at=at, payload=payload)
    owe_for(session, incident, DeliveryKind.POST_CARD, lane="messages", at=at)


def owe_message(session: AsyncSession, incident: Incident, entry: LedgerEntry, *, in_thread: bool = False) -> None:
    """Owe the channel the words of an entry: on their own, or as a quiet reply under the card."""
    kind = DeliveryKind.TELL_THREAD if in_thread else DeliveryKind.TELL_CHANNEL
    payload: JsonObject = {
        "entry": entry.kind,
        "by": entry.by,
        "data": entry.data,
        "happened_at": entry.happened_at.isoformat(),
    }
    owe_for(session, incident, kind, lane="messages", at=entry.recorded_at, payload=payload, name=str(entry.sequence))


def owe_shown_state(session: AsyncSession, incident: Incident, *, at: datetime, topic: bool = False) -> None:
    """Owe a redrawing of whatever shows the incident as it is now; `topic` when what the topic says has changed.

    What has not been posted yet is drawn when it is, so nothing is owed for it.
    """
    name = str(incident.ledger_length)
    if incident.card_ts:
        owe_for(session, incident, DeliveryKind.REFRESH_CARD, lane="card", at=at, name=name)
    if incident.channel_id and topic:
        owe_for(session, incident, DeliveryKind.SET_TOPIC, lane="topic", at=at, name=name)
    if incident.digest_ts:
        owe_for(session, incident, DeliveryKind.DIGEST_ENTRY, lane="digest", at=at, name=name)


def owe_invitation(session: AsyncSession, incident: Incident, user_id: str, *, at: datetime) -> None:
    """Owe somebody an invitation to the channel, if there is one yet."""
    if incident.channel_id:
        name = f"{user_id}/{incident.ledger_length}"
        owe_for(
            session,
            incident,
            DeliveryKind.INVITE,
            lane=f"invite/{user_id}",
            at=at,
            name=name,
            payload={"user_id": user_id},
        )


def owe_duties(
    session: AsyncSession, incident: Incident, entry: LedgerEntry, *, told: JsonObject | None = None
) -> None:
    """Owe whoever an entry gives a role to its duties, by direct message; with what they need to take over, if any."""
    to = entry.data["to"]
    owe(
        session,
        DeliveryKind.TELL_PERSON,
        lane=f"person/{to}",
        key=f"{incident.marker}/{DeliveryKind.TELL_PERSON}/{entry.sequence}",
        due_at=entry.recorded_at,
        incident_id=incident.number,
        payload={**entry.data, "told": told},
    )


def owe_for(
    session: AsyncSession,
    incident: Incident,
    kind: DeliveryKind,
    *,
    lane: str,
    at: datetime,
    name: str = "",
    payload: JsonObject | None = None,
) -> None:
    """Owe something about an incident once: `kind` and `name` say what, `lane` (below the incident's) after what."""
    key = "/".join(filter(None, (incident.marker, kind, name)))
    owe(session, kind, lane=f"{incident.ref}/{lane}", key=key, due_at=at, incident_id=incident.number, payload=payload)
