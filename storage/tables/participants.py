"""Participants: who is in an incident's channel."""

from datetime import datetime

from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, UtcDateTime


class Participant(SQLModel, table=True):
    """Somebody who is, or was, in the channel of an incident; those who are may see it when it is private."""

    __tablename__ = "participant"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    user_id: str = Field(primary_key=True)
    joined_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    left_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
