"""What is asked when, as a table: an incident as it stands in, questions and their minutes after noon out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storage.tables import EntryKind, PromptKind, Status, TimelineEntry
from tests.bot.values import an_unsaved_incident
from tests.builders import NOON
from tests.workflows.prompting import after
from workflows.process import Process, parse_process
from workflows.schedule import after_working_time, recipient, wanted
from workflows.situation import Situation

K = PromptKind
PROCESS = parse_process({"escalation": ["boss@example.com", "UCHIEF"]})
OUTSIDE = parse_process(
    {"audiences": {"status": {"name": "Status page", "kind": "external", "emails": ["a@b.example"]}}}
)
LEAD = {"lead": "UANN"}


def planned(
    *,
    roles: Mapping[str, str] = LEAD,
    process: Process = PROCESS,
    now: float = 0,
    open_entries: Any = (),
    **changes: Any,
) -> dict[str, float]:
    """The minute after noon at which each kind is asked of an incident declared at noon, but for silence."""
    values = {"status_changed_at": NOON, "last_activity_at": NOON, **changes}
    situation = Situation(an_unsaved_incident(**values), roles, open_entries)
    found = wanted(situation, process=process, now=after(now))
    return {one.kind.value: (one.due_at - NOON).total_seconds() / 60 for one in found if one.kind is not K.SILENT}


def test_a_promise_is_asked_for_at_80_percent_and_when_due_then_in_person_then_higher_up() -> None:
    assert planned(status=Status.MITIGATING, next_update_due_at=after(30)) == {
        "update_soon": 24,
        "update_due": 30,
        "update_overdue": 35,
        "update_escalated": 40,
    }


def test_a_promise_made_by_an_update_counts_from_that_update() -> None:
    found = planned(status=Status.MITIGATING, last_update="x", last_update_at=after(10), next_update_due_at=after(60))

    assert found["update_soon"] == 50


def test_when_a_promise_is_due_nobody_is_warned_of_it_any_more() -> None:
    found = planned(status=Status.MITIGATING, next_update_due_at=after(30), now=30)

    assert "update_soon" not in found
    assert found["update_due"] == 30


def test_everybody_of_the_escalation_is_asked_once_by_name() -> None:
    situation = Situation(an_unsaved_incident(status=Status.MITIGATING, next_update_due_at=after(30)), LEAD)

    found = [one for one in wanted(situation, process=PROCESS, now=NOON) if one.kind is K.UPDATE_ESCALATED]

    assert [one.to for one in found] == ["boss@example.com", "UCHIEF"]
    assert len({one.name for one in found}) == 2


@pytest.mark.parametrize(("severity", "minutes"), [("sev1", 5), ("sev2", 5), ("sev3", 10), ("sev4", 10), ("gone", 10)])
def test_a_vacant_lead_is_asked_for_after_5_minutes_of_a_bad_incident_and_10_of_others(
    severity: str, minutes: int
) -> None:
    assert planned(status=Status.MITIGATING, severity=severity, roles={}) == {"no_lead": minutes}


def test_a_lead_that_was_given_up_is_asked_for_counting_from_then() -> None:
    assert planned(status=Status.MITIGATING, roles={}, lead_vacant_since=after(60)) == {"no_lead": 65}


@pytest.mark.parametrize(
    "missing",
    [{"services": []}, {"description": ""}, {"severity_assumed": True}, {"impact": "not_sure"}],
    ids=lambda missing: next(iter(missing)),
)
def test_a_fact_that_is_missing_is_asked_for_at_10_minutes(missing: dict[str, Any]) -> None:
    assert planned(status=Status.MITIGATING, **missing) == {"facts": 10}


def test_triage_is_asked_about_after_15_minutes_without_a_change_of_status() -> None:
    assert planned() == {"triage": 15}


def test_a_watch_is_asked_about_30_minutes_after_it_began_or_somebody_said_it_is_still_good() -> None:
    assert planned(status=Status.MONITORING, watched_since=after(20)) == {"watch": 50}


@pytest.mark.parametrize("status", [Status.DECLINED, Status.MERGED, Status.CLOSED])
def test_nothing_is_asked_of_what_nobody_works_on(status: Status) -> None:
    assert planned(status=status, roles={}, services=[], next_update_due_at=after(30)) == {}


def test_a_promise_made_after_it_was_resolved_is_kept_too_and_nothing_else_is_asked() -> None:
    found = planned(status=Status.RESOLVED, roles={}, services=[], next_update_due_at=after(30))

    assert found.keys() == {"update_soon", "update_due", "update_overdue", "update_escalated"}


def test_a_question_is_passed_on_at_once_then_in_person_then_to_the_lead() -> None:
    data = {"to": "UBOB", "text": "Is it the cache?", "due_at": after(15).isoformat()}
    entry = TimelineEntry(
        incident_id=7, sequence=4, kind=EntryKind.QUESTION, category="question", by="UANN", happened_at=NOON, data=data
    )

    found = planned(status=Status.MITIGATING, open_entries=[entry])

    assert found == {"question": 0, "question_due": 15, "question_unanswered": 20}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, {"public_soon": 4, "public_due": 5}),
        ({"public_text_at": after(5)}, {"public_soon": 21, "public_due": 25}),
        ({"public_text_at": after(100)}, {"public_soon": 116, "public_due": 120}),
        ({"public_text_at": after(101)}, {}),
        ({"severity": "sev2"}, {}),
        ({"private": True}, {}),
    ],
)
def test_people_outside_hear_within_5_minutes_then_every_20_for_2_hours(
    changes: dict[str, Any], found: dict[str, float]
) -> None:
    values = {"status": Status.MITIGATING, "severity": "sev1", **changes}

    assert planned(**values, process=OUTSIDE) == found


def test_without_anybody_outside_no_public_message_is_asked_for() -> None:
    assert planned(status=Status.MITIGATING, severity="sev1") == {}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-04T12:00", "2026-03-05T12:00"),  # Wednesday to Thursday
        ("2026-03-06T15:00", "2026-03-09T15:00"),  # Friday to Monday
        ("2026-03-07T10:00", "2026-03-10T00:00"),  # Saturday counts from Monday on
        ("2026-03-06T00:00", "2026-03-09T00:00"),  # never at the first moment of a weekend
        ("2026-03-27T15:00", "2026-03-30T14:00"),  # the clocks go forward in Berlin on Sunday
    ],
)
def test_silence_counts_on_working_days_only(start: str, end: str) -> None:
    zone = ZoneInfo("Europe/Berlin") if "27" in start else ZoneInfo("UTC")
    begun = datetime.fromisoformat(start).replace(tzinfo=UTC)

    assert after_working_time(begun, timedelta(days=1), zone=zone) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_whoever_writes_updates_is_reminded_or_else_the_lead() -> None:
    incident = an_unsaved_incident()
    both = Situation(incident, {"lead": "UANN", "communications": "UBOB"})

    assert recipient(K.UPDATE_OVERDUE, None, both) == "UBOB"
    assert recipient(K.UPDATE_OVERDUE, None, Situation(incident, LEAD)) == "UANN"
    assert recipient(K.UPDATE_OVERDUE, None, Situation(incident, {})) is None
    assert recipient(K.QUESTION_UNANSWERED, "UCAT", both) == "UANN"
    assert recipient(K.QUESTION_UNANSWERED, "UCAT", Situation(incident, {})) == "UCAT"
    assert recipient(K.QUESTION_DUE, "UDEE", both) == "UDEE"


def test_who_has_left_a_private_incident_is_passed_over() -> None:
    incident = an_unsaved_incident(private=True)
    roles = {"lead": "UANN", "communications": "UBOB"}

    without_bob = Situation(incident, roles, viewers=frozenset({"UANN", "UCAT"}))
    assert recipient(K.UPDATE_OVERDUE, None, without_bob) == "UANN"
    without_ann = Situation(incident, roles, viewers=frozenset({"UBOB", "UCAT"}))
    assert recipient(K.QUESTION_UNANSWERED, "UCAT", without_ann) == "UCAT"
    assert recipient(K.UPDATE_OVERDUE, None, Situation(incident, roles, viewers=frozenset())) is None
