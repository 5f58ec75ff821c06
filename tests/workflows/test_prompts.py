"""Prompts over a fake clock: asked at their time, once, and let go of when they are idle."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from storage.deliveries import next_due_at
from storage.engine import Database
from storage.incidents import lock_incident
from storage.tables import DeliveryKind, DeliveryOutcome, PromptKind, PromptState, Status
from tests.builders import NOON, PROCESS, a_declaration
from tests.workflows.asking import ANSWERS, ask, do, incident_now, opened
from tests.workflows.prompting import after, breaches, deliveries, prompts, states, the_prompt, time_passes
from workflows.afterwards import delivered
from workflows.commands import (
    AddNote,
    ChangeFacts,
    ChangeSeverity,
    ChangeStatus,
    ClaimRole,
    DeclineIncident,
    PublishUpdate,
    ReopenIncident,
    ResolveIncident,
)
from workflows.heard import Said
from workflows.incidents import declare_incident
from workflows.process import parse_process
from workflows.prompts import replan
from workflows.transcript import capture

K = PromptKind
HALF_AN_HOUR = timedelta(minutes=30)


async def test_a_declaration_promises_the_first_update_as_its_severity_asks(sqlite: Database) -> None:
    await opened(sqlite, impact="high", urgency="high")
    await opened(sqlite, impact="low", urgency="low")

    assert (await incident_now(sqlite, 1)).next_update_due_at == after(15)
    assert (await incident_now(sqlite, 2)).next_update_due_at is None


async def test_a_worse_severity_before_the_first_update_makes_its_promise_earlier(sqlite: Database) -> None:
    incident = await opened(sqlite, impact="high", urgency="low")
    assert incident.next_update_due_at == after(60)

    await do(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason="All of it"), now=after(5))

    assert (await incident_now(sqlite)).next_update_due_at == after(20)
    assert await time_passes(sqlite, 19) == ["triage", "update_soon"]


async def test_a_milder_severity_leaves_the_promise_as_it_was(sqlite: Database) -> None:
    incident = await opened(sqlite, impact="high", urgency="high")

    await do(sqlite, ask(ChangeSeverity, incident, severity="sev3", reason="Only a few"))

    assert (await incident_now(sqlite)).next_update_due_at == after(15)


async def test_a_promise_made_late_is_asked_for_at_80_percent_of_its_own_time(sqlite: Database) -> None:
    incident = await opened(sqlite, impact="low", urgency="low", status=Status.INVESTIGATING)
    await do(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason="All of it"), now=after(100))

    assert await time_passes(sqlite, 111) == []
    assert await time_passes(sqlite, 112) == ["update_soon"]


async def test_a_promise_that_nobody_keeps_is_asked_for_step_by_step(database: Database) -> None:
    await opened(database)  # SEV2: the first update within 30 minutes
    process = parse_process({"escalation": ["UCHIEF"]})
    await _replan(database, process)

    asked = {
        minute: await time_passes(database, minute, process=process) for minute in (23, 24, 29, 30, 34, 35, 40, 90)
    }

    assert asked == {
        23: ["triage"],
        24: ["update_soon"],
        29: [],
        30: ["update_due"],
        34: [],
        35: ["update_overdue"],
        40: ["update_escalated"],
        90: [],
    }
    assert (await the_prompt(database, K.UPDATE_OVERDUE)).to == "UANN"
    assert (await the_prompt(database, K.UPDATE_ESCALATED)).to == "UCHIEF"


async def test_an_update_cancels_what_was_planned_and_what_was_asked_says_so(database: Database) -> None:
    incident = await opened(database)
    await time_passes(database, 24)

    await do(database, ask(PublishUpdate, incident, words="x", next_update_in=HALF_AN_HOUR, by="UBOB"), now=after(25))

    assert await states(database, K.UPDATE_SOON, K.UPDATE_DUE, K.UPDATE_OVERDUE) == ["moot"] * 3 + ["planned"] * 3
    cancelled = [
        row for row in await deliveries(database, DeliveryKind.ASK) if row.outcome is DeliveryOutcome.CANCELLED
    ]
    assert {row.payload["kind"] for row in cancelled} == {"update_due", "update_overdue"}
    (redrawn,) = await deliveries(database, DeliveryKind.REFRESH_PROMPT)
    assert redrawn.payload["kind"] == "update_soon"
    assert redrawn.payload["ended"] == {
        "entry": "update",
        "by": "UBOB",
        "data": {"to": "triage"},
        "at": after(25).isoformat(),
    }
    assert await time_passes(database, 48) == []
    assert await time_passes(database, 49) == ["update_soon"]


async def test_when_it_is_due_the_warning_before_it_is_idle(sqlite: Database) -> None:
    await opened(sqlite)

    await time_passes(sqlite, 24)
    await time_passes(sqlite, 30)

    assert (await the_prompt(sqlite, K.UPDATE_SOON)).state is PromptState.MOOT
    assert (await the_prompt(sqlite, K.UPDATE_DUE)).state is PromptState.ASKED


async def test_after_an_outage_only_what_still_matters_is_asked(database: Database) -> None:
    await opened(database)

    assert await time_passes(database, 33) == ["triage", "update_due"]


@pytest.mark.parametrize(("impact", "minutes"), [("high", 5), ("low", 10)])
async def test_a_vacant_lead_is_one_nudge_and_one_breach(database: Database, impact: str, minutes: int) -> None:
    await opened(database, impact=impact, urgency="high" if impact == "high" else "low", nobody_leads=True)

    assert await time_passes(database, minutes - 1) == []
    assert await time_passes(database, minutes) == ["no_lead"]
    assert await time_passes(database, minutes + 4) == []
    assert await breaches(database) == ["lead"]


async def test_a_lead_found_in_time_is_not_asked_for(sqlite: Database) -> None:
    incident = await opened(sqlite, nobody_leads=True)

    await do(sqlite, ask(ClaimRole, incident, role="lead", by="UBOB"), now=after(3))

    assert await time_passes(sqlite, 14) == []
    assert await states(sqlite, K.NO_LEAD) == ["moot"]


async def test_a_worse_severity_moves_the_question_for_a_lead(database: Database) -> None:
    incident = await opened(database, impact="low", urgency="low", nobody_leads=True)
    await do(database, ask(ChangeSeverity, incident, severity="sev1", reason="All of it"), now=after(1))

    assert await time_passes(database, 5) == ["no_lead"]
    assert len(await prompts(database, K.NO_LEAD)) == 1


async def test_what_was_let_go_of_and_is_wanted_again_is_asked_after_all(database: Database) -> None:
    incident = await opened(database, impact="low", urgency="low", services=())
    for minute, services in enumerate((["checkout"], [])):
        await do(database, ask(ChangeFacts, incident, facts={"services": services}), now=after(minute))
    assert await states(database, K.FACTS) == ["planned"]

    assert await time_passes(database, 10) == ["facts"]


async def test_each_target_is_missed_once_with_its_own_time(database: Database) -> None:
    await opened(database, impact="high", urgency="high", nobody_leads=True)

    asked = await time_passes(database, 60)

    assert sorted(set(asked) & {"no_lead", "triage", "update_due"}) == ["no_lead", "triage", "update_due"]
    assert sorted(await breaches(database)) == ["first_update", "lead", "triage"]
    assert await time_passes(database, 90) == []


async def test_a_later_promise_that_is_missed_is_no_breach_of_the_first(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MITIGATING)
    await do(sqlite, ask(PublishUpdate, incident, words="x", next_update_in=HALF_AN_HOUR))

    assert "update_due" in await time_passes(sqlite, 30)
    assert await breaches(sqlite) == []


async def test_missing_facts_are_asked_for_once(sqlite: Database) -> None:
    incident = await opened(sqlite, services=(), impact="low", urgency="low")

    assert await time_passes(sqlite, 10) == ["facts"]
    await do(sqlite, ask(AddNote, incident, text="x"), now=after(11))
    assert await time_passes(sqlite, 14) == []


async def test_triage_that_was_left_in_time_is_not_asked_about(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await do(sqlite, ask(ChangeStatus, incident, status=Status.INVESTIGATING), now=after(14))

    assert await time_passes(sqlite, 20) == []


async def test_a_watch_ends_with_a_question_and_coming_back_to_it_with_another(database: Database) -> None:
    incident = await opened(database, impact="low", urgency="low", status=Status.MITIGATING)
    await do(database, ask(ChangeStatus, incident, status=Status.MONITORING), now=after(1))
    assert await time_passes(database, 30) == []
    assert await time_passes(database, 31) == ["watch"]

    await do(database, ask(ChangeStatus, incident, status=Status.INVESTIGATING), now=after(40))
    await do(database, ask(ChangeStatus, incident, status=Status.MONITORING, reason="x"), now=after(50))

    assert await states(database, K.WATCH) == ["moot", "planned"]
    assert await time_passes(database, 80) == ["watch"]


async def test_silence_is_asked_about_when_a_working_day_has_passed_without_a_word(database: Database) -> None:
    incident = await opened(database, impact="low", urgency="low", status=Status.MITIGATING)
    a_day = 24 * 60
    await do(database, ask(AddNote, incident, text="x"), now=after(600))

    assert await time_passes(database, a_day) == []
    assert await time_passes(database, a_day + 599) == []
    assert await time_passes(database, a_day + 600) == ["silent"]
    assert await states(database, K.SILENT) == ["moot", "asked"]


async def test_when_people_talk_again_after_a_silence_the_next_one_is_asked_about(sqlite: Database) -> None:
    await opened(sqlite, impact="low", urgency="low", status=Status.MITIGATING)
    a_day = 24 * 60
    assert await time_passes(sqlite, a_day) == ["silent"]
    ts = f"{after(a_day + 60).timestamp():.6f}"
    said = Said(channel_id="CINC1", ts=ts, posted_at=after(a_day + 60), author="UBOB", text="Still slow")

    async with sqlite.transaction() as session:
        await capture(session, [said], process=PROCESS, now=after(a_day + 60))

    assert await states(sqlite, K.SILENT) == ["moot", "planned"]
    assert await time_passes(sqlite, 2 * a_day + 59) == []
    assert await time_passes(sqlite, 2 * a_day + 60) == ["silent"]


async def test_what_people_do_all_the_time_plans_no_new_look_at_silence(sqlite: Database) -> None:
    incident = await opened(sqlite)

    for minute in range(5):
        await do(sqlite, ask(AddNote, incident, text="x"), now=after(minute))

    assert len(await prompts(sqlite, K.SILENT)) == 1


async def test_what_is_declined_is_asked_nothing_any_more(database: Database) -> None:
    incident = await opened(database, nobody_leads=True, services=())
    await time_passes(database, 6)

    await do(database, ask(DeclineIncident, incident, reason="A drill"), now=after(7))

    assert set(await states(database)) == {"moot"}
    assert await time_passes(database, 5000) == []
    async with database.read() as session:
        later = await next_due_at(session, now=after(8))
    assert later is None


async def test_what_is_resolved_is_asked_nothing_until_it_is_reopened(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)
    await do(sqlite, ask(ResolveIncident, incident, **ANSWERS), now=after(3))
    assert set(await states(sqlite)) == {"moot"}

    await do(sqlite, ask(ReopenIncident, incident, reason="It is back"), now=after(60))

    assert await states(sqlite, K.SILENT) == ["moot", "planned"]


async def test_what_is_reopened_promises_an_update_and_looks_for_a_lead_like_a_new_one(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING, nobody_leads=True)
    await time_passes(sqlite, 5)
    await do(sqlite, ask(ResolveIncident, incident, **ANSWERS), now=after(6))
    await do(sqlite, ask(PublishUpdate, incident, words="x", next_update_in=HALF_AN_HOUR), now=after(7))

    await do(sqlite, ask(ReopenIncident, incident, reason="It is back"), now=after(600))

    assert (await incident_now(sqlite)).next_update_due_at == after(630)
    assert await time_passes(sqlite, 604) == []
    assert await time_passes(sqlite, 605) == ["no_lead"]


async def test_what_was_overtaken_while_it_was_on_its_way_is_drawn_as_idle(database: Database) -> None:
    incident = await opened(database, nobody_leads=True)
    await do(database, ask(ClaimRole, incident, role="lead"), now=after(4))
    async with database.transaction() as session:
        (row,) = [row for row in await deliveries(database, DeliveryKind.ASK) if row.payload["kind"] == "no_lead"]
        session.add(row)
        row.done_at = row.outcome = None
        await _asked(session, row)

    (redrawn,) = await deliveries(database, DeliveryKind.REFRESH_PROMPT)
    assert redrawn.payload["ended"] == {"at": after(5).isoformat()}
    assert await states(database, K.NO_LEAD) == ["moot"]
    assert await breaches(database) == []


async def test_declaring_reads_nothing_for_its_prompts(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        reads = []
        _listen(session, reads)
        await declare_incident(session, a_declaration(), process=PROCESS, now=NOON)

    assert [one for one in reads if "prompt" in one or "role_assignment" in one] == []


async def test_early_messages_of_ours_are_counted_for_ten_minutes(sqlite: Database) -> None:
    await opened(sqlite, impact="high", urgency="high", nobody_leads=True, services=())

    await time_passes(sqlite, 5)
    assert (await incident_now(sqlite)).early_posts == 1
    await time_passes(sqlite, 10)
    assert (await incident_now(sqlite)).early_posts == 2
    await time_passes(sqlite, 40)

    assert (await incident_now(sqlite)).early_posts == 2


async def _replan(database: Database, process: Any) -> None:
    async with database.transaction() as session:
        incident = await lock_incident(session, 1)
        assert incident is not None
        await replan(session, incident, process=process, now=NOON)


async def _asked(session: Any, row: Any) -> None:
    answer = {"ts": "1.1", "channel_id": "CINC1", "to": None, "words": "?", "top_level": True}
    await lock_incident(session, 1)
    await delivered(session, row, answer, process=PROCESS, now=after(5))


def _listen(session: Any, reads: list[str]) -> None:
    @event.listens_for(session.bind.sync_engine, "before_cursor_execute")
    def _seen(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            reads.append(statement)
