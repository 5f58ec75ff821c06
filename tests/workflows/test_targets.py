"""Targets against the ledger: minutes written out by hand."""

from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import Status
from tests.builders import NOON, PROCESS, a_declaration
from tests.workflows.asking import ask, do
from workflows.commands import ChangeSeverity, ChangeStatus, ClaimRole, DeclineIncident, PublishUpdate
from workflows.targets import Target, targets

MINUTE = timedelta(minutes=1)
SEV2 = {"impact": "medium", "urgency": "high"}
SEV4 = {"impact": "low", "urgency": "low"}


async def _after(database: Database, *deeds: tuple[float, Any], **declared: Any) -> dict[str, Target]:
    """INC-1 after these deeds, each so many minutes after its declaration."""
    incident = await do(database, a_declaration(**declared))
    for minutes, (kind, changes) in deeds:
        await do(database, ask(kind, incident, **changes), now=NOON + minutes * MINUTE)
    async with database.read() as session:
        found = targets(await list_entries(session, incident.number), process=PROCESS)
    return {target.name: target for target in found}


LEADS = (ClaimRole, {"role": "lead", "by": "UBOB"})
TELLS = (PublishUpdate, {"words": "We are on it"})
CONFIRMS = (ChangeStatus, {"status": Status.INVESTIGATING})


async def test_what_was_met_is_measured_from_the_declaration(sqlite: Database) -> None:
    met = await _after(sqlite, (4, LEADS), (12, CONFIRMS), (31, TELLS), **SEV2, nobody_leads=True)

    assert met == {
        "Lead": Target("Lead", 5 * MINUTE, 4 * MINUTE),
        "First update": Target("First update", 30 * MINUTE, 31 * MINUTE),
        "Triage": Target("Triage", 15 * MINUTE, 12 * MINUTE),
    }
    assert [target.kept for target in met.values()] == [True, False, True]


async def test_what_was_not_met_yet_took_no_time_and_is_neither_kept_nor_missed(sqlite: Database) -> None:
    met = await _after(sqlite, **SEV2, nobody_leads=True)

    assert [target.took for target in met.values()] == [None, None, None]
    assert [target.kept for target in met.values()] == [None, None, None]


async def test_who_declares_and_leads_has_met_that_target_at_once(sqlite: Database) -> None:
    assert (await _after(sqlite, **SEV2))["Lead"].took == 0 * MINUTE


async def test_a_severity_without_a_promise_sets_none(sqlite: Database) -> None:
    met = (await _after(sqlite, (9, TELLS), **SEV4))["First update"]

    assert (met.within, met.took, met.kept) == (None, 9 * MINUTE, None)


async def test_a_worse_severity_brings_the_first_update_forward(sqlite: Database) -> None:
    worse = (ChangeSeverity, {"severity": "sev1", "reason": "All payments fail"})

    met = await _after(sqlite, (6, worse), (20, TELLS), **SEV2)

    assert met["First update"] == Target("First update", 21 * MINUTE, 20 * MINUTE)


async def test_a_severity_that_came_after_the_target_was_met_does_not_count(sqlite: Database) -> None:
    worse = (ChangeSeverity, {"severity": "sev1", "reason": "All payments fail"})

    met = await _after(sqlite, (20, TELLS), (21, worse), **SEV2)

    assert met["First update"] == Target("First update", 30 * MINUTE, 20 * MINUTE)


@pytest.mark.parametrize(
    "ends",
    [
        (DeclineIncident, {"reason": "A test"}),
        (PublishUpdate, {"words": "It is real", "status": Status.INVESTIGATING}),
    ],
    ids=["declined", "moved by an update"],
)
async def test_triage_is_over_however_it_ended(sqlite: Database, ends: Any) -> None:
    assert (await _after(sqlite, (3, ends), **SEV2))["Triage"].took == 3 * MINUTE
