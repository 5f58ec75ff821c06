import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.deliveries import (
    LEASE,
    claim_due,
    count_waiting,
    list_claimed,
    list_given_up,
    next_due_at,
    owe,
    owe_unless_owed,
    release_claims,
)
from storage.engine import OWES, Database
from storage.tables import DeliveryKind, DeliveryOutcome
from tests.builders import NOON, an_incident
from tests.storage.owing import LATER, SECOND, claimed, claims, done, failed, find, owed

HOUR = timedelta(hours=1)


async def test_a_lane_is_performed_in_order_one_at_a_time(database: Database) -> None:
    await owed(database, "first", "second", "third")

    assert await claimed(database) == ["first"]
    assert await claimed(database) == []
    await done(database, "first")
    assert await claimed(database) == ["second"]


async def test_the_order_in_a_lane_is_that_of_due_times_then_of_owing(database: Database) -> None:
    await owed(database, "late")
    await owed(database, "early, owed last", due_at=NOON - SECOND)

    assert await claimed(database) == ["early, owed last"]
    await done(database, "early, owed last")
    assert await claimed(database) == ["late"]


async def test_lanes_run_side_by_side(database: Database) -> None:
    for lane in "abc":
        await owed(database, f"{lane}1", f"{lane}2", lane=lane)

    assert await claimed(database) == ["a1", "b1", "c1"]


async def test_no_more_are_claimed_than_were_asked_for_and_those_due_first_come_first(database: Database) -> None:
    await owed(database, "b", lane="b", due_at=NOON)
    await owed(database, "a", lane="a", due_at=NOON - SECOND)
    await owed(database, "c", lane="c", due_at=NOON - 2 * SECOND)

    assert await claimed(database, limit=2) == ["c", "a"]


async def test_a_claim_says_what_is_to_be_done(database: Database) -> None:
    async with database.transaction() as session:
        incident = await an_incident(session)
        owe(
            session,
            DeliveryKind.INVITE,
            lane="lane",
            key="key",
            due_at=NOON - HOUR,
            incident_id=incident.number,
            payload={"user_id": "UBOB"},
        )

    claim = (await claims(database))[0]

    assert (claim.kind, claim.incident_id, claim.payload) == (DeliveryKind.INVITE, 1, {"user_id": "UBOB"})
    assert (claim.dedupe_key, claim.due_at, claim.attempt, claim.look_first) == ("key", NOON - HOUR, 1, False)


async def test_the_same_delivery_is_owed_once(database: Database) -> None:
    await owed(database, "key")

    with pytest.raises(IntegrityError):
        await owed(database, "key", lane="another")


async def test_owing_unless_it_is_owed_adds_nothing_the_second_time_and_wakes_nobody(database: Database) -> None:
    marks = []
    for _ in range(2):
        async with database.transaction() as session:
            await owe_unless_owed(
                session, DeliveryKind.LOOK_UP_PERSON, lane="lane", key="key", due_at=NOON, payload={"user_id": "U1"}
            )
            marks.append(session.info.get(OWES))

    assert marks == [True, None]
    claim = (await claims(database))[0]
    assert (claim.kind, claim.payload, claim.attempt) == (DeliveryKind.LOOK_UP_PERSON, {"user_id": "U1"}, 1)


async def test_what_is_put_off_keeps_its_place_and_holds_back_what_is_behind_it(database: Database) -> None:
    await owed(database, "first", "second")
    await claimed(database)
    await failed(database, "first", retry_at=NOON + HOUR)

    assert await claimed(database, now=NOON + HOUR - SECOND) == []
    assert await claimed(database, now=NOON + HOUR) == ["first"]


async def test_what_is_put_off_does_not_hold_back_other_lanes(database: Database) -> None:
    await owed(database, "first")
    await claimed(database)
    await failed(database, "first", retry_at=NOON + HOUR)
    await owed(database, "elsewhere", lane="another")

    assert await claimed(database) == ["elsewhere"]


async def test_what_is_planned_for_later_does_not_hold_back_its_lane(database: Database) -> None:
    await owed(database, "planned", due_at=NOON + HOUR)
    await owed(database, "now")

    assert await claimed(database) == ["now"]
    await done(database, "now")
    assert await claimed(database) == []
    assert await claimed(database, now=NOON + HOUR) == ["planned"]


async def test_what_stopped_for_good_lets_its_lane_go_on(database: Database) -> None:
    await owed(database, "first", "second")
    await claimed(database)
    await done(database, "first", outcome=DeliveryOutcome.GAVE_UP)

    assert await claimed(database) == ["second"]


async def test_a_claim_holds_until_its_lease_ends(database: Database) -> None:
    await owed(database, "key")
    await claimed(database, by="the one that died")

    assert await claimed(database, by="us", now=NOON + LEASE - SECOND) == []
    assert await claimed(database, by="us", now=LATER) == ["key"]


async def test_who_lost_the_lease_cannot_write_down_how_it_ended(database: Database) -> None:
    await owed(database, "key")
    await claimed(database, by="slow")
    await claimed(database, by="us", now=LATER)
    number = (await find(database, "key")).id

    async with database.transaction() as session:
        assert await list_claimed(session, [number], by="slow") == []
        assert [row.id for row in await list_claimed(session, [number], by="us")] == [number]


async def test_claimed_rows_come_by_number_and_those_that_are_done_do_not(database: Database) -> None:
    for lane in "abc":
        await owed(database, lane, lane=lane)
    await claimed(database)
    ids = [(await find(database, key)).id for key in "cab"]
    await done(database, "b")

    async with database.transaction() as session:
        assert [row.dedupe_key for row in await list_claimed(session, ids, by="us")] == ["a", "c"]


async def test_an_end_is_written_down_with_what_the_world_said(database: Database) -> None:
    await owed(database, "key")
    await claimed(database)
    await done(database, "key")

    row = await find(database, "key")

    assert (row.outcome, row.done_at, row.answer) == (DeliveryOutcome.SENT, NOON, {"ok": True})
    assert (row.claimed_by, row.claimed_until) == (None, None)


@pytest.mark.parametrize("in_doubt", [True, False])
async def test_a_repeat_looks_first_only_if_the_attempt_before_may_have_worked(
    database: Database, in_doubt: bool
) -> None:
    await owed(database, "key")
    first = await claims(database)
    await failed(database, "key", retry_at=NOON, in_doubt=in_doubt)

    second = await claims(database)

    assert [(claim.attempt, claim.look_first) for claim in first + second] == [(1, False), (2, in_doubt)]
    assert (await find(database, "key")).last_error == "ratelimited"


async def test_a_repeat_looks_first_after_an_attempt_that_never_reported_back(database: Database) -> None:
    await owed(database, "key")
    await claims(database, by="the one that died")

    again = await claims(database, now=LATER)

    assert [(claim.attempt, claim.look_first) for claim in again] == [(2, True)]


async def test_after_a_restart_what_the_last_run_held_is_claimed_at_once_and_looks_first(database: Database) -> None:
    await owed(database, "theirs")
    await claimed(database, by="last run")
    await owed(database, "ours", lane="another")
    await claimed(database, by="us")

    async with database.transaction() as session:
        await release_claims(session, except_by="us")

    again = await claims(database, by="us")
    assert [(claim.dedupe_key, claim.look_first) for claim in again] == [("theirs", True)]


async def test_waiting_redrawings_of_one_lane_are_done_as_one(database: Database) -> None:
    await owed(database, "1", "2", "3", kind=DeliveryKind.REFRESH_CARD)
    await owed(database, "planned", kind=DeliveryKind.REFRESH_CARD, due_at=NOON + HOUR)
    await owed(database, "other lane", lane="other", kind=DeliveryKind.REFRESH_CARD)

    assert await claimed(database) == ["1", "other lane"]

    outcomes = {key: (await find(database, key)).outcome for key in ("1", "2", "3", "planned", "other lane")}
    assert outcomes == {
        "1": None,
        "2": DeliveryOutcome.COLLAPSED,
        "3": DeliveryOutcome.COLLAPSED,
        "planned": None,
        "other lane": None,
    }


async def test_a_redrawing_that_is_owed_after_the_claim_is_performed_after_it(database: Database) -> None:
    await owed(database, "drawn", kind=DeliveryKind.REFRESH_CARD)
    await claimed(database)
    await owed(database, "changed since", kind=DeliveryKind.REFRESH_CARD)

    assert await claimed(database) == []
    await done(database, "drawn")
    assert await claimed(database) == ["changed since"]


async def test_history_is_never_collapsed(database: Database) -> None:
    await owed(database, "1", "2", kind=DeliveryKind.TELL_CHANNEL)
    await owed(database, "topic", kind=DeliveryKind.SET_TOPIC)

    for expected in ("1", "2", "topic"):
        assert await claimed(database) == [expected]
        await done(database, expected)


async def test_of_many_claimers_at_once_none_take_the_same(database: Database) -> None:
    for lane in range(40):
        await owed(database, f"{lane}/1", f"{lane}/2", lane=str(lane))

    taken = await asyncio.gather(*(claimed(database, by=f"replica {n}", limit=10) for n in range(8)))

    keys = [key for each in taken for key in each]
    assert len(keys) == len(set(keys))
    assert all(key.endswith("/1") for key in keys)
    assert sorted([*keys, *await claimed(database)]) == sorted(f"{lane}/1" for lane in range(40))


async def test_a_claimer_passes_over_what_another_is_just_taking(postgres: Database) -> None:
    await owed(postgres, "a", lane="a")
    async with postgres.transaction() as taking:
        await claim_due(taking, by="one", now=NOON, limit=1)
        await taking.flush()
        await owed(postgres, "a, behind", lane="a")
        await owed(postgres, "b", lane="b")

        async with asyncio.timeout(10):
            assert await claimed(postgres, by="two") == ["b"]


async def test_the_next_moment_is_the_earliest_that_is_planned_or_put_off(database: Database) -> None:
    await owed(database, "now")
    await owed(database, "in an hour", lane="a", due_at=NOON + HOUR)

    async def moment() -> object:
        async with database.read() as session:
            return await next_due_at(session, now=NOON)

    assert await moment() == NOON + HOUR
    await claimed(database)
    await failed(database, "now", retry_at=NOON + SECOND)
    assert await moment() == NOON + SECOND


async def test_there_is_no_next_moment_when_all_is_due_or_done(database: Database) -> None:
    await owed(database, "done", due_at=NOON)
    await claimed(database)
    await done(database, "done")
    await owed(database, "due now")

    async with database.read() as session:
        assert await next_due_at(session, now=NOON) is None
        assert await count_waiting(session, now=NOON) == 1


async def test_what_stopped_for_good_is_listed_by_incident_first_owed_first(database: Database) -> None:
    async with database.transaction() as session:
        for name in ("one", "two"):
            incident = await an_incident(session)
            for step in ("a", "b", "c"):
                key = f"{name}/{step}"
                owe(
                    session,
                    DeliveryKind.INVITE,
                    lane=key,
                    key=key,
                    due_at=NOON - HOUR,
                    incident_id=incident.number,
                )
                await session.flush()
    await claimed(database)
    await done(database, "one/c", "one/a", "two/a", outcome=DeliveryOutcome.GAVE_UP)
    await done(database, "one/b")

    async with database.transaction() as session:
        assert [row.dedupe_key for row in await list_given_up(session, 1)] == ["one/a", "one/c"]


async def test_what_was_owed_before_and_committed_after_waits_for_what_is_under_way_in_its_lane(
    database: Database,
) -> None:
    await owed(database, "late to be owed", due_at=NOON)
    assert await claimed(database) == ["late to be owed"]
    await owed(database, "early to be owed", due_at=NOON - SECOND)

    assert await claimed(database) == []
    await done(database, "late to be owed")
    assert await claimed(database) == ["early to be owed"]
