"""Reminders: what somebody is to hear about an action item, a check or a risk, when, and in which message they did."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, Date, Index, false, text
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, JsonObject, UtcDateTime


class ReminderKind(StrEnum):
    """What it is about."""

    # Gathered: all that somebody is to hear on a morning is one message.
    DUE = "due"
    """A step of the ladder: to the owner."""
    SNOOZED = "snoozed"
    """What the owner put off until today."""
    SILENT_LEAD = "silent_lead"
    """It is overdue and its owner is silent: to the lead."""
    SILENT_ABOVE = "silent_above"
    """The same, to the severity's accountable person."""
    VERIFY = "verify"
    """It is done: is it so?"""
    CHECK = "check"
    """Did it work?"""
    RISK = "risk"
    """An accepted risk is to be looked at again."""
    DECISION = "decision"
    """An investment waits for a decision-maker's answer."""

    WEEKLY = "weekly"
    """One line of the weekly list of what somebody has to do."""

    # News: told at once.
    ASSIGNED = "assigned"
    """It is yours now: accept or decline."""
    DECLINED = "declined"
    """Its owner has declined it."""
    INHERITED = "inherited"
    """Its owner can no longer be reached, so it is yours."""
    HELP = "help"
    """Its owner needs help; by direct message where the channel is archived."""
    DROPPED = "dropped"
    """It will not be done: to the lead."""


GATHERED = frozenset(
    {
        ReminderKind.DUE,
        ReminderKind.SNOOZED,
        ReminderKind.SILENT_LEAD,
        ReminderKind.SILENT_ABOVE,
        ReminderKind.VERIFY,
        ReminderKind.CHECK,
        ReminderKind.RISK,
        ReminderKind.DECISION,
    }
)


class ReminderState(StrEnum):
    """Whether they have heard."""

    PLANNED = "planned"
    SENT = "sent"


_PLANNED = text("state = 'planned'")
_SENT = text("ts IS NOT NULL")
_OF_RISK = text("risk_id IS NOT NULL")


class Reminder(SQLModel, table=True):
    """One thing that one person is to hear."""

    __tablename__ = "reminder"
    __table_args__ = (
        Index("ix_reminder_planned", "to", "due_at", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        Index("ix_reminder_due", "due_at", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
        Index("ix_reminder_item", "item_id"),
        # Few are about a risk; with all the others in it, SQLite would rather read the whole table.
        Index("ix_reminder_risk", "risk_id", sqlite_where=_OF_RISK, postgresql_where=_OF_RISK),
        Index("ix_reminder_message", "channel_id", "ts", sqlite_where=_SENT, postgresql_where=_SENT),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    key: str = Field(unique=True)
    """Which one it is; each is sent once."""
    kind: ReminderKind = Field(sa_column=Column(EnumValue(ReminderKind), nullable=False))
    item_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("action_item.id")))
    check_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("effectiveness_check.id")))
    risk_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("accepted_risk.id")))
    to: str
    """A person, by id; an address of sitrep.toml that is nobody's we have seen yet."""
    on: date = Field(sa_column=Column(Date, nullable=False))
    """The morning, on the reader's calendar."""
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    state: ReminderState = Field(sa_column=Column(EnumValue(ReminderState), nullable=False))
    data: JsonObject = Field(sa_column=Column(Json, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    late: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    channel_id: str | None = None
    ts: str | None = None
    """The message that says it."""

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a reminder has no number before it is written")
        return self.id
