from datetime import timedelta

import pytest

from storage.engine import Database
from storage.people import find_person
from tests.builders import NOON
from tests.workflows.asking import waiting
from workflows.people import STALE_AFTER, meet, person_seen

SECOND = timedelta(seconds=1)


async def _met(database: Database, *user_ids: str) -> list[str]:
    """Who is to be looked up after these were met at noon."""
    async with database.transaction() as session:
        await meet(session, user_ids, now=NOON)
        return [row.payload["user_id"] for row in await waiting(session)]


async def test_everybody_who_is_new_is_looked_up_once(database: Database) -> None:
    assert await _met(database, "UBOB", "UANN", "UBOB") == ["UANN", "UBOB"]
    assert await _met(database, "UANN") == ["UANN", "UBOB"]


@pytest.mark.parametrize(("seen_before", "looked_up"), [(STALE_AFTER, []), (STALE_AFTER + SECOND, ["UANN"])])
async def test_who_was_seen_within_a_day_is_not_looked_up_again(
    sqlite: Database, seen_before: timedelta, looked_up: list[str]
) -> None:
    async with sqlite.transaction() as session:
        await person_seen(session, "UANN", name="Ann", email=None, zone=None, now=NOON - seen_before)

    assert await _met(sqlite, "UANN") == looked_up


async def test_what_was_last_seen_of_somebody_is_kept_also_what_is_not_shown_this_time(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await person_seen(session, "UANN", name="Ann", email="ann@example.com", zone="Europe/Berlin", now=NOON)
        await person_seen(session, "UANN", name="Anna", email=None, zone="Asia/Tokyo", now=NOON + SECOND)

    async with sqlite.read() as session:
        ann = await find_person(session, "UANN")
    assert ann is not None
    assert (ann.name, ann.email, ann.zone) == ("Anna", "ann@example.com", "Asia/Tokyo")
    assert ann.seen_at == NOON + SECOND
