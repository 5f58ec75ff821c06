"""People who cannot be reached: what they had to do goes to others, what they were asked is asked elsewhere."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage.deliveries import finish
from storage.engine import Database
from storage.people import find_person
from storage.reminders import list_planned_to
from storage.tables import DeliveryKind, DeliveryOutcome, EntryKind, ItemState, Person, Reminder, ReminderKind
from tests.builders import NOON, PROCESS
from tests.workflows.asking import opened, waiting
from tests.workflows.item_asking import (
    ACCOUNTABLE,
    an_item,
    an_item_of,
    do_item,
    entries_of,
    item_now,
    moved,
    of_item,
    somebody,
    told_at_once,
)
from workflows.commands import DeclineItem
from workflows.faults import gave_up
from workflows.gone import FEW, cannot_be_reached, hand_over_few, hand_over_items
from workflows.mornings import mend_mornings
from workflows.people import person_seen
from workflows.process import Process

LATER = NOON + timedelta(hours=1)


async def _hand_over(database: Database, *, process: Process = PROCESS, now: datetime = LATER) -> int:
    return await hand_over_items(database.transaction, process=process, now=now)


async def _leaves(database: Database, user_id: str, *, now: datetime = NOON) -> None:
    async with database.transaction() as session:
        await cannot_be_reached(session, user_id, now=now)


async def _seen(
    database: Database, user_id: str = "UBO", *, gone: bool, now: datetime = LATER, as_of: datetime | None = None
) -> Person:
    async with database.transaction() as session:
        await person_seen(
            session, user_id, name="Bo", email=None, zone=None, gone=gone, process=PROCESS, now=now, as_of=as_of
        )
    async with database.read() as session:
        person = await find_person(session, user_id)
    assert person is not None
    return person


async def _planned(database: Database, user_id: str) -> list[str]:
    async with database.read() as session:
        return [row.kind.value for row in await list_planned_to(session, user_id)]


async def test_the_items_of_who_has_left_go_to_the_lead_who_is_told_and_may_decline(database: Database) -> None:
    item = await an_item(database)
    await _leaves(database, "UBO")

    assert await _hand_over(database) == 1

    kept = await item_now(database)
    assert (kept.owner, kept.assigned_by, kept.accepted_at) == ("UANN", "UCY", None)
    (entry,) = await entries_of(database, EntryKind.ITEM_ASSIGNED)
    assert (entry.by, entry.data["from"], entry.data["to"]) == ("sitrep", "UBO", "UANN")
    assert ("inherited", "UANN") in await told_at_once(database)
    assert await _planned(database, "UBO") == []
    assert "due" in await _planned(database, "UANN")
    assert await _hand_over(database) == 0

    await do_item(database, of_item(DeclineItem, item, by="UANN", why="Not my part"))
    assert (await item_now(database)).owner == "UCY"


@pytest.mark.parametrize(
    ("gone", "heir"),
    [
        (("UBO",), "ULEA"),
        (("UBO", "ULEA"), "UANN"),
        (("UBO", "ULEA", "UANN"), "UEVE"),
        (("UBO", "ULEA", "UANN", "UEVE"), "UBO"),
    ],
)
async def test_whoever_cares_next_gets_them_and_nobody_only_where_there_is_nobody(
    sqlite: Database, gone: tuple[str, ...], heir: str
) -> None:
    await an_item_of(sqlite, await opened(sqlite, lead="ULEA"))
    for user_id in gone:
        await _leaves(sqlite, user_id)

    await _hand_over(sqlite, process=ACCOUNTABLE)

    assert (await item_now(sqlite)).owner == heir


async def test_whoever_gets_many_at_once_is_told_of_three_and_how_many_more_there_are(sqlite: Database) -> None:
    incident = await opened(sqlite)
    for number in range(5):
        await an_item_of(sqlite, incident, title=f"Write runbook {number}")
    await _leaves(sqlite, "UBO")

    assert await _hand_over(sqlite) == 5

    async with sqlite.read() as session:
        told = (await session.execute(select(Reminder).where(col(Reminder.kind) == ReminderKind.INHERITED))).scalars()
        assert [(row.to, row.data["others"]) for row in told] == [("UANN", 0), ("UANN", 0), ("UANN", 2)]


@pytest.mark.parametrize(("many", "waiting"), [(FEW, 0), (FEW + 1, FEW + 1)])
async def test_the_items_of_who_has_many_are_not_handed_over_while_slack_waits_but_right_after(
    sqlite: Database, many: int, waiting: int
) -> None:
    incident = await opened(sqlite)
    for number in range(many):
        await an_item_of(sqlite, incident, title=f"Write runbook {number}")
    await an_item_of(sqlite, incident, owner="UCY", title="Alert on refused cards")
    for user_id in ("UBO", "UCY"):
        await _leaves(sqlite, user_id)

    async with sqlite.transaction() as session:
        await hand_over_few(session, "UBO", process=PROCESS, now=LATER)

    assert await _hand_over(sqlite) == waiting + 1


async def test_an_item_that_is_nobodys_is_given_as_soon_as_there_is_somebody(sqlite: Database) -> None:
    await an_item(sqlite)
    for user_id in ("UBO", "UANN"):
        await _leaves(sqlite, user_id)
    assert await _hand_over(sqlite) == 0

    await _seen(sqlite, "UANN", gone=False)

    assert await _hand_over(sqlite) == 1
    assert (await item_now(sqlite)).owner == "UANN"


async def test_an_item_of_a_private_incident_goes_to_nobody_who_may_not_know_of_it(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    await an_item_of(sqlite, incident, by="UANN", owner="UANN")
    await _leaves(sqlite, "UANN")

    assert await _hand_over(sqlite, process=ACCOUNTABLE) == 0
    assert (await item_now(sqlite)).owner == "UANN"


async def test_what_is_done_stays_with_who_did_it(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await moved(sqlite, item, ItemState.DONE)
    await _leaves(sqlite, "UBO")

    assert await _hand_over(sqlite) == 0
    assert (await item_now(sqlite)).owner == "UBO"


async def test_what_somebody_was_to_verify_or_check_who_has_left_is_asked_of_others(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await somebody(sqlite, "UANN")
    await moved(sqlite, item, ItemState.DONE)
    assert set(await _planned(sqlite, "UANN")) == {"verify", "check"}
    assert set(await _planned(sqlite, "UBO")) == {"check"}

    await _seen(sqlite, "UANN", gone=True)
    await _seen(sqlite, "UBO", gone=True)

    assert await _planned(sqlite, "UANN") == []
    assert await _planned(sqlite, "UBO") == []
    assert set(await _planned(sqlite, "UCY")) == {"verify"}


async def test_who_is_back_has_their_mornings_again_and_what_was_given_away_stays(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await an_item_of(sqlite, incident)
    await _seen(sqlite, gone=True, now=NOON)
    await _hand_over(sqlite)
    await an_item_of(sqlite, incident, title="Write the runbook")

    person = await _seen(sqlite, gone=False, now=LATER)

    assert person.gone_at is None
    assert (await item_now(sqlite, 1)).owner == "UANN"
    assert (await item_now(sqlite, 2)).owner == "UBO"
    assert "due" in await _planned(sqlite, "UBO")


async def test_an_answer_older_than_the_message_that_could_not_be_sent_brings_nobody_back(sqlite: Database) -> None:
    await _leaves(sqlite, "UBO", now=LATER)

    person = await _seen(sqlite, gone=False, now=LATER + timedelta(seconds=1), as_of=NOON)

    assert person.gone_at == LATER


@pytest.mark.parametrize("kind", [DeliveryKind.TELL_OF_ITEM, DeliveryKind.MORNING])
async def test_who_takes_no_direct_messages_is_as_good_as_gone(sqlite: Database, kind: DeliveryKind) -> None:
    await an_item(sqlite)

    await _given_up(sqlite, kind, because="unreachable")

    assert await _hand_over(sqlite) == 1
    assert (await item_now(sqlite)).owner == "UANN"


async def _given_up(database: Database, kind: DeliveryKind, *, because: str, now: datetime = NOON) -> None:
    async with database.transaction() as session:
        delivery = next(row for row in await waiting(session) if row.kind is kind and row.payload["to"] == "UBO")
        finish(delivery, DeliveryOutcome.GAVE_UP, now=now)
        await gave_up(session, delivery, because=because, hint="", now=now)


async def test_a_morning_that_cannot_be_sent_is_tried_again_a_day_later_and_not_every_minute(
    sqlite: Database,
) -> None:
    await an_item(sqlite)
    friday = datetime(2026, 3, 13, 9, tzinfo=NOON.tzinfo)
    async with sqlite.transaction() as session:
        for row in await waiting(session):
            if row.kind is not DeliveryKind.MORNING or row.due_at != friday:
                finish(row, DeliveryOutcome.SENT, now=NOON)

    await _given_up(sqlite, DeliveryKind.MORNING, because="missing_scope", now=friday)
    async with sqlite.transaction() as session:
        await mend_mornings(session, now=friday + timedelta(hours=1))

    async with sqlite.read() as session:
        owed = [row.due_at for row in await waiting(session) if row.kind is DeliveryKind.MORNING]
    assert owed == [friday + timedelta(days=1)]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", None])
async def test_a_morning_moves_with_its_reader_and_is_there_once(sqlite: Database, zone: str | None) -> None:
    await somebody(sqlite, "UBO", zone="Europe/Berlin")
    await an_item(sqlite)
    before = await _due(sqlite)

    async with sqlite.transaction() as session:
        await person_seen(session, "UBO", name="Bo", email=None, zone=zone, process=PROCESS, now=LATER)

    hours = {"Pacific/Kiritimati": -13, "Pacific/Pago_Pago": 12, None: 0}[zone]
    assert before == [(date(2026, 3, 13), datetime(2026, 3, 13, 8, tzinfo=NOON.tzinfo))]
    assert await _due(sqlite) == [(before[0][0], before[0][1] + timedelta(hours=hours))]


async def _due(database: Database) -> list[tuple[date, datetime]]:
    async with database.read() as session:
        return [(row.on, row.due_at) for row in await list_planned_to(session, "UBO") if row.kind.value == "due"]
