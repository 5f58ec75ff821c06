"""Starts a workspace and the bot beside it, plays the tour if asked, and serves until stopped."""

import asyncio
import contextlib
import errno
import logging
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.demo.guide import sitrep_guide
from bot.demo.process import bot_process
from bot.demo.tour import Tour
from bot.demo.words import greet, say_how_to_connect, say_why_not
from bot.log import configure_logging
from bot.manifest import MANIFEST
from sandbox import Sandbox
from sandbox.clock import Clock
from sandbox.contract.manifest import ManifestError
from sandbox.folder import KEPT
from sandbox.serving import until_stopped

DATABASE = "sitrep.db"


@dataclass(frozen=True)
class Wishes:
    """What somebody wants of the demo."""

    host: str = "127.0.0.1"
    port: int = 8025
    people: int = 5
    data: Path | None = None
    manifest: Path | None = None
    no_bot: bool = False
    tour: bool = False
    once: bool = False


async def run_demo(wishes: Wishes) -> int:
    """The whole demo; the exit code: 0 unless it could not start, or the tour met something it did not expect."""
    configure_logging(level=logging.WARNING)
    console = Console(highlight=False, soft_wrap=True)
    if wishes.tour and wishes.data and (wishes.data / KEPT).exists():
        console.print("The tour takes a new workspace: leave out --tour, or name another folder.")
        return 1
    try:
        return await until_stopped(_live(wishes, console)) or 0
    except (OSError, ManifestError) as fault:
        say_why_not(console, fault)
        return 1


async def play_tour(console: Console, *, clock: Clock | None = None) -> Tour:
    """Play the tour in a workspace of its own, at its own time; it has kept what it showed."""
    with _folder(None) as folder:
        async with Sandbox(MANIFEST, clock=clock) as slack, bot_process(slack, folder):
            tour = Tour(slack, console)
            await tour.play()
            return tour


async def _live(wishes: Wishes, console: Console) -> int:
    with _folder(wishes.data) as folder:
        async with _workspace(wishes, console) as slack:
            greet(console, slack, wishes.host, data=wishes.data)
            _set_database_aside(slack, folder, console)
            if wishes.no_bot or wishes.manifest is not None:
                say_how_to_connect(console, slack, wishes.manifest)
                return await _serve()
            if not wishes.tour:
                slack.guide = sitrep_guide(slack)
            async with bot_process(slack, folder):
                if wishes.tour and not await Tour(slack, console).play():
                    return 1
                return 0 if wishes.once else await _serve()


async def _serve() -> int:
    await asyncio.Event().wait()
    return 0


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """Where the bot's database is: beside the workspace where that is kept, or nowhere for long."""
    if data is not None:
        yield data.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="sitrep-demo-") as folder:
        yield Path(folder)


@asynccontextmanager
async def _workspace(wishes: Wishes, console: Console) -> AsyncIterator[Sandbox]:
    """A workspace at this port, or at a free one where something else has it."""
    slack = Sandbox(
        wishes.manifest or MANIFEST, host=wishes.host, port=wishes.port, people=wishes.people, data=wishes.data
    )
    try:
        await slack.start()
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise
        console.print(f"Port {wishes.port} is taken, so the workspace takes a free one.")
        await slack.start(port=0)
    try:
        yield slack
    finally:
        await slack.stop()


def _set_database_aside(slack: Sandbox, folder: Path, console: Console) -> None:
    """A bot's memory of a workspace that could not be read is put beside that, and is of no use in a new one."""
    kept = slack.keeping and slack.keeping.set_aside
    if not kept or not slack.keeping:
        return
    console.print(slack.keeping.notice, markup=False)
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            (folder / f"{DATABASE}{suffix}").rename(kept.with_suffix(f".{DATABASE}{suffix}"))
