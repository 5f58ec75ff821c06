"""Somebody who kills the bot at one step of one of its calls."""

import asyncio
from collections.abc import Callable

from sandbox import Sandbox
from sandbox.calls import Call, Step
from tests.journeys.subprocess_bot import BotProcess

Wanted = Callable[[Call, int], bool]
"""Whether to kill at this call, the so-and-so-many-th since we began to count."""


class Assassin:
    """Kills the bot at one step of one call; what reaches the workspace after that is not performed."""

    def __init__(self, slack: Sandbox, bot: BotProcess, *, step: Step, wanted: Wanted) -> None:
        self._slack, self._bot, self._step, self._wanted = slack, bot, step, wanted
        self._counted = 0
        self._killing: asyncio.Task[None] | None = None
        self.has_killed = asyncio.Event()
        slack.calls.on_call = self._on_call

    async def _on_call(self, call: Call, step: Step) -> None:
        if self._killing is not None:
            await asyncio.shield(self._killing)
            if step == "arrived":
                self._slack.faults.drop(call.method)
            return
        if step == "arrived":
            self._counted += 1
        if step == self._step and self._wanted(call, self._counted):
            self._killing = asyncio.create_task(self._bot.kill())
            await self._killing
            if step == "arrived":
                self._slack.faults.drop(call.method)
            self.has_killed.set()

    def spare(self) -> None:
        """Let everything pass again."""
        self._slack.calls.on_call = None
