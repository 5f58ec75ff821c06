"""Action items: work with an owner and a due date, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, Date, Index, Integer, text
from sqlmodel import Column, Field, ForeignKey, SQLModel

from storage.tables.columns import BigId, EnumValue, Json, UtcDateTime


class Horizon(StrEnum):
    """When the work is for."""

    NOW = "now"
    """A task of the response."""
    AFTER = "after"


class ItemState(StrEnum):
    """Where an action item is in its life."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    VERIFIED = "verified"
    WONT_DO = "wont_do"


class Aim(StrEnum):
    """What an action item is to achieve."""

    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


class ItemKind(StrEnum):
    """What sort of work it is."""

    CODE = "code"
    MONITORING = "monitoring"
    PROCEDURE = "procedure"
    TRAINING = "training"
    SPEC = "spec"
    DOCUMENTATION = "documentation"
    VENDOR = "vendor"
    CONTROL = "control"
    INVESTMENT = "investment"
    """Needs a decision-maker's answer."""
    OTHER = "other"


class Proposal(StrEnum):
    """What a proposal wants to change in how incidents are run."""

    WORKFLOW = "workflow"
    ESCALATION = "escalation"
    TOOL = "tool"


class Source(StrEnum):
    """Where an action item came from."""

    COMMAND = "command"
    FORM = "form"
    MESSAGE = "message"
    """Its shortcut, in words of somebody's own; `source_ref` is its ts."""
    MARK = "mark"
    """A mark on it, whose item says what it says; `source_ref` is its ts."""
    RESOLVE = "resolve"
    """What was left when the incident was resolved."""
    WORKAROUND = "workaround"
    CHECK = "check"
    """An effectiveness check; `source_ref` is its number."""
    REVIEW = "review"
    RISK = "risk"


_OPEN = text("state IN ('open', 'in_progress', 'blocked')")
RANK = "coalesce(priority, coalesce(impact, 0) * coalesce(feasibility, 0))"
"""`ActionItem.rank` as an index has it: a statement is served by it only if it says the same, word for word."""


class ActionItem(SQLModel, table=True):
    """One action item as it stands now; how it came to stand so is in its incident's ledger."""

    __tablename__ = "action_item"
    __table_args__ = (
        Index("ix_action_item_open", "owner", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_action_item_incident", "incident_id"),
        Index("ix_action_item_state", "state", "due_on"),
        Index("ix_action_item_done", "done_at"),
        Index("ix_action_item_assigned", "assigned_by", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_action_item_ranked", text(f"({RANK}) DESC"), sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), nullable=False))
    title: str
    why: str = ""
    """What and why."""
    owner: str
    horizon: Horizon = Field(sa_column=Column(EnumValue(Horizon), nullable=False))
    state: ItemState = Field(sa_column=Column(EnumValue(ItemState), nullable=False))
    aim: Aim | None = Field(default=None, sa_column=Column(EnumValue(Aim)))
    kind: ItemKind = Field(sa_column=Column(EnumValue(ItemKind), nullable=False))
    proposal: Proposal | None = Field(default=None, sa_column=Column(EnumValue(Proposal)))
    """For a proposal: what it would change."""
    due_on: date | None = Field(default=None, sa_column=Column(Date))
    """A day on the owner's calendar; only a task may have none."""

    impact: int | None = None
    feasibility: int | None = None
    """1 to 5 each; their product orders the list."""
    priority: int | None = None
    """Instead of the product, 1 to 25."""
    priority_reason: str | None = None
    links: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    success_measure: str = ""
    vendor_contact: str = ""
    theme_id: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("theme.id"), index=True))

    created_by: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    source: Source = Field(sa_column=Column(EnumValue(Source), nullable=False))
    source_ref: str | None = None
    follows: int | None = Field(default=None, sa_column=Column(BigId, ForeignKey("action_item.id"), index=True))
    """The item this one goes on with."""
    assigned_by: str
    assigned_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    accepted_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    blocked_on: str | None = None
    done_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    done_by: str | None = None
    evidence: str | None = None
    """The link that shows that it is done, or that it was verified."""
    verified_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    verified_by: str | None = None
    dropped_because: str | None = None
    """Why it will not be done."""
    dropped_by: str | None = None
    state_changed_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    outcome: str | None = None
    """Whether it met its measure: `effective`, `partly` or `not`, as last answered."""
    approved: bool | None = Field(default=None, sa_column=Column(Boolean))
    """A decision-maker's answer, where one is needed."""
    decided_by: str | None = None

    planned_since: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    """Since when its ladder runs: steps before it are not sent."""
    reminded_on: date | None = Field(default=None, sa_column=Column(Date))
    """The owner's day on which they were last reminded."""
    snoozed_until: date | None = Field(default=None, sa_column=Column(Date))
    snoozes: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    heard_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """When somebody last did something about it."""
    told_late_on: date | None = Field(default=None, sa_column=Column(Date))
    """The day its owner was told late that it is due, because we were away."""

    tracker: str | None = None
    """The key of the tracker it is in."""
    tracker_url: str | None = None
    tracker_ref: str | None = None
    tracker_state: str | None = None

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("an action item has no number before it is written")
        return self.id

    @property
    def ref(self) -> str:
        """How people call it: ACT-7."""
        return f"ACT-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do."""
        return self.state in OPEN_ITEM_STATES

    @property
    def rank(self) -> int:
        """What it counts for, 1 to 25; 0 while nobody has said."""
        return self.priority or (self.impact or 0) * (self.feasibility or 0)


OPEN_ITEM_STATES = (ItemState.OPEN, ItemState.IN_PROGRESS, ItemState.BLOCKED)


class Theme(SQLModel, table=True):
    """Action items with one aim, and somebody who cares for them together."""

    __tablename__ = "theme"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    name: str = Field(unique=True)
    aim: str = ""
    owner: str
    created_by: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a theme has no number before it is written")
        return self.id


class CheckState(StrEnum):
    """Where an effectiveness check is in its life."""

    PLANNED = "planned"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    """Its item was opened again before, or was found not to work."""


class EffectivenessCheck(SQLModel, table=True):
    """Whether an item that was done has worked; asked some time after it was."""

    __tablename__ = "effectiveness_check"
    __table_args__ = (Index("ix_effectiveness_check_item", "item_id"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    item_id: int = Field(sa_column=Column(BigId, ForeignKey("action_item.id"), nullable=False))
    days: int
    """How long after it was done."""
    done_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    """When it was done: opened again and done again is checked again."""
    due_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    state: CheckState = Field(sa_column=Column(EnumValue(CheckState), nullable=False))
    answer: str | None = None
    """`effective`, `partly` or `not`."""
    side_effects: str = ""
    similar: list[int] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Incidents since then that look alike, by number."""
    answered_by: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a check has no number before it is written")
        return self.id


class AcceptedRisk(SQLModel, table=True):
    """A risk that somebody decided to live with for now, and when that is looked at again."""

    __tablename__ = "accepted_risk"
    __table_args__ = (Index("ix_accepted_risk_incident", "incident_id"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    incident_id: int = Field(sa_column=Column(BigId, ForeignKey("incident.id"), nullable=False))
    title: str
    why: str
    owner: str
    """Who is asked about it."""
    signed_by: str | None = None
    """The decision-maker who accepted it; nobody yet."""
    signed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    review_on: date = Field(sa_column=Column(Date, nullable=False))
    created_by: str
    created_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False))
    reviewed_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """When it was last looked at."""
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))
    """It is no risk any more, or something is done about it."""

    @property
    def number(self) -> int:
        """Its number; raises ValueError before the row is written."""
        if self.id is None:
            raise ValueError("a risk has no number before it is written")
        return self.id
