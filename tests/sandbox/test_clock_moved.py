"""The workspace's time is moved from tests, by the control API, and whoever lives by it comes along."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.clock import Clock
from sandbox.travel import moment_of, next_weekday
from tests.sandbox.apps import MANIFEST

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday."""
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A workspace whose time stands still unless it is moved."""
    async with Sandbox(MANIFEST, clock=Clock(lambda: NOON)) as sandbox:
        yield sandbox


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody's browser."""
    async with aiohttp.ClientSession() as session:
        yield session


class Diary:
    """A companion with appointments, who notes when it was awake."""

    def __init__(self, clock: Clock, *appointments: datetime) -> None:
        self._clock = clock
        self._appointments = appointments
        self.awake: list[datetime] = []

    async def next_moment(self) -> datetime | None:
        """The next appointment."""
        return next((one for one in self._appointments if one > self._clock.now()), None)

    async def catch_up(self) -> None:
        """Note the time."""
        self.awake.append(self._clock.now())


async def test_a_companion_lives_through_every_moment_it_has_something_to_do_at(slack: Sandbox) -> None:
    friday, tuesday = NOON + timedelta(days=2), NOON + timedelta(days=6)
    diary = Diary(slack.clock, friday, tuesday)
    slack.travel.take_along(diary)

    await slack.travel.to(MONDAY)

    assert diary.awake == [friday, MONDAY]
    assert slack.clock.now() == MONDAY


async def test_a_companion_with_something_to_do_all_the_time_does_not_hold_time_up(slack: Sandbox) -> None:
    diary = Diary(slack.clock, *(NOON + timedelta(seconds=second) for second in range(1, 200)))
    slack.travel.take_along(diary)

    await slack.travel.by(180)

    assert diary.awake == [NOON + timedelta(minutes=minute) for minute in (1, 2, 3)]


@pytest.mark.parametrize(
    "words",
    ["monday 09:00", "Monday 09:00", "monday 05:00-04:00", "2026-03-09T09:00:00+00:00", "2026-03-09T10:00+01:00"],
)
async def test_the_control_api_moves_time_to_a_moment(
    slack: Sandbox, browser: aiohttp.ClientSession, words: str
) -> None:
    answer = await browser.post(f"{slack.url}/control/clock", json={"to": words})

    assert (await answer.json())["ok"]
    assert slack.clock.now() == MONDAY


@pytest.mark.parametrize(
    "order",
    [
        {"to": "2026-03-09T09:00:00"},
        {"to": "2026-03-01T09:00+00:00"},
        {"to": "9999-12-31T23:59:59-14:00"},
        {"to": "monday"},
        {"to": 5},
        {"to": None},
        {"advance": -1},
        {"advance": 1e300},
        {"advance": "inf"},
        {"advance": "nan"},
        {"advance": None},
        {},
    ],
)
async def test_time_moves_forward_and_to_a_moment_that_is_clear(
    slack: Sandbox, browser: aiohttp.ClientSession, order: dict[str, object]
) -> None:
    answer = await browser.post(f"{slack.url}/control/clock", json=order)

    assert answer.status == 400
    assert slack.clock.now() == NOON


def test_next_monday_is_a_week_away_once_it_has_begun_and_keeps_its_hour_over_a_change_of_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 23, 8, 59, tzinfo=berlin)

    first = next_weekday(0, time(9), now=before, zone=berlin)
    second = next_weekday(0, time(9), now=first, zone=berlin)

    assert first - before == timedelta(minutes=1)
    assert second.astimezone(UTC) == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert moment_of("monday 09:00", now=before, zone=berlin) == first
