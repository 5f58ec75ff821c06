"""What a workspace that runs for weeks keeps: the latest of what comes without end."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.calls import KEPT, Calls
from sandbox.clock import Clock
from sandbox.state.chat import MOST_WHISPERS
from sandbox.state.core import MOST_COMPLAINTS
from sandbox.state.errors import SlackError
from sandbox.state.interactions import MOST_ISSUED
from tests.builders import NOON
from tests.sandbox.apps import MANIFEST


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST, clock=Clock(lambda: NOON)) as sandbox:
        yield sandbox


def test_the_latest_calls_are_kept_under_their_numbers() -> None:
    calls = Calls(Clock(lambda: NOON))
    for _ in range(3 * KEPT):
        calls.begin("api.test", {})

    assert KEPT <= len(calls.log) <= 1.1 * KEPT
    assert calls.log[-1].number == 3 * KEPT


async def test_calls_are_asked_for_by_number_when_older_ones_are_forgotten(slack: Sandbox) -> None:
    for _ in range(4):
        slack.calls.begin("api.test", {})
    del slack.calls.log[:2]

    async with aiohttp.ClientSession(slack.url) as control:
        since = await (await control.get("/control/calls?since=4")).json()
        every = await (await control.get("/control/calls")).json()

    assert [call["number"] for call in since["calls"]] == [4]
    assert [call["number"] for call in every["calls"]] == [3, 4]


async def test_the_newest_ephemeral_messages_of_each_reader_are_kept(slack: Sandbox) -> None:
    general, bot = slack.workspace.general, slack.workspace.bot.id
    for name in ("ann", "bo"):
        for number in range(MOST_WHISPERS + (2 if name == "ann" else 0)):
            draft = {"text": str(number)}
            slack.workspace.chat.post_ephemeral(general, by=bot, to=slack.person(name).id, draft=draft)

    assert slack.person("ann").sees("general")[0].text == "2"
    assert slack.person("bo").sees("general")[0].text == "0"


async def test_what_an_app_is_warned_of_again_and_again_is_forgotten(slack: Sandbox) -> None:
    for number in range(2 * MOST_COMPLAINTS):
        slack.workspace.complain(str(number))

    assert len(slack.complaints) < 1.2 * MOST_COMPLAINTS
    assert slack.complaints[-1] == str(2 * MOST_COMPLAINTS - 1)


async def test_triggers_are_forgotten_once_there_are_very_many(slack: Sandbox) -> None:
    triggers = slack.workspace.triggers
    issued = [triggers.issue(slack.person("ann").id) for _ in range(MOST_ISSUED + 1)]

    assert triggers.check(issued[1]).id == issued[1]
    with pytest.raises(SlackError, match="invalid_trigger_id"):
        triggers.check(issued[0])
