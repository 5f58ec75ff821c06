"""The demo's bot in a process of its own: killed, started again, and living by a clock that is moved."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from bot.demo.process import BotNeverStarted, BotProcess, bot_process
from sandbox import Sandbox
from sandbox.calls import Call, Step
from storage.engine import Database
from tests.journeys.telling import all_done, declare, declare_form, new_channel, said_by_bot


@pytest.fixture
async def bot(slack: Sandbox, tmp_path: Path) -> AsyncIterator[BotProcess]:
    async with bot_process(slack, tmp_path) as process:
        yield process


@pytest.fixture
async def database(bot: BotProcess) -> AsyncIterator[Database]:
    """The bot's own, to look into."""
    opened = Database(bot.database_url)
    yield opened
    await opened.close()


async def test_a_declaration_in_whose_middle_the_bot_is_killed_is_completed_once(
    slack: Sandbox, bot: BotProcess, database: Database
) -> None:
    ann, killed = slack.person("ann"), asyncio.Event()

    async def kill_at(call: Call, step: Step) -> None:
        if (call.method, step) == ("conversations.create", "done"):
            slack.calls.on_call = None
            await bot.kill()
            killed.set()

    form, before = await declare_form(ann), set(ann.channels())
    slack.calls.on_call = kill_at
    await form.submit()
    await killed.wait()
    while_killed = await ann.command("/incident list", channel="general")
    await slack.travel.by(timedelta(hours=2).total_seconds())
    state_before = bot.state
    await bot.start()
    channel = await new_channel(ann, before, timeout=20)
    await all_done(database)

    assert (while_killed.failed, state_before, bot.state) == ("dispatch_failed", "killed", "running")
    assert [name for name in ann.channels() if name.startswith("inc-")] == [channel]
    assert max(Counter(said.text for said in said_by_bot(slack, ann, channel)).values()) == 1


async def test_the_bot_lives_through_time_that_is_moved(slack: Sandbox, bot: BotProcess) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    before, known = slack.clock.now(), len(said_by_bot(slack, ann, channel))

    await slack.travel.by(timedelta(hours=3).total_seconds())

    said = said_by_bot(slack, ann, channel)[known:]
    minutes = [round((float(message.ts) - before.timestamp()) / 60) for message in said]
    asked = ["Still unknown", "The next update is promised", "is due", "In Triage since"]
    assert [words in message.text for words, message in zip(asked, said, strict=True)] == [True] * 4
    assert minutes == [10, 12, 15, 15]


async def test_a_bot_that_dies_by_itself_is_known_to_be_gone_and_comes_back(slack: Sandbox, bot: BotProcess) -> None:
    (child,) = (one for one in psutil.Process().children() if "bot.demo.child" in one.cmdline())
    child.kill()
    async with asyncio.timeout(10):
        while bot.state != "killed":  # noqa: ASYNC110  # the page alone is told
            await asyncio.sleep(0.01)
    await slack.trouble.end()

    assert bot.state == "running"
    assert (await slack.person("ann").command("/incident list", channel="general")).failed is None


async def test_who_opens_the_page_before_the_bot_runs_is_told_that_it_starts(slack: Sandbox, tmp_path: Path) -> None:
    begun = asyncio.create_task(bot_process(slack, tmp_path).__aenter__())
    await asyncio.sleep(0)
    at_first = slack.trouble.shown()["app"]
    begun.cancel()
    await asyncio.wait([begun])

    assert at_first == "starting"


async def test_a_bot_that_cannot_start_is_not_waited_for(slack: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "sitrep.db").write_bytes(b"no database" * 100)

    with pytest.raises(BotNeverStarted):
        async with bot_process(slack, tmp_path):
            pass

    assert slack.trouble.shown()["app"] == "killed"
