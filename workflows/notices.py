"""The one message a recipient gets for a transition, in words that fit every medium."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from storage.tables.columns import JsonObject


class Transition(StrEnum):
    """A turn of an incident that audiences may want to hear of."""

    DECLARED = "declared"
    SEVERITY_RAISED = "severity_raised"
    SEVERITY_LOWERED = "severity_lowered"
    INVESTIGATING = "investigating"
    MITIGATING = "mitigating"
    MONITORING = "monitoring"
    UPDATE = "update"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    DECLINED = "declined"
    MERGED = "merged"
    CLOSED = "closed"
    PUBLIC = "public"
    """An approved text for people outside; the only one that external audiences get."""


@dataclass(frozen=True)
class Part:
    """A labelled paragraph, or a labelled moment; people in it are `{@U1}`."""

    label: str
    text: str = ""
    at: str | None = None
    """An ISO time, shown on the reader's own clock where the medium can."""

    @property
    def moment(self) -> datetime | None:
        """The time, where it is one."""
        return datetime.fromisoformat(self.at) if self.at else None


@dataclass(frozen=True)
class Notice:
    """What is told: history, so it holds its words."""

    transition: Transition
    ref: str
    """INC-42; empty in an external notice, whose readers know no such number."""
    headline: str
    """One line: what is so now."""
    facts: tuple[str, ...] = ()
    """Short facts beside the headline: severity, status."""
    parts: tuple[Part, ...] = ()
    next: str = ""
    """What comes next."""
    happened_at: str = ""
    """ISO."""
    channel_id: str | None = None
    """Where the incident is worked on; None in an external notice."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of the people in its words, for media without mentions."""

    @property
    def is_external(self) -> bool:
        """Whether it is for people outside: its headline is the whole text, and there is nothing else."""
        return not self.ref

    def to_json(self) -> JsonObject:
        """For a delivery's payload."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """From a delivery's payload."""
        parts = tuple(Part(**part) for part in data["parts"])
        return cls(
            **{**data, "transition": Transition(data["transition"]), "facts": tuple(data["facts"]), "parts": parts}
        )
