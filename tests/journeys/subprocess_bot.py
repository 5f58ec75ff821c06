"""The bot as a process of its own, which can be killed at any moment."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sandbox import Sandbox
from tests.journeys.conftest import ROOT


class BotProcess:
    """One run of `python -m bot serve`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def kill(self) -> None:
        """End it at once, as a crash of the machine would; it cannot clean up."""
        self._process.kill()
        await self._process.wait()

    async def told_to_stop(self) -> int:
        """Ask it to stop, as a process manager does; its exit code."""
        self._process.terminate()
        return await self._process.wait()

    async def end(self) -> None:
        """Make sure that it is gone."""
        if self._process.returncode is None:
            await self.kill()


async def launch(slack: Sandbox, database_url: str, log: Path, **changes: str) -> BotProcess:
    """Start the bot in a process of its own."""
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "SITREP_MODE": "socket",
        "SITREP_PORT": "0",
        **changes,
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with log.open("ab") as written:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            env=kept | settings | {"PYTHONPATH": str(ROOT)},
            cwd=log.parent,
            stdout=written,
            stderr=written,
        )
    return BotProcess(process)


async def start_bot(slack: Sandbox, database_url: str, log: Path) -> BotProcess:
    """Start it and wait until it is connected to the workspace."""
    bot = await launch(slack, database_url, log)
    try:
        await slack.app_connected(timeout=30)
    except BaseException:
        await bot.end()
        raise
    return bot


@asynccontextmanager
async def a_bot_process(slack: Sandbox, database_url: str, log: Path) -> AsyncIterator[BotProcess]:
    """The bot in a process of its own, until the end of the block."""
    bot = await start_bot(slack, database_url, log)
    try:
        yield bot
    finally:
        await bot.end()
