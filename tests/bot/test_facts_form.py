"""The facts form: what its submitter has changed, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from bot.listener import InvalidInput
from bot.views.facts import facts_modal, parse_change_facts
from storage.tables import Incident
from tests.bot.filled import sent
from tests.bot.values import an_unsaved_incident
from tests.builders import NOON, PROCESS
from workflows.commands import ChangeFacts
from workflows.process import Process

WITH_SERVICES = PROCESS.model_copy(update={"services": ["checkout", "search"]})


def _known() -> Incident:
    return an_unsaved_incident(
        services=["checkout", "refunds"],
        location="eu-west",
        detected_by="monitor",
        detected_at=NOON + timedelta(seconds=12, microseconds=5),
    )


def _submit(*, process: Process = WITH_SERVICES, **changed: Any) -> ChangeFacts:
    return parse_change_facts(sent(facts_modal(_known(), process=process, asked_in="CINC7"), **changed))


def test_a_form_that_nobody_has_touched_changes_nothing() -> None:
    assert _submit() == ChangeFacts(by="UANN", request_id="form/VFORM", incident_id=7, asked_in="CINC7", facts={})


@pytest.mark.parametrize(
    ("changed", "facts"),
    [
        ({"title": " Refunds   fail "}, {"title": "Refunds fail"}),
        ({"description": None}, {"description": ""}),
        ({"location": None, "affected": "All shops"}, {"location": None, "affected": "All shops"}),
        ({"services": ["search"]}, {"services": ["search", "refunds"]}),
        ({"services": [], "other_services": None}, {"services": []}),
        ({"other_services": "refunds, archive"}, {"services": ["checkout", "refunds", "archive"]}),
        ({"detected_by": "customer"}, {"detected_by": "customer"}),
        ({"detected_by": None}, {"detected_by": None}),
        ({"detected_at": int(NOON.timestamp()) - 600}, {"detected_at": NOON - timedelta(minutes=10)}),
        ({"detected_at": None}, {"detected_at": None}),
    ],
)
def test_what_was_changed_is_in_the_command_and_what_was_not_stays(
    changed: dict[str, Any], facts: dict[str, Any]
) -> None:
    assert _submit(**changed).facts == facts


def test_without_known_services_they_are_typed() -> None:
    command = _submit(process=PROCESS, other_services="checkout")

    assert command.facts == {"services": ["checkout"]}


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"title": " "}, {"title": "Say in a few words what is wrong."}),
        (
            {"other_services": "x" * 41},
            {"other_services": "A service's name has 40 characters at most; use commas."},
        ),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(changed: dict[str, Any], faults: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        _submit(**changed)

    assert refused.value.fields == faults
