"""Readings of incidents' channels: owed where something may have been missed."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe_unless_owed
from storage.incidents import list_incidents_to_read
from storage.readings import list_readings, newest_heard
from storage.tables import DeliveryKind, Incident
from storage.tables.columns import JsonObject

READ_AFTER_END = timedelta(days=7)
"""How long after its end an incident's channel is still read, and how long after its last reply a thread is."""


async def owe_readings(session: AsyncSession, *, now: datetime) -> None:
    """Owe a reading of the channel of every incident that is open, or ended a few days ago."""
    for incident in await list_incidents_to_read(session, ended_after=now - READ_AFTER_END):
        await owe_reading(session, incident, now=now)


async def owe_reading(session: AsyncSession, incident: Incident, *, now: datetime) -> None:
    """Owe a reading of the whole channel; one that has not begun yet will do.

    `known_to` is the newest thing we have heard: whatever is older had happened before the reading, so that what it
    does not show is gone. No clock of ours is compared with theirs.
    """
    known_to = await newest_heard(session, incident.number)
    for waiting in await list_readings(session, _lane(incident), now=now):
        if _is_first(waiting.payload):
            waiting.payload = {**waiting.payload, "known_to": known_to}
            return
    step = {"reading": now.isoformat(), "known_to": known_to, "after": "", "upto": "", "bounds": []}
    await owe_step(session, incident, DeliveryKind.READ_HISTORY, step, now=now)


def _is_first(step: JsonObject) -> bool:
    return not step["after"] and not step["upto"]


def _lane(incident: Incident) -> str:
    return f"{incident.ref}/history"


async def owe_step(
    session: AsyncSession, incident: Incident, kind: DeliveryKind, step: JsonObject, *, now: datetime
) -> None:
    """Owe one step of a reading: a stretch of the channel, or a page of a thread."""
    name = "/".join(step.get(part, "") for part in ("thread_ts", "after", "upto"))
    key = "/".join((incident.marker, kind, step["reading"], name))
    await owe_unless_owed(
        session, kind, lane=_lane(incident), key=key, due_at=now, payload=step, incident_id=incident.number
    )
