"""What a person can ask for. Values are checked for shape by the parser that made them."""

from dataclasses import dataclass
from datetime import timedelta

from storage.tables import Status


@dataclass(frozen=True, kw_only=True)
class Command:
    """Who asks, and which request it is: the same request twice is done once."""

    by: str
    request_id: str


@dataclass(frozen=True, kw_only=True)
class DeclareIncident(Command):
    """Something is wrong: work on it together."""

    title: str
    description: str = ""
    impact: str
    urgency: str
    type: str
    services: tuple[str, ...] = ()
    lead: str | None = None
    """Default: the declarer."""
    private: bool | None = None
    """None: as its type has it."""
    answer_url: str | None = None
    """Where the declarer can be answered privately for half an hour."""


@dataclass(frozen=True, kw_only=True)
class IncidentCommand(Command):
    """Something about one incident."""

    incident_id: int
    asked_in: str | None = None
    """The channel the request came from; who asks in an incident's channel is in it."""


@dataclass(frozen=True, kw_only=True)
class ClaimRole(IncidentCommand):
    """Take a role that nobody holds."""

    role: str


@dataclass(frozen=True, kw_only=True)
class AssignRole(IncidentCommand):
    """Give a role to somebody, whoever holds it now."""

    role: str
    to: str


@dataclass(frozen=True, kw_only=True)
class ChangeSeverity(IncidentCommand):
    """Say how bad it really is."""

    severity: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangeStatus(IncidentCommand):
    """Say where it is in its life; leaving out a status needs a reason."""

    status: Status
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AddNote(IncidentCommand):
    """Put a fact on the timeline."""

    text: str


@dataclass(frozen=True, kw_only=True)
class PublishUpdate(IncidentCommand):
    """Tell people outside the response how it stands."""

    words: str
    status: Status | None = None
    reason: str = ""
    """Why a status is left out, if one is."""
    next_update_in: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class ResolveIncident(IncidentCommand):
    """Say that it is over, how that was checked, and what stays. None means: not answered."""

    verification: str = ""
    verified_by: str | None = None
    temporary_fix: str | None = None
    """Empty text: none stays."""
    remaining: str | None = None
    """Empty text: nothing is left."""
    reason: str = ""
    """Why it was not watched first, if it was not."""


@dataclass(frozen=True, kw_only=True)
class ReopenIncident(IncidentCommand):
    """It is not over after all."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DeclineIncident(IncidentCommand):
    """It is not an incident."""

    reason: str
