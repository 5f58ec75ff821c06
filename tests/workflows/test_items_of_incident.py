"""What becomes of an incident's action items and accepted risks when the incident itself changes."""

from datetime import date

from sqlmodel import col, select

from storage.action_items import find_risk
from storage.engine import Database
from storage.incidents import add_participant
from storage.ledger import verify
from storage.tables import AcceptedRisk, EntryKind, Incident, ItemState, Reminder, ReminderKind
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ask, do, opened
from tests.workflows.item_asking import ACCOUNTABLE, an_item_of, entries_of, item_now, told_at_once
from workflows.check_commands import AcceptRisk
from workflows.commands import (
    AssignRole,
    ChangeSeverity,
    DeclineIncident,
    MergeIncident,
    ReleaseRole,
    ReopenIncident,
)
from workflows.incidents import change_severity
from workflows.risks import accept_risk


async def _planned(database: Database) -> list[tuple[str, str]]:
    """What is planned to be said to whom about ACT-1, in the order it was planned."""
    async with database.read() as session:
        statement = select(Reminder).where(col(Reminder.state) == "planned").order_by(col(Reminder.id))
        return [(row.kind.value, row.to) for row in (await session.execute(statement)).scalars()]


async def _a_risk(database: Database, incident: Incident) -> None:
    """Bo looks after it, and nobody has signed for it."""
    values = {"title": "One region only", "why": "It costs", "owner": "UBO", "review_on": date(2026, 6, 1)}
    async with database.transaction() as session:
        await accept_risk(session, ask(AcceptRisk, incident, **values), process=PROCESS, now=NOON)


async def _risk_now(database: Database) -> AcceptedRisk:
    async with database.read() as session:
        risk = await find_risk(session, 1)
        assert risk is not None
        return risk


async def test_items_of_a_merged_incident_go_on_in_the_other_and_both_ledgers_say_so(database: Database) -> None:
    merged, into = await opened(database), await opened(database, lead="UEVE")
    await an_item_of(database, merged)

    await do(database, ask(MergeIncident, merged, into=into.number, reason=""))

    item = await item_now(database)
    assert (item.incident_id, item.owner, item.heard_at) == (2, "UBO", None)
    for number in (1, 2):
        (entry,) = await entries_of(database, EntryKind.ITEM_CHANGED, number)
        assert entry.data["changes"] == {"incident": ["INC-1", "INC-2"]}
    assert ("silent_lead", "UEVE") in await _planned(database)


async def test_an_owner_who_may_not_see_the_other_hands_it_to_its_lead(sqlite: Database) -> None:
    merged, into = await opened(sqlite, private=True), await opened(sqlite, private=True)
    async with sqlite.transaction() as session:
        await add_participant(session, merged.number, "UBO", at=NOON, present=True)
    await an_item_of(sqlite, merged, by="UANN")

    await do(sqlite, ask(MergeIncident, merged, into=into.number, reason=""))

    item = await item_now(sqlite)
    assert (item.incident_id, item.owner, item.accepted_at) == (2, "UANN", None)
    assert (await told_at_once(sqlite))[-1] == ("inherited", "UANN")
    async with sqlite.read() as session:
        told = (await session.execute(select(Reminder).where(Reminder.kind == ReminderKind.INHERITED))).scalar_one()
    assert told.data == {"from": "UBO", "hidden": True}
    (entry,) = await entries_of(sqlite, EntryKind.ITEM_CHANGED, 2)
    assert entry.data["changes"]["owner"] == ["{@UBO}", "{@UANN}"]
    async with sqlite.read() as session:
        assert (await verify(session))[1] is None


async def test_another_lead_hears_of_the_silence(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await an_item_of(sqlite, incident)
    assert ("silent_lead", "UANN") in await _planned(sqlite)

    await do(sqlite, ask(AssignRole, incident, role="lead", to="UEVE"))
    assert ("silent_lead", "UEVE") in await _planned(sqlite)
    await do(sqlite, ask(ReleaseRole, incident, role="lead"))

    assert ("silent_lead", "UANN") in await _planned(sqlite)


async def test_items_of_a_declined_incident_stay_their_owners_and_a_reopened_one_keeps_them(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await an_item_of(sqlite, incident)
    before = await _planned(sqlite)

    await do(sqlite, ask(DeclineIncident, incident, reason="A test"))
    assert await _planned(sqlite) == before
    await do(sqlite, ask(ReopenIncident, incident, reason="It was none"))

    assert await _planned(sqlite) == before
    assert (await item_now(sqlite)).state is ItemState.OPEN


async def test_at_another_severity_others_are_accountable(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await an_item_of(sqlite, incident, process=ACCOUNTABLE)
    assert ("silent_above", "UEVE") in await _planned(sqlite)

    worse = ask(ChangeSeverity, incident, severity="sev1", reason="Worse")
    async with sqlite.transaction() as session:
        await change_severity(session, worse, process=ACCOUNTABLE, now=NOON)

    assert ("silent_above", "UEVE") not in await _planned(sqlite)


async def test_risks_of_a_merged_incident_go_on_in_the_other_whose_lead_is_asked_to_sign(database: Database) -> None:
    merged, into = await opened(database), await opened(database, lead="UEVE")
    await _a_risk(database, merged)
    assert ("decision", "UANN") in await _planned(database)

    await do(database, ask(MergeIncident, merged, into=into.number, reason=""))

    risk = await _risk_now(database)
    assert (risk.incident_id, risk.owner) == (2, "UBO")
    assert {to for kind, to in await _planned(database) if kind == "decision"} == {"UEVE"}
    for number in (1, 2):
        (entry,) = await entries_of(database, EntryKind.RISK_REVIEWED, number)
        assert (entry.data["answer"], entry.data["into"]) == ("moved", "INC-2")


async def test_a_risk_whose_owner_may_not_see_the_other_goes_to_its_lead(sqlite: Database) -> None:
    merged, into = await opened(sqlite, private=True), await opened(sqlite, private=True)
    async with sqlite.transaction() as session:
        await add_participant(session, merged.number, "UBO", at=NOON, present=True)
    await _a_risk(sqlite, merged)

    await do(sqlite, ask(MergeIncident, merged, into=into.number, reason=""))

    risk = await _risk_now(sqlite)
    assert (risk.incident_id, risk.owner) == (2, "UANN")


async def test_another_lead_is_asked_to_sign_for_its_risks(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await _a_risk(sqlite, incident)

    await do(sqlite, ask(AssignRole, incident, role="lead", to="UEVE"))

    assert {to for kind, to in await _planned(sqlite) if kind == "decision"} == {"UEVE"}
