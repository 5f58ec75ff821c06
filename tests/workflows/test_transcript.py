"""What is heard, in whatever order and however often, ends as it was said."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from storage.deliveries import DeliveryKind
from storage.engine import Database
from storage.ledger import list_entries, verify
from storage.tables import Delivery, Incident, Message, MessageVersion, PromptKind, SharedFile, TimelineEntry
from storage.timeline import fold, list_shown
from tests.builders import NOON, PROCESS
from tests.workflows.asking import incident_now, opened
from tests.workflows.prompting import a_reply, prompts, the_prompt, time_passes
from workflows.heard import Deleted, Heard, Marked, Marks, Said, SaidFile
from workflows.transcript import capture

CHANNEL = "CINC1"
LATER = NOON + timedelta(hours=1)


def ts_of(at: datetime) -> str:
    """The name of a message posted then."""
    return f"{at.timestamp():.6f}"


def said(text: str = "Rolled back to 41", *, minute: float = 1, by: str = "UBO", **changes: Any) -> Said:
    """Bo says something some minutes after noon."""
    at = NOON + timedelta(minutes=minute)
    return Said(**{"channel_id": CHANNEL, "ts": ts_of(at), "posted_at": at, "author": by, "text": text, **changes})


def marked(
    message: Said, mark: str = "timeline", *, by: str = "UANN", is_set: bool = True, minute: float = 30
) -> Marked:
    """Ann marks it, half an hour after noon."""
    at = NOON + timedelta(minutes=minute)
    return Marked(channel_id=CHANNEL, ts=message.ts, user_id=by, mark=mark, is_set=is_set, at=at)


def edited(message: Said, text: str, *, minute: float = 20) -> Said:
    """Its author writes something else in its place."""
    when = ts_of(NOON + timedelta(minutes=minute))
    return Said(**{**vars(message), "text": text, "edited_ts": when, "before": (message.edited_ts, message.text)})


def deleted(message: Said, *, minute: float = 40) -> Deleted:
    """Its author deletes it."""
    return Deleted(channel_id=CHANNEL, ts=message.ts, at=NOON + timedelta(minutes=minute), said=message)


@pytest.fixture
async def incident(sqlite: Database) -> Incident:
    """An incident whose channel is there."""
    return await opened(sqlite)


async def hear(database: Database, *heard: Heard, together: bool = False) -> None:
    """Each in a commit of its own, or all in one."""
    for batch in [heard] if together else [[one] for one in heard]:
        async with database.transaction() as session:
            await capture(session, batch, process=PROCESS, now=LATER)


async def rows(database: Database, table: type[SQLModel]) -> list[Any]:
    """Every row of a table."""
    async with database.read() as session:
        return list((await session.execute(select(table))).scalars())


async def timeline(database: Database) -> list[TimelineEntry]:
    """The messages on the timeline, in order of time."""
    async with database.read() as session:
        return [entry for entry in await list_shown(session, 1) if entry.message_ts]


async def owed(database: Database, kind: DeliveryKind) -> list[dict[str, Any]]:
    """The payloads of what is owed, first owed first."""
    return [row.payload for row in await rows(database, Delivery) if row.kind is kind]


async def test_every_message_is_kept_with_its_author_words_and_thread(sqlite: Database, incident: Incident) -> None:
    first = said("Looking at it")
    await hear(sqlite, first, said("It is the cache", minute=2, thread_ts=first.ts, broadcast=True, by="UCHIDI"))

    one, two = await rows(sqlite, Message)
    assert (one.author, one.text, one.thread_ts, one.posted_at) == ("UBO", "Looking at it", None, first.posted_at)
    assert (two.author, two.text, two.thread_ts, two.broadcast) == ("UCHIDI", "It is the cache", first.ts, True)
    assert await timeline(sqlite) == []


async def test_of_a_channel_that_is_no_incidents_nothing_is_kept(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, said(channel_id="C0OTHER"), Marked(**{**vars(marked(said())), "channel_id": "C0OTHER"}))

    assert await rows(sqlite, Message) == []


async def test_a_mark_puts_the_message_on_the_timeline_with_its_own_time(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message, "action"))

    (entry,) = await timeline(sqlite)
    assert entry.happened_at == message.posted_at
    assert (entry.by, entry.category) == ("UBO", "action")
    assert (entry.data["text"], entry.data["marked_by"]) == ("Rolled back to 41", ["UANN"])
    assert await owed(sqlite, DeliveryKind.SHOW_MARKED) == [{"ts": message.ts, "marked": True}]


async def test_a_second_persons_mark_adds_nothing(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message))
    length = (await incident_now(sqlite)).ledger_length

    await hear(sqlite, marked(message, by="UDEE"), marked(message, by="UBO"))

    assert (await incident_now(sqlite)).ledger_length == length
    assert len(await owed(sqlite, DeliveryKind.SHOW_MARKED)) == 1


async def test_taking_the_last_mark_away_takes_the_entry_off(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message), marked(message, by="UDEE"))

    await hear(sqlite, marked(message, is_set=False, minute=31))
    assert len(await timeline(sqlite)) == 1
    await hear(sqlite, marked(message, by="UDEE", is_set=False, minute=32))

    assert await timeline(sqlite) == []
    shown = [payload["marked"] for payload in await owed(sqlite, DeliveryKind.SHOW_MARKED)]
    assert shown == [True, False]


async def test_marking_it_again_puts_the_same_entry_back(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message), marked(message, is_set=False, minute=31))

    await hear(sqlite, marked(message, "decision", minute=32))

    (entry,) = await timeline(sqlite)
    assert entry.category == "decision"
    assert len([one for one in await rows(sqlite, TimelineEntry) if one.message_ts]) == 1


async def test_two_marks_are_one_entry_that_stands_for_the_one_that_says_more(
    sqlite: Database, incident: Incident
) -> None:
    message = said()
    await hear(sqlite, message, marked(message), marked(message, "theory"))

    (entry,) = await timeline(sqlite)
    assert (entry.data["why"], entry.category, entry.state) == (["timeline", "theory"], "theory", "open")


async def test_editing_the_message_updates_the_entry_and_keeps_the_earlier_words(
    sqlite: Database, incident: Incident
) -> None:
    message = said("Rolled back to 40")
    await hear(sqlite, message, marked(message), edited(message, "Rolled back to 41"))

    (entry,) = await timeline(sqlite)
    assert entry.data["text"] == "Rolled back to 41"
    assert [(version.edited_ts, version.text) for version in await rows(sqlite, MessageVersion)] == [
        ("", "Rolled back to 40")
    ]
    async with sqlite.read() as session:
        texts = [one.data["text"] for one in await list_entries(session, 1) if "text" in one.data]
    assert texts == ["Rolled back to 40", "Rolled back to 41"]


async def test_every_version_of_a_message_is_kept_whatever_order_they_arrive_in(
    sqlite: Database, incident: Incident
) -> None:
    first = said("one")
    second = edited(first, "two", minute=3)
    third = edited(second, "three", minute=4)
    await hear(sqlite, third, first, second, second, first)

    (message,) = await rows(sqlite, Message)
    assert message.text == "three"
    versions = {version.edited_ts: version.text for version in await rows(sqlite, MessageVersion)}
    assert versions == {"": "one", second.edited_ts: "two"}


async def test_an_edit_that_only_adds_a_preview_changes_nothing(sqlite: Database, incident: Incident) -> None:
    message = said("see https://example.com/graph")
    await hear(sqlite, message, marked(message))
    before = await incident_now(sqlite)

    await hear(sqlite, said("see https://example.com/graph"))

    assert (await incident_now(sqlite)).ledger_length == before.ledger_length
    assert await rows(sqlite, MessageVersion) == []


async def test_a_deleted_message_is_kept_as_deleted_and_its_entry_says_so(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message), deleted(message))

    (kept,) = await rows(sqlite, Message)
    assert kept.deleted_at == NOON + timedelta(minutes=40)
    (entry,) = await timeline(sqlite)
    assert entry.data["deleted"] is True


async def test_a_message_that_history_shows_after_it_was_missing_there_is_not_gone(
    sqlite: Database, incident: Incident
) -> None:
    message = said()
    await hear(sqlite, message, marked(message), deleted(message, minute=40))

    async def history_shows(minute: float) -> None:
        marks = Marks({"timeline": ("UANN",)}, is_complete=True, seen_at=NOON + timedelta(minutes=minute))
        await hear(sqlite, Said(**{**vars(message), "marks": marks}))

    await history_shows(39)  # looked before it was deleted
    assert (await rows(sqlite, Message))[0].deleted_at is not None
    await history_shows(41)

    (kept,) = await rows(sqlite, Message)
    assert kept.deleted_at is None
    (entry,) = await timeline(sqlite)
    assert "deleted" not in entry.data


async def test_a_message_heard_of_only_when_it_was_deleted_is_not_posted_again_by_a_late_event(
    sqlite: Database, incident: Incident
) -> None:
    message = said()
    unknown = Deleted(channel_id=CHANNEL, ts=message.ts, at=NOON + timedelta(minutes=3))

    await hear(sqlite, unknown, message)

    (kept,) = await rows(sqlite, Message)
    assert (kept.text, kept.author, kept.by_bot) == ("Rolled back to 41", "UBO", False)
    assert kept.deleted_at is not None


async def test_a_reply_that_is_marked_is_the_reply_and_not_its_parent(sqlite: Database, incident: Incident) -> None:
    parent = said("What did you do?", by="UANN")
    reply = said("Restarted the cache", minute=2, thread_ts=parent.ts)
    await hear(sqlite, parent, reply, marked(reply, "action"))

    (entry,) = await timeline(sqlite)
    assert (entry.message_ts, entry.data["text"], entry.data["thread_ts"]) == (
        reply.ts,
        "Restarted the cache",
        parent.ts,
    )


async def test_a_mark_on_a_message_nobody_has_heard_is_kept_and_the_message_looked_up_once(
    sqlite: Database, incident: Incident
) -> None:
    message = said()
    await hear(sqlite, marked(message), marked(message, by="UDEE"))

    assert await owed(sqlite, DeliveryKind.LOOK_UP_MESSAGE) == [{"ts": message.ts}]
    assert await timeline(sqlite) == []

    await hear(sqlite, message)

    (entry,) = await timeline(sqlite)
    assert entry.data["marked_by"] == ["UANN"]


async def test_an_older_mark_that_arrives_late_does_not_undo_a_newer_change(
    sqlite: Database, incident: Incident
) -> None:
    message = said()
    await hear(sqlite, message, marked(message, is_set=False, minute=31), marked(message, minute=30))

    assert await timeline(sqlite) == []


async def test_files_come_on_the_timeline_by_themselves_and_are_fetched(sqlite: Database, incident: Incident) -> None:
    file = SaidFile("F1", "graph.png", "image/png", 4_000)
    gone = SaidFile("F2", "old.log", "text/plain", 1, unavailable="it was deleted")
    await hear(sqlite, said("The graph", files=(file, gone)))

    (entry,) = await timeline(sqlite)
    assert (entry.category, [one["name"] for one in entry.data["files"]]) == ("file", ["graph.png", "old.log"])
    assert [payload["file_id"] for payload in await owed(sqlite, DeliveryKind.FETCH_FILE)] == ["F1"]
    assert [(one.file_id, one.not_stored_because) for one in await rows(sqlite, SharedFile)] == [
        ("F1", None),
        ("F2", "it was deleted"),
    ]
    assert await owed(sqlite, DeliveryKind.SHOW_MARKED) == []


@pytest.mark.parametrize("together", [True, False])
async def test_what_another_bot_says_is_an_alert_and_its_repetitions_are_not(
    sqlite: Database, incident: Incident, together: bool
) -> None:
    alert = {"by": "UALERT", "by_bot": True, "author_name": "alertmanager"}
    await hear(
        sqlite,
        said("5xx above 3 %", minute=1, **alert),
        said("5xx above 3 %", minute=2, **alert),
        said("5xx below 3 %", minute=3, **alert),
        together=together,
    )

    entries = await timeline(sqlite)
    assert [(entry.data["text"], entry.category) for entry in entries] == [
        ("5xx above 3 %", "alert"),
        ("5xx below 3 %", "alert"),
    ]
    assert entries[0].data["author_name"] == "alertmanager"
    assert len(await rows(sqlite, Message)) == 3


async def test_a_link_to_the_meeting_is_kept_with_the_incident(sqlite: Database, incident: Incident) -> None:
    await hear(
        sqlite, said("Join us: https://acme.zoom.us/j/123?pwd=abc."), said("https://zoomus.evil.com/j/1", minute=2)
    )

    assert (await incident_now(sqlite)).meeting_url == "https://acme.zoom.us/j/123?pwd=abc"
    assert [entry.category for entry in await timeline(sqlite)] == ["meeting"]


async def test_secrets_are_masked_before_anything_is_stored(sqlite: Database, incident: Incident) -> None:
    key = "AKIA" + "IOSFODNN7EXAMPLE"
    message = said(f"use {key} for now")
    await hear(sqlite, message, marked(message), edited(message, f"no, {key} it is"))

    async with sqlite.read() as session:
        for table in SQLModel.metadata.sorted_tables:
            assert key not in repr((await session.execute(select(table))).all()), table.name
    assert (await timeline(sqlite))[0].data["text"] == "no, [masked: AWS key] it is"


async def test_40000_characters_are_kept_whole(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, said("x" * 40_000))

    (message,) = await rows(sqlite, Message)
    assert len(message.text) == 40_000


async def test_marks_seen_in_history_are_set_and_missing_ones_taken_away(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message, by="UDEE"))
    seen = Marks({"decision": ("UBO",)}, is_complete=True, seen_at=LATER)

    await hear(sqlite, Said(**{**vars(message), "marks": seen}))

    (entry,) = await timeline(sqlite)
    assert entry.data["why"] == ["decision"]


async def test_an_incomplete_list_of_marks_takes_none_away(sqlite: Database, incident: Incident) -> None:
    message = said()
    await hear(sqlite, message, marked(message, by="UDEE"))
    seen = Marks({"timeline": ("UBO",)}, is_complete=False, seen_at=LATER)

    await hear(
        sqlite,
        Said(**{**vars(message), "marks": seen}),
        marked(message, by="UBO", is_set=False, minute=90),
    )

    assert len(await timeline(sqlite)) == 1


async def test_when_somebody_last_spoke_is_known_and_bots_do_not_count(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, said(minute=50), said("alert", minute=55, by="UALERT", by_bot=True), said(minute=45))

    assert (await incident_now(sqlite)).last_activity_at == NOON + timedelta(minutes=50)


def a_story(count: int, marks: int, seed: int) -> list[Heard]:
    """Messages with replies, marks, changes of mind, edits and deletions, in the order they happened."""
    chance = random.Random(seed)
    messages = [said(f"message {number}", minute=number / 100) for number in range(count)]
    story: list[Heard] = list(messages)
    for message in chance.sample(messages, marks):
        kind = chance.choice(["timeline", "action", "decision", "theory"])
        story.append(marked(message, kind, minute=100 + chance.random()))
        if chance.random() < 0.2:
            story.append(marked(message, kind, is_set=False, minute=110 + chance.random()))
    for message in chance.sample(messages, count // 10):
        first = edited(message, message.text + " edited", minute=120 + chance.random())
        story += [first, edited(first, message.text + " twice", minute=130 + chance.random())]
    story += [deleted(message, minute=140 + chance.random()) for message in chance.sample(messages, count // 20)]
    return story


async def outcome(database: Database) -> dict[str, Sequence[Any]]:
    """What is left of a story: messages, versions and the timeline, whatever the ledger's order."""
    entries = [
        (
            *(e.message_ts, e.happened_at, e.by, e.category, e.state, e.data["text"], tuple(e.data["why"])),
            *(e.data.get("deleted", False), e.data["marked_by"]),
        )
        for e in await timeline(database)
    ]
    messages = [m.model_dump(exclude={"entry"}) for m in await rows(database, Message)]
    return {
        "timeline": entries,
        "messages": sorted(messages, key=lambda m: m["ts"]),
        "versions": sorted((v.ts, v.edited_ts, v.text) for v in await rows(database, MessageVersion)),
    }


@pytest.mark.parametrize(
    ("count", "marks", "at_once", "seed"), [(200, 60, 7, 1), (200, 60, 7, 2), (200, 60, 1, 3), (5_000, 300, 200, 4)]
)
async def test_a_story_heard_shuffled_and_twice_ends_like_the_one_heard_in_order(
    sqlite: Database, incident: Incident, tmp_path: Any, count: int, marks: int, at_once: int, seed: int
) -> None:
    story = a_story(count, marks, seed)
    for start in range(0, len(story), 1_000):
        await hear(sqlite, *story[start : start + 1_000], together=True)
    expected = await outcome(sqlite)

    other = Database(f"sqlite:///{tmp_path}/other.db")
    async with other.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await opened(other)
    heard = story + random.Random(seed).sample(story, len(story) // 2)
    random.Random(seed + 10).shuffle(heard)
    for start in range(0, len(heard), at_once):
        await hear(other, *heard[start : start + at_once], together=True)

    assert await outcome(other) == expected
    async with other.read() as session:
        folded = fold(await list_entries(session, 1))
        kept = {row.sequence: row for row in (await session.execute(select(TimelineEntry))).scalars()}
    assert {n: e.model_dump() for n, e in folded.items()} == {n: e.model_dump() for n, e in kept.items()}
    await other.close()


def test_an_epoch_second_has_the_width_that_ts_are_compared_by() -> None:
    assert len(ts_of(datetime(2286, 11, 20, tzinfo=UTC))) == len(ts_of(NOON))


async def test_a_file_shared_once_more_belongs_to_both_messages(sqlite: Database, incident: Incident) -> None:
    graph = SaidFile("F1", "graph.png", "image/png", 7)

    await hear(sqlite, said(files=(graph,)), said("Once more", minute=2, files=(graph,)))

    entries = await timeline(sqlite)
    assert [entry.data["files"][0]["id"] for entry in entries] == ["F1", "F1"]
    assert len(await rows(sqlite, SharedFile)) == 1
    assert [one["ts"] for one in await owed(sqlite, DeliveryKind.FETCH_FILE)] == [entry.message_ts for entry in entries]


@pytest.mark.parametrize("typed", ["curl http://[your-host]:8080/health", "http://[", "https://exa\u2100mple.com"])
async def test_what_looks_like_an_address_and_is_none_is_kept_like_any_words(
    sqlite: Database, incident: Incident, typed: str
) -> None:
    await hear(sqlite, said(typed))

    assert [message.text for message in await rows(sqlite, Message)] == [typed]


async def test_an_invitation_with_its_passcode_leads_to_the_meeting(sqlite: Database, incident: Incident) -> None:
    link = "https://acme.zoom.us/j/123?pwd=UVZ2Tk5pQmFqWEdXR0F3UT09.1"
    await hear(sqlite, said(f"Join us: {link}"))

    assert (await incident_now(sqlite)).meeting_url == link


@pytest.mark.parametrize("around", ["*{}*", "`{}`", "({}).", "**Call: {}**!"])
async def test_what_stands_around_the_link_to_a_meeting_is_no_part_of_it(
    sqlite: Database, incident: Incident, around: str
) -> None:
    await hear(sqlite, said(around.format("https://acme.zoom.us/j/1")))

    assert (await incident_now(sqlite)).meeting_url == "https://acme.zoom.us/j/1"


async def test_a_link_to_the_meeting_that_is_corrected_takes_the_place_of_the_wrong_one(
    sqlite: Database, incident: Incident
) -> None:
    wrong = said("https://acme.zoom.us/j/1")
    await hear(sqlite, wrong)
    drawn = len(await owed(sqlite, DeliveryKind.REFRESH_CARD))

    await hear(sqlite, edited(wrong, "https://acme.zoom.us/j/2"))

    assert (await incident_now(sqlite)).meeting_url == "https://acme.zoom.us/j/2"
    assert len(await owed(sqlite, DeliveryKind.REFRESH_CARD)) == drawn + 1


@pytest.mark.parametrize("first_files", [(), (SaidFile("F0", "first.png", "image/png", 3),)])
async def test_a_file_that_an_edit_adds_is_on_the_timeline_and_fetched_once(
    sqlite: Database, incident: Incident, first_files: tuple[SaidFile, ...]
) -> None:
    graph = SaidFile("F1", "graph.png", "image/png", 7)
    plain = said("Deploying", by_bot=True, author="BDEPLOY", files=first_files)
    await hear(sqlite, plain)

    more = Said(**{**vars(edited(plain, "Deployed")), "files": (*first_files, graph)})
    await hear(sqlite, more, more)

    (entry,) = await timeline(sqlite)
    assert [file["id"] for file in entry.data["files"]] == [*(file.id for file in first_files), "F1"]
    assert "file" in entry.data["why"]
    assert [one["file_id"] for one in await owed(sqlite, DeliveryKind.FETCH_FILE)].count("F1") == 1
    async with sqlite.read() as session:
        assert fold(await list_entries(session, 1))[entry.sequence].data == entry.data


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (0, 2, 1)])
async def test_of_edits_within_one_second_the_last_one_stays(
    sqlite: Database, incident: Incident, order: tuple[int, ...]
) -> None:
    first = said("50 %", by_bot=True, author="BDEPLOY")
    second = edited(first, "75 %")
    story = [first, second, edited(second, "done")]

    await hear(sqlite, *(story[number] for number in order))

    (message,) = await rows(sqlite, Message)
    assert message.text == "done"


async def test_a_message_known_only_as_deleted_gets_its_own_time_when_it_is_heard(
    sqlite: Database, incident: Incident
) -> None:
    message = said()
    await hear(sqlite, Deleted(channel_id=CHANNEL, ts=message.ts, at=LATER), message)

    (kept,) = await rows(sqlite, Message)
    assert (kept.posted_at, kept.text, kept.deleted_at) == (message.posted_at, message.text, LATER)


async def test_a_workaround_by_mark_is_drawn_on_the_card_and_again_when_it_is_reworded(
    sqlite: Database, incident: Incident
) -> None:
    message = said("Pay by invoice")
    await hear(sqlite, message, marked(message, "workaround"))
    assert len(await owed(sqlite, DeliveryKind.REFRESH_CARD)) == 1

    await hear(sqlite, edited(message, "Pay by phone"), deleted(message))

    assert len(await owed(sqlite, DeliveryKind.REFRESH_CARD)) == 3


async def test_two_replicas_that_hear_the_same_at_once_keep_it_once(postgres: Database) -> None:
    await opened(postgres)
    graph = SaidFile("F1", "graph.png", "image/png", 7)
    messages = [said(f"Look {minute}", minute=minute, files=(graph,)) for minute in range(5)]
    story: list[Heard] = [one for message in messages for one in (message, marked(message), edited(message, "Seen"))]

    await asyncio.gather(*(hear(postgres, one) for one in story * 2))

    assert {message.text for message in await rows(postgres, Message)} == {"Seen"}
    assert len(await rows(postgres, Message)) == len(await timeline(postgres)) == 5
    assert (
        len(await owed(postgres, DeliveryKind.SHOW_MARKED)) == len(await owed(postgres, DeliveryKind.FETCH_FILE)) == 5
    )
    async with postgres.read() as session:
        assert (await verify(session))[1] is None


async def test_a_reply_that_is_deleted_already_is_no_answer(sqlite: Database, incident: Incident) -> None:
    await time_passes(sqlite, 30)
    reply = a_reply(await the_prompt(sqlite, PromptKind.UPDATE_DUE), "We found it")

    await hear(sqlite, Deleted(channel_id=CHANNEL, ts=reply.ts, at=LATER, said=reply), reply)

    assert await prompts(sqlite, PromptKind.DRAFT) == []
