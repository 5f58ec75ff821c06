"""Subscriptions: what people want to hear of."""

from datetime import datetime

from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, UtcDateTime


class Subscription(SQLModel, table=True):
    """Somebody, or a channel, hears of one incident or of all that fit."""

    __tablename__ = "subscription"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    key: str = Field(unique=True)
    """Subscriber and filter in one word, so that the same wish is kept once."""
    user_id: str | None = Field(default=None, index=True)
    """Who hears by direct message; nothing where a channel does."""
    channel_id: str | None = None
    incident_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("incident.id"), index=True))
    severity: str | None = None
    """At least as bad as this."""
    service: str | None = None
    type: str | None = None
    created_by: str = Field(index=True)
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a subscription has no number before it is written")
        return self.id
