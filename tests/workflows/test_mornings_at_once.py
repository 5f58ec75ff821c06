"""Replicas that plan the same people's mornings at once."""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import select

from storage.engine import Database
from storage.tables import Delivery
from tests.builders import NOON
from workflows.mornings import owe_mornings

PEOPLE = [f"U{n:03}" for n in range(200)]
DAY = date(2026, 3, 9)


async def test_two_who_plan_the_same_people_in_another_order_do_not_wait_for_each_other(postgres: Database) -> None:
    await asyncio.gather(_plan(postgres, PEOPLE, hour=9), _plan(postgres, reversed(PEOPLE), hour=9))
    await asyncio.gather(_plan(postgres, PEOPLE, hour=10), _plan(postgres, reversed(PEOPLE), hour=10))

    async with postgres.read() as session:
        assert (await session.execute(select(func.count()).select_from(Delivery))).scalar_one() == len(PEOPLE)


async def _plan(database: Database, people: Iterable[str], *, hour: int) -> None:
    at = NOON + timedelta(days=5, hours=hour)
    async with database.transaction() as session:
        await owe_mornings(session, {(person, DAY): at for person in people}, now=NOON)
