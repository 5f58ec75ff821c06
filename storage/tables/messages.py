"""Messages: what was said in an incident's channel, with earlier words, marks and files."""

from datetime import datetime

from sqlalchemy import Boolean, false
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, UtcDateTime


class Message(SQLModel, table=True):
    """One message as it stands now; secrets in its text are masked."""

    __tablename__ = "message"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    ts: str = Field(primary_key=True)
    """What it is called in its channel."""
    thread_ts: str | None = None
    """The message it replies to."""
    author: str
    author_name: str | None = None
    """Of a bot, which is no person we could look up."""
    by_bot: bool
    broadcast: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """A reply that was also sent to the channel."""
    text: str
    posted_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    edited_ts: str = ""
    """When its present words were written; empty for the first ones."""
    deleted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """Its words are gone, because they were kept long enough."""
    entry: int | None = None
    """The sequence of its timeline entry, once it has had one."""


class MessageVersion(SQLModel, table=True):
    """Words that a message had before it was edited."""

    __tablename__ = "message_version"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    ts: str = Field(primary_key=True)
    edited_ts: str = Field(primary_key=True)
    """When these words were written; empty for the first ones."""
    text: str


class Mark(SQLModel, table=True):
    """Somebody's mark on a message, or that they took it away."""

    __tablename__ = "mark"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    ts: str = Field(primary_key=True)
    mark: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    is_set: bool
    changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    by_hand: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """Made in a form, so that no reaction shows it."""


class SharedFile(SQLModel, table=True):
    """A file of a message; its bytes are stored beside the database under their hash."""

    __tablename__ = "shared_file"

    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), primary_key=True, autoincrement=False))
    file_id: str = Field(primary_key=True)
    ts: str
    """The message it was shared with."""
    name: str
    mimetype: str
    size: int
    """Bytes."""
    sha256: str | None = None
    """Of the stored bytes, in hex; nothing while they are not here."""
    not_stored_because: str | None = None
