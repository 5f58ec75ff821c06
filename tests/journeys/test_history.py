"""Nothing is missed: what people did while the bot was away is kept as if it had been there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.service import Service, utc_now
from sandbox import Sandbox
from sandbox.calls import Call, Step
from storage.engine import Database
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.hearing import Kept, Shown, Talk, kept_by, said_as, shown_by
from tests.journeys.subprocess_bot import BotProcess, start_bot
from tests.journeys.telling import all_done, declare, ledger_of

Heard = tuple[list[Kept], list[Shown]]


async def _settled(slack: Sandbox, bot: Service) -> None:
    await slack.events_settled()
    await all_done(bot, within=30)


async def _heard_by(bot: Service) -> Heard:
    assert (await ledger_of(bot))[1] is None
    return await kept_by(bot), await shown_by(bot)


async def _who_was_there(folder: Path) -> Heard:
    """What is kept by a bot that hears everything as it happens; the workspace gives everybody the same ids."""
    async with Sandbox(MANIFEST, seed=1) as slack, a_bot(slack, f"sqlite:///{folder}/there.db") as bot:
        talk = Talk(slack, await declare(slack))
        await talk.first()
        await _settled(slack, bot)
        await talk.then()
        await _settled(slack, bot)
        return await _heard_by(bot)


async def test_a_bot_that_was_stopped_knows_all_that_was_said_meanwhile(tmp_path: Path, address: str) -> None:
    expected = await _who_was_there(tmp_path)

    async with Sandbox(MANIFEST, seed=1) as slack:
        async with a_bot(slack, address, sitrep_files=tmp_path / "files") as bot:
            talk = Talk(slack, await declare(slack))
            await talk.first()
            await _settled(slack, bot)
        await talk.then()
        await slack.retries_over()
        async with a_bot(slack, address, sitrep_files=tmp_path / "files") as bot:
            await _settled(slack, bot)
            heard = await _heard_by(bot)

    assert heard == expected


async def test_what_was_said_while_the_connection_was_down_is_known_without_a_restart(tmp_path: Path) -> None:
    expected = await _who_was_there(tmp_path)

    async with Sandbox(MANIFEST, seed=1) as slack, a_bot(slack, f"sqlite:///{tmp_path}/away.db") as bot:
        talk = Talk(slack, await declare(slack))
        slack.faults.deliver_twice = True
        slack.faults.reorder()
        await talk.first()
        await _settled(slack, bot)
        slack.faults.down(link=True)
        await talk.then()
        await slack.retries_over()
        async with _read_anew(slack):
            slack.faults.up()
        await _settled(slack, bot)
        heard = await _heard_by(bot)

    assert heard == expected


async def test_a_bot_that_is_brought_back_into_the_channel_reads_what_was_said_without_it(tmp_path: Path) -> None:
    async with Sandbox(MANIFEST) as slack, a_bot(slack, f"sqlite:///{tmp_path}/sitrep.db") as bot:
        ann, channel = slack.person("ann"), await declare(slack)
        await ann.removes(slack.workspace.bot.name, channel)
        await ann.types("Said behind its back", channel=channel)
        await _settled(slack, bot)
        assert "Said behind its back" not in said_as(await kept_by(bot))

        async with _read_anew(slack):
            await ann.invites(slack.workspace.bot.name, channel)
        await _settled(slack, bot)

        assert "Said behind its back" in said_as(await kept_by(bot))


@asynccontextmanager
async def _read_anew(slack: Sandbox) -> AsyncIterator[None]:
    """Wait until the bot reads a channel's history because of what is done here."""
    asked = asyncio.Event()

    async def on_call(call: Call, _step: Step) -> None:
        if call.method == "conversations.history":
            asked.set()

    slack.calls.on_call = on_call
    yield
    await asyncio.wait_for(asked.wait(), 20)
    slack.calls.on_call = None


async def test_words_are_dropped_every_hour_once_they_were_kept_long_enough(slack: Sandbox, bot: Service) -> None:
    channel = await declare(slack)
    await slack.person("ann").types("Said long ago", channel=channel)
    await _settled(slack, bot)
    bot.now = lambda: utc_now() + timedelta(days=366)

    bot.scheduler.modify_job("forget", next_run_time=utc_now())
    async with asyncio.timeout(20):
        while said_as(await kept_by(bot)) != [""]:  # noqa: ASYNC110  # a commit tells nobody outside
            await asyncio.sleep(0.02)


MANY, THREADS = 1000, 10


async def _much_is_said(slack: Sandbox, channel: str) -> list[str]:
    """A thousand messages, every hundredth marked and with a reply; the words of those that are marked."""
    ann, marked = slack.person("ann"), []
    for number in range(MANY):
        message = await ann.types(f"message {number}", channel=channel)
        if number % (MANY // THREADS) == 7:
            await ann.reacts(message, "pushpin")
            await ann.types(f"reply to {number}", channel=channel, thread=message)
            marked.append(f"message {number}")
    return marked


class Killer:
    """Kills the bot when it has read this many pages of this kind."""

    def __init__(self, slack: Sandbox, bot: BotProcess, method: str, times: int) -> None:
        self._bot, self._method, self._left = bot, method, times
        self.has_killed = asyncio.Event()
        slack.calls.on_call = self._on_call

    async def _on_call(self, call: Call, step: Step) -> None:
        if call.method == self._method and step == "done":
            self._left -= 1
            if self._left == 0:
                await self._bot.kill()
                self.has_killed.set()


async def test_a_bot_killed_while_it_reads_a_thousand_messages_misses_none_and_keeps_none_twice(
    tmp_path: Path,
) -> None:
    address, log = f"sqlite:///{tmp_path}/sitrep.db", tmp_path / "bot.log"
    database = Database(address)
    async with Sandbox(MANIFEST) as slack:
        async with a_bot(slack, address) as service:
            channel = await declare(slack)
            await _settled(slack, service)
        marked = await _much_is_said(slack, channel)
        await slack.retries_over()
        slack.faults.ratelimit("conversations.history", times=2)
        for method, times in [("conversations.history", 3), ("conversations.history", 2), ("conversations.replies", 2)]:
            bot = await start_bot(slack, address, log)
            killer = Killer(slack, bot, method, times)
            await asyncio.wait_for(killer.has_killed.wait(), 30)
            slack.calls.on_call = None
        bot = await start_bot(slack, address, log)
        await all_done(database, within=60)
        await bot.end()

        kept, shown = await kept_by(database), await shown_by(database)
        whole = await ledger_of(database)
        await database.close()

    top = [one.text for one in kept if one.under is None]
    assert top == [f"message {number}" for number in range(MANY)]
    assert [one.text for one in kept if one.under] == [f"reply to {text.split()[1]}" for text in marked]
    assert [one.text for one in shown] == marked
    assert whole[1] is None
