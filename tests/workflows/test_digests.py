"""Which digest comes when: planned one ahead, sent once, and moved when sitrep.toml is changed."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.deliveries import claim_due, finish, owe
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.builders import NOON
from workflows.afterwards import delivered
from workflows.digests import DIGESTS, digest_days, plan_digests
from workflows.process import Process, parse_process

WEEKLY, MONTHLY, TREND = DIGESTS
PROCESS = Process()
BERLIN = parse_process({"timezone": "Europe/Berlin"})


def _days(kind: DeliveryKind, process: Process, after: datetime = NOON, count: int = 3) -> list[date]:
    return list(islice(digest_days(kind, process, after=after), count))


async def _plan(database: Database, process: Process = PROCESS, *, now: datetime = NOON) -> list[tuple[str, datetime]]:
    """What is owed after it was planned: each with its time."""
    async with database.transaction() as session:
        await plan_digests(session, process=process, now=now)
    async with database.read() as session:
        return [(row.dedupe_key, row.due_at) for row in await _owed(session)]


async def _owed(session: AsyncSession) -> list[Delivery]:
    statement = select(Delivery).where(col(Delivery.done_at).is_(None)).order_by(col(Delivery.due_at), col(Delivery.id))
    return list((await session.execute(statement)).scalars())


async def _send(database: Database, *, now: datetime, until: datetime | None = None) -> str:
    """What is due is sent; its key."""
    async with database.transaction() as session:
        (claim,) = await claim_due(session, by="me", now=now, limit=10)
    async with database.transaction() as session:
        delivery = await session.get(Delivery, claim.delivery_id)
        assert delivery is not None
        answer = {"ts": "1.0", "channel_id": "C1", "until": (until or now).isoformat()}
        kept = await delivered(session, delivery, answer, process=PROCESS, now=now)
        finish(delivery, DeliveryOutcome.SENT, now=now, answer=kept)
        return delivery.dedupe_key


def _nine(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


FIRST = [
    ("weekly_digest/2026-03-09", _nine(3, 9)),
    ("monthly_digest/2026-04-01", _nine(4, 1)),
    ("trend/2026-04-01", _nine(4, 1)),
]


async def test_the_next_digest_of_each_kind_is_owed_once_however_often_it_is_planned(database: Database) -> None:
    assert await _plan(database) == FIRST
    assert await _plan(database, now=NOON + timedelta(hours=1)) == FIRST


async def test_a_digest_does_not_wait_for_a_crowds_mornings(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        for number in range(50):
            key = f"morning/U{number}"
            owe(session, DeliveryKind.MORNING, lane=key, key=key, due_at=_nine(3, 9), payload={"to": f"U{number}"})
    await _plan(sqlite)

    assert await _send(sqlite, now=_nine(3, 9)) == "weekly_digest/2026-03-09"


def test_a_digest_of_a_holiday_or_weekend_comes_on_the_next_working_day() -> None:
    process = parse_process({"reminders": {"holidays": ["2026-03-09", "2026-03-10"]}})
    on_saturdays = parse_process({"digests": {"day": "saturday"}})

    assert _days(WEEKLY, process) == [date(2026, 3, 11), date(2026, 3, 16), date(2026, 3, 23)]
    assert _days(WEEKLY, on_saturdays) == [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]
    assert _days(MONTHLY, process) == [date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)]
    assert _days(TREND, process) == [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]


def test_a_month_that_begins_on_a_weekend_is_told_of_on_its_first_monday() -> None:
    assert _days(MONTHLY, PROCESS, datetime(2026, 7, 30, tzinfo=UTC)) == [
        date(2026, 8, 3),
        date(2026, 9, 1),
        date(2026, 10, 1),
    ]
    assert _days(TREND, PROCESS, datetime(2026, 11, 1, tzinfo=UTC))[:2] == [date(2027, 1, 1), date(2027, 4, 1)]


def test_a_digest_comes_at_nine_on_the_clock_of_the_process_in_summer_and_in_winter() -> None:
    before, after = datetime(2026, 3, 23, 7, 59, tzinfo=UTC), datetime(2026, 3, 23, 8, 0, tzinfo=UTC)

    assert _days(WEEKLY, BERLIN, before)[0] == date(2026, 3, 23)
    assert _days(WEEKLY, BERLIN, after)[0] == date(2026, 3, 30)
    in_summer = datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert _days(WEEKLY, BERLIN, in_summer - timedelta(minutes=1))[0] == date(2026, 3, 30)
    assert _days(WEEKLY, BERLIN, in_summer)[0] == date(2026, 4, 6)


async def test_after_a_digest_was_sent_the_next_one_is_owed(database: Database) -> None:
    await _plan(database)

    assert await _send(database, now=_nine(3, 9)) == "weekly_digest/2026-03-09"

    assert await _plan(database, now=_nine(3, 9)) == [("weekly_digest/2026-03-16", _nine(3, 16)), *FIRST[1:]]


async def test_of_all_the_digests_that_were_missed_one_is_sent_late(database: Database) -> None:
    await _plan(database)

    assert await _plan(database, now=_nine(3, 25)) == FIRST
    assert await _send(database, now=_nine(3, 25)) == "weekly_digest/2026-03-09"

    assert await _plan(database, now=_nine(3, 25)) == [("weekly_digest/2026-03-30", _nine(3, 30)), *FIRST[1:]]


async def test_another_day_or_hour_in_the_settings_moves_what_is_planned(database: Database) -> None:
    await _plan(database)

    on_thursday = parse_process({"digests": {"day": "thursday"}, "reminders": {"at": "10:30"}})

    at = timedelta(hours=1, minutes=30)
    moved = [(key, due_at + at) for key, due_at in FIRST[1:]]
    assert await _plan(database, on_thursday) == [("weekly_digest/2026-03-05", _nine(3, 5) + at), *moved]
    assert await _plan(database) == FIRST


async def test_digests_that_are_switched_off_are_cancelled_and_come_back_when_switched_on(database: Database) -> None:
    await _plan(database)

    monthly_off = parse_process({"digests": {"monthly": False, "quarterly": False}})
    weekly_off = parse_process({"digests": {"day": "never"}})

    assert await _plan(database, monthly_off) == FIRST[:1]
    assert await _plan(database) == FIRST
    assert await _plan(database, weekly_off) == FIRST[1:]
    assert await _plan(database) == FIRST


@pytest.mark.parametrize("moved_to", ["14:00", "08:00"])
async def test_a_digest_that_went_out_this_morning_is_not_sent_again_when_its_hour_is_moved(
    database: Database, moved_to: str
) -> None:
    await _plan(database)
    await _send(database, now=_nine(3, 9))

    planned = await _plan(database, parse_process({"reminders": {"at": moved_to}}), now=_nine(3, 9))

    assert planned[0][0] == "weekly_digest/2026-03-16"


async def test_a_digest_that_came_to_nothing_does_not_keep_the_next_one_from_being_owed(database: Database) -> None:
    await _plan(database)
    async with database.transaction() as session:
        (claim,) = await claim_due(session, by="me", now=_nine(3, 9), limit=10)
    async with database.transaction() as session:
        delivery = await session.get(Delivery, claim.delivery_id)
        assert delivery is not None
        finish(delivery, DeliveryOutcome.GAVE_UP, now=_nine(3, 9))

    assert (await _plan(database, now=_nine(3, 9)))[0] == ("weekly_digest/2026-03-16", _nine(3, 16))
