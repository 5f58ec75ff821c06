"""People: what we last saw of somebody."""

from datetime import datetime

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
    seen_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
