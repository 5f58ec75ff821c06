"""What a person can say of work that is done, of risks that are accepted, and of investments."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from storage.tables import ItemKind
from workflows.commands import Command, IncidentCommand, ItemCommand


class Effect(StrEnum):
    """Whether something that was done has worked."""

    EFFECTIVE = "effective"
    PARTLY = "partly"
    NOT = "not"


class Review(StrEnum):
    """What becomes of an accepted risk."""

    STILL = "still"
    """It is accepted for longer."""
    ACT = "act"
    """Something is to be done about it."""
    OVER = "over"
    """It is no risk any more."""


@dataclass(frozen=True, kw_only=True)
class CheckCommand(Command):
    """Something about one effectiveness check."""

    check_id: int
    asked_in: str | None = None
    """The channel the request came from."""


@dataclass(frozen=True, kw_only=True)
class AnswerCheck(CheckCommand):
    """Say whether it has worked."""

    answer: Effect
    side_effects: str = ""
    similar: tuple[int, ...] = ()
    """Incidents since then that look alike, by number."""
    next_step: str = ""
    """The title of an action item that goes on with it; where it has not worked there always is one."""


@dataclass(frozen=True, kw_only=True)
class AddFromCheck(CheckCommand):
    """A control or training is needed."""

    kind: ItemKind


@dataclass(frozen=True, kw_only=True)
class AcceptRisk(IncidentCommand):
    """Live with a risk for now, and look at it again on a day."""

    title: str
    why: str
    owner: str
    review_on: date


@dataclass(frozen=True, kw_only=True)
class RiskCommand(Command):
    """Something about one accepted risk."""

    risk_id: int
    asked_in: str | None = None
    """The channel the request came from."""


@dataclass(frozen=True, kw_only=True)
class SignRisk(RiskCommand):
    """A decision-maker takes responsibility for it."""


@dataclass(frozen=True, kw_only=True)
class ReviewRisk(RiskCommand):
    """Say what becomes of it."""

    answer: Review
    review_on: date | None = None
    """When it is looked at again, where it stays accepted."""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class DecideItem(ItemCommand):
    """Answer an investment."""

    approved: bool
    reason: str = ""
    """Why it is not approved."""
