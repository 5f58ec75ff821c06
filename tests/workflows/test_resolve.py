from typing import Any

import pytest

from storage.engine import Database
from storage.tables import EntryKind, Status
from tests.builders import NOON
from tests.workflows.asking import ANSWERS, ask, do, incident_now, newest_entry, opened, owed_by, refused
from tests.workflows.item_asking import entries_of
from workflows.commands import PublishUpdate, ResolveIncident
from workflows.errors import AlreadyEnded, GapsRemain


async def test_a_resolved_incident_keeps_its_answers_and_promises_nothing_more(database: Database) -> None:
    incident = await opened(database, status=Status.MONITORING)
    await do(database, ask(PublishUpdate, incident, words="x"))

    await do(database, ask(ResolveIncident, incident, **{**ANSWERS, "temporary_fix": "One shard is off"}))

    now = await incident_now(database)
    assert (now.status, now.resolved_at, now.mitigated_at) == (Status.RESOLVED, NOON, NOON)
    assert (now.verification, now.verified_by) == ("Orders go through", "UANN")
    assert (now.temporary_fix, now.remaining) == ("One shard is off", "")
    assert now.next_update_due_at is None
    (entry,) = await entries_of(database, EntryKind.RESOLVED)
    assert entry.data == {
        "from": "monitoring",
        "verification": "Orders go through",
        "verified_by": "UANN",
        "temporary_fix": "One shard is off",
        "remaining": "",
        "reason": "",
    }


async def test_the_channel_hears_that_it_is_resolved_and_all_that_shows_it_is_redrawn(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)

    owed = await owed_by(sqlite, ask(ResolveIncident, incident, **ANSWERS))

    assert [row.kind.value for row in owed] == ["tell_channel", "refresh_card", "set_topic", "digest_entry"]


async def test_the_gate_names_every_answer_that_is_missing(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MITIGATING)

    said = await refused(sqlite, ask(ResolveIncident, incident), GapsRemain)

    assert said == (
        "INC-1 cannot be resolved yet; it was left as it is. Missing:\n"
        "• Say how it was verified that all is back to normal\n"
        "• Say who verified it\n"
        "• Say whether a temporary fix stays, and which\n"
        "• Say whether anything is left to do, and what\n"
        "• It was not in Monitoring: say why it need not be watched first"
    )


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"verification": ""}, "verification"),
        ({"verified_by": None}, "verified_by"),
        ({"temporary_fix": None}, "temporary_fix"),
        ({"remaining": None}, "remaining"),
    ],
)
async def test_the_gate_stays_shut_for_one_missing_answer(
    sqlite: Database, changes: dict[str, Any], asked: str
) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)

    with pytest.raises(GapsRemain) as refusal:
        await do(sqlite, ask(ResolveIncident, incident, **{**ANSWERS, **changes}))

    assert [gap.name for gap in refusal.value.gaps] == [asked]


async def test_what_was_not_watched_first_is_resolved_with_a_reason(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.TRIAGE)

    await do(sqlite, ask(ResolveIncident, incident, **ANSWERS, reason="A typo in a page"))

    assert (await newest_entry(sqlite)).data["reason"] == "A typo in a page"


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.DECLINED, Status.MERGED])
async def test_what_has_ended_cannot_be_resolved(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    said = await refused(sqlite, ask(ResolveIncident, incident, **ANSWERS), AlreadyEnded)

    assert said.startswith(f"INC-1 is already {status}, so there is nothing to resolve.")
