"""Received requests: what has been done once and must not be done again."""

from datetime import datetime

from sqlmodel import Column, Field, SQLModel

from storage.tables.columns import UtcDateTime


class ReceivedRequest(SQLModel, table=True):
    """The key of an event, form or click whose transaction committed."""

    __tablename__ = "received_request"

    key: str = Field(primary_key=True)
    received_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
