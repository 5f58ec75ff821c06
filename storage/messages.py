"""Statements on messages, their earlier words, and marks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import add_late
from storage.tables import Incident, Mark, Message, TimelineEntry


@dataclass
class NewMessage:
    """A message that is written just before the commit: making a mapped object of each costs more than all the rest."""

    incident_id: int
    ts: str
    thread_ts: str | None
    author: str
    author_name: str | None
    by_bot: bool
    broadcast: bool
    text: str
    posted_at: datetime
    edited_ts: str
    deleted_at: datetime | None = None
    dropped_at: datetime | None = None
    entry: int | None = None


AnyMessage = Message | NewMessage

LOOKED_BACK = 200
"""How many messages back a bot's repetition is recognised; looking through all would cost more with each."""

_OF_CHANNELS_LOCKED = (
    select(Incident)
    .where(col(Incident.channel_id).in_(bindparam("channels", expanding=True)))
    .order_by(col(Incident.id))
    .with_for_update()
)
_MESSAGES = select(Message).where(
    col(Message.incident_id) == bindparam("incident_id"), col(Message.ts).in_(bindparam("ts", expanding=True))
)
_MARKS = select(Mark).where(
    col(Mark.incident_id) == bindparam("incident_id"), col(Mark.ts).in_(bindparam("ts", expanding=True))
)
_ENTRIES = select(TimelineEntry).where(
    col(TimelineEntry.incident_id) == bindparam("incident_id"),
    col(TimelineEntry.sequence).in_(bindparam("sequences", expanding=True)),
)
_LATEST = (
    select(Message.author, Message.text)
    .where(col(Message.incident_id) == bindparam("incident_id"))
    .order_by(col(Message.ts).desc())
    .limit(LOOKED_BACK)
    .subquery()
)
_SAID_LATELY = (
    select(literal(1))
    .select_from(_LATEST)
    .where(_LATEST.c.author == bindparam("author"), _LATEST.c.text == bindparam("text"))
    .limit(1)
)


async def lock_incidents_of_channels(session: AsyncSession, channels: Collection[str]) -> dict[str, Incident]:
    """The incidents of these channels, by channel, held until the end of the transaction."""
    rows = (await session.execute(_OF_CHANNELS_LOCKED, {"channels": list(channels)})).scalars()
    return {str(incident.channel_id): incident for incident in rows}


async def list_messages(session: AsyncSession, incident_id: int, ts: Collection[str]) -> dict[str, Message]:
    """Those of these messages that are kept, by ts."""
    rows = (await session.execute(_MESSAGES, {"incident_id": incident_id, "ts": list(ts)})).scalars()
    return {message.ts: message for message in rows}


def add_message(session: AsyncSession, message: NewMessage) -> None:
    """Keep a message that nobody has heard of before."""
    add_late(session, Message, **vars(message))


async def list_marks(session: AsyncSession, incident_id: int, ts: Collection[str]) -> Sequence[Mark]:
    """Marks on these messages, taken away ones too."""
    return (await session.execute(_MARKS, {"incident_id": incident_id, "ts": list(ts)})).scalars().all()


async def list_entries_of(
    session: AsyncSession, incident_id: int, sequences: Collection[int]
) -> dict[int, TimelineEntry]:
    """These timeline entries, by sequence."""
    rows = (await session.execute(_ENTRIES, {"incident_id": incident_id, "sequences": list(sequences)})).scalars()
    return {entry.sequence: entry for entry in rows}


async def was_said_lately(session: AsyncSession, incident_id: int, *, author: str, text: str) -> bool:
    """Whether this author's very words are among the newest messages that are kept of an incident."""
    found = await session.execute(_SAID_LATELY, {"incident_id": incident_id, "author": author, "text": text})
    return found.first() is not None
