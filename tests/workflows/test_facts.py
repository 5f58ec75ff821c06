"""Facts: what is known, corrected with its old value kept, and never a time that cannot be."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.tables import DeliveryKind, EntryKind, Incident, Status
from tests.bot.values import an_unsaved_incident
from tests.builders import NOON, PROCESS, a_declaration
from tests.workflows.asking import ask, contents, do, incident_now, newest_entry, opened, owed_by, refused
from workflows.commands import ChangeFacts, DeclineIncident
from workflows.errors import WrongFacts
from workflows.facts import faults_in, impact_duration, list_unknown_services

MINUTE = timedelta(minutes=1)


def _change(incident: Incident, **facts: Any) -> ChangeFacts:
    return ask(ChangeFacts, incident, facts=facts)


async def test_facts_are_corrected_and_both_values_are_kept(database: Database) -> None:
    incident = await opened(database)
    began = NOON - 20 * MINUTE

    await do(
        database, _change(incident, affected="All shops", services=["checkout", "refunds"], impact_started_at=began)
    )

    now = await incident_now(database)
    assert (now.affected, now.services, now.impact_started_at) == ("All shops", ["checkout", "refunds"], began)
    entry = await newest_entry(database)
    assert (entry.kind, entry.by) == (EntryKind.FACTS_CHANGED, "UANN")
    assert entry.data == {
        "affected": [None, "All shops"],
        "services": [["checkout"], ["checkout", "refunds"]],
        "impact_started_at": [None, began.isoformat()],
    }


async def test_a_time_that_was_wrong_is_corrected_and_the_wrong_one_stays_in_the_ledger(sqlite: Database) -> None:
    incident = await opened(sqlite)
    wrong, right = NOON - 9 * MINUTE, NOON - 90 * MINUTE
    await do(sqlite, _change(incident, detected_at=wrong))

    await do(sqlite, _change(incident, detected_at=right))

    assert (await incident_now(sqlite)).detected_at == right
    assert (await newest_entry(sqlite)).data == {"detected_at": [wrong.isoformat(), right.isoformat()]}


@pytest.mark.parametrize(
    ("fact", "redrawn"),
    [({"location": "eu-west"}, {"card", "digest"}), ({"title": "Refunds fail"}, {"card", "digest", "topic"})],
    ids=["a fact", "the title"],
)
async def test_what_shows_it_is_drawn_anew_and_nothing_is_said(
    sqlite: Database, fact: dict[str, str], redrawn: set[str]
) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, _change(incident, **fact))

    assert {row.lane.partition("/")[2] for row in owed if row.kind is not DeliveryKind.ASK} == redrawn


async def test_what_is_so_already_is_not_recorded_again(sqlite: Database) -> None:
    incident = await opened(sqlite)
    before = await newest_entry(sqlite)

    await do(sqlite, _change(incident, description="Cards are refused", location=None))

    assert (await newest_entry(sqlite)).sequence == before.sequence


async def test_a_secret_in_a_fact_is_not_kept(sqlite: Database) -> None:
    key = "AKIA" + "Q" * 16
    incident = await opened(sqlite)

    await do(sqlite, _change(incident, trigger=f"somebody published {key}"))

    assert key not in str(await contents(sqlite))


@pytest.mark.parametrize("status", Status)
async def test_facts_may_be_corrected_in_any_status(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    await do(sqlite, _change(incident, trigger="A full disk"))

    assert (await incident_now(sqlite)).trigger == "A full disk"


async def test_a_time_to_come_is_refused_at_its_field(sqlite: Database) -> None:
    incident = await opened(sqlite)

    said = await refused(sqlite, _change(incident, impact_started_at=NOON + MINUTE), WrongFacts)

    assert said == "INC-1 was left as it is. That is still to come. Give the time it was, or leave it empty."


BEFORE_IT_BEGAN = "It was noticed before its impact began; correct one of the two."
ENDED_BEFORE = "Its impact ended before it began; correct one of the two."


@pytest.mark.parametrize(
    ("known", "said", "faults"),
    [
        ({}, {"impact_started_at": -20, "detected_at": -10, "impact_ended_at": 0}, {}),
        ({}, {"impact_started_at": -10, "detected_at": -20}, {"detected_at": BEFORE_IT_BEGAN}),
        ({"detected_at": -20}, {"impact_started_at": -10}, {"impact_started_at": BEFORE_IT_BEGAN}),
        ({"impact_started_at": -10}, {"impact_ended_at": -20}, {"impact_ended_at": ENDED_BEFORE}),
        ({"impact_started_at": -10}, {"impact_started_at": None, "impact_ended_at": -20}, {}),
        ({}, {"detected_at": 5}, {"detected_at": "It was declared before that, so it was noticed earlier."}),
        ({"impact_started_at": -10, "impact_ended_at": -20}, {"detected_at": -5}, {}),
    ],
)
def test_times_out_of_order_are_named_at_the_field_that_was_changed(
    known: dict[str, int], said: dict[str, int | None], faults: dict[str, str]
) -> None:
    incident = an_unsaved_incident(**{field: NOON + at * MINUTE for field, at in known.items()})
    facts = {field: None if at is None else NOON + at * MINUTE for field, at in said.items()}

    assert faults_in(incident, facts, now=NOON + 10 * MINUTE) == faults


def test_times_in_the_same_minute_are_in_order_whatever_their_seconds() -> None:
    incident = an_unsaved_incident(impact_started_at=NOON + timedelta(seconds=40), declared_at=NOON + MINUTE)

    assert faults_in(incident, {"detected_at": NOON}, now=NOON + MINUTE) == {}


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        ({}, None),
        ({"impact_started_at": 0}, None),
        ({"mitigated_at": 30}, None),
        ({"impact_started_at": 0, "mitigated_at": 30}, 30),
        ({"impact_started_at": 0, "mitigated_at": 30, "impact_ended_at": 45}, 45),
        ({"impact_started_at": 40, "mitigated_at": 30}, 0),
    ],
)
def test_how_long_people_were_hit_is_computed_until_it_was_mitigated_unless_somebody_knows_better(
    times: dict[str, int], minutes: int | None
) -> None:
    known: dict[str, datetime] = {field: NOON + at * MINUTE for field, at in times.items()}

    assert impact_duration(an_unsaved_incident(**known)) == (None if minutes is None else minutes * MINUTE)


async def test_a_service_nobody_knows_is_taken_and_listed_for_mapping(sqlite: Database) -> None:
    process = PROCESS.model_copy(update={"services": ["checkout"]})
    first = await do(sqlite, a_declaration(services=("checkout", "chekout")))
    await do(sqlite, a_declaration(services=("chekout", "archive")))
    declined = await do(sqlite, a_declaration(services=("a test",)))
    await do(sqlite, ask(DeclineIncident, declined, reason="A test"))

    assert first.services == ["checkout", "chekout"]
    async with sqlite.read() as session:
        assert await list_unknown_services(session, process=process) == {
            "archive": ["INC-2"],
            "chekout": ["INC-1", "INC-2"],
        }
