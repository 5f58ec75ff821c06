"""What a reading of a channel's history makes of what was missed, page by page."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.ledger import verify
from storage.messages import list_marks, list_messages
from storage.tables import DeliveryKind, Incident, Mark, Message, Status
from storage.timeline import list_shown
from tests.builders import NOON, PROCESS
from tests.workflows.asking import happens, opened, waiting
from workflows import transcript as transcript_module
from workflows.afterwards import delivered
from workflows.heard import Heard, Marked, Marks, Said
from workflows.readings import owe_readings
from workflows.transcript import capture

LATER = NOON + timedelta(hours=1)
HISTORY, THREAD = DeliveryKind.READ_HISTORY, DeliveryKind.READ_THREAD


def ts_at(minute: float) -> str:
    """The name of a message posted so many minutes after noon."""
    return f"{(NOON + timedelta(minutes=minute)).timestamp():.6f}"


def said(minute: float, text: str = "", *, thread: float | None = None, **changes: Any) -> Said:
    """Bo says something then."""
    values: dict[str, Any] = {
        "channel_id": "CINC1",
        "ts": ts_at(minute),
        "posted_at": NOON + timedelta(minutes=minute),
        "author": "UBO",
        "text": text or f"said at {minute}",
        "thread_ts": None if thread is None else ts_at(thread),
    }
    return Said(**{**values, **changes})


def page(
    *messages: Said, after: float | None = None, threads: Any = (), seen: float = 0, **more: Any
) -> dict[str, Any]:
    """What the performer answers for a stretch of the channel."""
    shown = [message.ts for message in messages]
    return {
        "pages": [],
        "after": "" if after is None else ts_at(after),
        "threads": [(ts_at(ts), count, ts_at(latest)) for ts, count, latest in threads],
        "said": [message.to_json() for message in messages],
        "shown": shown,
        "seen_to": max([ts_at(seen), *shown]),
        **more,
    }


def replies(*messages: Said, upto: str = "", seen: float = 0) -> dict[str, Any]:
    """What the performer answers for a thread."""
    shown = [message.ts for message in messages]
    data = [message.to_json() for message in messages]
    return {"upto": upto, "said": data, "shown": shown, "seen_to": max([ts_at(seen), *shown])}


async def hear(database: Database, *heard: Heard) -> None:
    """Hear it live."""
    async with database.transaction() as session:
        await capture(session, heard, process=PROCESS, now=NOON)


async def read(database: Database, *, now: datetime = LATER) -> None:
    """Owe a reading."""
    async with database.transaction() as session:
        await owe_readings(session, now=now)


async def steps(database: Database) -> list[tuple[DeliveryKind, Mapping[str, Any]]]:
    """The readings that wait."""
    async with database.transaction() as session:
        rows = [row for row in await waiting(session) if row.kind in (HISTORY, THREAD)]
        return [(row.kind, row.payload) for row in rows]


async def transcript(database: Database) -> dict[str, Message]:
    """All messages that are kept, by ts."""
    minutes = [minute / 2 for minute in range(200)]
    async with database.read() as session:
        return await list_messages(session, 1, [ts_at(minute) for minute in minutes])


async def marks_on(database: Database, message: Said) -> list[Mark]:
    """Marks on a message."""
    async with database.read() as session:
        return list(await list_marks(session, 1, [message.ts]))


@pytest.fixture
async def incident(database: Database) -> Incident:
    """An incident whose channel is there."""
    return await opened(database)


async def test_what_was_said_meanwhile_is_captured(database: Database, incident: Incident) -> None:
    await hear(database, said(1, "one"))
    await read(database)

    await happens(database, HISTORY, page(said(1, "one"), said(2, "two"), said(3, "three")), now=LATER)

    assert [message.text for message in (await transcript(database)).values()] == ["one", "two", "three"]
    assert await steps(database) == []


async def test_a_message_that_cannot_be_kept_harms_no_other_and_the_reading_goes_on(
    database: Database, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mask_but_one(text: str) -> str:
        if text == "bad":
            raise ValueError("this one cannot be kept")
        return text

    monkeypatch.setattr(transcript_module, "mask", mask_but_one)
    await read(database)
    alert = said(2, "Disk full", by_bot=True, author="BALERT")

    await happens(database, HISTORY, page(said(1, "one"), alert, said(3, "bad"), said(4, "four")), now=LATER)

    assert [message.text for message in (await transcript(database)).values()] == ["one", "Disk full", "four"]
    assert await steps(database) == []
    async with database.read() as session:
        assert [entry.data["text"] for entry in await list_shown(session, 1) if entry.message_ts] == ["Disk full"]
        assert (await verify(session))[1] is None


async def test_what_history_does_not_show_any_more_was_deleted(database: Database, incident: Incident) -> None:
    await hear(database, said(1), said(2), said(3))
    await read(database)

    await happens(database, HISTORY, page(said(1), seen=3), now=LATER)

    kept = await transcript(database)
    assert [kept[ts_at(minute)].deleted_at for minute in (1, 2, 3)] == [None, LATER, LATER]


async def test_what_was_heard_since_the_reading_was_owed_is_not_taken_for_deleted(
    database: Database, incident: Incident
) -> None:
    await hear(database, said(1))
    await read(database)
    await hear(database, said(2))

    await happens(database, HISTORY, page(said(1)), now=LATER)

    assert [message.deleted_at for message in (await transcript(database)).values()] == [None, None]


async def test_what_a_plan_hides_was_not_deleted(database: Database, incident: Incident) -> None:
    await hear(database, said(1), said(2), said(3))
    await read(database)

    await happens(database, HISTORY, page(said(3), after=3), now=LATER)

    assert [message.deleted_at for message in (await transcript(database)).values()] == [None, None, None]


async def test_a_channel_we_are_not_in_tells_nothing(database: Database, incident: Incident) -> None:
    await hear(database, said(1))
    await read(database)

    await happens(database, HISTORY, {"outside": True}, now=LATER)

    assert [message.deleted_at for message in (await transcript(database)).values()] == [None]


async def test_marks_that_are_gone_are_taken_away_and_those_set_since_stay(
    database: Database, incident: Incident
) -> None:
    message = said(1)
    await hear(database, message, _mark(message, "UANN", minute=2))
    await read(database)
    await hear(database, _mark(message, "UCAT", minute=5))
    seen_at = NOON + timedelta(minutes=2, microseconds=1)

    unmarked = Said(**{**vars(message), "marks": Marks({}, is_complete=True, seen_at=seen_at)})
    await happens(database, HISTORY, page(unmarked), now=LATER)

    assert {mark.user_id: mark.is_set for mark in await marks_on(database, message)} == {"UANN": False, "UCAT": True}


def _mark(message: Said, by: str, *, minute: float) -> Marked:
    at = NOON + timedelta(minutes=minute)
    return Marked(channel_id="CINC1", ts=message.ts, user_id=by, mark="timeline", is_set=True, at=at)


async def test_a_reading_knows_the_newest_thing_heard_whatever_it_is(database: Database, incident: Incident) -> None:
    message = said(1)
    await hear(database, message, _mark(message, "UANN", minute=7))
    await read(database)

    ((_, first),) = await steps(database)

    assert first == {
        "reading": LATER.isoformat(),
        "known_to": ts_at(7),
        "after": "",
        "upto": "",
        "bounds": [],
    }


async def test_a_long_channel_is_read_from_its_oldest_page_on(database: Database, incident: Incident) -> None:
    await read(database)

    looked_back = {"pages": [ts_at(40), ts_at(30)], "seen_to": ts_at(50)}
    await happens(database, HISTORY, looked_back, now=LATER)
    stretches = [(await _stretch(database))]
    await happens(database, HISTORY, {"pages": [ts_at(20), ts_at(10)], "seen_to": ts_at(50)}, now=LATER)
    for _ in range(5):
        stretches.append(await _stretch(database))
        answer = page() | {"after": stretches[-1][0], "seen_to": ts_at(50)}
        await happens(database, HISTORY, answer, now=LATER)

    assert stretches == [
        ("", ts_at(30)),
        ("", ts_at(10)),
        (ts_at(10), ts_at(20)),
        (ts_at(20), ts_at(30)),
        (ts_at(30), ts_at(40)),
        (ts_at(40), ""),
    ]
    assert await steps(database) == []


async def _stretch(database: Database) -> tuple[str, str]:
    ((_, payload),) = await steps(database)
    return payload["after"], payload["upto"]


async def test_each_page_covers_only_its_own_stretch(database: Database, incident: Incident) -> None:
    await hear(database, said(1), said(2), said(3), said(4))
    await read(database)
    await happens(database, HISTORY, {"pages": [ts_at(2)], "seen_to": ts_at(4)}, now=LATER)

    await happens(database, HISTORY, page(said(2), seen=4), now=LATER)

    kept = await transcript(database)
    assert [kept[ts_at(minute)].deleted_at for minute in (1, 2, 3, 4)] == [LATER, None, None, None]


async def test_threads_with_news_are_read_and_old_ones_without_are_not(database: Database, incident: Incident) -> None:
    long_after = NOON + timedelta(days=30)
    await hear(database, said(1), said(2, thread=1), said(3), said(4, thread=3), said(5), said(6, thread=5))
    await read(database, now=long_after)

    answer = page(said(1), said(3), said(5), threads=[(1, 1, 2), (3, 2, 7), (5, 1, 6)])
    await happens(database, HISTORY, answer, now=long_after)

    assert [payload["thread_ts"] for _, payload in await steps(database)] == [ts_at(3)]


async def test_a_thread_of_these_days_is_read_again_because_its_replies_may_have_been_edited(
    database: Database, incident: Incident
) -> None:
    await hear(database, said(1), said(2, thread=1))
    await read(database)

    await happens(database, HISTORY, page(said(1), threads=[(1, 1, 2)]), now=LATER)
    await happens(database, THREAD, replies(said(2, "edited", thread=1, edited_ts=ts_at(9))), now=LATER)

    assert (await transcript(database))[ts_at(2)].text == "edited"


async def test_a_thread_whose_replies_are_all_gone_is_read_to_its_end(database: Database, incident: Incident) -> None:
    await hear(database, said(1), said(2, thread=1), said(3, thread=1))
    await read(database)

    await happens(database, HISTORY, page(seen=3), now=LATER)
    await happens(database, THREAD, replies(seen=3), now=LATER)

    assert [message.deleted_at for message in (await transcript(database)).values()] == [LATER, LATER, LATER]


async def test_replies_of_a_long_thread_are_captured_page_by_page(database: Database, incident: Incident) -> None:
    await hear(database, said(1), said(2, thread=1), said(6, thread=1))
    await read(database)
    await happens(database, HISTORY, page(said(1), threads=[(1, 3, 8)], seen=6), now=LATER)

    await happens(database, THREAD, replies(said(4, thread=1), upto=ts_at(4), seen=6), now=LATER)
    ((_, second),) = await steps(database)
    await happens(database, THREAD, replies(said(8, thread=1), seen=6), now=LATER)

    assert second["after"] == ts_at(4)
    kept = await transcript(database)
    assert [kept[ts_at(minute)].deleted_at for minute in (1, 2, 4, 6, 8)] == [None, LATER, None, LATER, None]


async def test_a_reading_that_has_not_begun_will_do_and_learns_what_was_heard_since(
    database: Database, incident: Incident
) -> None:
    await read(database)
    await hear(database, said(1))

    await read(database, now=LATER + timedelta(minutes=1))

    assert [payload["known_to"] for _, payload in await steps(database)] == [ts_at(1)]


async def test_a_reading_under_way_is_followed_by_another_one(database: Database, incident: Incident) -> None:
    await read(database)
    await happens(database, HISTORY, {"pages": [ts_at(2)], "seen_to": ts_at(4)}, now=LATER)

    await read(database, now=LATER + timedelta(minutes=1))

    assert [payload["upto"] for _, payload in await steps(database)] == [ts_at(2), ""]


@pytest.mark.parametrize(
    ("status", "days", "is_read"),
    [(Status.TRIAGE, 100, True), (Status.RESOLVED, 6, True), (Status.RESOLVED, 8, False), (Status.MERGED, 8, False)],
)
async def test_channels_are_read_while_open_and_a_week_longer(
    database: Database, status: Status, days: int, is_read: bool
) -> None:
    await opened(database, status=status)

    await read(database, now=NOON + timedelta(days=days))

    assert bool(await steps(database)) is is_read


async def test_a_message_marked_before_it_was_heard_is_captured_when_it_is_found(
    database: Database, incident: Incident
) -> None:
    message = said(1, "the cause")
    await hear(database, _mark(message, "UANN", minute=2))

    await happens(database, DeliveryKind.LOOK_UP_MESSAGE, replies(message), now=LATER)

    kept = (await transcript(database))[message.ts]
    assert (kept.text, kept.entry is not None) == ("the cause", True)


async def test_the_words_are_not_kept_in_the_delivery(database: Database, incident: Incident) -> None:
    await read(database)
    async with database.transaction() as session:
        (row,) = [row for row in await waiting(session) if row.kind is HISTORY]
        kept = await delivered(session, row, page(said(1, "secret words")), process=PROCESS, now=LATER)

    assert kept == {"said": 1, "gone": 0}
