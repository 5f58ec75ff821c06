"""The timeline people see: the ledger folded, kept up with every entry."""

from datetime import datetime

from sqlalchemy import Boolean, Index, false, text
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, JsonObject, UtcDateTime
from storage.tables.ledger import EntryKind

OPEN_STATES = ("open", "in_place", "accepted")
"""States in which somebody still has to do something about an entry."""

_OPEN = text("state IN ('open', 'in_place', 'accepted') AND NOT hidden AND NOT withdrawn")


class TimelineEntry(SQLModel, table=True):
    """One fact as it stands now; every form it had is in the ledger."""

    __tablename__ = "timeline_entry"
    __table_args__ = (
        Index("ix_timeline_entry_order", "incident_id", "happened_at", "sequence"),
        Index("ix_timeline_entry_open", "incident_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    sequence: int = Field(primary_key=True)
    """Of the ledger entry that began it."""
    kind: EntryKind = Field(sa_column=Column(EnumValue(EntryKind), nullable=False))
    category: str | None = None
    """What it stands for: a mark's key, or `workaround`, `evidence`, `question`, `file`, `alert`, `meeting`."""
    by: str
    happened_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    data: JsonObject = Field(sa_column=Column(Json, nullable=False))
    words: str | None = None
    """What somebody wrote in its place; nothing while it says what it said at first."""
    state: str | None = None
    """Of a theory, a workaround, evidence, a question or an action's result."""
    message_ts: str | None = None
    hidden: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    withdrawn: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """A message that is not marked any more."""
    edited: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
