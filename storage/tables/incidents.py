"""Incidents: something wrong we are working on together."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Column, Field, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, UtcDateTime


class Status(StrEnum):
    """Where an incident is in its life."""

    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    DECLINED = "declined"
    MERGED = "merged"


class Incident(SQLModel, table=True):
    """One incident as it stands now; how it came to stand so is in the ledger."""

    __tablename__ = "incident"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    marker: str = Field(unique=True)
    """Random; written on what we make outside, so that it is recognised after a crash."""
    title: str
    description: str
    severity: str
    severity_assumed: bool
    """Its declarer was not sure, so it is the worst it could be until somebody says how bad it is."""
    impact: str
    urgency: str
    type: str
    services: list[str] = Field(sa_column=Column(Json, nullable=False))
    status: Status = Field(sa_column=Column(EnumValue(Status), nullable=False, index=True))
    private: bool

    declared_by: str
    declared_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    lead_assigned_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    mitigated_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    resolved_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    last_update: str | None = None
    last_update_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    next_update_due_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    verification: str | None = None
    verified_by: str | None = None
    temporary_fix: str | None = None
    """Empty text: somebody said that none stays."""
    remaining: str | None = None
    """Empty text: somebody said that nothing is left."""
    ended_because: str | None = None
    """Why it was declined."""

    channel_id: str | None = Field(default=None, index=True)
    channel_name: str | None = None
    card_ts: str | None = None
    digest_channel_id: str | None = None
    digest_ts: str | None = None

    ledger_length: int = 0
    ledger_hash: str = ""

    @property
    def number(self) -> int:
        """The number people know it by; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("an incident has no number before it is written")
        return self.id

    @property
    def ref(self) -> str:
        """How people call it: INC-42."""
        return f"INC-{self.number}"
