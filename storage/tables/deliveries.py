"""Deliveries: one effect we owe the world, and how it went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, Index, false, text
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, JsonObject, UtcDateTime


class DeliveryKind(StrEnum):
    """What is to be done in the world."""

    OPEN_CHANNEL = "open_channel"
    POST_CARD = "post_card"
    PIN_CARD = "pin_card"
    REFRESH_CARD = "refresh_card"
    SET_TOPIC = "set_topic"
    SET_PURPOSE = "set_purpose"
    INVITE = "invite"
    ADD_BOOKMARK = "add_bookmark"
    DIGEST_ENTRY = "digest_entry"
    TELL_CHANNEL = "tell_channel"
    TELL_THREAD = "tell_thread"
    ANSWER_DECLARER = "answer_declarer"
    REPORT_FAULT = "report_fault"
    LOOK_UP_PERSON = "look_up_person"
    LOOK_UP_PARTICIPANTS = "look_up_participants"
    LOOK_UP_MESSAGE = "look_up_message"
    READ_HISTORY = "read_history"
    READ_THREAD = "read_thread"
    FETCH_FILE = "fetch_file"
    SHOW_MARKED = "show_marked"
    ADOPT_CHANNEL = "adopt_channel"
    TELL_PERSON = "tell_person"
    WHISPER_CATCHUP = "whisper_catchup"
    ANNOUNCE = "announce"
    NOTICE = "notice"
    MAIL = "mail"
    WEBHOOK = "webhook"
    ASK = "ask"
    REFRESH_PROMPT = "refresh_prompt"
    WHISPER = "whisper"
    MORNING = "morning"
    """All that somebody is to hear of action items on one morning."""
    TELL_OF_ITEM = "tell_of_item"
    """One reminder that does not wait for a morning."""
    REFRESH_REMINDER = "refresh_reminder"
    """A message that shows action items says what is now true of them."""
    WEEKLY_DIGEST = "weekly_digest"
    MONTHLY_DIGEST = "monthly_digest"
    TREND = "trend"
    TRACK = "track"
    """Put an action item into a tracker outside."""
    LOOK_UP_TRACKED = "look_up_tracked"


SHOWS_CURRENT_STATE = frozenset(
    {
        DeliveryKind.REFRESH_CARD,
        DeliveryKind.SET_TOPIC,
        DeliveryKind.DIGEST_ENTRY,
        DeliveryKind.MORNING,
        DeliveryKind.REFRESH_REMINDER,
        DeliveryKind.WEEKLY_DIGEST,
        DeliveryKind.MONTHLY_DIGEST,
        DeliveryKind.TREND,
    }
)
"""Kinds that are drawn when they are sent, so that several waiting ones are one."""


PATIENT = frozenset({DeliveryKind.MORNING, DeliveryKind.LOOK_UP_TRACKED})
"""Kinds that come in crowds and at no incident's heels: they give way to all others."""


class DeliveryOutcome(StrEnum):
    """How a finished delivery ended."""

    SENT = "sent"
    COLLAPSED = "collapsed"
    """A later one of the same kind and lane showed the same state."""
    GAVE_UP = "gave_up"
    CANCELLED = "cancelled"
    """Nobody waits for it any more."""


class Delivery(SQLModel, table=True):
    """An effect owed since a commit; done when `done_at` is set."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_waiting",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL AND patient = 0"),
            postgresql_where=text("done_at IS NULL AND NOT patient"),
        ),
        Index(
            "ix_delivery_patient",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL AND patient = 1"),
            postgresql_where=text("done_at IS NULL AND patient"),
        ),
        Index(
            "ix_delivery_lane",
            "lane",
            "due_at",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_delivery_put_off",
            "retry_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    kind: DeliveryKind = Field(sa_column=Column(EnumValue(DeliveryKind), nullable=False))
    incident_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("incident.id"), index=True))
    payload: JsonObject = Field(sa_column=Column(Json, nullable=False))
    dedupe_key: str = Field(unique=True)
    lane: str
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    retry_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """Not before this; the place in the lane stays that of `due_at`."""
    patient: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    """It gives way to others, and goes out at a pace."""
    attempts: int = 0
    in_doubt: bool = False
    """An attempt began and its end is not known, so look in the world before repeating it."""
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    outcome: DeliveryOutcome | None = Field(default=None, sa_column=Column(EnumValue(DeliveryOutcome)))
    answer: JsonObject | None = Field(default=None, sa_column=Column(Json))
    last_error: str | None = None

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a delivery has no number before it is written")
        return self.id
