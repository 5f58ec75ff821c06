"""`python -m bot.demo.child`: the demo's bot in a process of its own, which lives by its workspace's clock.

What it needs is in the environment (`process.py`). It says on standard output that it is ready, takes lines such as
{"ahead": 3600.0} on standard input, and ends where that ends: with its parent.
"""

import asyncio
import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from bot.log import configure_logging
from bot.service import Service
from bot.settings import Mode, Settings
from workflows.process import DEFAULT_FILE, Process, load_process

READY = "ready\n"


class FollowingClock:
    """The machine's time and so many seconds more."""

    def __init__(self, ahead: float) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        """The current time, aware UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)


async def live() -> None:
    """Be the bot until standard input ends."""
    clock, ended = FollowingClock(float(os.environ["DEMO_AHEAD"])), asyncio.Event()
    service = Service(_settings(), _process(), now=clock.now)

    def on_line(line: str) -> None:
        clock.ahead = json.loads(line)["ahead"]
        service.dispatcher.wake()

    await service.start()
    _listen(on_line, ended.set)
    sys.stdout.write(READY)
    sys.stdout.flush()
    await ended.wait()
    await service.stop()


def at_home(process: Process) -> Process:
    """The same process, with nobody in it who is reached outside this machine."""
    audiences = {
        key: audience.model_copy(update={"emails": [], "webhooks": []}) for key, audience in process.audiences.items()
    }
    return process.model_copy(update={"audiences": audiences, "webhooks": {}, "trackers": {}})


def _settings() -> Settings:
    """Those of the demo alone, whatever else the environment or a .env file says."""
    return Settings.model_construct(
        slack_bot_token=SecretStr(os.environ["SLACK_BOT_TOKEN"]),
        slack_app_token=SecretStr(os.environ["SLACK_APP_TOKEN"]),
        slack_signing_secret=SecretStr(""),
        slack_api_url=os.environ["SLACK_API_URL"],
        database_url=os.environ["DATABASE_URL"],
        sitrep_mode=Mode.SOCKET,
        sitrep_host="127.0.0.1",
        sitrep_port=0,
        sitrep_digest_channel="incidents",
    )


def _process() -> Process:
    return at_home(load_process(DEFAULT_FILE))


def _listen(on_line: Callable[[str], None], on_end: Callable[[], None]) -> None:
    """Read standard input in a thread, which works for every kind of it on every system."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(on_line, line)
        loop.call_soon_threadsafe(on_end)

    threading.Thread(target=read, daemon=True).start()


if __name__ == "__main__":
    configure_logging(level=logging.WARNING)
    asyncio.run(live())
