"""Updates: words written for people outside the response."""

from datetime import datetime

from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, UtcDateTime
from storage.tables.incidents import Status


class Update(SQLModel, table=True):
    """One published update; never changed afterwards."""

    __tablename__ = "incident_update"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), nullable=False, index=True))
    words: str
    """The condition: what is the case."""
    actions: str | None = None
    needs: str | None = None
    needed: str | None = None
    """The person who is asked for what is needed."""
    promised_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """By when it had been promised; nothing where nothing was."""
    status: Status = Field(sa_column=Column(EnumValue(Status), nullable=False))
    next_update_due_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    published_by: str
    published_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
