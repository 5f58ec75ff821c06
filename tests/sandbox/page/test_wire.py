"""What the page tells of the wire: each request and event, what came of it, and no secrets."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.calls import Call, Step
from sandbox.link.payload import Answer, Payload
from sandbox.page.wire import presentable
from tests.sandbox.apps import Listening, sdk_client
from tests.sandbox.page.test_routes import told, until_the_end


def lines(slack: Sandbox) -> list[tuple[str, str, str, str]]:
    """Way, name, what it is about and what came of it, oldest first."""
    return [(one["way"], one["name"], one["about"], one["outcome"]) for one in slack.wire.entries()]


async def details(slack: Sandbox, browser: aiohttp.ClientSession, name: str) -> dict[str, Any]:
    """What a press on the last entry of this name shows."""
    number = [one["number"] for one in slack.wire.entries() if one["name"] == name][-1]
    shown: dict[str, Any] = await (await browser.get(f"/page/wire/{number}")).json()
    return shown


async def test_each_call_is_kept_with_what_came_of_it(
    slack: Sandbox, browser: aiohttp.ClientSession, web: AsyncWebClient
) -> None:
    general = slack.workspace.general.id
    await web.conversations_join(channel=general)
    await web.chat_postMessage(channel=general, text="hello")
    for plan in (
        lambda: None,
        lambda: slack.faults.ratelimit(retry_after=7),
        lambda: slack.faults.lose_answer(),
        lambda: slack.faults.down(),
    ):
        plan()
        with pytest.raises((SlackApiError, aiohttp.ClientError)):
            await web.chat_postMessage(channel="C0NOWHERE", text="hello")

    assert [line for line in lines(slack) if line[0] == "in"][1:] == [
        ("in", "chat.postMessage", "#general", "ok"),
        ("in", "chat.postMessage", "C0NOWHERE", "channel_not_found"),
        ("in", "chat.postMessage", "C0NOWHERE", "429, Retry-After 7"),
        ("in", "chat.postMessage", "C0NOWHERE", "cut off without an answer"),
        ("in", "chat.postMessage", "C0NOWHERE", "503"),
    ]
    calls = [one for one in slack.wire.entries() if one["way"] == "in"]
    assert [one["state"] for one in calls] == ["ok", "ok", *["failed"] * 4]
    assert (await details(slack, browser, "chat.postMessage"))["request"] == {"channel": "C0NOWHERE", "text": "hello"}


async def test_what_is_sent_to_the_app_is_kept_with_each_attempt(slack: Sandbox) -> None:
    ann = slack.person("ann")
    async with sdk_client(slack, []):
        await ann.command("/parrot say hi", channel="general")
        await ann.opens_home()
        await slack.events_settled()
        slack.faults.down(link=True)
    slack.faults.up()
    await ann.shortcut("Talk")

    assert lines(slack) == [
        ("in", "apps.connections.open", "", "ok"),
        ("link", "connection opened, 1 open", "", ""),
        ("out", "/parrot", "say hi", "acknowledged"),
        ("out", "app_home_opened", "@ann", "acknowledged"),
        ("link", "connection cut off, 0 open", "", ""),
        ("out", "shortcut", "talk", "not acknowledged: connection_failed"),
    ]


async def test_a_second_attempt_says_that_it_is_one(slack: Sandbox) -> None:
    class Failing(Listening):
        async def deliver(self, payload: Payload) -> Answer:
            return Answer(failure="http_error")

    await slack.link.change_to(Failing())
    await slack.person("ann").opens_home()
    await slack.events_settled()

    assert lines(slack) == [
        ("out", "app_home_opened", "@ann", "not acknowledged: http_error"),
        ("out", "app_home_opened", "@ann", "retry 1, not acknowledged: http_error"),
    ]


async def test_tokens_and_single_use_addresses_are_not_shown(
    slack: Sandbox, browser: aiohttp.ClientSession, web: AsyncWebClient
) -> None:
    async with sdk_client(slack, []):
        await slack.person("ann").command(f"/parrot is {slack.bot_token} a secret?", channel="general")
    shown = await details(slack, browser, "/parrot") | {
        "opened": await details(slack, browser, "apps.connections.open")
    }

    assert shown["request"]["text"] == "is xoxb-••• a secret?"
    assert shown["request"]["token"] == "•••"
    assert shown["request"]["response_url"] == f"{slack.url}/response/•••"
    assert shown["opened"]["answer"]["url"].endswith(f"?ticket=•••&app_id={slack.workspace.app.id}")


async def test_only_windows_that_watch_are_told_and_also_of_what_is_under_way(
    slack: Sandbox, browser: aiohttp.ClientSession, web: AsyncWebClient
) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def on_call(call: Call, step: Step) -> None:
        if step == "arrived":
            arrived.set()
            await go_on.wait()

    slack.calls.on_call = on_call
    async with browser.ws_connect("/page/socket?as=ann") as watching, browser.ws_connect("/page/socket?as=bo") as other:
        await watching.send_json({"watch": ["wire"]})
        while not slack.hub.is_watched("wire"):  # noqa: ASYNC110  # nobody is told of it
            await asyncio.sleep(0)
        call = asyncio.create_task(web.auth_test())
        begun = (await told(watching, "wire"))["entries"]
        go_on.set()
        await call
        ended = (await told(watching, "wire"))["entries"]
        slack.hub.tell("the end")
        heard = [push["type"] async for push in until_the_end(other)]

    assert [(one["name"], one["state"], one["took"]) for one in begun] == [("auth.test", "pending", None)]
    assert [(one["number"], one["name"], one["state"]) for one in ended] == [(begun[0]["number"], "auth.test", "ok")]
    assert "hello" in heard
    assert "wire" not in heard


async def test_it_is_kept_within_bounds(slack: Sandbox, browser: aiohttp.ClientSession) -> None:
    calls = [slack.calls.begin("chat.postMessage", {"text": "a" * 2001, "blocks": [{}] * 101}) for _ in range(1001)]
    for call in calls:
        slack.calls.cut(call)
    kept = (await (await browser.get("/page/wire")).json())["entries"]
    first = await browser.get("/page/wire/1")
    shown = presentable(calls[-1].arguments)

    assert (len(kept), kept[0]["number"], first.status) == (1000, 2, 400)
    assert shown["text"] == "a" * 2000 + " … and 1 more characters"
    assert (len(shown["blocks"]), shown["blocks"][-1]) == (101, "… and 1 more")
