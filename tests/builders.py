"""Valid objects; a test states only what matters to it."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Incident, Status
from workflows.commands import DeclareIncident
from workflows.incidents import declare_incident
from workflows.process import Process

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""

PROCESS = Process()

_requests = count(1)


def request() -> dict[str, Any]:
    """A request of its own, by Ann."""
    return {"by": "UANN", "request_id": f"request-{next(_requests)}"}


def a_declaration(**changes: Any) -> DeclareIncident:
    """Ann says that checkout is down."""
    values: dict[str, Any] = {
        **request(),
        "title": "Checkout is down",
        "description": "Cards are refused",
        "impact": "medium",
        "urgency": "high",
        "type": "service",
        "services": ("checkout",),
    }
    return DeclareIncident(**{**values, **changes})


async def an_incident(session: AsyncSession, *, now: datetime = NOON, **changes: Any) -> Incident:
    """A declared incident, in triage."""
    return await declare_incident(session, a_declaration(**changes), process=PROCESS, now=now)


async def an_opened_incident(session: AsyncSession, *, status: Status = Status.TRIAGE, **changes: Any) -> Incident:
    """An incident whose channel, card and digest entry are there."""
    incident = await an_incident(session, **changes)
    incident.status = status
    incident.channel_id, incident.channel_name = f"CINC{incident.number}", f"inc-{incident.number}"
    incident.card_ts = "1772625600.000100"
    if not incident.private:
        incident.digest_channel_id, incident.digest_ts = "CDIGEST", "1772625600.000200"
    await session.flush()
    return incident
