"""Rate limits, and what goes wrong on demand."""

import asyncio
from typing import Literal

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from sandbox.calls import Call
from tests.sandbox.api.conftest import Slack, refusal


async def test_a_tier_two_method_is_limited_to_twenty_a_minute(slack: Slack) -> None:
    for number in range(20):
        await slack.web.conversations_create(name=f"ops-{number}")

    with pytest.raises(SlackApiError) as refused:
        await slack.web.conversations_create(name="ops-20")

    response = refused.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert response.headers["Retry-After"] == "3"
    assert (await slack.web.auth_test())["ok"]
    slack.clock.advance(3)
    assert (await slack.web.conversations_create(name="ops-20"))["ok"]


async def test_posting_is_limited_per_channel(slack: Slack) -> None:
    slack.server.ratelimits.post_burst = 2
    one, two = slack.public("one"), slack.public("two")
    for _ in range(2):
        await slack.web.chat_postMessage(channel=one.id, text="x")

    assert await refusal(slack.web.chat_postMessage(channel=one.id, text="x")) == "ratelimited"
    assert (await slack.web.chat_postMessage(channel=two.id, text="x"))["ok"]
    slack.clock.advance(1)
    assert (await slack.web.chat_postMessage(channel=one.id, text="x"))["ok"]


async def test_a_channel_has_one_budget_however_it_is_named(slack: Slack) -> None:
    channel = slack.public("ops")
    slack.server.ratelimits.post_burst = 2
    await slack.web.chat_postMessage(channel=channel.id, text="x")
    await slack.web.chat_postMessage(channel="#ops", text="x")
    dm = (await slack.web.chat_postMessage(channel=slack.ann.id, text="x"))["channel"]
    await slack.web.chat_postMessage(channel=dm, text="x")

    assert await refusal(slack.web.chat_postMessage(channel="ops", text="x")) == "ratelimited"
    assert await refusal(slack.web.chat_postMessage(channel=slack.ann.id, text="x")) == "ratelimited"


async def test_posting_is_limited_for_the_whole_workspace(slack: Slack) -> None:
    slack.server.ratelimits.posts_per_minute = 2
    channels = [slack.public(name) for name in ("one", "two", "three")]
    for channel in channels[:2]:
        await slack.web.chat_postMessage(channel=channel.id, text="x")

    assert await refusal(slack.web.chat_postMessage(channel=channels[2].id, text="x")) == "ratelimited"


async def test_limits_can_be_switched_off(slack: Slack) -> None:
    slack.server.ratelimits.enabled = False

    for number in range(25):
        await slack.web.conversations_create(name=f"ops-{number}")

    assert len(slack.server.calls.of("conversations.create")) == 25


async def test_a_lost_answer_leaves_the_deed_done(slack: Slack) -> None:
    channel = slack.public()
    slack.faults.lose_answer("chat.postMessage")

    with pytest.raises(aiohttp.ClientError):
        await slack.web.chat_postMessage(channel=channel.id, text="Hello")

    assert [message.text for message in channel.messages.values()][-1] == "Hello"
    assert slack.server.calls.log[-1].answer is None


async def test_a_dropped_call_leaves_the_deed_undone(slack: Slack) -> None:
    channel = slack.public()
    slack.faults.drop("chat.postMessage")

    with pytest.raises(aiohttp.ClientError):
        await slack.web.chat_postMessage(channel=channel.id, text="Hello")

    assert "Hello" not in [message.text for message in channel.messages.values()]
    assert (await slack.web.chat_postMessage(channel=channel.id, text="Hello"))["ok"]


async def test_a_method_fails_as_often_as_planned(slack: Slack) -> None:
    channel = slack.public()
    slack.faults.fail("chat.postMessage", error="internal_error", times=2)
    post = slack.web.chat_postMessage

    assert await refusal(post(channel=channel.id, text="x")) == "internal_error"
    assert (await slack.web.auth_test())["ok"]
    assert await refusal(post(channel=channel.id, text="x")) == "internal_error"
    assert (await post(channel=channel.id, text="x"))["ok"]


async def test_a_server_fault_and_a_rate_limit_can_be_planned(slack: Slack, http: aiohttp.ClientSession) -> None:
    slack.faults.fail("auth.test", status=502)
    slack.faults.ratelimit("auth.test", retry_after=7)
    url = f"{slack.server.url}/api/auth.test"

    async with http.post(url) as first, http.post(url) as second:
        assert first.status == 502
        assert (second.status, second.headers["Retry-After"]) == (429, "7")


async def test_slack_can_be_down_for_a_while(slack: Slack, http: aiohttp.ClientSession) -> None:
    url_id = slack.workspace.response_urls.issue(slack.public(), slack.ann.id)
    slack.faults.down()

    async with (
        http.post(f"{slack.server.url}/api/auth.test") as api,
        http.post(slack.server.response_url(url_id), json={"text": "x"}) as response_url,
    ):
        assert (api.status, response_url.status) == (503, 503)
    slack.faults.up()
    assert (await slack.web.auth_test())["ok"]


async def test_slow_calls_run_side_by_side(slack: Slack) -> None:
    slack.faults.latency(0.2)
    began = asyncio.get_running_loop().time()

    await asyncio.gather(*(slack.web.auth_test() for _ in range(10)))

    assert 0.2 <= asyncio.get_running_loop().time() - began < 1.0


async def test_a_hook_is_told_each_step_of_a_call(slack: Slack) -> None:
    channel = slack.public()
    steps: list[tuple[str, int]] = []

    async def on_call(call: Call, step: Literal["arrived", "done", "answered"]) -> None:
        steps.append((step, len(channel.messages)))

    slack.server.calls.on_call = on_call
    await slack.web.chat_postMessage(channel=channel.id, text="Hello")

    assert steps[:2] == [("arrived", 1), ("done", 2)]


async def test_a_caller_that_is_gone_before_the_answer_has_done_its_deed(slack: Slack) -> None:
    channel = slack.public()
    done, gone = asyncio.Event(), asyncio.Event()

    async def on_call(call: Call, step: Literal["arrived", "done", "answered"]) -> None:
        if step == "done" and not gone.is_set():
            done.set()
            await gone.wait()

    slack.server.calls.on_call = on_call
    caller = asyncio.create_task(slack.web.chat_postMessage(channel=channel.id, text="Hello"))
    await asyncio.wait_for(done.wait(), timeout=20)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    gone.set()

    assert [message.text for message in channel.messages.values()][-1] == "Hello"
    assert (await slack.web.auth_test())["ok"]


async def test_an_outage_uses_up_no_planned_fault(slack: Slack) -> None:
    slack.faults.fail("auth.test", error="internal_error")
    slack.faults.down()
    with pytest.raises(SlackApiError):
        await slack.web.auth_test()
    slack.faults.up()

    assert await refusal(slack.web.auth_test()) == "internal_error"
    slack.faults.fail("auth.test")
    slack.faults.clear()
    assert (await slack.web.auth_test())["ok"]
