"""Prompts: questions the bot asks at a time, and what became of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, JsonObject, UtcDateTime


class PromptKind(StrEnum):
    """What is asked."""

    UPDATE_SOON = "update_soon"
    UPDATE_DUE = "update_due"
    UPDATE_OVERDUE = "update_overdue"
    """To the communications role or the lead."""
    UPDATE_ESCALATED = "update_escalated"
    """To the escalation people."""
    DRAFT = "draft"
    """Somebody's reply as a draft of an update; one press publishes it."""
    NO_LEAD = "no_lead"
    FACTS = "facts"
    TRIAGE = "triage"
    WATCH = "watch"
    SILENT = "silent"
    QUESTION = "question"
    QUESTION_DUE = "question_due"
    """To the person who was asked."""
    QUESTION_UNANSWERED = "question_unanswered"
    """To the lead."""
    PUBLIC_SOON = "public_soon"
    PUBLIC_DUE = "public_due"
    PUBLIC_DRAFT = "public_draft"
    """A text for people outside that waits for somebody's approval."""


class PromptState(StrEnum):
    """Where a prompt is in its life."""

    PLANNED = "planned"
    ASKED = "asked"
    ANSWERED = "answered"
    MOOT = "moot"


_LIVE = text("state IN ('planned', 'asked')")


class Prompt(SQLModel, table=True):
    """One question to a channel or to somebody; asked by the delivery with the same key."""

    __tablename__ = "prompt"
    __table_args__ = (
        Index("ix_prompt_live", "incident_id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_prompt_message", "channel_id", "ts"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), nullable=False))
    key: str = Field(unique=True)
    kind: PromptKind = Field(sa_column=Column(EnumValue(PromptKind), nullable=False))
    state: PromptState = Field(sa_column=Column(EnumValue(PromptState), nullable=False))
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    to: str | None = None
    """Whom it asks by direct message; nothing for the channel."""
    data: JsonObject = Field(sa_column=Column(Json, nullable=False))
    asked_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    channel_id: str | None = None
    ts: str | None = None
    """The message that asks."""
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    answer: str | None = None

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a prompt has no number before it is written")
        return self.id
