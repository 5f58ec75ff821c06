"""What reminders read costs the same however many people, items and reminders there are."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, text

from storage.action_items import has_open_items, list_checks, list_open_items_of
from storage.deliveries import claim_due, list_owed
from storage.engine import Database
from storage.people import list_items_of_gone_people
from storage.reminders import (
    drop_reminders,
    find_reminder,
    list_due,
    list_forgotten,
    list_messages_about,
    list_messages_about_risk,
    list_of_message,
    list_planned_or_named,
    list_planned_to,
    put_off_due,
)
from storage.tables import (
    ActionItem,
    CheckState,
    Delivery,
    DeliveryKind,
    DeliveryOutcome,
    EffectivenessCheck,
    Person,
    Reminder,
    ReminderKind,
    ReminderState,
)
from tests.builders import NOON, an_incident
from tests.storage.plans import plan, statements

MANY = 10_000
PEOPLE = 2_000
DAY = date(2026, 3, 9)


def _items(incident_id: int) -> list[dict[str, Any]]:
    """Nine of ten are done and verified."""
    common = {"horizon": "after", "kind": "other", "source": "command", "links": [], "title": "Alert"}
    return [
        {
            **common,
            "id": n,
            "incident_id": incident_id,
            "state": "open" if n % 10 == 0 else "verified",
            "owner": f"U{n % PEOPLE}",
            "due_on": DAY + timedelta(days=n % 300),
            "created_by": "UANN",
            "created_at": NOON,
            "assigned_by": "UANN",
            "assigned_at": NOON,
            "state_changed_at": NOON,
            "planned_since": NOON,
        }
        for n in range(1, MANY + 1)
    ]


def _reminders() -> list[dict[str, Any]]:
    """One of each item is planned, two were sent."""
    return [
        {
            "key": f"item/{n}/{time}",
            "kind": ReminderKind.DUE,
            "item_id": n,
            "to": f"U{n % PEOPLE}",
            "on": DAY,
            "due_at": NOON + timedelta(minutes=n - 5 if time == 2 else -n),
            "state": ReminderState.PLANNED if time == 2 else ReminderState.SENT,
            "data": {},
            "sent_at": None if time == 2 else NOON,
            "channel_id": None if time == 2 else f"D{n % PEOPLE}",
            "ts": None if time == 2 else f"{n}.{time}",
        }
        for n in range(1, MANY + 1)
        for time in range(3)
    ]


def _mornings() -> list[dict[str, Any]]:
    """As many are done as are to come; three are due."""
    return [
        {
            "kind": DeliveryKind.MORNING,
            "payload": {},
            "attempts": 0,
            "in_doubt": False,
            "patient": True,
            "dedupe_key": f"morning/U{n}/{is_done}",
            "lane": f"morning/U{n}",
            "due_at": NOON + timedelta(minutes=n - 3),
            "done_at": NOON if is_done else None,
            "outcome": DeliveryOutcome.SENT if is_done else None,
        }
        for n in range(1, MANY + 1)
        for is_done in (False, True)
    ]


async def _fill(database: Database) -> None:
    async with database.transaction() as session:
        incident = await an_incident(session)
        gone = [{"user_id": f"U{n}", "name": "Bo", "seen_at": NOON, "gone_at": None} for n in range(1, PEOPLE)]
        await session.execute(
            insert(Person), [*gone, {"user_id": "U0", "name": "Cy", "seen_at": NOON, "gone_at": NOON}]
        )
        await session.execute(insert(ActionItem), _items(incident.number))
        await session.execute(insert(Reminder), _reminders())
        await session.execute(insert(Delivery), _mornings())
        check = {"days": 30, "done_at": NOON, "due_at": NOON, "state": CheckState.ANSWERED, "similar": []}
        await session.execute(insert(EffectivenessCheck), [{**check, "item_id": n} for n in range(1, MANY + 1)])
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def _read_all(database: Database) -> None:
    """Everything that planning, a morning, a press and the minute's look read."""
    async with database.transaction() as session:
        await list_planned_or_named(session, items=[7], risks=[7], keys=["item/7/2", "item/7/3"])
        assert len(await list_due(session, "U3", now=NOON, limit=200)) == 1
        await find_reminder(session, "item/7/2")
        await list_of_message(session, "D7", "7.0")
        await list_messages_about(session, 7, sent_after=NOON - timedelta(days=14), limit=5)
        await list_messages_about_risk(session, 7, sent_after=NOON - timedelta(days=14), limit=5)
        await list_planned_to(session, "U7")
        await list_forgotten(session, due_before=NOON, now=NOON, limit=500)
        await drop_reminders(session, [2])
        await put_off_due(session, "U4", now=NOON, until=NOON + timedelta(days=1))
        await list_open_items_of(session, "U10")
        await has_open_items(session, "U10")
        await list_checks(session, [7])
        await list_items_of_gone_people(session, after=0, limit=100)
        await list_owed(session, ["morning/U7/False"])
        assert len(await claim_due(session, by="us", now=NOON, limit=4, patient=True)) == 3


async def test_no_statement_on_reminders_reads_a_whole_table(database: Database) -> None:
    await _fill(database)

    with statements(database) as seen:
        await _read_all(database)

    plans = {statement: await plan(database, statement, parameters) for statement, parameters in seen}
    assert len(plans) >= 16
    assert {s: lines for s, lines in plans.items() if any(_reads_everything(line) for line in lines)} == {}


def _reads_everything(line: str) -> bool:
    """SQLite says SCAN for a whole table or index, SEARCH for a part; PostgreSQL says Seq Scan for a table.

    The people are few, and PostgreSQL may as well read them all.
    """
    return "SCAN " in line or ("Seq Scan" in line and "on person" not in line)
