"""Incidents: something wrong we are working on together."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, Integer, false
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
    promise_made_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """When the next update was promised."""

    verification: str | None = None
    verified_by: str | None = None
    temporary_fix: str | None = None
    """Empty text: somebody said that none stays."""
    remaining: str | None = None
    """Empty text: somebody said that nothing is left."""
    ended_because: str | None = None
    """Why it was declined or merged."""
    merged_into: int | None = Field(default=None, sa_column=Column(BigId))

    status_changed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    lead_vacant_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    watched_since: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """When somebody last said that it is still good, or the watch began."""
    last_activity_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """When a person last said or did something."""
    reopened_times: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))

    impact_started_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    impact_ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """Nothing: when it was mitigated."""
    detected_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    detected_by: str | None = None
    location: str | None = None
    """Where: a site, a region, a system."""
    affected: str | None = None
    """Who, and how many."""
    prevented: str | None = None
    """What they cannot do."""
    cost: str | None = None
    """Money or agreements that are touched."""
    trigger: str | None = None
    """What set it off."""
    meeting_url: str | None = None
    public_text: str | None = None
    public_text_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    channel_id: str | None = Field(default=None, index=True)
    channel_name: str | None = None
    card_ts: str | None = None
    digest_channel_id: str | None = None
    digest_ts: str | None = None
    adopted: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """Its channel was there before it."""
    early_posts: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    """Our top-level messages in the channel's first minutes: there may be only a few."""

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
