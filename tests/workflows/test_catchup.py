"""Who comes late is told what happened so far, once; who was there from the start is not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, Status
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ask, do, newest_entry, opened
from workflows.catchup import CatchUp, Point, catch_up, greet
from workflows.commands import AddNote, EditEntry

LATE = NOON + timedelta(minutes=10)


async def _comes(database: Database, at: datetime, *, heard_at: datetime | None = None) -> list[dict[str, Any]]:
    """What has been owed to who comes into the channel then."""
    async with database.transaction() as session:
        await greet(session, "CINC1", "UDEE", at=at, process=PROCESS, now=heard_at or at)
    async with database.read() as session:
        statement = select(Delivery).where(Delivery.kind == DeliveryKind.WHISPER_CATCHUP)
        return [row.payload for row in (await session.execute(statement)).scalars()]


async def test_who_comes_after_the_first_minutes_is_told(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(AddNote, incident, text="Rolled back", category="action"))

    owed = await _comes(sqlite, LATE)

    assert owed == [
        {
            "user_id": "UDEE",
            "told": {"tried": [{"words": "Rolled back", "state": None}], "decided": [], "theories": []},
        }
    ]


async def test_who_comes_in_the_first_minutes_is_left_in_peace(sqlite: Database) -> None:
    await opened(sqlite)

    assert await _comes(sqlite, LATE - timedelta(seconds=1)) == []


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.DECLINED, Status.MERGED])
async def test_nobody_is_told_of_what_is_over(sqlite: Database, status: Status) -> None:
    await opened(sqlite, status=status)

    assert await _comes(sqlite, LATE) == []


async def test_nobody_is_told_who_came_long_before_we_heard_of_it(sqlite: Database) -> None:
    await opened(sqlite)

    assert await _comes(sqlite, LATE, heard_at=LATE + timedelta(minutes=11)) == []


async def test_who_comes_back_is_told_again(sqlite: Database) -> None:
    await opened(sqlite)

    await _comes(sqlite, LATE)

    assert len(await _comes(sqlite, LATE + timedelta(hours=1))) == 2


async def test_it_tells_the_newest_as_it_stands_now(sqlite: Database) -> None:
    incident = await opened(sqlite)
    for number in range(5):
        await do(sqlite, ask(AddNote, incident, text=f"theory {number}", category="theory"))
    newest = (await newest_entry(sqlite)).sequence
    change: dict[str, Any] = {"words": "The cache", "state": "confirmed"}
    await do(sqlite, ask(EditEntry, incident, entry=newest, seen=newest, **change))
    await do(sqlite, ask(EditEntry, incident, entry=newest - 1, seen=newest, hidden=True))

    async with sqlite.read() as session:
        told = await catch_up(session, incident)

    assert told == CatchUp(
        (), (), (Point("The cache", "confirmed"), Point("theory 2", "open"), Point("theory 1", "open"))
    )
