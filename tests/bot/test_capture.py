"""What is heard at the same time shares a commit; each waits for it, and none harms another."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import func, select

from bot import capture as module
from bot.capture import MOST_AT_ONCE, Capture
from storage.engine import Database
from storage.tables import Message
from tests.builders import NOON, PROCESS
from tests.workflows.asking import opened
from tests.workflows.test_transcript import said


class Commits:
    """Counts transactions, and fails those that it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, poison: str = "", outage: bool = False) -> None:
        self.batches: list[int] = []
        real = module.capture

        async def counted(session: Any, heard: Any, **rest: Any) -> None:
            self.batches.append(len(heard))
            if outage:
                raise OperationalError("insert", {}, Exception("disk full"))
            if any(one.text == poison for one in heard):
                raise ValueError("this one cannot be kept")
            await real(session, heard, **rest)

        monkeypatch.setattr(module, "capture", counted)


async def a_capture(database: Database) -> Capture:
    """A capture for an incident whose channel is there."""
    await opened(database)
    return Capture(database, PROCESS, now=lambda: NOON)


async def kept(database: Database) -> int:
    """How many messages are there."""
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(Message))).scalar_one()


async def test_what_arrives_together_shares_a_commit_and_is_there_when_each_returns(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = await a_capture(database)
    commits = Commits(monkeypatch)
    seen: list[int] = []

    async def keep(number: int) -> None:
        await capture.keep(said(f"message {number}", minute=number / 100))
        seen.append(await kept(database))

    await asyncio.gather(*(keep(number) for number in range(50)))

    assert commits.batches == [50]
    assert seen == [50] * 50


async def test_what_arrives_while_a_commit_is_under_way_is_in_the_next(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = await a_capture(sqlite)
    commits = Commits(monkeypatch)

    async with sqlite.transaction():  # the first commit waits for its turn
        first = asyncio.create_task(capture.keep(said(minute=1)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        rest = [asyncio.create_task(capture.keep(said(minute=number / 100))) for number in range(200, 320)]
        await asyncio.sleep(0)
    await asyncio.gather(first, *rest)

    assert commits.batches == [1, MOST_AT_ONCE, MOST_AT_ONCE, 20]
    assert await kept(sqlite) == 121


async def test_one_that_cannot_be_kept_harms_no_other(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    capture = await a_capture(sqlite)
    Commits(monkeypatch, poison="bad")

    results = await asyncio.gather(
        capture.keep(said("good", minute=1)),
        capture.keep(said("bad", minute=2)),
        capture.keep(said("fine", minute=3)),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [type(None), ValueError, type(None)]
    assert await kept(sqlite) == 2


async def test_when_the_database_is_in_trouble_nobody_is_told_that_it_is_kept(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = await a_capture(sqlite)
    commits = Commits(monkeypatch, outage=True)

    results = await asyncio.gather(*(capture.keep(said(minute=number)) for number in range(3)), return_exceptions=True)

    assert [type(result) for result in results] == [OperationalError] * 3
    assert commits.batches == [3]
