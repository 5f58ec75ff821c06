"""The pace of what gives way: a burst, then steadily, and slower where Slack asks for it."""

import asyncio
from datetime import timedelta

from bot.messenger.pace import AT_ONCE, Pace
from tests.builders import NOON
from workflows.ports import GiveUp, Sent, TryAgain

SENT = Sent({})


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.woken = 0

    def wake(self) -> None:
        """Count it."""
        self.woken += 1

    def pace(self, *, per_second: float = 2, burst: int = 20) -> Pace:
        """A pace on this watch."""
        return Pace(wake=self.wake, per_second=per_second, burst=burst, seconds=lambda: self.seconds)


def _perform(pace: Pace, count: int) -> None:
    for _ in range(count):
        pace.begun()
        pace.ended(SENT, now=NOON)


async def test_only_a_few_are_under_way_at_the_same_time() -> None:
    pace = Watch().pace()

    for _ in range(AT_ONCE):
        pace.begun()

    assert pace.room() == 0
    pace.ended(GiveUp("unreachable", ""), now=NOON)
    assert pace.room() == 1


async def test_after_a_burst_it_goes_on_steadily() -> None:
    watch = Watch()
    pace = watch.pace(per_second=2, burst=20)

    _perform(pace, 20)
    assert pace.room() == 0

    watch.seconds += 1.6
    assert pace.room() == 3
    watch.seconds += 1000
    _perform(pace, 20)
    assert pace.room() == 0


async def test_where_slack_asks_to_wait_all_of_them_wait() -> None:
    watch = Watch()
    pace = watch.pace()
    pace.begun()

    pace.ended(TryAgain(NOON + timedelta(seconds=30), "ratelimited", in_doubt=False), now=NOON)

    watch.seconds += 29.9
    assert pace.room() == 0
    watch.seconds += 0.2
    assert pace.room() == 1


async def test_another_fault_of_one_does_not_slow_the_others_down() -> None:
    pace = Watch().pace()
    pace.begun()

    pace.ended(TryAgain(NOON + timedelta(seconds=30), "internal_error", in_doubt=True), now=NOON)

    assert pace.room() == AT_ONCE


async def test_it_wakes_whoever_waits_for_room() -> None:
    watch = Watch()
    pace = watch.pace(per_second=1000, burst=1)

    pace.begun()

    async with asyncio.timeout(5):
        while not watch.woken:  # noqa: ASYNC110  # the loop's own timer tells nobody else
            await asyncio.sleep(0.001)
