"""Words go when they were kept long enough; that something was said, and the timeline, stay."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage.engine import Database
from storage.retention import drop_words
from storage.tables import Message, MessageVersion
from storage.timeline import list_shown
from tests.builders import NOON, PROCESS
from tests.workflows.asking import opened
from workflows.heard import Deleted, Heard, Marked, Marks, Said
from workflows.retention import forget_words
from workflows.transcript import capture

DAY = timedelta(days=1)


def said(text: str, *, at: datetime = NOON, edited_ts: str = "") -> Said:
    """Bo says something."""
    ts = f"{at.timestamp():.6f}"
    return Said(channel_id="CINC1", ts=ts, posted_at=at, author="UBO", text=text, edited_ts=edited_ts)


@pytest.fixture
async def talked(database: Database) -> Database:
    """An incident in whose channel nothing was said yet."""
    await opened(database)
    return database


async def hear(database: Database, *heard: Heard, now: datetime = NOON) -> None:
    """Hear it."""
    async with database.transaction() as session:
        await capture(session, heard, process=PROCESS, now=now)


async def forget(database: Database, *, now: datetime) -> None:
    """What is done every hour."""
    async with database.transaction() as session:
        while await forget_words(session, PROCESS.retention, now=now):
            pass


async def words(database: Database) -> list[tuple[str, bool]]:
    """What is left of each message, and whether its words were dropped."""
    async with database.read() as session:
        rows = (await session.execute(select(Message).order_by(Message.ts))).scalars()
        return [(message.text, message.dropped_at is not None) for message in rows]


async def test_words_of_a_deleted_message_go_after_a_month_and_of_others_after_a_year(talked: Database) -> None:
    gone, stays = said("never mind"), said("rolled back", at=NOON + timedelta(minutes=1))
    await hear(talked, gone, stays, Deleted(channel_id="CINC1", ts=gone.ts, at=NOON))

    seen = []
    for days in (30, 31, 365, 366):
        await forget(talked, now=NOON + days * DAY)
        seen.append(await words(talked))

    assert seen == [
        [("never mind", False), ("rolled back", False)],
        [("", True), ("rolled back", False)],
        [("", True), ("rolled back", False)],
        [("", True), ("", True)],
    ]


async def test_earlier_words_go_with_the_present_ones(talked: Database) -> None:
    first = said("the password is hunter2")
    await hear(talked, first, said("never mind", edited_ts=f"{(NOON + timedelta(minutes=5)).timestamp():.6f}"))

    await forget(talked, now=NOON + 366 * DAY)

    async with talked.read() as session:
        versions = (await session.execute(select(MessageVersion))).scalars().all()
    assert [version.text for version in versions] == [""]


async def test_what_is_on_the_timeline_stays(talked: Database) -> None:
    cause = said("the certificate ran out")
    mark = Marked(channel_id="CINC1", ts=cause.ts, user_id="UANN", mark="timeline", is_set=True, at=NOON)
    await hear(talked, cause, mark)

    await forget(talked, now=NOON + 366 * DAY)

    async with talked.read() as session:
        shown = [entry.data["text"] for entry in await list_shown(session, 1) if entry.message_ts]
    assert shown == ["the certificate ran out"]


@pytest.mark.parametrize("by_bot", [False, True])
async def test_words_that_history_shows_again_stay_dropped(talked: Database, by_bot: bool) -> None:
    seen = Marks({}, is_complete=True, seen_at=NOON + 367 * DAY)
    message = Said(**{**vars(said("rolled back")), "by_bot": by_bot, "marks": seen})
    await hear(talked, message)
    await forget(talked, now=NOON + 366 * DAY)

    await hear(talked, message, now=NOON + 367 * DAY)

    assert await words(talked) == [("", True)]


async def test_words_go_some_at_a_time(talked: Database) -> None:
    await hear(talked, *(said(f"message {number}", at=NOON + timedelta(seconds=number)) for number in range(5)))
    later, dropped = NOON + 400 * DAY, []

    for _ in range(4):
        async with talked.transaction() as session:
            count = await drop_words(session, posted_before=later, deleted_before=later, now=later, limit=2)
            dropped.append(count)

    assert dropped == [2, 2, 1, 0]
    assert await words(talked) == [("", True)] * 5
