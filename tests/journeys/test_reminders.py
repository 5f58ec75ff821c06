"""Reminders reach people: on their own mornings, once, in one message, over restarts."""

from datetime import UTC, date, datetime

from sandbox import Sandbox
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import an_item, clock_at, days_pass
from tests.journeys.telling import all_done, declare

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Bo is; half past three in Berlin, where Ann is."""


async def test_an_owner_hears_on_the_steps_of_the_ladder_and_the_lead_of_silence(database_url: str) -> None:
    async with (
        Sandbox(MANIFEST, clock=clock_at(MONDAY)) as slack,
        a_bot(slack, database_url, now=slack.clock.now) as bot,
    ):
        channel = await declare(slack)
        await all_done(bot)
        await an_item(slack, bot, channel, due_on=date(2026, 3, 13))
        heard: dict[str, list[date]] = {"ann": [], "bo": []}

        for _ in range(23):
            before = {name: _said(slack, name) for name in heard}
            await days_pass(slack, bot, 1)
            for name, days in heard.items():
                days += [slack.clock.now().date()] * (_said(slack, name) - before[name])

        assert [day.day for day in heard["bo"]] == [6, 9, 11, 13, 16, 23]
        assert [day.day for day in heard["ann"]] == [16]


def _said(slack: Sandbox, name: str) -> int:
    """How many direct messages about the item somebody has."""
    return sum("ACT-1" in message.text for message in slack.person(name).dm())
