"""The catch-up: what somebody who comes late needs to know, from the ledger alone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import find_incident_of_channel
from storage.tables import DeliveryKind, Incident, TimelineEntry
from storage.tables.columns import JsonObject
from storage.timeline import list_page
from workflows import categories as c
from workflows.effects import owe_for
from workflows.lifecycle import WORKING
from workflows.process import Process

MOST_TRIED, MOST_DECIDED, MOST_THEORIES = 3, 2, 3
FRESH = timedelta(minutes=10)
"""Who came longer ago than this, and is only heard of now, has read the channel by now."""


@dataclass(frozen=True)
class Point:
    """One thing that was done, decided or thought, as it stands now."""

    words: str
    state: str | None


@dataclass(frozen=True)
class CatchUp:
    """What the timeline tells, newest first; how the incident stands otherwise is in its situation."""

    tried: tuple[Point, ...]
    decided: tuple[Point, ...]
    theories: tuple[Point, ...]

    def to_json(self) -> JsonObject:
        """For a delivery's payload."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From a delivery's payload."""
        return cls(**{name: tuple(Point(**point) for point in points) for name, points in data.items()})


async def catch_up(session: AsyncSession, incident: Incident) -> CatchUp:
    """The newest of what was tried, decided and thought."""
    return CatchUp(
        tried=await _newest(session, incident, c.ACTIONS, most=MOST_TRIED),
        decided=await _newest(session, incident, (c.DECISION,), most=MOST_DECIDED),
        theories=await _newest(session, incident, (c.THEORY,), most=MOST_THEORIES),
    )


async def _newest(
    session: AsyncSession, incident: Incident, categories: Sequence[str], *, most: int
) -> tuple[Point, ...]:
    entries = await list_page(session, incident.number, limit=most, categories=categories)
    return tuple(Point(_words(entry), entry.state) for entry in entries)


def _words(entry: TimelineEntry) -> str:
    if entry.words is not None:
        return entry.words
    return "(deleted by its author)" if entry.data.get("deleted") else str(entry.data["text"])


async def greet(
    session: AsyncSession, channel_id: str, user_id: str, *, at: datetime, process: Process, now: datetime
) -> None:
    """Owe somebody who came into the channel then a catch-up, if it is open and older than its first minutes."""
    incident = await find_incident_of_channel(session, channel_id)
    if incident is None or incident.status not in WORKING:
        return
    is_late = at >= incident.declared_at + timedelta(minutes=process.prompts.greet_after)
    if not is_late or now - at > FRESH:
        return
    told = await catch_up(session, incident)
    owe_for(
        session,
        incident,
        DeliveryKind.WHISPER_CATCHUP,
        lane=f"whisper/{user_id}",
        at=now,
        name=f"{user_id}/{at.timestamp():.6f}",
        payload={"user_id": user_id, "told": told.to_json()},
    )
