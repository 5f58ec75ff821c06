"""A morning of many people, with a bot killed in its middle, two of them at once, and Slack asking for patience."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.service import Service, utc_now
from sandbox import Sandbox
from sandbox.calls import Step
from sandbox.people.person import Person
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind
from tests.journeys.assassin import Assassin
from tests.journeys.conftest import a_bot
from tests.journeys.crowds import IS_A_MORNING, a_crowd, messages_known, mornings_over, one_item_each, reminded
from tests.journeys.subprocess_bot import a_bot_process
from tests.journeys.telling import all_done, declare
from workflows.process import Process, load_process

SETTINGS = """
[reminders]
ladder = [0]
at = "00:00:00"
working_days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""
"""Whatever day and hour it is when the tests run, what is due today is due by now."""


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """These settings, also in the folder that a bot of its own starts in."""
    path = tmp_path / "sitrep.toml"
    path.write_text(SETTINGS)
    return load_process(path)


async def test_two_replicas_one_of_them_killed_remind_everybody_once(
    slack: Sandbox, postgres_address: str, process: Process, tmp_path: Path
) -> None:
    people = await _a_morning_of(60, slack, postgres_address, process)
    slack.faults.latency(1, "chat.postMessage")

    async with (
        a_bot_process(slack, postgres_address, tmp_path / "bot.log") as victim,
        a_bot(slack, postgres_address, process=process) as survivor,
    ):
        await _until_both_are_at_it(survivor)
        await victim.kill()
        slack.faults.latency(0, "chat.postMessage")
        held_by_the_dead = await _release_what_the_dead_held(slack, survivor)
        await mornings_over(survivor)

        assert held_by_the_dead > 0
        assert [reminded(person) for person in people] == [1] * 60
        assert len(set(await messages_known(survivor))) == 60


@pytest.mark.parametrize("step", ["arrived", "done"])
async def test_a_bot_killed_as_it_posts_says_it_once_and_knows_which_message_it_was(
    slack: Sandbox, database_url: str, process: Process, tmp_path: Path, step: Step
) -> None:
    (owner,) = await _a_morning_of(1, slack, database_url, process)
    async with a_bot_process(slack, database_url, tmp_path / "bot.log") as victim:
        assassin = Assassin(slack, victim, step=step, wanted=lambda call, _: call.arguments.get("channel") == owner.id)
        await asyncio.wait_for(assassin.has_killed.wait(), timeout=10)
    assassin.spare()

    async with a_bot(slack, database_url, process=process) as bot:
        await mornings_over(bot)

        (message,) = owner.dm()
        assert await messages_known(bot) == [message.ts]


async def test_a_morning_of_more_people_than_slack_takes_at_once_reaches_all_of_them(
    slack: Sandbox, database_url: str, process: Process
) -> None:
    slack.server.ratelimits.posts_per_minute = 30
    people = await _a_morning_of(34, slack, database_url, process)
    slack.faults.ratelimit("chat.postMessage", retry_after=2, times=3)

    async with a_bot(slack, database_url, process=process) as bot:
        await mornings_over(bot, within=60)

    assert [reminded(person) for person in people] == [1] * 34
    mornings = {person.id for person in people}
    posts = [call for call in slack.calls.of("chat.postMessage") if call.arguments["channel"] in mornings]
    assert 3 <= sum(call.status == 429 for call in posts) <= 3 + 8  # what was under way when the budget was spent


async def _a_morning_of(size: int, slack: Sandbox, database_url: str, process: Process) -> list[Person]:
    """So many people, each with something due today that nobody has been told of, and no bot."""
    async with a_bot(slack, database_url, process=process) as bot:
        channel = await declare(slack)
        await all_done(bot)
    today = utc_now().date()
    people = a_crowd(slack, size)
    database = Database(database_url)
    added_at = datetime.combine(today - timedelta(days=1), time(23), UTC)
    await one_item_each(slack, database, channel, people, due_on=today, process=process, now=added_at)
    await database.close()
    return people


async def _until_both_are_at_it(survivor: Service) -> None:
    """Wait until each of two replicas has something under way."""
    holders = select(Delivery.claimed_by).where(col(Delivery.claimed_until).is_not(None), IS_A_MORNING).distinct()
    async with asyncio.timeout(20):
        while True:
            async with survivor.database.read() as session:
                found = set((await session.execute(holders)).scalars())
            if len(found) == 2 and survivor.dispatcher.name in found:
                return
            await asyncio.sleep(0.02)


async def _release_what_the_dead_held(slack: Sandbox, survivor: Service) -> int:
    """Let what had reached Slack end, and then the dead one's leases, as a minute later; how many mornings it held."""
    under_way = [call for call in slack.calls.log if call.ended_at is None]
    async with asyncio.timeout(10):
        while any(call.ended_at is None for call in under_way):  # noqa: ASYNC110  # a call says nothing when it ends
            await asyncio.sleep(0.02)
    held = (
        update(Delivery)
        .where(col(Delivery.claimed_by) != survivor.dispatcher.name, col(Delivery.done_at).is_(None))
        .values(claimed_until=None)
        .returning(col(Delivery.kind))
    )
    async with survivor.database.transaction() as session:
        return list((await session.execute(held)).scalars()).count(DeliveryKind.MORNING)
