"""The dispatcher: claims, performs side by side, writes down how it went, and survives what goes wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.messenger import dispatcher as module
from bot.messenger.dispatcher import Dispatcher
from bot.messenger.pace import AT_ONCE
from bot.metrics import Metrics
from storage.deliveries import LEASE, Claim, claim_due, owe
from storage.engine import Database, write_late_rows
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from storage.tables.columns import JsonObject
from tests.builders import NOON, an_incident
from workflows.afterwards import delivered
from workflows.ports import GiveUp, Outcome, Sent, TryAgain
from workflows.process import Process
from workflows.situation import Situation

SECOND = timedelta(seconds=1)
PATIENCE = 20.0
"""Seconds a test waits for what should be there at once."""

ANSWERS: dict[DeliveryKind, JsonObject] = {
    DeliveryKind.OPEN_CHANNEL: {"channel_id": "CNEW", "name": "inc-1"},
    DeliveryKind.POST_CARD: {"ts": "1.1", "drawn_at": 99},
    DeliveryKind.REFRESH_CARD: {"ts": "1.1", "drawn_at": 99},
    DeliveryKind.DIGEST_ENTRY: {"channel_id": "CDIGEST", "ts": "2.2", "drawn_at": 99},
    DeliveryKind.LOOK_UP_PERSON: {"user_id": "UANN", "name": "Ann", "email": None, "zone": None},
}


class FakeMessenger:
    """Keeps what it was given, and answers as it is told: by key, or that all went well."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.situations: dict[str, Situation | None] = {}
        self.outcomes: dict[str, list[Outcome | Exception]] = {}
        self.held = asyncio.Event()
        self.held.set()

    async def deliver(self, claim: Claim, situation: Situation | None, briefing: object = None) -> Outcome:
        """Perform one, when it is not held back."""
        self.sent.append(claim.dedupe_key)
        self.situations[claim.dedupe_key] = situation
        await self.held.wait()
        outcomes = self.outcomes.get(claim.dedupe_key)
        outcome = outcomes.pop(0) if outcomes else Sent(ANSWERS.get(claim.kind, {}))
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


class Running:
    """A dispatcher, what it is given, and when it wants to be woken."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.messenger = FakeMessenger()
        self.clock = Clock()
        self.wakes: list[datetime] = []
        self.metrics = Metrics()
        self.dispatcher = Dispatcher(
            database, self.messenger, process=Process(), now=self.clock, metrics=self.metrics, wake_at=self.wakes.append
        )

    def advance(self, by: timedelta) -> None:
        """Let time pass, and wake it as the scheduler would."""
        self.clock.time += by
        self.dispatcher.wake()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""

        async def look() -> bool:
            return is_so()

        await until(look)

    async def until_done(self, *keys: str) -> None:
        """Wait until these are written down as done."""

        async def look() -> bool:
            return all(row.done_at for row in await rows(self.database, *keys))

        await until(look)

    async def until_asleep(self) -> None:
        """Wait until the loop waits for somebody to wake it."""
        await self.until(lambda: bool(cast(Any, self.dispatcher)._awake._waiters))

    async def until_settled(self) -> None:
        """Wait until nothing is under way and all that ended is written down."""

        async def look() -> bool:
            return not any(row.claimed_by for row in await rows(self.database))

        await until(look)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until something is so; what a dispatcher writes down tells nobody."""
    async with asyncio.timeout(PATIENCE):
        while not await is_so():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0.002)


@asynccontextmanager
async def running(database: Database) -> AsyncIterator[Running]:
    """A dispatcher that is woken when something is owed, as in the service."""
    run = Running(database)
    database.on_owed = run.dispatcher.wake
    await run.dispatcher.start()
    try:
        yield run
    finally:
        run.messenger.held.set()
        await run.dispatcher.stop()


@pytest.fixture
async def run(database: Database) -> AsyncIterator[Running]:
    """A dispatcher on each kind of database."""
    async with running(database) as run:
        yield run


async def owed(database: Database, *keys: str, lane: str = "lane", due_at: datetime = NOON) -> None:
    """Owe these in one lane, in this order."""
    async with database.transaction() as session:
        for key in keys:
            owe(session, DeliveryKind.TELL_CHANNEL, lane=lane, key=key, due_at=due_at)
            await session.flush()


async def rows(database: Database, *keys: str) -> list[Delivery]:
    """These deliveries as they stand; all when none is named."""
    statement = select(Delivery).order_by(col(Delivery.id))
    if keys:
        statement = statement.where(col(Delivery.dedupe_key).in_(keys))
    async with database.read() as session:
        return list((await session.execute(statement)).scalars())


async def row(database: Database, key: str) -> Delivery:
    """One delivery as it stands."""
    (found,) = await rows(database, key)
    return found


async def test_what_is_owed_is_performed_at_once_and_written_down(run: Running) -> None:
    await owed(run.database, "a")

    await run.until_done("a")

    done = await row(run.database, "a")
    assert (done.outcome, done.answer, done.done_at) == (DeliveryOutcome.SENT, {}, NOON)
    assert b'sitrep_deliveries_total{kind="tell_channel",outcome="Sent"} 1.0' in run.metrics.render()


async def test_a_lane_is_performed_in_order(run: Running) -> None:
    await owed(run.database, "a", "b", "c")

    await run.until_done("a", "b", "c")

    assert run.messenger.sent == ["a", "b", "c"]


async def test_a_lane_waits_for_its_first(run: Running) -> None:
    run.messenger.held.clear()
    await owed(run.database, "a", "b")
    await run.until(lambda: run.messenger.sent == ["a"])

    for _ in range(3):
        run.dispatcher.wake()
        await asyncio.sleep(0.01)

    assert run.messenger.sent == ["a"]


async def test_what_gives_way_is_performed_a_few_at_a_time_and_never_keeps_others_waiting(run: Running) -> None:
    run.messenger.held.clear()
    async with run.database.transaction() as session:
        for n in range(30):
            owe(session, DeliveryKind.MORNING, lane=f"m{n}", key=f"m{n}", due_at=NOON, payload=a_morning(n))
    await run.until(lambda: len(run.messenger.sent) == AT_ONCE)
    await owed(run.database, "urgent", lane="urgent")
    await run.until(lambda: "urgent" in run.messenger.sent)

    assert len(run.messenger.sent) == AT_ONCE + 1

    run.messenger.held.set()
    await run.until_done("urgent", *(f"m{n}" for n in range(30)))


async def test_what_is_in_a_hurry_goes_before_what_gives_way_however_long_that_has_been_due(run: Running) -> None:
    await run.until_asleep()
    async with run.database.transaction() as session:
        earlier = NOON - timedelta(hours=1)
        for n in range(3):
            owe(session, DeliveryKind.MORNING, lane=f"m{n}", key=f"m{n}", due_at=earlier, payload=a_morning(n))
        owe(session, DeliveryKind.TELL_CHANNEL, lane="urgent", key="urgent", due_at=NOON)

    await run.until_done("urgent", "m0", "m1", "m2")

    assert run.messenger.sent[0] == "urgent"


def a_morning(n: int) -> JsonObject:
    """Of somebody who has nothing to do."""
    return {"to": f"U{n}", "on": "2026-03-04"}


async def test_lanes_are_performed_side_by_side(run: Running) -> None:
    run.messenger.held.clear()
    for lane in "abcde":
        await owed(run.database, lane, lane=lane)

    await run.until(lambda: len(run.messenger.sent) == 5)

    assert sorted(run.messenger.sent) == ["a", "b", "c", "d", "e"]


async def test_more_lanes_than_fit_at_once_are_all_performed(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    await run.until_asleep()  # a turn under way has counted its room already
    monkeypatch.setattr(module, "AT_ONCE", 2)
    run.messenger.held.clear()
    for lane in "abcde":
        await owed(run.database, lane, lane=lane)
    await run.until(lambda: len(run.messenger.sent) == 2)

    run.messenger.held.set()

    await run.until_done(*"abcde")


async def test_what_is_tried_again_keeps_its_place_in_its_lane(run: Running) -> None:
    run.messenger.outcomes["a"] = [TryAgain(NOON + 5 * SECOND, "ratelimited", in_doubt=False)]
    await owed(run.database, "a", "b")
    await run.until(lambda: NOON + 5 * SECOND in run.wakes)
    assert run.messenger.sent == ["a"]

    run.advance(5 * SECOND)
    await run.until_done("a", "b")

    assert run.messenger.sent == ["a", "a", "b"]
    assert (await row(run.database, "a")).attempts == 2


async def test_it_asks_to_be_woken_when_the_next_is_due(run: Running) -> None:
    await owed(run.database, "later", due_at=NOON + 60 * SECOND, lane="one")
    await owed(run.database, "sooner", due_at=NOON + 30 * SECOND, lane="two")

    await run.until(lambda: run.wakes[-1:] == [NOON + 30 * SECOND])

    assert run.messenger.sent == []
    run.advance(30 * SECOND)
    await run.until_done("sooner")
    await run.until(lambda: run.wakes[-1] == NOON + 60 * SECOND)


async def test_what_is_given_up_is_told_to_the_declarer(run: Running) -> None:
    async with run.database.transaction() as session:
        incident = await an_incident(session)
    key = f"{incident.marker}/open_channel"
    run.messenger.outcomes[key] = [GiveUp("restricted_action", "Ask an admin.")]
    run.dispatcher.wake()

    await run.until(lambda: any(sent.startswith("fault/") for sent in run.messenger.sent))

    given_up = await row(run.database, key)
    assert (given_up.outcome, given_up.last_error) == (DeliveryOutcome.GAVE_UP, "restricted_action")
    (report,) = [each for each in await rows(run.database) if each.kind is DeliveryKind.REPORT_FAULT]
    assert report.payload == {
        "to": "UANN",
        "what": "open_channel",
        "whom": None,
        "because": "restricted_action",
        "hint": "Ask an admin.",
    }


async def test_what_follows_from_a_delivery_is_claimed_in_the_turn_that_records_it(run: Running) -> None:
    turns = count_turns(run.dispatcher)
    async with run.database.transaction() as session:
        incident = await an_incident(session)
    marker = incident.marker

    await run.until(
        lambda: f"{marker}/set_topic" in run.messenger.sent and f"{marker}/pin_card/1.1" in run.messenger.sent
    )

    # One turn begins the channel, the next records it and begins all that follows.
    assert run.messenger.sent.index(f"{marker}/open_channel") < run.messenger.sent.index(f"{marker}/post_card")
    in_turn = [turn for turn in turns if f"{marker}/set_topic" in turn]
    assert len(in_turn) == 1
    assert {f"{marker}/{kind}" for kind in ("post_card", "digest_entry", "set_purpose")} <= set(in_turn[0])
    situation = run.messenger.situations[f"{marker}/set_topic"]
    assert situation is not None
    assert (situation.incident.channel_id, situation.lead) == ("CNEW", "UANN")


def count_turns(dispatcher: Dispatcher) -> list[list[str]]:
    """The keys begun in each turn from now on."""
    turns: list[list[str]] = []
    private = cast(Any, dispatcher)
    turn, begin = private._turn, private._begin

    async def counted_turn(*, room: int) -> None:
        turns.append([])
        await turn(room=room)

    def counted_begin(claim: Claim, situation: Situation | None, briefing: object) -> None:
        if turns:  # a turn that was under way when we began to count is not counted
            turns[-1].append(claim.dedupe_key)
        begin(claim, situation, briefing)

    private._turn, private._begin = counted_turn, counted_begin
    return turns


async def test_a_messenger_that_raises_harms_nobody_else_and_is_asked_again(run: Running) -> None:
    run.messenger.outcomes["a"] = [RuntimeError("a mistake")]
    await owed(run.database, "a", lane="one")
    await owed(run.database, "b", lane="two")
    await run.until_done("b")
    await run.until_settled()

    failed = await row(run.database, "a")
    assert (failed.done_at, failed.in_doubt, failed.last_error) == (None, True, "RuntimeError")
    run.advance(timedelta(minutes=2))
    await run.until_done("a")


async def test_a_message_that_cannot_be_read_up_on_harms_nobody_else_and_is_tried_again(run: Running) -> None:
    async with run.database.transaction() as session:
        for key, kind in (("a", DeliveryKind.TELL_OF_ITEM), ("b", DeliveryKind.TELL_CHANNEL)):
            owe(session, kind, lane=key, key=key, due_at=NOON)

    await run.until_done("b")
    await run.until_settled()

    failed = await row(run.database, "a")
    assert (failed.done_at, failed.in_doubt, failed.last_error) == (None, False, "KeyError")
    assert failed.retry_at == NOON + timedelta(minutes=1)
    assert run.messenger.sent == ["b"]


async def test_a_fault_of_the_database_stops_nothing(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AFTER_A_FAULT", 0.01)
    transaction, failures = run.database.transaction, [OSError("gone"), OSError("gone")]

    @asynccontextmanager
    async def failing() -> AsyncIterator[Any]:
        if failures:
            raise failures.pop()
        async with transaction() as session:
            yield session

    run.messenger.held.clear()
    await owed(run.database, "a")
    await run.until(lambda: run.messenger.sent == ["a"])
    monkeypatch.setattr(run.database, "transaction", failing)
    run.messenger.held.set()

    await run.until_done("a")

    assert failures == []
    assert run.messenger.sent == ["a"]
    assert run.dispatcher.is_running


async def test_stopping_waits_for_what_is_under_way_and_writes_it_down(database: Database) -> None:
    async with running(database) as run:
        run.messenger.held.clear()
        await owed(database, "a", "b")
        await run.until(lambda: run.messenger.sent == ["a"])

        stopping = asyncio.create_task(run.dispatcher.stop())
        await run.until(lambda: not run.dispatcher.is_running)
        run.messenger.held.set()
        await stopping

        assert (await row(database, "a")).outcome is DeliveryOutcome.SENT
        assert run.messenger.sent == ["a"]


async def test_stopping_has_an_end(database: Database) -> None:
    async with running(database) as run:
        run.messenger.held.clear()
        await owed(database, "a")
        await run.until(lambda: run.messenger.sent == ["a"])

        await run.dispatcher.stop(patience=timedelta(milliseconds=10))

        left = await row(database, "a")
        assert (left.done_at, left.in_doubt, left.claimed_by) == (None, True, run.dispatcher.name)


async def test_two_replicas_perform_each_delivery_once(postgres: Database) -> None:
    first, second = Running(postgres), Running(Database(postgres.url.render_as_string(hide_password=False)))
    keys = [f"{lane}/{number}" for lane in "abcdefgh" for number in range(4)]
    for lane in "abcdefgh":
        await owed(postgres, *(key for key in keys if key[0] == lane), lane=lane)
    runs = (first, second)

    await asyncio.gather(*(run.dispatcher.start() for run in runs))
    for run in runs:
        run.dispatcher.wake()
    await first.until_done(*keys)
    await asyncio.gather(*(run.dispatcher.stop() for run in runs))
    await second.database.close()

    performed = first.messenger.sent + second.messenger.sent
    assert sorted(performed) == keys
    for run in runs:
        for lane in "abcdefgh":
            in_lane = [key for key in run.messenger.sent if key[0] == lane]
            assert in_lane == sorted(in_lane)


async def held_by_a_dead_run(database: Database) -> None:
    """A delivery that another process claimed and never ended."""
    await owed(database, "a")
    async with database.transaction() as session:
        await claim_due(session, by="a dead process", now=NOON, limit=1)


async def test_on_sqlite_what_a_dead_run_held_is_performed_at_once_in_doubt(sqlite: Database) -> None:
    await held_by_a_dead_run(sqlite)

    async with running(sqlite) as run:
        await run.until_done("a")

    assert (await row(sqlite, "a")).attempts == 2


async def test_on_postgresql_what_another_replica_holds_is_left_to_it(postgres: Database) -> None:
    await held_by_a_dead_run(postgres)

    async with running(postgres) as run:
        await owed(postgres, "b", lane="other")
        await run.until_done("b")
        assert run.messenger.sent == ["b"]

        run.advance(timedelta(seconds=61))
        await run.until_done("a")


async def test_it_says_when_it_last_turned(run: Running) -> None:
    await run.until(lambda: run.dispatcher.last_turn_at == NOON)

    run.advance(SECOND)

    await run.until(lambda: run.dispatcher.last_turn_at == NOON + SECOND)


async def test_what_ends_at_the_same_moment_makes_room_at_that_moment(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run.until_asleep()  # a turn under way has counted its room already
    monkeypatch.setattr(module, "AT_ONCE", 2)
    run.messenger.held.clear()
    for number in range(4):
        await owed(run.database, f"{number}", lane=f"{number}")
    await run.until(lambda: len(run.messenger.sent) == 2)
    await run.until_asleep()  # so that nothing but the end wakes it

    run.messenger.held.set()

    await run.until_done(*map(str, range(4)))


async def test_an_end_that_cannot_be_recorded_is_put_off_and_harms_nobody_else(
    run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded, cannot = delivered, ["a"]

    async def recording(session: Any, delivery: Delivery, *rest: Any, **more: Any) -> None:
        if delivery.dedupe_key in cannot:
            raise KeyError("an answer without its id")
        await recorded(session, delivery, *rest, **more)

    monkeypatch.setattr(module, "delivered", recording)
    run.messenger.held.clear()
    for key in "abc":
        await owed(run.database, key, lane=key)
    await run.until(lambda: len(run.messenger.sent) == 3)
    run.messenger.held.set()
    await run.until_done("b", "c")
    await run.until_settled()

    put_off = await row(run.database, "a")
    assert (put_off.done_at, put_off.in_doubt, put_off.last_error) == (None, True, "KeyError")
    assert put_off.retry_at == NOON + SECOND / 2
    cannot.clear()
    run.advance(SECOND)
    await run.until_done("a")
    assert b'sitrep_deliveries_total{kind="tell_channel",outcome="Sent"} 4.0' in run.metrics.render()


async def test_an_attempt_has_an_end_before_its_lease_has(run: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    assert timedelta(seconds=module.LONGEST_ATTEMPT) < LEASE
    monkeypatch.setattr(module, "LONGEST_ATTEMPT", 0.01)
    run.messenger.held.clear()

    await owed(run.database, "a")
    await run.until(lambda: run.messenger.sent == ["a"])
    await run.until_settled()

    late = await row(run.database, "a")
    assert (late.done_at, late.in_doubt, late.last_error) == (None, True, "it took too long")
    assert late.retry_at == NOON + SECOND / 2


async def test_what_is_under_way_is_not_begun_again_when_its_lease_runs_out(run: Running) -> None:
    run.messenger.held.clear()
    await owed(run.database, "a")
    await run.until(lambda: run.messenger.sent == ["a"])

    run.advance(LEASE + SECOND)
    await run.until(lambda: run.dispatcher.last_turn_at == NOON + LEASE + SECOND)
    run.messenger.held.set()
    await run.until_done("a")

    assert run.messenger.sent == ["a"]


async def test_what_a_newer_version_owes_waits_and_harms_nobody_else(run: Running) -> None:
    async with run.database.transaction() as session:
        owe(session, DeliveryKind.TELL_CHANNEL, lane="one", key="unknown", due_at=NOON)
        owe(session, DeliveryKind.TELL_CHANNEL, lane="two", key="known", due_at=NOON)
        await write_late_rows(session)
        await session.execute(text("UPDATE delivery SET kind = 'send_pigeon' WHERE dedupe_key = 'unknown'"))

    await run.until_done("known")

    assert run.messenger.sent == ["known"]
    async with run.database.read() as session:
        waiting = text("SELECT attempts FROM delivery WHERE dedupe_key = 'unknown' AND done_at IS NULL")
        assert (await session.execute(waiting)).scalar_one() == 0


async def test_stopping_claims_no_more(database: Database) -> None:
    async with running(database) as run:
        await run.until_asleep()
        database.on_owed = lambda: None
        await owed(database, "a")

        await run.dispatcher.stop()

        assert run.messenger.sent == []
        assert (await row(database, "a")).attempts == 0
