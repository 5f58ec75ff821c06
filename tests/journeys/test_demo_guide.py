"""The tour of the demo's page: played on any day, and followed by somebody who runs ahead of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.demo.alongside import Alongside
from bot.demo.guide import sitrep_guide
from sandbox import Sandbox
from sandbox.page.guide import Walk
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import clock_at


@asynccontextmanager
async def guided(slack: Sandbox, database_url: str) -> AsyncIterator[Walk]:
    """The tour through this workspace, with the bot in it."""
    async with a_bot(slack, database_url, now=slack.clock.now) as bot:
        slack.travel.take_along(Alongside(bot.database, now=slack.clock.now, wake=bot.dispatcher.wake))
        slack.guide = sitrep_guide(slack, pace=0)
        yield slack.guide


async def come_to(walk: Walk, title: str) -> None:
    """Wait until the tour is at this step, or at its end."""
    async with asyncio.timeout(20):
        while _title(walk) != title:
            assert not walk.shown()["fault"]
            await asyncio.sleep(0.01)


def _title(walk: Walk) -> str:
    shown = walk.shown()
    return "" if shown["at"] == len(shown["steps"]) else shown["steps"][shown["at"]]["title"]


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(datetime(2026, 3, 2, 13, 0, tzinfo=UTC), id="a Monday, before nine in New York"),
        pytest.param(datetime(2026, 3, 2, 20, 0, tzinfo=UTC), id="a Monday"),
        pytest.param(datetime(2026, 3, 7, 23, 0, tzinfo=UTC), id="a Saturday, and the clocks change"),
    ],
)
async def test_the_tour_can_be_played_on_any_day(start: datetime, database_url: str) -> None:
    async with Sandbox(MANIFEST, clock=clock_at(start)) as slack, guided(slack, database_url) as walk:
        walk.do("play")

        await come_to(walk, "")


async def test_who_runs_ahead_of_the_tour_is_not_held_back(slack: Sandbox, database_url: str) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    async with guided(slack, database_url) as walk:
        for title in ("Open its channel", "Mark a message", "Miss an update"):
            walk.do("step")
            await come_to(walk, title)
        (channel,) = (name for name in ann.channels() if name.startswith("inc-"))

        await ann.command("/incident update Rolled back; we watch it.", channel=channel)
        assert (await (await ann.form()).submit()).closed
        await come_to(walk, "Resolve it")

        for title in ("Hand out what is left", "Jump to Monday"):
            walk.do("step")
            await come_to(walk, title)
        await bo.press("Done", next(said for said in bo.dm() if "Done" in said.buttons))
        await come_to(walk, "")
