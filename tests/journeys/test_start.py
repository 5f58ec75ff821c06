"""The start, while Slack does not let the bot in."""

import asyncio
from pathlib import Path

from bot.service import Service
from sandbox import Sandbox
from sandbox.calls import Call, Step
from tests.journeys.conftest import settings_for
from tests.journeys.subprocess_bot import launch
from workflows.process import Process

CONNECT = "apps.connections.open"


def refused(slack: Sandbox) -> asyncio.Event:
    """Set as soon as the bot has asked for a connection, and was answered."""
    answered = asyncio.Event()

    async def on_call(call: Call, step: Step) -> None:
        if call.method == CONNECT and step == "answered":
            answered.set()

    slack.calls.on_call = on_call
    return answered


async def test_a_bot_that_starts_while_slack_is_down_is_there_when_it_is_up(slack: Sandbox, database_url: str) -> None:
    slack.faults.down(link=True)
    service = Service(settings_for(slack, database_url), Process())

    await service.start()
    before = await service.faults()
    slack.faults.up()
    await slack.app_connected(timeout=20)

    assert before == {"slack": "has not accepted the bot token yet"}
    assert (await slack.person("ann").command("/incident list", channel="general")).text == (
        "No open incident. /incident list all shows earlier ones."
    )
    await service.stop()


async def test_a_bot_that_slack_does_not_let_in_says_why_and_can_be_stopped(
    slack: Sandbox, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "bot.log"
    asked = refused(slack)
    bot = await launch(slack, database_url, log, SLACK_APP_TOKEN="xapp-wrong")
    try:
        async with asyncio.timeout(30):
            await asked.wait()
            code = await bot.told_to_stop()
    finally:
        await bot.end()

    assert code == 0
    assert "Traceback" not in log.read_text("utf-8")
    assert "xapp-wrong" not in log.read_text("utf-8")
