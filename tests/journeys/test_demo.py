"""The demo: a tour that can be played on any day, and time that passes as if it had been lived through."""

import io
import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from bot.demo import alongside
from bot.demo.alongside import Alongside
from bot.demo.run import play_tour
from bot.service import utc_now
from sandbox import Sandbox
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import an_item, clock_at
from tests.journeys.telling import declare


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(2026, 3, 1, 16, 0, tzinfo=UTC), id="the evening before a Monday"),
        pytest.param(datetime(2026, 3, 2, 13, 0, tzinfo=UTC), id="a Monday, before nine in New York"),
        pytest.param(datetime(2026, 12, 30, 10, 0, tzinfo=UTC), id="the end of a year"),
    ],
)
async def test_the_tour_comes_to_the_next_mondays_digest_from_any_day(start: datetime) -> None:
    printed = io.StringIO()

    await play_tour(Console(file=printed, width=92), clock=clock_at(start))

    assert "Action items this week" in printed.getvalue()
    assert "the record has written itself" in printed.getvalue()


async def test_somebody_is_reminded_on_each_morning_that_time_is_moved_over(database_url: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(datetime(2026, 3, 2, 14, 30, tzinfo=UTC))) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        bo = slack.person("bo")
        await an_item(slack, bot, await declare(slack), due_on=date(2026, 3, 4))
        slack.travel.take_along(Alongside(bot.database, now=slack.clock.now, wake=bot.dispatcher.wake))

        await slack.travel.by(timedelta(days=8).total_seconds())

        said = [message for message in bo.dm() if "ACT-1" in message.text]
        days = [datetime.fromtimestamp(float(message.ts), UTC) for message in said]
        assert [(day.day, day.hour) for day in days] == [(2, 14), (4, 14), (5, 14), (9, 13)]
        assert not any("late" in message.text for message in said)


async def something_is_due(session: AsyncSession, *, now: datetime) -> int:
    return 1


async def again_in_a_minute(session: AsyncSession, *, now: datetime) -> datetime:
    return now + timedelta(minutes=1)


async def test_time_moves_on_past_a_bot_that_gets_nowhere_and_it_speaks_once_it_can(
    slack: Sandbox, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("PATIENCE", "LITTLE_PATIENCE"):
        monkeypatch.setattr(alongside, limit, 0)
    monkeypatch.setattr(alongside, "count_waiting", something_is_due)
    monkeypatch.setattr(alongside, "next_due_at", again_in_a_minute)
    stops: list[datetime] = []
    async with a_bot(slack, database_url, now=slack.clock.now) as bot:
        ann, channel = slack.person("ann"), await declare(slack)
        slack.travel.take_along(Alongside(bot.database, now=slack.clock.now, wake=bot.dispatcher.wake))
        slack.travel.on_moved = lambda: stops.append(slack.clock.now())
        slack.faults.down()
        await slack.travel.by(timedelta(days=1).total_seconds())
        slack.faults.up()
        monkeypatch.undo()
        await slack.travel.by(timedelta(hours=1).total_seconds())

        hours = [(later - earlier).total_seconds() / 3600 for earlier, later in itertools.pairwise(stops)]
        assert [round(each) for each in hours[:4]] == [1, 2, 4, 8]
        assert ann.sees(channel)[-1].text.startswith(":thinking_face: In Triage")


async def test_a_bot_in_another_time_sleeps_until_its_next_delivery_as_long_as_in_ours(database_url: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(datetime(2026, 3, 2, 14, 30, tzinfo=UTC))) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        await an_item(slack, bot, await declare(slack), due_on=date(2026, 3, 4))

        alarm = bot.scheduler.get_job("next delivery")

        assert timedelta() < alarm.next_run_time - utc_now() < timedelta(days=1)
