"""Action items in trackers outside: owed once, followed, looked at, and never where they may not be seen."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from storage.deliveries import finish
from storage.engine import Database
from storage.tables import ActionItem, Delivery, DeliveryKind, DeliveryOutcome, EntryKind, Horizon, ItemState
from storage.tables.columns import JsonObject
from tests.builders import NOON, request
from tests.workflows.asking import contents, opened, waiting
from tests.workflows.item_asking import an_item, an_item_of, do_item, entries_of, item_now, of_item
from workflows.afterwards import delivered
from workflows.commands import AddActionItem, MoveItem, TrackItem
from workflows.errors import Declined
from workflows.faults import gave_up
from workflows.process import BadProcess, parse_process
from workflows.tracker_errors import AlreadyTracked, KeptInside, NoSuchTracker
from workflows.trackers import LOOK_EVERY, LOOK_FOR
from workflows.tracking import track_item

GITHUB: JsonObject = {"name": "GitHub", "kind": "github", "repository": "example/ops", "secret_env": "GITHUB_TOKEN"}
DESK: JsonObject = {"name": "Desk", "kind": "webhook", "url": "https://desk.example.com", "secret_env": "DESK_SECRET"}
BOTH = parse_process({"trackers": {"github": GITHUB, "desk": DESK}})
AUTOMATIC = parse_process({"trackers": {"desk": DESK, "github": {**GITHUB, "automatic": True}}})
THERE: JsonObject = {"url": "https://github.com/example/ops/issues/12", "ref": "#12", "state": "open"}


async def _send(database: Database, item: ActionItem, tracker: str = "github", **changes: Any) -> None:
    """Somebody asks for it."""
    command = TrackItem(**{**request(), "item_id": item.number, "tracker": tracker, **changes})
    async with database.transaction() as session:
        await track_item(session, command, process=BOTH, now=NOON)


async def _refused(database: Database, item: ActionItem, refusal: type[Declined], **changes: Any) -> str:
    before = await contents(database)
    with pytest.raises(refusal) as told:
        await _send(database, item, **changes)
    assert await contents(database) == before
    return str(told.value)


async def _owed(database: Database, kind: DeliveryKind = DeliveryKind.TRACK) -> list[Delivery]:
    async with database.read() as session:
        return [row for row in await waiting(session) if row.kind is kind]


async def _happens(
    database: Database, answer: JsonObject, *, kind: DeliveryKind = DeliveryKind.TRACK, now: datetime = NOON
) -> None:
    """The first that is waiting succeeds."""
    async with database.transaction() as session:
        delivery = next(row for row in await waiting(session) if row.kind is kind)
        finish(delivery, DeliveryOutcome.SENT, now=now, answer=answer)
        await delivered(session, delivery, answer, process=BOTH, now=now)


_look = partial(_happens, kind=DeliveryKind.LOOK_UP_TRACKED)


async def _moved(database: Database, item: ActionItem, state: ItemState, **changes: Any) -> None:
    await do_item(database, of_item(MoveItem, item, state=state, **changes), process=BOTH)


async def test_an_item_is_owed_its_place_in_a_tracker_once(database: Database) -> None:
    item = await an_item(database)

    await _send(database, item)
    told = await _refused(database, item, AlreadyTracked, tracker="desk")

    (owed,) = await _owed(database)
    assert (owed.lane, owed.payload["tracker"]) == ("tracker/github/1", "github")
    assert told.startswith("ACT-1 is on its way to GitHub, so nothing was sent.")


async def test_one_that_is_there_is_not_sent_again(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    await _happens(sqlite, THERE)

    told = await _refused(sqlite, item, AlreadyTracked)

    assert told.startswith("ACT-1 is in GitHub already, as #12, so nothing was sent.")


async def test_where_an_item_is_outside_is_kept_and_on_record(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)

    await _happens(sqlite, THERE)

    kept = await item_now(sqlite)
    assert (kept.tracker, kept.tracker_ref, kept.tracker_url, kept.tracker_state) == (
        "github",
        "#12",
        "https://github.com/example/ops/issues/12",
        "open",
    )
    (entry,) = await entries_of(sqlite, EntryKind.ITEM_TRACKED)
    assert (entry.by, entry.data["tracker"], entry.data["ref"]) == ("sitrep", "GitHub", "#12")
    assert kept.heard_at is None  # nobody has done anything about it


async def test_nothing_of_a_private_incident_is_sent(sqlite: Database) -> None:
    item = await an_item_of(sqlite, await opened(sqlite, private=True), by="UANN", owner="UANN")

    told = await _refused(sqlite, item, KeptInside)

    assert told.startswith("INC-1 is private, so ACT-1 is put into no tracker.")


async def test_a_tracker_that_is_not_in_the_settings_is_named(sqlite: Database) -> None:
    told = await _refused(sqlite, await an_item(sqlite), NoSuchTracker, tracker="jira")

    assert told == "sitrep.toml has no tracker jira, so ACT-1 stays only here. There are: github, desk."


@pytest.mark.parametrize(
    ("private", "horizon", "sent"),
    [(False, Horizon.AFTER, True), (False, Horizon.NOW, False), (True, Horizon.AFTER, False)],
)
async def test_a_tracker_that_takes_all_takes_no_task_and_nothing_private(
    sqlite: Database, private: bool, horizon: Horizon, sent: bool
) -> None:
    incident = await opened(sqlite, private=private)

    command = AddActionItem(**request(), incident_id=incident.number, title="Rotate the key", horizon=horizon)
    await do_item(sqlite, command, process=AUTOMATIC)

    assert [row.payload["tracker"] for row in await _owed(sqlite)] == ["github"] * sent


async def test_only_one_tracker_can_take_all() -> None:
    both = {"github": {**GITHUB, "automatic": True}, "desk": {**DESK, "automatic": True}}

    with pytest.raises(BadProcess, match="only one can be automatic"):
        parse_process({"trackers": both})


async def test_an_issue_follows_its_item_in_order_and_nobody_is_told_what_they_did_themselves(
    sqlite: Database,
) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    await _happens(sqlite, THERE)

    await _moved(sqlite, item, ItemState.IN_PROGRESS)
    assert await _owed(sqlite) == []
    await _moved(sqlite, item, ItemState.DONE)
    (owed,) = await _owed(sqlite)
    assert (owed.lane, owed.payload["do"]) == ("tracker/github/1", "follow")

    await _happens(sqlite, {**THERE, "state": "closed"})
    await _moved(sqlite, item, ItemState.OPEN, reason="It came back")
    await _happens(sqlite, THERE)
    assert (await item_now(sqlite)).tracker_state == "open"
    assert len(await entries_of(sqlite, EntryKind.ITEM_TRACKED)) == 1


async def test_an_item_that_was_done_before_it_was_there_is_closed_there(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    await _moved(sqlite, item, ItemState.DONE)

    await _happens(sqlite, THERE)

    assert [row.payload["do"] for row in await _owed(sqlite)] == ["follow"]


async def test_an_issue_that_others_close_leaves_its_item_open_and_is_not_opened_by_work_on_it(
    sqlite: Database,
) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    await _happens(sqlite, THERE)

    await _look(sqlite, {**THERE, "state": "closed"}, now=NOON + LOOK_EVERY)
    await _moved(sqlite, item, ItemState.IN_PROGRESS)

    kept = await item_now(sqlite)
    assert (kept.state, kept.tracker_state) == (ItemState.IN_PROGRESS, "closed")
    assert [entry.data["state"] for entry in await entries_of(sqlite, EntryKind.ITEM_TRACKED)] == ["open", "closed"]
    assert await _owed(sqlite) == []


async def test_it_is_looked_at_every_six_hours_until_both_are_over_or_half_a_year_is(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    await _happens(sqlite, THERE)
    assert [row.due_at for row in await _owed(sqlite, DeliveryKind.LOOK_UP_TRACKED)] == [NOON + LOOK_EVERY]

    await _look(sqlite, {}, now=NOON + LOOK_EVERY)  # it could not be seen
    assert [row.due_at for row in await _owed(sqlite, DeliveryKind.LOOK_UP_TRACKED)] == [NOON + 2 * LOOK_EVERY]
    await _look(sqlite, THERE, now=NOON + LOOK_FOR + timedelta(seconds=1))
    assert await _owed(sqlite, DeliveryKind.LOOK_UP_TRACKED) == []


async def test_nobody_looks_any_more_once_both_are_over(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    await _happens(sqlite, THERE)
    await _moved(sqlite, item, ItemState.DONE)
    await _happens(sqlite, {**THERE, "state": "closed"})

    await _look(sqlite, {**THERE, "state": "closed"}, now=NOON + LOOK_EVERY)

    assert await _owed(sqlite, DeliveryKind.LOOK_UP_TRACKED) == []


async def test_one_that_could_not_be_put_there_is_told_of_and_can_be_sent_again(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)
    async with sqlite.transaction() as session:
        delivery = next(row for row in await waiting(session) if row.kind is DeliveryKind.TRACK)
        finish(delivery, DeliveryOutcome.GAVE_UP, now=NOON)
        await gave_up(session, delivery, because="no access", hint="Give access.", now=NOON)

    assert (await item_now(sqlite)).tracker is None
    assert [row.payload["hint"] for row in await _owed(sqlite, DeliveryKind.REPORT_FAULT)] == ["Give access."]
    await _send(sqlite, item)
    (owed,) = await _owed(sqlite)
    assert owed.in_doubt is delivery.in_doubt
    assert (await item_now(sqlite)).tracker == "github"


async def test_what_may_not_leave_is_not_said_to_be_on_its_way(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item)

    await _happens(sqlite, {})

    assert (await item_now(sqlite)).tracker is None
    assert await _owed(sqlite, DeliveryKind.LOOK_UP_TRACKED) == []


async def test_a_tracker_that_does_not_say_how_things_stand_still_hears_that_an_item_is_done(
    sqlite: Database,
) -> None:
    item = await an_item(sqlite)
    await _send(sqlite, item, "desk")
    await _happens(sqlite, {"url": None, "ref": None, "state": None})

    await _moved(sqlite, item, ItemState.DONE)

    assert [row.payload["do"] for row in await _owed(sqlite)] == ["follow"]
    assert await _owed(sqlite, DeliveryKind.LOOK_UP_TRACKED) == []
