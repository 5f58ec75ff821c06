"""What has not left for long and is still tried: somebody is told, once."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import is_owed, owe
from storage.incidents import find_incident
from storage.tables import Delivery, DeliveryKind


async def in_trouble(session: AsyncSession, delivery: Delivery, *, because: str, now: datetime) -> None:
    """Tell the declarer what keeps an incident's mail, or one of its webhooks, once for all that waits there.

    The caller holds the delivery's incident.
    """
    incident = await find_incident(session, delivery.incident_id or 0)
    if incident is None:
        return
    road = delivery.payload.get("to", "") if delivery.kind is DeliveryKind.WEBHOOK else ""
    key = "/".join(("trouble", incident.marker, delivery.kind, road))
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
            "what": delivery.kind,
            "because": because,
            "since": delivery.due_at.isoformat(),
        },
    )
