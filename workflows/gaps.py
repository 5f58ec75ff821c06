"""What is missing: a list of rules, each with a test and words for people, and where it applies."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from storage.tables import Status
from workflows.commands import ResolveIncident
from workflows.lifecycle import WORKING
from workflows.situation import Situation


class Place(StrEnum):
    """Where a gap shows."""

    CARD = "card"
    RESOLVE = "resolve"
    """The gate before resolved."""


@dataclass(frozen=True)
class Gap:
    """One thing that may be missing."""

    name: str
    ask: str
    """What to do about it, for people."""
    place: Place
    is_open: Callable[[Situation, ResolveIncident | None], bool]


def _rule(name: str, ask: str, is_open: Callable[[Situation], bool]) -> Gap:
    return Gap(name, ask, Place.CARD, lambda situation, _: is_open(situation))


def _at_gate(name: str, ask: str, is_open: Callable[[Situation, ResolveIncident], bool]) -> Gap:
    return Gap(name, ask, Place.RESOLVE, lambda situation, answers: bool(answers and is_open(situation, answers)))


GAPS = (
    _rule("lead", "Nobody leads yet", lambda s: s.lead is None),
    _rule("confirm", "Confirm it, or decline it", lambda s: s.incident.status is Status.TRIAGE),
    _rule("severity", "The severity is only assumed; say how bad it is", lambda s: s.incident.severity_assumed),
    _rule("services", "Nobody has said what is affected", lambda s: not s.incident.services),
    _rule(
        "description",
        "Nobody has described it yet; say what is happening",
        lambda s: not s.incident.description and s.incident.last_update is None,
    ),
    _rule(
        "first_update",
        "Nobody outside has been told yet",
        lambda s: bool(s.incident.description) and s.incident.last_update is None,
    ),
    _rule(
        "mitigate",
        "Find what stops the harm, and say when you act",
        lambda s: s.incident.status is Status.INVESTIGATING,
    ),
    _rule(
        "watch", "When the harm has stopped, watch that it stays so", lambda s: s.incident.status is Status.MITIGATING
    ),
    _rule("resolve", "When it has stayed good, resolve it", lambda s: s.incident.status is Status.MONITORING),
    _rule(
        "impact", "Say who is hit, and what they cannot do", lambda s: not (s.incident.affected or s.incident.prevented)
    ),
    _rule("started", "Say since when", lambda s: s.incident.impact_started_at is None),
    _rule("where", "Say where it is", lambda s: not s.incident.location),
    _rule("detected", "Say who noticed it", lambda s: not s.incident.detected_by),
    _at_gate("verification", "Say how it was verified that all is back to normal", lambda _, a: not a.verification),
    _at_gate("verified_by", "Say who verified it", lambda _, a: not a.verified_by),
    _at_gate("temporary_fix", "Say whether a temporary fix stays, and which", lambda _, a: a.temporary_fix is None),
    _at_gate("remaining", "Say whether anything is left to do, and what", lambda _, a: a.remaining is None),
    _at_gate(
        "monitored",
        "It was not in Monitoring: say why it need not be watched first",
        lambda s, a: s.incident.status is not Status.MONITORING and not a.reason,
    ),
)


def open_gaps(situation: Situation, place: Place, answers: ResolveIncident | None = None) -> list[Gap]:
    """What is missing at a place, most pressing first; `answers` are those given at the gate."""
    if situation.incident.status not in WORKING:
        return []
    return [gap for gap in GAPS if gap.place is place and gap.is_open(situation, answers)]
