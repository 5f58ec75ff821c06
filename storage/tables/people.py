"""People: what we last saw of somebody."""

from datetime import datetime

from sqlalchemy import Boolean, false
from sqlmodel import Column, Field, SQLModel

from storage.tables.columns import UtcDateTime


class Person(SQLModel, table=True):
    """Somebody's name, address and time zone, as last seen."""

    __tablename__ = "person"

    user_id: str = Field(primary_key=True)
    name: str
    email: str | None = None
    zone: str | None = None
    """An IANA name, such as Europe/Berlin."""
    gone_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """Since when they cannot be reached: they have left the workspace, or take no direct messages."""
    no_praise: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """They asked not to be thanked in public."""
    seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
