"""Audiences: who hears of a transition, on which road, once, and never who may not."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.deliveries import finish
from storage.engine import Database
from storage.incidents import add_participant, find_participant
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, EntryKind, Incident, LedgerEntry, Person, Status
from tests.bot.values import a_situation
from tests.builders import NOON, a_declaration, request
from tests.workflows.asking import ANSWERS, ask, waiting
from workflows import incidents, resolve, updates
from workflows.afterwards import delivered
from workflows.audiences import announce
from workflows.commands import (
    ChangeSeverity,
    ChangeStatus,
    DeclineIncident,
    IncidentCommand,
    PublishUpdate,
    ReopenIncident,
    ResolveIncident,
)
from workflows.lifecycle import Step, step
from workflows.notices import Transition
from workflows.process import Process, parse_process
from workflows.recipients import Found, matching_rules, recipients_of
from workflows.situation import Situation
from workflows.subscriptions import Wish, subscribe

EVERY_ROAD = {
    "name": "Everybody",
    "channels": ["#exec"],
    "groups": ["@sre"],
    "people": ["bo@example.com"],
    "emails": ["press@example.com"],
    "webhooks": ["pager"],
}
WEBHOOKS = {"pager": {"url": "https://example.com/hook", "secret_env": "PAGER_SECRET"}}
FOUND: dict[str, Any] = {
    "channels": {"#exec": "CEXEC"},
    "groups": {"@sre": ["UBOB", "UCAT"]},
    "people": {"bo@example.com": "UBOB"},
    "unknown": [],
    "names": {},
}
DO: dict[type[IncidentCommand], Any] = {
    ChangeSeverity: incidents.change_severity,
    ChangeStatus: incidents.change_status,
    DeclineIncident: incidents.decline_incident,
    ReopenIncident: incidents.reopen_incident,
    PublishUpdate: updates.publish_update,
    ResolveIncident: resolve.resolve_incident,
}


def a_process(**audiences: dict[str, Any]) -> Process:
    """The usual process with these audiences."""
    return parse_process({"audiences": audiences, "webhooks": WEBHOOKS})


EVERYBODY = a_process(everybody=EVERY_ROAD)


async def opened(database: Database, process: Process, *, status: Status | None = None, **changes: Any) -> Incident:
    """A committed incident whose channel is there; that it was declared has been announced to nobody yet."""
    async with database.transaction() as session:
        incident = await incidents.declare_incident(session, a_declaration(**changes), process=process, now=NOON)
        incident.channel_id, incident.status = "CINC1", status or incident.status
    async with database.transaction() as session:
        for delivery in await waiting(session):
            finish(delivery, DeliveryOutcome.SENT, now=NOON)
    return incident


async def do(database: Database, process: Process, command: IncidentCommand) -> None:
    """Have it done, and what it announces looked up."""
    async with database.transaction() as session:
        await DO[type(command)](session, command, process=process, now=NOON)
    await looked_up(database, process)


async def looked_up(database: Database, process: Process, answer: dict[str, Any] = FOUND) -> None:
    """Every waiting announcement finds this in the world."""
    async with database.transaction() as session:
        for delivery in [row for row in await waiting(session) if row.kind is DeliveryKind.ANNOUNCE]:
            finish(delivery, DeliveryOutcome.SENT, now=NOON, answer=answer)
            await delivered(session, delivery, answer, process=process, now=NOON)


async def owed(database: Database, *kinds: DeliveryKind) -> list[Delivery]:
    """The waiting deliveries of these kinds."""
    async with database.read() as session:
        return [row for row in await waiting(session) if row.kind in kinds]


async def told(database: Database) -> list[tuple[str, str]]:
    """Who is told, by road, in the order it was owed."""
    rows = await owed(database, DeliveryKind.NOTICE, DeliveryKind.MAIL, DeliveryKind.WEBHOOK)
    return [(row.kind.value, row.payload["to"]) for row in rows]


ALL_TOLD = [
    ("notice", "CEXEC"),
    ("notice", "UBOB"),
    ("notice", "UCAT"),
    ("mail", "press@example.com"),
    ("webhook", "pager"),
]


# Rules


@pytest.mark.parametrize(
    ("rule", "heard"),
    [
        ({}, True),
        ({"severity": "sev1"}, False),
        ({"severity": "sev2"}, True),
        ({"severity": "sev3"}, True),
        ({"types": ["service"]}, True),
        ({"types": ["security", "service"]}, True),
        ({"types": ["security"]}, False),
        ({"services": ["Checkout", "search"]}, True),
        ({"services": ["search"]}, False),
        ({"on": ["resolved", "update"]}, True),
        ({"on": ["resolved"]}, False),
        ({"severity": "sev2", "types": ["service"], "services": ["checkout"], "on": ["update"]}, True),
        ({"severity": "sev2", "types": ["service"], "services": ["checkout"], "on": ["closed"]}, False),
        ({"severity": "sev1", "types": ["service"], "services": ["checkout"], "on": ["update"]}, False),
        ({"kind": "external"}, False),
        ({"kind": "external", "on": ["update"]}, False),
    ],
)
def test_a_rule_holds_when_every_condition_does_by_one_of_its_values(rule: dict[str, Any], heard: bool) -> None:
    process = a_process(it={**EVERY_ROAD, **rule})
    incident = a_situation().incident

    rules = matching_rules(incident, [Transition.UPDATE], severity="sev2", process=process)

    assert rules == ({"it": Transition.UPDATE} if heard else {})


@pytest.mark.parametrize("transition", [each for each in Transition if each is not Transition.PUBLIC])
def test_an_external_audience_hears_of_approved_texts_only(transition: Transition) -> None:
    process = a_process(press={**EVERY_ROAD, "kind": "external", "on": [transition.value]})
    incident = a_situation().incident

    assert matching_rules(incident, [transition], severity="sev1", process=process) == {}
    assert matching_rules(incident, [Transition.PUBLIC], severity="sev1", process=process)


def test_who_is_named_by_many_rules_is_one_recipient() -> None:
    process = a_process(one=EVERY_ROAD, two={**EVERY_ROAD, "people": ["UBOB"], "emails": ["Press@Example.com"]})
    found = Found(FOUND["channels"], FOUND["groups"], {"bo@example.com": "UBOB", "UBOB": "UBOB"})

    recipients = recipients_of(["one", "two"], a_situation(), found, process)

    assert [(each.road.value, each.to) for each in recipients] == [
        ("notice", "CEXEC"),
        ("notice", "UBOB"),
        ("notice", "UCAT"),
        ("mail", "press@example.com"),
        ("webhook", "pager"),
    ]


def test_who_is_named_as_somebody_outside_is_outside_whatever_other_rule_names_them() -> None:
    partner = {"name": "Partner", "channels": ["CSHARED"]}
    process = a_process(inside=partner, press={**partner, "kind": "external"})

    recipients = recipients_of(["inside", "press"], a_situation(), Found({"CSHARED": "CSHARED"}), process)

    assert [(each.to, each.external) for each in recipients] == [("CSHARED", True)]


def test_the_incidents_own_channel_is_told_by_its_messages_alone() -> None:
    process = a_process(own={"name": "Own", "channels": ["#inc-7"]})

    assert recipients_of(["own"], a_situation(), Found({"#inc-7": "CINC7"}), process) == []


# Announcing


async def test_a_declaration_is_announced_when_its_channel_is_there(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await incidents.declare_incident(session, a_declaration(), process=EVERYBODY, now=NOON)
    assert await owed(sqlite, DeliveryKind.ANNOUNCE) == []

    async with sqlite.transaction() as session:
        (delivery, *_) = await waiting(session)
        answer = {"channel_id": "CINC1", "name": "inc-1"}
        finish(delivery, DeliveryOutcome.SENT, now=NOON, answer=answer)
        await delivered(session, delivery, answer, process=EVERYBODY, now=NOON)
    await looked_up(sqlite, EVERYBODY)

    assert await told(sqlite) == ALL_TOLD
    notice = (await owed(sqlite, DeliveryKind.NOTICE))[0].payload["notice"]
    assert notice["headline"] == "INC-1 · Checkout is down: declared"
    assert notice["facts"] == ["SEV2", "Triage", "checkout"]
    assert notice["next"] == "Confirm it, or decline it"


async def test_an_audience_that_has_become_external_since_gets_no_word_of_ours(sqlite: Database) -> None:
    board = {"name": "The board", "emails": ["board@example.com"]}
    before, after = a_process(board=board), a_process(board={**board, "kind": "external"})
    incident = await opened(sqlite, before)
    async with sqlite.transaction() as session:
        await updates.publish_update(session, ask(PublishUpdate, incident, words="x"), process=before, now=NOON)

    await looked_up(sqlite, after)

    assert await told(sqlite) == []


async def test_nothing_is_owed_when_nobody_wants_to_hear(sqlite: Database) -> None:
    process = a_process(press={**EVERY_ROAD, "on": ["closed"]})
    incident = await opened(sqlite, process)

    await do(sqlite, process, ask(PublishUpdate, incident, words="We found it"))

    assert await owed(sqlite, DeliveryKind.ANNOUNCE) == []


async def test_publishing_owes_one_delivery_however_many_will_hear(sqlite: Database) -> None:
    incident = await opened(sqlite, EVERYBODY)

    async with sqlite.transaction() as session:
        await updates.publish_update(session, ask(PublishUpdate, incident, words="x"), process=EVERYBODY, now=NOON)

    (row,) = await owed(sqlite, DeliveryKind.ANNOUNCE)
    assert row.lane == "INC-1/announce"
    assert await told(sqlite) == []


async def test_each_recipient_has_a_lane_and_a_notice_of_its_own(database: Database) -> None:
    incident = await opened(database, EVERYBODY)

    await do(database, EVERYBODY, ask(PublishUpdate, incident, words="We found it"))

    rows = await owed(database, DeliveryKind.NOTICE, DeliveryKind.MAIL, DeliveryKind.WEBHOOK)
    assert [(row.kind.value, row.payload["to"]) for row in rows] == ALL_TOLD
    assert [row.lane for row in rows] == [
        "channel/CEXEC",
        "person/UBOB",
        "person/UCAT",
        "mail/press@example.com",
        "webhook/pager",
    ]
    assert {row.incident_id for row in rows} == {1}
    assert [row.payload["why"] for row in rows][:3] == [
        "audiences.everybody.channels",
        "audiences.everybody.people",
        "audiences.everybody.groups",
    ]


async def test_two_hundred_recipients_are_owed_once_each_in_one_go(database: Database) -> None:
    process = a_process(everybody={"name": "All", "groups": ["@all"]})
    incident = await opened(database, process)
    everybody = [f"U{number:04}" for number in range(200)]
    async with database.transaction() as session:
        await updates.publish_update(session, ask(PublishUpdate, incident, words="x"), process=process, now=NOON)

    await looked_up(database, process, {**FOUND, "groups": {"@all": [*everybody, *everybody[:50]]}})

    assert [to for _, to in await told(database)] == everybody


async def test_the_same_announcement_looked_up_twice_tells_nobody_twice(database: Database) -> None:
    incident = await opened(database, EVERYBODY)
    await do(database, EVERYBODY, ask(PublishUpdate, incident, words="We found it"))

    async with database.transaction() as session:
        rows = (await session.execute(Delivery.__table__.select())).all()  # type: ignore[attr-defined]  # SQLModel sets it
        announced = next(row.id for row in rows if row.kind is DeliveryKind.ANNOUNCE)
        delivery = await session.get(Delivery, announced)
        assert delivery is not None
        await delivered(session, delivery, FOUND, process=EVERYBODY, now=NOON)

    assert await told(database) == ALL_TOLD


async def test_a_status_that_flips_back_and_forth_is_one_notice_each(sqlite: Database) -> None:
    process = a_process(bo={"name": "Bo", "people": ["UBOB"]})
    incident = await opened(sqlite, process)
    found = {**FOUND, "people": {"UBOB": "UBOB"}}

    for status in (Status.INVESTIGATING, Status.MITIGATING, Status.INVESTIGATING, Status.MITIGATING):
        async with sqlite.transaction() as session:
            command = ask(ChangeStatus, incident, status=status)
            await incidents.change_status(session, command, process=process, now=NOON)
        await looked_up(sqlite, process, found)

    notices = [row.payload["transition"] for row in await owed(sqlite, DeliveryKind.NOTICE)]
    assert notices == ["investigating", "mitigating"]


async def test_a_reopened_incident_is_told_of_anew_and_every_update_is_told(sqlite: Database) -> None:
    process = a_process(bo={"name": "Bo", "people": ["UBOB"], "on": ["update", "resolved", "reopened"]})
    incident = await opened(sqlite, process, status=Status.MONITORING)
    found = {**FOUND, "people": {"UBOB": "UBOB"}}
    steps = [
        ask(PublishUpdate, incident, words="One"),
        ask(PublishUpdate, incident, words="Two"),
        ask(ResolveIncident, incident, **ANSWERS),
        ask(ReopenIncident, incident, reason="Refunds fail"),
        ask(ResolveIncident, incident, **ANSWERS, reason="Known cause"),
        ask(PublishUpdate, incident, words="All refunds are out"),
    ]

    for command in steps:
        async with sqlite.transaction() as session:
            await DO[type(command)](session, command, process=process, now=NOON)
        await looked_up(sqlite, process, found)

    notices = [row.payload["transition"] for row in await owed(sqlite, DeliveryKind.NOTICE)]
    assert notices == ["update", "update", "resolved", "reopened", "resolved", "update"]


async def test_an_update_with_a_new_status_is_one_notice_also_for_who_waits_for_the_status(sqlite: Database) -> None:
    process = a_process(
        updates={"name": "Updates", "people": ["UBOB"], "on": ["update"]},
        mitigating={"name": "Mitigating", "people": ["UBOB", "UCAT"], "on": ["mitigating"]},
    )
    incident = await opened(sqlite, process, status=Status.INVESTIGATING)
    async with sqlite.transaction() as session:
        command = ask(PublishUpdate, incident, words="Rolling back", status=Status.MITIGATING)
        await updates.publish_update(session, command, process=process, now=NOON)

    await looked_up(sqlite, process, {**FOUND, "people": {"UBOB": "UBOB", "UCAT": "UCAT"}})

    assert await told(sqlite) == [("notice", "UBOB"), ("notice", "UCAT")]


async def test_who_heard_how_bad_it_was_hears_that_it_is_less_bad(sqlite: Database) -> None:
    process = a_process(worst={"name": "Worst", "people": ["bo@example.com"], "severity": "sev2"})
    incident = await opened(sqlite, process)

    await do(sqlite, process, ask(ChangeSeverity, incident, severity="sev4", reason="One customer only"))

    assert await told(sqlite) == [("notice", "UBOB")]


async def test_an_unknown_name_is_reported_once_and_everybody_else_hears(sqlite: Database) -> None:
    incident = await opened(sqlite, EVERYBODY)
    unknown = {"key": "audiences.everybody.groups", "name": "@sre", "because": "unknown", "hint": "“@sre” is no group."}

    for words in ("One", "Two"):
        async with sqlite.transaction() as session:
            await updates.publish_update(
                session, ask(PublishUpdate, incident, words=words), process=EVERYBODY, now=NOON
            )
        await looked_up(sqlite, EVERYBODY, {**FOUND, "groups": {}, "unknown": [unknown]})

    (report,) = await owed(sqlite, DeliveryKind.REPORT_FAULT)
    assert (report.payload["to"], report.payload["hint"]) == ("UANN", "“@sre” is no group.")
    assert len(await told(sqlite)) == 2 * 4


# What is said


async def test_the_update_says_condition_actions_needs_and_when_the_next_one_comes(sqlite: Database) -> None:
    incident = await opened(sqlite, EVERYBODY)
    command = ask(
        PublishUpdate,
        incident,
        words="Cards are refused",
        actions="Rolling back 41",
        needs="Approve the rollback",
        needed="UBOB",
        affected="All shops in Spain",
        next_update_in=timedelta(minutes=30),
    )

    await do(sqlite, EVERYBODY, command)

    notice = (await owed(sqlite, DeliveryKind.NOTICE))[0].payload["notice"]
    assert {part["label"]: part["text"] or part["at"] for part in notice["parts"]} == {
        "Condition": "Cards are refused",
        "Actions": "Rolling back 41",
        "Needs": "{@UBOB}, please: Approve the rollback",
        "Who is affected": "All shops in Spain",
        "Next update by": "2026-03-04T12:30:00+00:00",
    }


async def test_the_resolution_lists_every_action_in_order_of_time(sqlite: Database) -> None:
    from storage.ledger import record

    incident = await opened(sqlite, EVERYBODY, status=Status.MONITORING)
    async with sqlite.transaction() as session:
        row = await session.get(Incident, incident.number)
        assert row is not None
        for minutes, text in ((20, "Cleared the queue"), (5, "Rolled back to 41"), (10, "Drained the pool")):
            data = {"text": text, "category": "action"}
            at = NOON - timedelta(minutes=60 - minutes)
            record(session, row, EntryKind.NOTE, by="UANN", at=NOON, happened_at=at, data=data)
        record(session, row, EntryKind.NOTE, by="UANN", at=NOON, data={"text": "A remark"})

    await do(sqlite, EVERYBODY, ask(ResolveIncident, incident, **ANSWERS))

    notice = (await owed(sqlite, DeliveryKind.NOTICE))[0].payload["notice"]
    said = {part["label"]: part["text"] for part in notice["parts"]}
    assert said["What was done"] == "1. Rolled back to 41\n2. Drained the pool\n3. Cleared the queue"
    assert said["How it was verified"] == "Orders go through ({@UANN})"


TURNS: list[tuple[Status, type[IncidentCommand], dict[str, Any]]] = [
    *(
        (before, ChangeStatus, {"status": after, "reason": "Known cause"})
        for before in Status
        for after in Status
        if step(before, after) in (Step.FORWARD, Step.JUMP, Step.BACK)
    ),
    *(
        (before, ResolveIncident, {**ANSWERS, "reason": "Known cause"})
        for before in Status
        if step(before, Status.RESOLVED) is Step.RESOLVE
    ),
    *(
        (before, ReopenIncident, {"reason": "It is back"})
        for before in Status
        if step(before, Status.INVESTIGATING) is Step.REOPEN
    ),
    (Status.TRIAGE, DeclineIncident, {"reason": "A drill"}),
    *((before, PublishUpdate, {"words": "x"}) for before in Status if before not in (Status.DECLINED, Status.MERGED)),
]


@pytest.mark.parametrize(("before", "kind", "values"), TURNS, ids=str)
async def test_every_legal_transition_names_what_finished_and_the_next_step(
    sqlite: Database, before: Status, kind: type[IncidentCommand], values: dict[str, Any]
) -> None:
    incident = await opened(sqlite, EVERYBODY, status=before)

    await do(sqlite, EVERYBODY, ask(kind, incident, **values))

    notice = (await owed(sqlite, DeliveryKind.NOTICE))[0].payload["notice"]
    assert notice["next"]
    finished = [part["text"] for part in notice["parts"] if part["label"] == "Finished"]
    assert finished == ([before.capitalize()] if kind not in (PublishUpdate, DeclineIncident) else [])


async def test_a_text_for_people_outside_holds_nothing_of_ours(sqlite: Database) -> None:
    process = a_process(
        press={"name": "Press", "kind": "external", "emails": ["press@example.com"]},
        inside={"name": "Inside", "people": ["bo@example.com"]},
    )
    incident = await opened(sqlite, process, title="Ouch: keys in the log")
    async with sqlite.transaction() as session:
        row = await session.get(Incident, incident.number)
        assert row is not None
        row.public_text = "We are looking into a problem with the shop."
        entry = LedgerEntry(
            incident_id=1,
            sequence=9,
            kind=EntryKind.PUBLIC_TEXT,
            happened_at=NOON,
            recorded_at=NOON,
            by="UANN",
            data={},
        )
        await announce(session, row, Transition.PUBLIC, entry, process=process, now=NOON)
    await looked_up(sqlite, process)

    (mail,) = await owed(sqlite, DeliveryKind.MAIL)
    assert mail.payload["notice"] == {
        "transition": "public",
        "ref": "",
        "headline": "We are looking into a problem with the shop.",
        "facts": [],
        "parts": [],
        "next": "",
        "happened_at": NOON.isoformat(),
        "channel_id": None,
        "names": {},
    }
    (notice,) = await owed(sqlite, DeliveryKind.NOTICE)
    assert notice.payload["notice"]["headline"] == (
        "INC-1 · Ouch: keys in the log: this is what people outside were told"
    )


# Private incidents


async def _private(database: Database, process: Process) -> Incident:
    """Bo is in its channel and Cat was; the press has an address of nobody we know, and Bo's is known."""
    incident = await opened(database, process, private=True)
    async with database.transaction() as session:
        await add_participant(session, 1, "UBOB", at=NOON, present=True)
        await add_participant(session, 1, "UCAT", at=NOON, present=True)
        cat = await find_participant(session, 1, "UCAT")
        assert cat is not None
        cat.left_at = NOON
        session.add(Person(user_id="UBOB", name="bo", email="Bo@example.com", seen_at=NOON))
        session.add(Person(user_id="UCAT", name="cat", email="cat@example.com", seen_at=NOON))
    return incident


async def test_of_a_private_incident_only_who_may_see_it_hears(database: Database) -> None:
    emails = ["press@example.com", "bo@example.com", "cat@example.com"]
    process = a_process(everybody={**EVERY_ROAD, "emails": emails})
    incident = await _private(database, process)

    await do(database, process, ask(PublishUpdate, incident, words="Keys were taken"))

    assert await told(database) == [("notice", "UBOB"), ("mail", "bo@example.com")]
    (mail,) = await owed(database, DeliveryKind.MAIL)
    assert mail.payload["reader"] == "UBOB"


async def test_of_a_private_incident_nothing_leaves_for_people_outside(sqlite: Database) -> None:
    process = a_process(press={"name": "Press", "kind": "external", "people": ["UBOB"], "emails": ["bo@example.com"]})
    incident = await _private(sqlite, process)
    async with sqlite.transaction() as session:
        row = await session.get(Incident, incident.number)
        assert row is not None
        row.public_text = "x"
        entry = LedgerEntry(
            incident_id=1,
            sequence=9,
            kind=EntryKind.PUBLIC_TEXT,
            happened_at=NOON,
            recorded_at=NOON,
            by="UANN",
            data={},
        )
        await announce(session, row, Transition.PUBLIC, entry, process=process, now=NOON)

    await looked_up(sqlite, process, {**FOUND, "people": {"UBOB": "UBOB"}})

    assert await told(sqlite) == []


PEOPLE = ("UANN", "UBOB", "UCAT", "UDAN")


@given(
    viewers=st.frozensets(st.sampled_from(PEOPLE)),
    people=st.lists(st.sampled_from(PEOPLE)),
    group=st.lists(st.sampled_from(PEOPLE)),
    readers=st.dictionaries(st.sampled_from(["a@x.example", "b@x.example"]), st.sampled_from(PEOPLE)),
)
@settings(deadline=None)
def test_whoever_is_named_only_viewers_of_a_private_incident_are_recipients(
    viewers: frozenset[str], people: list[str], group: Sequence[str], readers: dict[str, str]
) -> None:
    rule = {**EVERY_ROAD, "people": people, "emails": ["a@x.example", "B@x.example"]}
    process = a_process(it=rule)
    incident = a_situation(private=True).incident
    found = Found({"#exec": "CEXEC"}, {"@sre": group}, {**readers, **{each: each for each in people}})

    recipients = recipients_of(["it"], Situation(incident, {}, (), viewers), found, process)

    assert {each.reader or each.to for each in recipients} <= viewers
    assert {each.road for each in recipients} <= {DeliveryKind.NOTICE, DeliveryKind.MAIL}


async def test_who_subscribed_and_is_named_by_a_rule_hears_once(sqlite: Database) -> None:
    incident = await opened(sqlite, EVERYBODY)
    for user_id in ("UBOB", "UDAN"):
        async with sqlite.transaction() as session:
            wish = Wish(**{**request(), "by": user_id}, incident_id=incident.number)
            await subscribe(session, wish, process=EVERYBODY, now=NOON)

    await do(sqlite, EVERYBODY, ask(PublishUpdate, incident, words="x"))

    assert await told(sqlite) == [*ALL_TOLD, ("notice", "UDAN")]
