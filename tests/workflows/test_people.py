from datetime import datetime, timedelta

import pytest

from storage.engine import Database
from storage.people import find_person
from tests.builders import NOON, PROCESS
from tests.workflows.asking import waiting
from workflows.people import meet, person_seen

SECOND = timedelta(seconds=1)


async def _met(database: Database, *user_ids: str, now: datetime = NOON) -> list[str]:
    """Who is to be looked up after these were met."""
    async with database.transaction() as session:
        await meet(session, user_ids, now=now)
        return [row.payload["user_id"] for row in await waiting(session)]


async def test_everybody_who_is_met_is_looked_up_once(database: Database) -> None:
    assert await _met(database, "UBOB", "UANN", "UBOB") == ["UANN", "UBOB"]
    assert await _met(database, "UANN") == ["UANN", "UBOB"]


@pytest.mark.parametrize(
    ("later", "looked_up"), [(timedelta(hours=11), ["UANN"]), (timedelta(days=1), ["UANN", "UANN"])]
)
async def test_who_was_met_before_is_looked_up_again_on_another_day(
    sqlite: Database, later: timedelta, looked_up: list[str]
) -> None:
    await _met(sqlite, "UANN")

    assert await _met(sqlite, "UANN", now=NOON + later) == looked_up


async def test_what_was_last_seen_of_somebody_is_kept_also_what_is_not_shown_this_time(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await person_seen(
            session, "UANN", name="Ann", email="ann@example.com", zone="Europe/Berlin", process=PROCESS, now=NOON
        )
        await person_seen(
            session, "UANN", name="Anna", email=None, zone="Asia/Tokyo", process=PROCESS, now=NOON + SECOND
        )

    async with sqlite.read() as session:
        ann = await find_person(session, "UANN")
    assert ann is not None
    assert (ann.name, ann.email, ann.zone) == ("Anna", "ann@example.com", "Asia/Tokyo")
    assert ann.seen_at == NOON + SECOND
