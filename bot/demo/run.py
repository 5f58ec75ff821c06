"""Starts a workspace and the bot beside it, plays the tour if asked, and serves until stopped."""

import asyncio
import contextlib
import logging
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console

from bot.demo.alongside import Alongside
from bot.demo.child import at_home
from bot.demo.tour import Tour
from bot.log import configure_logging
from bot.manifest import MANIFEST
from bot.service import Service
from bot.settings import Mode, Settings
from sandbox import Sandbox
from sandbox.clock import Clock
from workflows.process import load_process

TRY_THESE = (
    ("To act in it, in another terminal:", "people/bo/command", '{"line": "/incident list all", "channel": "general"}'),
    ("To see next Monday's messages now:", "clock", '{"to": "monday 15:00"}'),
)
"""What somebody may send to the workspace's control interface: what for, where, and what."""


async def run_demo(*, tour: bool, keep_serving: bool, port: int) -> int:
    """The whole demo; the exit code: 0 unless the tour met something it did not expect."""
    configure_logging(level=logging.WARNING)
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory(prefix="sitrep-demo-") as folder:
        async with _workspace(port, console) as slack, _bot(slack, Path(folder)):
            if tour and not await Tour(slack, console).play():
                return 1
            if keep_serving:
                await _serve(slack, console)
    return 0


async def play_tour(console: Console, *, clock: Clock | None = None) -> Tour:
    """Play the tour in a workspace of its own, at its own time; it has kept what it showed."""
    with tempfile.TemporaryDirectory(prefix="sitrep-demo-") as folder:
        async with Sandbox(MANIFEST, clock=clock) as slack, _bot(slack, Path(folder)):
            tour = Tour(slack, console)
            await tour.play()
            return tour


@asynccontextmanager
async def _workspace(port: int, console: Console) -> AsyncIterator[Sandbox]:
    """A workspace at this port, or at a free one where something else has it."""
    slack = Sandbox(MANIFEST, port=port)
    try:
        await slack.start()
    except OSError:
        console.print(f"Port {port} is taken, so the workspace takes a free one.")
        slack = Sandbox(MANIFEST)
        await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()


@asynccontextmanager
async def _bot(slack: Sandbox, folder: Path) -> AsyncIterator[None]:
    """The real bot in this workspace, on a fresh SQLite file; the process is that of sitrep.toml here, if any.

    Its clock is the workspace's, which can be moved.
    """
    settings = Settings.model_construct(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app_token),
        slack_signing_secret=SecretStr(""),
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{folder}/sitrep.db",
        sitrep_mode=Mode.SOCKET,
        sitrep_host="127.0.0.1",
        sitrep_port=0,
        sitrep_digest_channel="incidents",
    )
    service = Service(settings, at_home(load_process(Path("sitrep.toml"))), now=slack.clock.now)
    await service.start()
    await slack.app_connected()
    slack.travel.take_along(Alongside(service.database, now=slack.clock.now, wake=service.dispatcher.wake))
    try:
        yield
    finally:
        await service.stop()


async def _serve(slack: Sandbox, console: Console) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows, where Ctrl-C simply ends it
            loop.add_signal_handler(number, stopped.set)
    console.print(f"\nThe workspace is at [bold]{slack.url}[/bold], to look at. Ctrl-C ends it; nothing of it is kept.")
    for what_for, where, what in TRY_THESE:
        console.print(what_for)
        console.print(
            f"  curl {slack.url}/control/{where} -H 'Content-Type: application/json' -d '{what}'",
            markup=False,
            soft_wrap=True,
        )
    await stopped.wait()
