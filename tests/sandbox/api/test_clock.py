"""The workspace's time."""

import asyncio
from datetime import UTC, datetime, timedelta

from sandbox.clock import Clock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_timers_passed_on_the_way_fire_in_order_each_at_its_own_time() -> None:
    clock = Clock(lambda: NOON)
    fired: list[tuple[str, datetime]] = []
    clock.call_later(20, lambda: fired.append(("second", clock.now())))
    clock.call_later(10, lambda: fired.append(("first", clock.now())))
    clock.call_later(15, lambda: fired.append(("cancelled", clock.now()))).cancel()

    clock.advance(60)

    assert fired == [("first", NOON + timedelta(seconds=10)), ("second", NOON + timedelta(seconds=20))]
    assert clock.now() == NOON + timedelta(seconds=60)


def test_a_timer_set_by_a_timer_fires_in_the_same_advance() -> None:
    clock = Clock(lambda: NOON)
    fired: list[datetime] = []
    clock.call_later(10, lambda: clock.call_later(10, lambda: fired.append(clock.now())) and None)

    clock.advance(60)

    assert fired == [NOON + timedelta(seconds=20)]


async def test_a_sleeper_wakes_when_time_is_advanced() -> None:
    clock = Clock(lambda: NOON)
    sleeper = asyncio.create_task(clock.sleep(3600))
    await asyncio.sleep(0)

    clock.advance(3600)

    await asyncio.wait_for(sleeper, timeout=20)


async def test_a_timer_fires_by_itself_in_real_time() -> None:
    clock = Clock()
    fired = asyncio.Event()

    clock.call_later(0.01, fired.set)

    await asyncio.wait_for(fired.wait(), timeout=20)
