import asyncio
from datetime import timedelta

from sqlmodel import select

from storage.engine import Database
from storage.requests import forget_requests, receive
from storage.tables import ReceivedRequest
from tests.builders import NOON


async def _receive(database: Database, key: str) -> bool:
    async with database.transaction() as session:
        return await receive(session, key, at=NOON)


async def test_a_request_is_taken_once(database: Database) -> None:
    assert await _receive(database, "click-1") is True
    assert await _receive(database, "click-1") is False
    assert await _receive(database, "click-2") is True


async def test_of_the_same_request_many_times_at_once_one_is_taken(database: Database) -> None:
    taken = await asyncio.gather(*(_receive(database, "click-1") for _ in range(8)))

    assert sorted(taken) == [False] * 7 + [True]


async def test_a_request_that_waits_for_one_that_fails_is_taken(database: Database) -> None:
    async def fail(holding: asyncio.Event, go: asyncio.Event) -> None:
        async with database.transaction() as session:
            await receive(session, "click-1", at=NOON)
            holding.set()
            await go.wait()
            raise RuntimeError

    holding, go = asyncio.Event(), asyncio.Event()
    failing = asyncio.create_task(fail(holding, go))
    await holding.wait()
    second = asyncio.create_task(_receive(database, "click-1"))
    go.set()

    assert await second is True
    assert isinstance((await asyncio.gather(failing, return_exceptions=True))[0], RuntimeError)


async def test_old_requests_are_forgotten_and_recent_ones_kept(database: Database) -> None:
    async with database.transaction() as session:
        await receive(session, "old", at=NOON - timedelta(days=3))
        await receive(session, "recent", at=NOON)

        await forget_requests(session, before=NOON - timedelta(days=2))

    async with database.read() as session:
        assert (await session.execute(select(ReceivedRequest.key))).scalars().all() == ["recent"]
