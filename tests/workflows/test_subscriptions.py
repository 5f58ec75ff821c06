"""Subscriptions: one wish is one row, ended by whom it concerns and by nobody else."""

from typing import Any

import pytest

from storage.engine import Database
from storage.tables import Subscription
from tests.builders import NOON, PROCESS, request
from tests.workflows.asking import opened
from workflows.subscriptions import (
    NotYours,
    PrivateStaysPrivate,
    Unsubscribe,
    Wish,
    list_followed,
    subscribe,
    unsubscribe,
)


async def _wish(database: Database, **wish: Any) -> tuple[Subscription, bool]:
    async with database.transaction() as session:
        return await subscribe(session, Wish(**{**request(), **wish}), process=PROCESS, now=NOON)


async def _end(database: Database, kept: Subscription, **how: Any) -> bool:
    async with database.transaction() as session:
        return await unsubscribe(session, Unsubscribe(**{**request(), **how}, number=kept.number), now=NOON)


async def test_the_same_wish_twice_is_one_whatever_the_case_of_its_service(database: Database) -> None:
    first, is_new = await _wish(database, service="Checkout")
    second, is_new_again = await _wish(database, service="checkout")

    assert (first.number, is_new, is_new_again) == (second.number, True, False)


async def test_what_has_ended_can_be_ended_again_without_harm(sqlite: Database) -> None:
    kept, _ = await _wish(sqlite)

    assert [await _end(sqlite, kept), await _end(sqlite, kept)] == [True, False]


async def test_somebody_elses_subscription_is_left_as_it_is(sqlite: Database) -> None:
    kept, _ = await _wish(sqlite, by="UANN")

    with pytest.raises(NotYours):
        await _end(sqlite, kept, by="UBOB", asked_in="CSHOP")

    async with sqlite.read() as session:
        assert len(await list_followed(session, "UANN")) == 1


async def test_what_a_channel_follows_is_ended_from_within_it_and_from_nowhere_else(sqlite: Database) -> None:
    kept, _ = await _wish(sqlite, by="UANN", channel_id="CSHOP")

    with pytest.raises(NotYours):
        await _end(sqlite, kept, by="UBOB", asked_in="COTHER")

    assert await _end(sqlite, kept, by="UBOB", asked_in="CSHOP")


async def test_no_channel_follows_a_private_incident(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)

    with pytest.raises(PrivateStaysPrivate):
        await _wish(sqlite, by="UANN", incident_id=incident.number, channel_id="CSHOP")
