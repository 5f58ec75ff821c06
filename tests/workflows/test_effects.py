from typing import Any

import pytest

from storage.deliveries import LEASE, claim_due, finish, owe
from storage.engine import OWES, Database
from storage.incidents import add_participant, list_participants
from storage.people import find_person
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, EntryKind, Incident
from tests.builders import NOON, a_declaration
from tests.workflows.asking import ask, do, happens, incident_now, newest_entry, waiting
from workflows.commands import AddNote, AssignRole, ChangeSeverity
from workflows.faults import gave_up, report, retry_given_up

CHANNEL = {"channel_id": "CINC1", "name": "inc-1-checkout-is-down"}


async def _declared(database: Database, **changes: Any) -> Incident:
    return await do(database, a_declaration(**changes))


async def _with_channel(database: Database, **changes: Any) -> Incident:
    incident = await _declared(database, **changes)
    await happens(database, DeliveryKind.OPEN_CHANNEL, CHANNEL)
    return incident


async def _owed(database: Database, kind: DeliveryKind) -> list[Delivery]:
    async with database.read() as session:
        return [row for row in await waiting(session) if row.kind is kind]


# The channel


async def test_a_declaration_owes_the_channel_then_its_card_and_a_lead_who_did_not_ask_the_duties(
    sqlite: Database,
) -> None:
    incident = await _declared(sqlite, lead="UBOB", answer_url="https://answer")

    async with sqlite.read() as session:
        rows = await waiting(session)
    assert [(row.kind.value, row.lane) for row in rows] == [
        ("open_channel", "INC-1/messages"),
        ("post_card", "INC-1/messages"),
        ("tell_person", "person/UBOB"),
    ]
    assert rows[0].payload == {"invited": ["UANN", "UBOB"], "answer_url": "https://answer"}
    assert rows[0].dedupe_key == f"{incident.marker}/open_channel"


async def test_with_the_channel_comes_all_that_can_run_side_by_side_the_declarer_first(sqlite: Database) -> None:
    await _declared(sqlite, lead="UBOB", answer_url="https://answer")

    follows = await happens(sqlite, DeliveryKind.OPEN_CHANNEL, CHANNEL)

    assert follows == [
        "invite",
        "invite",
        "digest_entry",
        "set_topic",
        "answer_declarer",
        "look_up_person",
        "look_up_person",
        "set_purpose",
    ]
    assert [row.payload["user_id"] for row in await _owed(sqlite, DeliveryKind.INVITE)] == ["UANN", "UBOB"]
    async with sqlite.read() as session:
        lanes = [row.lane for row in await waiting(session) if row.kind.value in follows]
    assert len(lanes) == len(set(lanes))


async def test_the_channel_is_kept_and_recorded(sqlite: Database) -> None:
    await _with_channel(sqlite)

    incident = await incident_now(sqlite)
    assert (incident.channel_id, incident.channel_name) == ("CINC1", "inc-1-checkout-is-down")
    entry = await newest_entry(sqlite)
    assert (entry.kind, entry.by) == (EntryKind.CHANNEL_OPENED, "sitrep")
    assert entry.data == {"name": "inc-1-checkout-is-down"}


async def test_a_declarer_who_leads_is_invited_once_and_not_answered_where_nobody_asked(sqlite: Database) -> None:
    await _with_channel(sqlite)

    assert [row.payload["user_id"] for row in await _owed(sqlite, DeliveryKind.INVITE)] == ["UANN"]
    assert await _owed(sqlite, DeliveryKind.ANSWER_DECLARER) == []


async def test_who_got_a_role_before_the_channel_was_there_is_invited_with_it(sqlite: Database) -> None:
    incident = await _declared(sqlite)
    await do(sqlite, ask(AssignRole, incident, role="scribe", to="UBOB"))

    await happens(sqlite, DeliveryKind.OPEN_CHANNEL, CHANNEL)

    assert [row.payload["user_id"] for row in await _owed(sqlite, DeliveryKind.INVITE)] == ["UANN", "UBOB"]


async def test_a_private_incident_is_not_in_the_digest(sqlite: Database) -> None:
    incident = await _with_channel(sqlite, private=True)
    await happens(sqlite, DeliveryKind.POST_CARD, {"ts": "1.1", "drawn_at": 3})
    await do(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason="x"))

    assert await _owed(sqlite, DeliveryKind.DIGEST_ENTRY) == []
    assert len(await _owed(sqlite, DeliveryKind.REFRESH_CARD)) == 1


# The card and the digest entry


async def test_a_posted_card_is_kept_pinned_and_bookmarked(sqlite: Database) -> None:
    await _with_channel(sqlite)

    follows = await happens(sqlite, DeliveryKind.POST_CARD, {"ts": "1.1", "drawn_at": 3})

    assert follows == ["pin_card", "add_bookmark"]
    assert (await incident_now(sqlite)).card_ts == "1.1"


async def test_what_changed_between_drawing_and_posting_the_card_is_drawn_again(sqlite: Database) -> None:
    incident = await _with_channel(sqlite)
    await do(sqlite, ask(AddNote, incident, text="x"))

    follows = await happens(sqlite, DeliveryKind.POST_CARD, {"ts": "1.1", "drawn_at": 3})

    assert follows == ["pin_card", "add_bookmark", "refresh_card"]


@pytest.mark.parametrize(("drawn_at", "follows"), [(4, []), (3, ["digest_entry"])])
async def test_what_changed_between_drawing_and_posting_the_digest_entry_is_drawn_again(
    sqlite: Database, drawn_at: int, follows: list[str]
) -> None:
    incident = await _with_channel(sqlite)
    await do(sqlite, ask(AddNote, incident, text="x"))

    answer = {"channel_id": "CDIGEST", "ts": "2.2", "drawn_at": drawn_at}

    assert await happens(sqlite, DeliveryKind.DIGEST_ENTRY, answer) == follows
    now = await incident_now(sqlite)
    assert (now.digest_channel_id, now.digest_ts) == ("CDIGEST", "2.2")


async def test_an_edited_digest_entry_owes_nothing_more(sqlite: Database) -> None:
    incident = await _with_channel(sqlite)
    await happens(sqlite, DeliveryKind.DIGEST_ENTRY, {"channel_id": "CDIGEST", "ts": "2.2", "drawn_at": 3})
    await do(sqlite, ask(AddNote, incident, text="one"))
    await do(sqlite, ask(AddNote, incident, text="two"))

    answer = {"channel_id": "CDIGEST", "ts": "2.2", "drawn_at": 4}

    assert await happens(sqlite, DeliveryKind.DIGEST_ENTRY, answer) == []
    assert len(await _owed(sqlite, DeliveryKind.DIGEST_ENTRY)) == 1


# Looking people up


async def test_what_was_found_out_about_people_is_kept(sqlite: Database) -> None:
    await _with_channel(sqlite)
    seen = {"user_id": "UANN", "name": "Ann", "email": "ann@example.com", "zone": "Europe/Berlin"}

    assert await happens(sqlite, DeliveryKind.LOOK_UP_PERSON, seen) == []

    async with sqlite.read() as session:
        ann = await find_person(session, "UANN")
    assert ann is not None
    assert (ann.name, ann.email, ann.zone, ann.seen_at) == ("Ann", "ann@example.com", "Europe/Berlin", NOON)


async def test_who_was_found_in_the_channel_takes_part(sqlite: Database) -> None:
    incident = await _with_channel(sqlite, private=True)
    async with sqlite.transaction() as session:
        look = Delivery(
            kind=DeliveryKind.LOOK_UP_PARTICIPANTS,
            incident_id=incident.number,
            payload={},
            dedupe_key="look",
            lane="look",
            due_at=NOON,
        )
        session.add(look)

    await happens(
        sqlite, DeliveryKind.LOOK_UP_PARTICIPANTS, {"members": ["UANN", "UBOB"], "began_at": NOON.isoformat()}
    )

    async with sqlite.read() as session:
        assert [row.user_id for row in await list_participants(session, 1)] == ["UANN", "UBOB"]


# What cannot be done


async def _gives_up(database: Database, kind: DeliveryKind) -> list[Delivery]:
    """A delivery of this kind is claimed and meets a permanent fault; what is owed because of it."""
    async with database.transaction() as session:
        before = {row.id for row in await waiting(session)}
        await claim_due(session, by="us", now=NOON, limit=100)
        delivery = next(row for row in await waiting(session) if row.kind is kind)
        finish(delivery, DeliveryOutcome.GAVE_UP, now=NOON)
        await gave_up(session, delivery, because="missing_scope", hint="Add channels:manage", now=NOON)
        return [row for row in await waiting(session) if row.id not in before]


async def test_the_declarer_is_told_what_could_not_be_done_and_what_to_do(sqlite: Database) -> None:
    await _declared(sqlite)

    (report,) = await _gives_up(sqlite, DeliveryKind.OPEN_CHANNEL)

    assert report.kind is DeliveryKind.REPORT_FAULT
    assert report.payload == {
        "to": "UANN",
        "what": "open_channel",
        "whom": None,
        "because": "missing_scope",
        "hint": "Add channels:manage",
    }


@pytest.mark.parametrize("kind", [DeliveryKind.REPORT_FAULT, DeliveryKind.LOOK_UP_PERSON])
async def test_nobody_is_told_of_a_report_or_a_look_up_that_failed(sqlite: Database, kind: DeliveryKind) -> None:
    await _with_channel(sqlite)
    await _gives_up(sqlite, DeliveryKind.POST_CARD)

    assert await _gives_up(sqlite, kind) == []


async def test_what_was_given_up_is_tried_again_in_its_old_place_and_its_report_is_not(sqlite: Database) -> None:
    incident = await _declared(sqlite)
    await _gives_up(sqlite, DeliveryKind.OPEN_CHANNEL)
    await _gives_up(sqlite, DeliveryKind.REPORT_FAULT)

    async with sqlite.transaction() as session:
        assert await retry_given_up(session, incident.number) == 1
        assert session.info[OWES] is True

    async with sqlite.transaction() as session:
        claims = await claim_due(session, by="us", now=NOON + LEASE, limit=100)
    again = [(claim.kind, claim.attempt) for claim in claims if claim.incident_id]
    assert again == [(DeliveryKind.OPEN_CHANNEL, 2)]


async def test_what_fails_again_is_reported_again(sqlite: Database) -> None:
    incident = await _declared(sqlite)
    await _gives_up(sqlite, DeliveryKind.OPEN_CHANNEL)
    async with sqlite.transaction() as session:
        await retry_given_up(session, incident.number)

    (report,) = await _gives_up(sqlite, DeliveryKind.OPEN_CHANNEL)

    assert report.payload["what"] == "open_channel"


async def test_nothing_is_tried_again_where_nothing_was_given_up(sqlite: Database) -> None:
    incident = await _declared(sqlite)

    async with sqlite.transaction() as session:
        assert await retry_given_up(session, incident.number) == 0
        assert OWES not in session.info


async def test_a_fault_that_hits_many_things_at_once_is_one_message(sqlite: Database) -> None:
    await _with_channel(sqlite)
    hit = (DeliveryKind.SET_TOPIC, DeliveryKind.SET_PURPOSE, DeliveryKind.DIGEST_ENTRY)
    async with sqlite.transaction() as session:
        for delivery in [row for row in await waiting(session) if row.kind in hit]:
            await gave_up(session, delivery, because="is_archived", hint="Unarchive it.", now=NOON)

    assert len(await _owed(sqlite, DeliveryKind.REPORT_FAULT)) == 1


async def _a_notice_fails(database: Database, to: str, why: str, *, because: str) -> None:
    payload = {"to": to, "why": why}
    async with database.transaction() as session:
        owe(session, DeliveryKind.NOTICE, lane=to, key=f"{to}/{why}", due_at=NOON, incident_id=1, payload=payload)
    async with database.transaction() as session:
        delivery = next(row for row in await waiting(session) if row.kind is DeliveryKind.NOTICE)
        finish(delivery, DeliveryOutcome.GAVE_UP, now=NOON)
        await gave_up(session, delivery, because=because, hint="Mend it.", now=NOON)


async def test_what_keeps_a_crowd_from_hearing_is_told_once(sqlite: Database) -> None:
    await _declared(sqlite)
    for number in range(5):
        await _a_notice_fails(sqlite, f"U{number}", "audiences.a.people", because="messages_tab_disabled")
        await _a_notice_fails(sqlite, f"U{number}", "audiences.a.groups", because="unreachable")
        await _a_notice_fails(sqlite, f"U{number}", "subscription", because="unreachable")
    for channel in ("C1", "C2"):
        await _a_notice_fails(sqlite, channel, "audiences.a.channels", because="not_in_channel")

    reports = [row.payload for row in await _owed(sqlite, DeliveryKind.REPORT_FAULT)]

    named = "Mend it. It is named in audiences.a.{} of sitrep.toml."
    assert [(report["because"], report["whom"], report["hint"]) for report in reports] == [
        ("messages_tab_disabled", None, "Mend it."),
        ("unreachable", "U0", named.format("groups")),
        ("unreachable", "U0", "Mend it."),
        ("not_in_channel", "C1", named.format("channels")),
        ("not_in_channel", "C2", named.format("channels")),
    ]


@pytest.mark.parametrize(("lead", "told"), [("UBOB", ["UBOB"]), ("UANN", [])])
async def test_who_has_left_a_private_incident_is_told_of_no_fault_but_who_leads_it_is(
    sqlite: Database, lead: str, told: list[str]
) -> None:
    await _declared(sqlite, private=True, lead=lead)
    incident = await incident_now(sqlite)
    async with sqlite.transaction() as session:
        await add_participant(session, 1, "UANN", at=NOON, present=False)
    async with sqlite.transaction() as session:
        await report(session, incident, "a key", {"what": DeliveryKind.PIN_CARD}, now=NOON)

    reports = await _owed(sqlite, DeliveryKind.REPORT_FAULT)

    assert [row.payload["to"] for row in reports] == told
    assert [row.lane for row in reports] == [f"person/{to}" for to in told]
