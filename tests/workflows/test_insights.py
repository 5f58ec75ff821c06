"""Insights: what a fixture of incidents counts up to, and no word of a private one."""

from datetime import UTC, datetime

from storage.engine import Database
from storage.tables import ItemKind, ItemState, Status
from tests.builders import an_incident
from tests.workflows.digesting import an_item_row
from workflows.insights import Count, read_insights
from workflows.process import parse_process

PROCESS = parse_process({"services": ["Checkout", "Search"], "timezone": "Europe/Berlin"})
MONDAY = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""On Berlin's clock Tuesday, half past midnight."""
FRIDAY = datetime(2026, 3, 6, 9, 5, tzinfo=UTC)

EXPECTED = [
    ("incidents", "service", "Checkout", 3),
    ("incidents", "service", "(private)", 1),
    ("incidents", "service", "mail", 1),
    ("incidents", "service", "not said", 1),
    ("incidents", "type", "service", 3),
    ("incidents", "type", "security", 1),
    ("incidents", "severity", "sev1", 1),
    ("incidents", "severity", "sev2", 3),
    ("incidents", "hour", "00", 1),
    ("incidents", "hour", "10", 3),
    ("incidents", "weekday", "tuesday", 1),
    ("incidents", "weekday", "friday", 3),
    ("incidents", "detected by", "not said", 3),
    ("incidents", "detected by", "monitor", 1),
    ("incidents", "trigger", "a deploy", 2),
    ("incidents", "trigger", "(private)", 1),
    ("incidents", "trigger", "not said", 1),
    ("action items", "kind", "code", 2),
    ("action items", "kind", "training", 1),
    ("action items", "kind, done", "code", 1),
    ("action items", "state", "open", 2),
    ("action items", "state", "verified", 1),
]


async def _fill(database: Database) -> None:
    async with database.transaction() as session:
        early = await an_incident(session, now=MONDAY, services=("checkout", "CHECKOUT"))
        early.trigger = "A deploy"
        worst = await an_incident(session, now=FRIDAY, services=("Checkout", "Mail"), impact="high")
        worst.trigger, worst.detected_by = "a  deploy", "monitor"
        private = await an_incident(
            session, now=FRIDAY, services=("checkout", "Our secret vault"), type="security", private=True
        )
        private.trigger = "Cy lost the key"
        await an_incident(session, now=FRIDAY, services=())
        for status in (Status.DECLINED, Status.MERGED):
            (await an_incident(session, now=FRIDAY)).status = status
        await an_item_row(session, early, kind=ItemKind.CODE)
        await an_item_row(session, early, kind=ItemKind.CODE, state=ItemState.VERIFIED)
        await an_item_row(session, private, kind=ItemKind.TRAINING)


async def test_insights_are_those_counted_by_hand(database: Database) -> None:
    await _fill(database)

    async with database.read() as session:
        found = await read_insights(session, process=PROCESS)

    assert found == [Count(*expected) for expected in EXPECTED]
    assert not any("vault" in one.value or "key" in one.value for one in found)


async def test_insights_since_a_day_leave_out_what_was_before(sqlite: Database) -> None:
    await _fill(sqlite)

    async with sqlite.read() as session:
        found = await read_insights(session, process=PROCESS, since=FRIDAY)

    assert [(one.value, one.count) for one in found if one.by == "weekday"] == [("friday", 3)]
    assert not any(one.of == "action items" for one in found)
