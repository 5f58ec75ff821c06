"""Settings that have changed are taken over beside everything else, also when the database fails at first."""

import asyncio
from typing import Any

import pytest

from bot import service
from sandbox import Sandbox
from storage.kept import find_kept
from tests.journeys.conftest import a_bot
from workflows.replanning import PLANNED_WITH, fingerprint, replan_everything


async def test_reminders_that_could_not_be_planned_anew_are_before_the_next_start(
    slack: Sandbox, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, over = [OSError("gone"), OSError("gone")], asyncio.Event()

    async def failing(*args: Any, **kwargs: Any) -> int:
        if faults:
            raise faults.pop()
        seen = await replan_everything(*args, **kwargs)
        over.set()
        return seen

    monkeypatch.setattr(service, "REPLAN_AGAIN_AFTER", 0.01)
    monkeypatch.setattr(service, "replan_everything", failing)

    async with a_bot(slack, database_url, now=slack.clock.now) as bot:
        await asyncio.wait_for(over.wait(), timeout=10)

        async with bot.services.read() as session:
            assert await find_kept(session, PLANNED_WITH) == fingerprint(bot.process)
