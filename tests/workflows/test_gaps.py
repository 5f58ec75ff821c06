from typing import Any

import pytest

from storage.tables import Incident, Status
from tests.builders import NOON
from workflows.commands import ResolveIncident
from workflows.gaps import GAPS, Place, open_gaps
from workflows.situation import Situation

ALL_ROLES = {"lead": "UANN", "communications": "UBOB"}


def _situation(roles: dict[str, str] | None = None, **changes: Any) -> Situation:
    """One of which nothing is missing but its next step."""
    values: dict[str, Any] = {
        "status": Status.INVESTIGATING,
        "description": "Cards are refused",
        "services": ["checkout"],
        "severity_assumed": False,
        "last_update": "We are on it",
        "affected": "Everybody who pays by card",
        "impact_started_at": NOON,
        "location": "eu-west",
        "detected_by": "monitor",
    }
    return Situation(Incident(**{**values, **changes}), ALL_ROLES if roles is None else roles)


def _names(situation: Situation, place: Place = Place.CARD, answers: ResolveIncident | None = None) -> list[str]:
    return [gap.name for gap in open_gaps(situation, place, answers)]


@pytest.mark.parametrize(
    ("status", "next_step"),
    [
        (Status.TRIAGE, ["confirm"]),
        (Status.INVESTIGATING, ["mitigate"]),
        (Status.MITIGATING, ["watch"]),
        (Status.MONITORING, ["resolve"]),
        (Status.RESOLVED, []),
        (Status.CLOSED, []),
        (Status.DECLINED, []),
        (Status.MERGED, []),
    ],
)
def test_each_status_has_a_next_step_of_its_own(status: Status, next_step: list[str]) -> None:
    assert _names(_situation(status=status)) == next_step


@pytest.mark.parametrize(
    ("situation", "missing"),
    [
        (_situation(roles={}), "lead"),
        (_situation(description="", last_update=None), "description"),
        (_situation(last_update=None), "first_update"),
        (_situation(severity_assumed=True), "severity"),
        (_situation(services=[]), "services"),
        (_situation(affected=None), "impact"),
        (_situation(impact_started_at=None), "started"),
        (_situation(location=None), "where"),
        (_situation(detected_by=None), "detected"),
    ],
    ids=["lead", "description", "first_update", "severity", "services", "impact", "started", "where", "detected"],
)
def test_what_is_missing_shows_on_the_card(situation: Situation, missing: str) -> None:
    assert missing in _names(situation)


def test_an_update_makes_up_for_a_description() -> None:
    assert _names(_situation(description="", last_update="x")) == ["mitigate"]


def test_the_most_pressing_comes_first() -> None:
    assert _names(_situation(roles={}, status=Status.TRIAGE, last_update=None))[:2] == ["lead", "confirm"]


def test_what_to_do_next_comes_before_facts_that_can_wait() -> None:
    missing = _names(_situation(affected=None, location=None, detected_by=None, impact_started_at=None))

    assert missing == ["mitigate", "impact", "started", "where", "detected"]


def test_what_they_cannot_do_says_as_well_who_is_hit() -> None:
    assert _names(_situation(affected=None, prevented="Pay")) == ["mitigate"]


def _answers(**changes: Any) -> ResolveIncident:
    values = {"verification": "Orders go through", "verified_by": "UANN", "temporary_fix": "", "remaining": ""}
    return ResolveIncident(by="UANN", request_id="r", incident_id=1, **{**values, **changes})


def test_the_gate_opens_when_everything_is_answered_also_with_nothing() -> None:
    assert _names(_situation(status=Status.MONITORING), Place.RESOLVE, _answers()) == []


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"verification": ""}, "verification"),
        ({"verified_by": None}, "verified_by"),
        ({"temporary_fix": None}, "temporary_fix"),
        ({"remaining": None}, "remaining"),
    ],
)
def test_the_gate_names_the_answer_that_is_missing(changes: dict[str, Any], missing: str) -> None:
    assert _names(_situation(status=Status.MONITORING), Place.RESOLVE, _answers(**changes)) == [missing]


@pytest.mark.parametrize("status", [Status.TRIAGE, Status.INVESTIGATING, Status.MITIGATING])
def test_what_was_not_watched_first_needs_a_reason_at_the_gate(status: Status) -> None:
    assert _names(_situation(status=status), Place.RESOLVE, _answers()) == ["monitored"]
    assert _names(_situation(status=status), Place.RESOLVE, _answers(reason="A typo")) == []


def test_each_gap_has_a_name_of_its_own_and_words_for_people() -> None:
    assert len({gap.name for gap in GAPS}) == len(GAPS)
    assert all(gap.ask for gap in GAPS)
