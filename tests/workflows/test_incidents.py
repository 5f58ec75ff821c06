import asyncio
from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.ledger import list_entries, verify
from storage.tables import EntryKind, Incident, Status
from tests.builders import NOON, PROCESS, a_declaration, an_incident
from tests.workflows.asking import (
    ask,
    contents,
    do,
    holders,
    incident_now,
    newest_entry,
    opened,
    owed_by,
    refused,
    status_now,
    waiting,
)
from workflows.commands import ChangeSeverity, ChangeStatus, DeclineIncident, ReopenIncident, ResolveIncident
from workflows.errors import (
    AlreadyEnded,
    AlreadyReceived,
    IncidentNotFound,
    NoSuchSeverity,
    NothingToChange,
    ReasonNeeded,
    StepNotAllowed,
    StillOpen,
)
from workflows.incidents import declare_incident
from workflows.process import Process
from workflows.process_parts import Severity
from workflows.situation import Situation, by_priority

ENDED = [Status.RESOLVED, Status.CLOSED, Status.DECLINED, Status.MERGED]
LATER = NOON + timedelta(minutes=5)


# Declare


async def test_a_declared_incident_is_in_triage_with_its_severity_and_its_declarer_as_lead(database: Database) -> None:
    await do(database, a_declaration(impact="medium", urgency="high"))

    incident = await incident_now(database)
    assert (incident.ref, incident.status, incident.severity) == ("INC-1", Status.TRIAGE, "sev2")
    assert (incident.declared_by, incident.declared_at, incident.lead_assigned_at) == ("UANN", NOON, NOON)
    assert incident.services == ["checkout"]
    assert await holders(database) == {"lead": "UANN"}


async def test_the_ledger_begins_with_the_declaration_and_the_lead(database: Database) -> None:
    await do(database, a_declaration(lead="UBOB"))

    async with database.read() as session:
        entries = await list_entries(session, 1)
        assert [(entry.kind, entry.by, entry.happened_at) for entry in entries] == [
            (EntryKind.DECLARED, "UANN", NOON),
            (EntryKind.ROLE_ASSIGNED, "UANN", NOON),
        ]
        assert entries[0].data["title"] == "Checkout is down"
        assert entries[1].data == {"role": "lead", "to": "UBOB"}
        assert await verify(session) == (2, None)


@pytest.mark.parametrize(
    ("type_", "chosen", "private"),
    [
        ("service", None, False),
        ("security", None, True),
        ("security", False, False),
        ("service", True, True),
    ],
)
async def test_an_incident_is_private_as_chosen_or_else_as_its_type_has_it(
    sqlite: Database, type_: str, chosen: bool | None, private: bool
) -> None:
    await do(sqlite, a_declaration(type=type_, private=chosen))

    assert (await incident_now(sqlite)).private is private


@pytest.mark.parametrize(("impact", "assumed"), [("high", False), ("not_sure", True)])
async def test_a_severity_that_was_guessed_is_marked_until_it_is_said(
    sqlite: Database, impact: str, assumed: bool
) -> None:
    incident = await do(sqlite, a_declaration(impact=impact, urgency="high"))
    assert (incident.severity, incident.severity_assumed) == ("sev1", assumed)

    await do(sqlite, ask(ChangeSeverity, incident, severity="sev3", reason="Only one shop"))
    assert (await incident_now(sqlite)).severity_assumed is False


async def test_the_same_form_submitted_twice_makes_one_incident(database: Database) -> None:
    declaration = a_declaration()
    await do(database, declaration)
    before = await contents(database)

    with pytest.raises(AlreadyReceived):
        await do(database, declaration)

    assert await contents(database) == before


async def test_the_same_form_submitted_many_times_at_once_makes_one_incident(database: Database) -> None:
    declaration = a_declaration()

    answers = await asyncio.gather(*(do(database, declaration) for _ in range(6)), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyReceived"] * 5 + ["Incident"]
    assert len((await contents(database))["incident"]) == 1


async def test_twenty_incidents_declared_at_once_are_twenty(database: Database) -> None:
    made = await asyncio.gather(*(do(database, a_declaration()) for _ in range(20)))

    assert sorted(incident.number for incident in made) == list(range(1, 21))
    assert len({incident.marker for incident in made}) == 20


async def test_words_are_kept_exactly_as_they_were_typed(database: Database) -> None:
    title = "<!channel> 障害 🔥 'quoted' " + "x" * 3000

    await do(database, a_declaration(title=title))

    assert (await incident_now(database)).title == title


# Severity


async def test_a_changed_severity_is_recorded_with_its_reason_and_told_in_the_channel(sqlite: Database) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason="All shops"), now=LATER)

    assert (await incident_now(sqlite)).severity == "sev1"
    entry = await newest_entry(sqlite)
    assert (entry.kind, entry.by, entry.recorded_at) == (EntryKind.SEVERITY_CHANGED, "UANN", LATER)
    assert entry.data == {"from": "sev2", "to": "sev1", "reason": "All shops"}
    assert [row.kind.value for row in owed] == ["tell_channel", "refresh_card", "set_topic", "digest_entry"]


@pytest.mark.parametrize(
    ("status", "changes", "refusal", "sentence"),
    [
        (
            Status.RESOLVED,
            {},
            AlreadyEnded,
            "INC-1 is already resolved, so its severity stays SEV2. Reopen it to change that.",
        ),
        (
            Status.TRIAGE,
            {"severity": "huge"},
            NoSuchSeverity,
            "There is no severity “huge”. The severities are: SEV1, SEV2, SEV3, SEV4.",
        ),
        (Status.TRIAGE, {"severity": "sev2"}, NothingToChange, "INC-1 is SEV2 already, so nothing was changed."),
        (
            Status.TRIAGE,
            {"reason": ""},
            ReasonNeeded,
            "Changing the severity to SEV1 needs a reason, so INC-1 was left as it is. Say why in a few words.",
        ),
    ],
)
async def test_a_severity_that_cannot_be_changed_is_left_with_a_reason_why(
    sqlite: Database, status: Status, changes: dict[str, Any], refusal: type[Any], sentence: str
) -> None:
    incident = await opened(sqlite, status=status)

    said = await refused(
        sqlite, ask(ChangeSeverity, incident, **{"severity": "sev1", "reason": "All shops", **changes}), refusal
    )

    assert said == sentence


# Status


async def test_the_next_status_is_recorded_and_told_under_the_card(sqlite: Database) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(ChangeStatus, incident, status=Status.INVESTIGATING), now=LATER)

    assert await status_now(sqlite) is Status.INVESTIGATING
    entry = await newest_entry(sqlite)
    assert entry.data == {"from": "triage", "to": "investigating", "step": "forward", "reason": ""}
    assert [row.kind.value for row in owed] == ["tell_thread", "refresh_card", "set_topic", "digest_entry"]


async def test_a_status_may_be_left_out_with_a_reason_which_is_kept(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await do(sqlite, ask(ChangeStatus, incident, status=Status.MONITORING, reason="Rolled back at once"))

    assert (await newest_entry(sqlite)).data == {
        "from": "triage",
        "to": "monitoring",
        "step": "jump",
        "reason": "Rolled back at once",
    }


async def test_monitoring_is_when_the_harm_stopped(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MITIGATING)

    await do(sqlite, ask(ChangeStatus, incident, status=Status.MONITORING), now=LATER)

    assert (await incident_now(sqlite)).mitigated_at == LATER


@pytest.mark.parametrize("before", [Status.MITIGATING, Status.MONITORING])
async def test_going_back_to_investigating_needs_no_reason(sqlite: Database, before: Status) -> None:
    incident = await opened(sqlite, status=before)

    await do(sqlite, ask(ChangeStatus, incident, status=Status.INVESTIGATING))

    assert await status_now(sqlite) is Status.INVESTIGATING


@pytest.mark.parametrize(
    ("before", "after", "refusal", "sentence"),
    [
        (
            Status.TRIAGE,
            Status.MONITORING,
            ReasonNeeded,
            "Leaving out Investigating and Mitigating needs a reason, so INC-1 was left as it is. "
            "Say why in a few words.",
        ),
        (
            Status.MITIGATING,
            Status.MITIGATING,
            NothingToChange,
            "INC-1 is mitigating already, so nothing was changed.",
        ),
        (
            Status.MONITORING,
            Status.RESOLVED,
            StepNotAllowed,
            "INC-1 is monitoring and cannot become resolved from there. Resolve it; that asks how it was checked.",
        ),
        (
            Status.TRIAGE,
            Status.DECLINED,
            StepNotAllowed,
            "INC-1 is triage and cannot become declined from there. Decline it; that asks why.",
        ),
        (
            Status.RESOLVED,
            Status.INVESTIGATING,
            StepNotAllowed,
            "INC-1 is resolved and cannot become investigating from there. Reopen it first.",
        ),
        (
            Status.MONITORING,
            Status.MITIGATING,
            StepNotAllowed,
            "INC-1 is monitoring and cannot become mitigating from there. If it is not over, go back to investigating.",
        ),
        (
            Status.INVESTIGATING,
            Status.TRIAGE,
            StepNotAllowed,
            "INC-1 is investigating and cannot become triage from there. It can become mitigating or monitoring.",
        ),
        (
            Status.INVESTIGATING,
            Status.CLOSED,
            StepNotAllowed,
            "INC-1 is investigating and cannot become closed from there. Resolve it first.",
        ),
    ],
)
async def test_a_status_that_cannot_follow_is_refused_with_what_to_do_instead(
    sqlite: Database, before: Status, after: Status, refusal: type[Any], sentence: str
) -> None:
    incident = await opened(sqlite, status=before)

    assert await refused(sqlite, ask(ChangeStatus, incident, status=after), refusal) == sentence


# Reopen and decline


@pytest.mark.parametrize("before", [Status.RESOLVED, Status.CLOSED, Status.DECLINED])
async def test_a_reopened_incident_is_investigated_again_and_its_answers_are_asked_anew(
    sqlite: Database, before: Status
) -> None:
    incident = await opened(sqlite, status=before)
    async with sqlite.transaction() as session:
        row = await session.get_one(Incident, 1)
        row.resolved_at, row.verification, row.verified_by, row.temporary_fix = NOON, "Looked", "UBOB", ""
        row.remaining, row.ended_because = "", "A test"

    owed = await owed_by(sqlite, ask(ReopenIncident, incident, reason="It is back"))

    now = await incident_now(sqlite)
    assert now.status is Status.INVESTIGATING
    assert (now.resolved_at, now.verification, now.verified_by) == (None, None, None)
    assert (now.temporary_fix, now.remaining, now.ended_because) == (None, None, None)
    assert (await newest_entry(sqlite)).data == {"from": str(before), "reason": "It is back"}
    assert [row.kind.value for row in owed] == ["tell_channel", "refresh_card", "set_topic", "digest_entry"]


@pytest.mark.parametrize(
    ("status", "reason", "refusal", "sentence"),
    [
        (
            Status.MONITORING,
            "x",
            StillOpen,
            "INC-1 is open (monitoring), so there is nothing to reopen.",
        ),
        (
            Status.RESOLVED,
            "",
            ReasonNeeded,
            "Reopening needs a reason, so INC-1 was left as it is. Say why in a few words.",
        ),
        (
            Status.MERGED,
            "x",
            StepNotAllowed,
            "INC-1 is merged and cannot become investigating from there. Reopen the one it was merged into.",
        ),
    ],
)
async def test_reopening_is_refused_with_a_reason_why(
    sqlite: Database, status: Status, reason: str, refusal: type[Any], sentence: str
) -> None:
    incident = await opened(sqlite, status=status)

    assert await refused(sqlite, ask(ReopenIncident, incident, reason=reason), refusal) == sentence


async def test_what_is_no_incident_is_declined_in_triage_with_its_reason(sqlite: Database) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(DeclineIncident, incident, reason="A test alarm"))

    now = await incident_now(sqlite)
    assert (now.status, now.ended_because) == (Status.DECLINED, "A test alarm")
    assert (await newest_entry(sqlite)).data == {"reason": "A test alarm"}
    assert [row.kind.value for row in owed] == ["tell_channel", "refresh_card", "set_topic", "digest_entry"]


@pytest.mark.parametrize("status", ENDED)
async def test_what_has_ended_cannot_be_declined(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    said = await refused(sqlite, ask(DeclineIncident, incident, reason="x"), AlreadyEnded)

    assert said.startswith(f"INC-1 is already {status}, so there is nothing to decline.")


@pytest.mark.parametrize("status", [Status.INVESTIGATING, Status.MITIGATING, Status.MONITORING])
async def test_what_was_taken_for_real_is_resolved_rather_than_declined(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    said = await refused(sqlite, ask(DeclineIncident, incident, reason="x"), StepNotAllowed)

    assert said == (
        f"INC-1 is {status} and cannot become declined from there. "
        "It was taken for real; resolve it, and say there what it was."
    )


async def test_declining_needs_a_reason(sqlite: Database) -> None:
    said = await refused(sqlite, ask(DeclineIncident, await opened(sqlite), reason=""), ReasonNeeded)

    assert said == "Declining needs a reason, so INC-1 was left as it is. Say why in a few words."


# Any change


@pytest.mark.parametrize(
    "command",
    [
        lambda incident: ask(ChangeSeverity, incident, severity="sev1", reason="x"),
        lambda incident: ask(ChangeStatus, incident, status=Status.INVESTIGATING),
        lambda incident: ask(DeclineIncident, incident, reason="x"),
    ],
    ids=["severity", "status", "decline"],
)
async def test_the_same_request_many_times_at_once_changes_the_incident_once(database: Database, command: Any) -> None:
    incident = await opened(database)
    same = command(incident)

    answers = await asyncio.gather(*(do(database, same) for _ in range(4)), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyReceived"] * 3 + ["Incident"]
    assert (await incident_now(database)).ledger_length == 3


async def test_a_request_about_no_incident_is_refused(sqlite: Database) -> None:
    incident = await opened(sqlite)

    said = await refused(sqlite, ask(ReopenIncident, incident, incident_id=42, reason="x"), IncidentNotFound)

    assert said == "There is no INC-42 that you can see; the list shows the ones you can."


async def test_before_its_channel_is_there_a_change_owes_only_its_words(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        incident = await an_incident(session)

    owed = await owed_by(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason="x"))

    assert [(row.kind.value, row.lane) for row in owed] == [("tell_channel", "INC-1/messages")]
    async with sqlite.read() as session:
        lane = [row.kind.value for row in await waiting(session) if row.lane == "INC-1/messages"]
        assert lane == ["open_channel", "post_card", "tell_channel"]


async def test_an_assumed_severity_can_be_confirmed_as_it_is(sqlite: Database) -> None:
    incident = await opened(sqlite, impact="not_sure")

    await do(sqlite, ask(ChangeSeverity, incident, severity=incident.severity, reason="Checked"))

    now = await incident_now(sqlite)
    assert (now.severity, now.severity_assumed) == ("sev1", False)
    assert (await newest_entry(sqlite)).data == {"from": "sev1", "to": "sev1", "reason": "Checked"}


def test_the_worst_comes_first_then_the_oldest_whatever_the_severities_are_called() -> None:
    process = Process(
        severities={"critical": Severity(name="Critical"), "awful": Severity(name="Awful")},
        matrix={i: dict.fromkeys(("high", "medium", "low"), "awful") for i in ("high", "medium", "low")},
    )
    declared = [("awful", 1), ("critical", 3), ("critical", 2)]
    situations = [
        Situation(Incident(severity=severity, declared_at=NOON + timedelta(hours=hour)), {})
        for severity, hour in declared
    ]

    ordered = by_priority(situations, process)

    assert [each.incident.declared_at.hour - NOON.hour for each in ordered] == [2, 3, 1]


async def test_no_reason_and_no_answer_keeps_a_secret_and_neither_does_the_item_made_of_it(sqlite: Database) -> None:
    secret = "AKIAIOSFODNN7EXAMPLE"
    said = f"It was {secret}"
    incident = await opened(sqlite)
    await do(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason=said))
    await do(sqlite, ask(ChangeStatus, incident, status=Status.MONITORING, reason=said))
    answers = dict.fromkeys(("verification", "temporary_fix", "remaining", "reason"), said)
    await do(sqlite, ask(ResolveIncident, incident, verified_by="UANN", **answers))
    await do(sqlite, ask(ReopenIncident, incident, reason=said))
    await do(sqlite, ask(DeclineIncident, await opened(sqlite), reason=said))

    assert secret not in str(await contents(sqlite))
    assert str(await contents(sqlite)).count("It was [masked: AWS key]") > 5


async def test_a_declaration_keeps_no_secret(sqlite: Database) -> None:
    declaration = a_declaration(title="AKIAIOSFODNN7EXAMPLE leaked", description="password=hunter2hunter2")

    async with sqlite.transaction() as session:
        await declare_incident(session, declaration, process=PROCESS, now=NOON)

    kept = await incident_now(sqlite)
    assert (kept.title, kept.description) == ("[masked: AWS key] leaked", "password=[masked: secret]")
