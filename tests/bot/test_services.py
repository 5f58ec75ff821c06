"""What handlers share: people by name, in time for a form."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import services
from bot.metrics import Metrics
from bot.requests import Requests
from bot.services import Services
from storage.engine import Database
from tests.bot.scripted_slack import ScriptedSlack
from tests.builders import NOON, PROCESS


class Hanging(ScriptedSlack):
    """A Slack that knows Una, and never answers when asked for anybody else."""

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:  # type: ignore[override]  # as there
        """Answer, or hang."""
        if "U1" not in str(how):
            await asyncio.Event().wait()
        return await super().api_call(api_method, **how)


async def test_names_that_slack_does_not_tell_in_time_keep_no_form_waiting(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "PATIENCE", 0.05)
    slack = Hanging(users__info={"user": {"name": "Una"}})
    shared = Services(sqlite, PROCESS, slack.slack(), Metrics(), Requests(), now=lambda: NOON)

    async with asyncio.timeout(5):
        said = await shared.with_names("{@U1} asks {@U2} and {@U3}", sign="@")

    assert said == "@Una asks @Somebody else and @Somebody else"
