"""The demo's bot as a process of its own, which somebody on the page can kill and start again."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox import Sandbox
from sandbox.page.trouble import OperatorState

if TYPE_CHECKING:
    from storage.engine import Database

STOPS_WITHIN = 5.0
"""Seconds the bot has to end what it has under way."""
HELLO_WITHIN = 5.0
"""Seconds from its being ready until the workspace counts its connection; longer where Slack is down."""


class BotNeverStarted(OSError):
    """The bot's process ended before it was ready, or cannot be started; the text says why, or where it says so."""


class BotProcess:
    """The real bot in this workspace, on a SQLite file in this folder; an operator the page can command."""

    def __init__(self, slack: Sandbox, folder: Path) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.database_url = f"sqlite:///{folder}/sitrep.db"
        self._slack = slack
        self._state: OperatorState = "starting"  # which it is about to be, for whoever looks at the page already
        self._child: Process | None = None
        self._watching: asyncio.Task[None] | None = None
        slack.clock.on_advance(self.wake)

    @property
    def state(self) -> OperatorState:
        """Whether it runs, or is about to."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether it works for its workspace."""
        return self._state == "running"

    async def start(self) -> None:
        """Start it unless it runs, and wait until it is ready; raises BotNeverStarted."""
        if self._state == "killed":
            await self.launch()

    async def launch(self) -> None:
        """Start it for the first time, or once it was killed; raises BotNeverStarted."""
        self._become("starting")
        try:
            child = self._child = await self._spawn()
            self._watching = asyncio.create_task(self._watch(child))
            is_ready = await _said_something(child)
            await self._slack.socket.wait_for_connections(int(is_ready), within=HELLO_WITHIN)
            if child is not self._child:
                return  # it was killed meanwhile
            if not is_ready:
                raise BotNeverStarted("The bot ended before it was ready; what it said last is in the terminal.")
        except BaseException:
            await self.kill()
            raise
        self._become("running")
        self.wake()  # time may have moved meanwhile

    async def kill(self) -> None:
        """End it at once, as a crash of the machine would; it cannot clean up."""
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            child.kill()
            await child.wait()
        self._become("killed")

    async def stop(self) -> None:
        """Let it end what it has under way, and end."""
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._child.wait(), STOPS_WITHIN)
        await self.kill()
        if self._watching is not None:
            await self._watching

    def wake(self) -> None:
        """Tell it the workspace's time, at which something may be due."""
        if self._child is not None and self._child.stdin is not None and self._child.returncode is None:
            self._child.stdin.write(json.dumps({"ahead": self._ahead()}).encode() + b"\n")

    async def _spawn(self) -> Process:
        secrets = {
            "SLACK_BOT_TOKEN": self._slack.bot_token,
            "SLACK_APP_TOKEN": self._slack.app_token,
            "SLACK_API_URL": self._slack.api_url,
            "DATABASE_URL": self.database_url,
            "DEMO_AHEAD": str(self._ahead()),
        }
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.demo.child"),
            env=os.environ | secrets,
            stdin=PIPE,
            stdout=PIPE,
            start_new_session=True,  # Ctrl-C is for us, who then let it end
        )

    async def _watch(self, child: Process) -> None:
        """It may also end by itself, or be killed from elsewhere."""
        await child.wait()
        if child is self._child:
            self._become("killed")

    def _become(self, state: OperatorState) -> None:
        self._state = state
        self.on_change()

    def _ahead(self) -> float:
        """Seconds; the machine's clock is read first, so that the bot's is never behind the workspace's."""
        real = datetime.now(UTC)
        return (self._slack.clock.now() - real).total_seconds()


@asynccontextmanager
async def bot_process(slack: Sandbox, folder: Path) -> AsyncIterator[BotProcess]:
    """The bot beside this workspace, which is its operator's and whose time it lives by.

    Its process is that of sitrep.toml here, if any. Raises BotNeverStarted, also where that file is faulty.
    """
    slack.operator = bot = BotProcess(slack, folder)
    # In a thread, as loading takes a second in which the page is looked at already.
    database = await asyncio.to_thread(_take_along, slack, bot)
    try:
        await bot.launch()
        yield bot
    finally:
        await bot.stop()
        await database.close()


def _take_along(slack: Sandbox, bot: BotProcess) -> "Database":
    """Have the bot live through time that is moved; its database, opened for that."""
    from bot.demo.alongside import Alongside
    from storage.engine import BadDatabaseAddress, Database
    from workflows.process import DEFAULT_FILE, BadProcess, load_process

    try:
        load_process(DEFAULT_FILE)
        database = Database(bot.database_url)
    except (BadProcess, BadDatabaseAddress) as fault:
        raise BotNeverStarted(str(fault)) from None
    slack.travel.take_along(Alongside(database, now=slack.clock.now, wake=bot.wake, is_running=lambda: bot.is_running))
    return database


async def _said_something(child: Process) -> bool:
    return bool(child.stdout and await child.stdout.readline())
