"""Who leaves a private incident's channel can do nothing about its items any more, so these become somebody else's."""

from datetime import timedelta

from sqlmodel import select

from storage.engine import Database
from storage.incidents import add_participant
from storage.tables import Incident, Reminder, ReminderKind
from tests.builders import NOON, PROCESS, an_opened_incident
from tests.workflows.item_asking import an_item_of, item_now, told_at_once
from workflows.gone import hand_over_items
from workflows.participants import joined, left

LATER = NOON + timedelta(hours=1)


async def _an_item(database: Database, *, private: bool = True) -> Incident:
    """Of an incident that Ann leads; Bo, who is in its channel, is to do it."""
    async with database.transaction() as session:
        incident = await an_opened_incident(session, lead="UANN", private=private)
        for person in ("UANN", "UBO"):
            await add_participant(session, incident.number, person, at=NOON, present=True)
    await an_item_of(database, incident, by="UANN")
    return incident


async def _leaves(database: Database, incident: Incident, person: str) -> int:
    """How many items are given to others then."""
    assert incident.channel_id is not None
    async with database.transaction() as session:
        await left(session, incident.channel_id, person, at=LATER)
    return await hand_over_items(database.transaction, process=PROCESS, now=LATER)


async def test_the_items_of_who_has_left_a_private_channel_go_to_the_lead_with_a_note(database: Database) -> None:
    incident = await _an_item(database)

    assert await _leaves(database, incident, "UBO") == 1

    item = await item_now(database)
    assert (item.owner, item.accepted_at) == ("UANN", None)
    assert (await told_at_once(database))[-1] == ("inherited", "UANN")
    async with database.read() as session:
        told = (await session.execute(select(Reminder).where(Reminder.kind == ReminderKind.INHERITED))).scalar_one()
    assert told.data == {"from": "UBO", "others": 0, "hidden": True}
    assert await hand_over_items(database.transaction, process=PROCESS, now=LATER) == 0


async def test_who_is_back_in_the_channel_keeps_what_they_had(sqlite: Database) -> None:
    incident = await _an_item(sqlite)
    assert incident.channel_id is not None
    async with sqlite.transaction() as session:
        await left(session, incident.channel_id, "UBO", at=LATER)
        await joined(session, incident.channel_id, "UBO", at=LATER + timedelta(seconds=9), now=LATER)

    assert await hand_over_items(sqlite.transaction, process=PROCESS, now=LATER) == 0

    assert (await item_now(sqlite)).owner == "UBO"


async def test_who_leaves_a_public_channel_keeps_their_items(sqlite: Database) -> None:
    incident = await _an_item(sqlite, private=False)

    assert await _leaves(sqlite, incident, "UBO") == 0

    assert (await item_now(sqlite)).owner == "UBO"


async def test_with_nobody_left_in_the_channel_an_item_stays_whose_it_was(sqlite: Database) -> None:
    incident = await _an_item(sqlite)
    await _leaves(sqlite, incident, "UANN")

    assert await _leaves(sqlite, incident, "UBO") == 0

    assert (await item_now(sqlite)).owner == "UBO"
