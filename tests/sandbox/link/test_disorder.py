"""Events that come in a burst, in another order, late or never: what an app must be ready for."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST, Listening, sdk_client


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """The app is in #general; it has as long as it likes to acknowledge."""
    async with Sandbox(MANIFEST, answer_within=30) as sandbox:
        sandbox.workspace.conversations.admit_quietly(sandbox.workspace.general, sandbox.workspace.bot.id)
        yield sandbox


async def told_after_typing(slack: Sandbox, number: int) -> list[str]:
    """What the app hears when someone types so many messages."""
    slack.link.transport = listening = Listening()
    for count in range(number):
        await slack.person("ann").types(f"{count}", channel="general")
    await slack.events_settled()
    return [event["text"] for event in listening.messages()]


async def test_a_burst_of_two_thousand_events_over_two_connections_loses_none(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    async with sdk_client(slack, got), sdk_client(slack, got):
        await slack.app_connected(connections=2)
        for count in range(2000):
            await slack.person("ann").types(f"{count}", channel="general")
        await slack.events_settled(timeout=30)

    assert sorted(int(request.payload["event"]["text"]) for request in got) == list(range(2000))
    assert len({request.payload["event_id"] for request in got}) == 2000
    assert slack.feed.given_up == []


async def test_events_arrive_in_another_order_that_a_seed_repeats(slack: Sandbox) -> None:
    in_order = await told_after_typing(slack, 20)
    slack.faults.reorder(seed=7)
    shuffled = await told_after_typing(slack, 20)
    slack.faults.reorder(seed=7)
    again = await told_after_typing(slack, 20)
    slack.faults.reorder(None)

    assert shuffled == again != in_order
    assert sorted(shuffled) == sorted(in_order)
    assert await told_after_typing(slack, 20) == in_order


async def test_events_that_are_lost_never_come_but_stand_in_the_history(slack: Sandbox) -> None:
    slack.faults.lose_events(times=2)

    told = await told_after_typing(slack, 3)
    await slack.retries_over()

    assert told == ["2"]
    assert [lost["event"]["text"] for lost in slack.feed.given_up] == ["0", "1"]
    assert await history(slack) == ["2", "1", "0"]


async def test_an_app_that_stays_away_finds_what_it_missed_in_the_history_alone(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    await slack.person("ann").types("while you were away", channel="general")
    await slack.retries_over()

    async with sdk_client(slack, got):
        await slack.person("ann").types("welcome back", channel="general")
        await slack.events_settled()

    assert [request.payload["event"]["text"] for request in got] == ["welcome back"]
    assert [lost["event"]["text"] for lost in slack.feed.given_up] == ["while you were away"]
    assert await history(slack) == ["welcome back", "while you were away"]


async def test_clearing_the_faults_puts_events_in_order_and_keeps_them(slack: Sandbox) -> None:
    slack.faults.reorder(seed=7)
    slack.faults.lose_events(times=9)

    slack.faults.clear()

    assert await told_after_typing(slack, 10) == [str(count) for count in range(10)]


async def history(slack: Sandbox) -> list[str]:
    """What the app reads in #general, newest first."""
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    answer: Any = await client.conversations_history(channel=slack.workspace.general.id)
    return [message["text"] for message in answer["messages"]]
