"""What has not left for long and is still tried: somebody is told, once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import find_incident
from storage.tables import Delivery, DeliveryKind
from workflows.faults import report


async def in_trouble(session: AsyncSession, delivery: Delivery, *, because: str, now: datetime) -> None:
    """Tell somebody what keeps an incident's mail, a webhook or a tracker, once for all that waits there.

    The caller holds the delivery's incident.
    """
    incident = await find_incident(session, delivery.incident_id or 0)
    if incident is None:
        return
    road = delivery.payload.get(_ROADS.get(delivery.kind, ""), "")
    key = "/".join(("trouble", incident.marker, delivery.kind, road))
    said = {"what": delivery.kind, "because": because, "since": delivery.due_at.isoformat()}
    await report(session, incident, key, said, now=now)


_ROADS = {DeliveryKind.WEBHOOK: "to", DeliveryKind.TRACK: "tracker"}
"""Where the payload says which of several it is."""
