"""Delivery over HTTP: signatures, forms, retries and their headers, against a bare receiver."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from sandbox import Sandbox
from sandbox.link.http import UrlNotVerified
from sandbox.link.payload import Payload
from sandbox.link.signing import signature
from tests.sandbox.apps import manifest

Json = dict[str, Any]
HTTP_MANIFEST = manifest(
    socket_mode_enabled=False,
    interactivity={"is_enabled": True, "request_url": "https://app.example/slack"},
    event_subscriptions={"request_url": "https://app.example/slack", "bot_events": ["message.channels"]},
)
for command in HTTP_MANIFEST["features"]["slash_commands"]:
    command.setdefault("url", "https://app.example/slack")


@dataclass
class Request:
    headers: dict[str, str]
    body: bytes
    path: str = ""

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Receiver:
    """An app that keeps every request and answers as a test tells it to."""

    url: str = ""
    got: list[Request] = field(default_factory=list)
    answer: Callable[[Request], web.Response] = lambda request: web.Response()
    delay: float = 0
    verifies: bool = True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        received = Request(
            {name.lower(): value for name, value in request.headers.items()}, await request.read(), request.path
        )
        if received.body.startswith(b"{") and json.loads(received.body)["type"] == "url_verification":
            return web.json_response({"challenge": json.loads(received.body)["challenge"]} if self.verifies else {})
        self.got.append(received)
        if self.delay:
            await asyncio.sleep(self.delay)
        return self.answer(received)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    application = web.Application()
    application.router.add_post("/slack/{place}", receiver.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield receiver
    await runner.cleanup()


@pytest.fixture
async def slack(receiver: Receiver) -> AsyncIterator[Sandbox]:
    async with Sandbox(HTTP_MANIFEST, answer_within=0.2) as sandbox:
        await sandbox.deliver_over_http(receiver.url)
        await sandbox.person("ann").invites("parrot", "general")
        await sandbox.events_settled()
        receiver.got.clear()
        yield sandbox


def test_the_documented_vector_signs_as_documented() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    signed = signature("8f742231b10e8888abcd99yyyzzz85a5", 1531420618, body)

    assert signed == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


async def test_every_request_verifies_with_slacks_own_library(slack: Sandbox, receiver: Receiver) -> None:
    await slack.person("ann").types("hello", channel="general")
    await slack.person("ann").command("/parrot hi", channel="general")
    await slack.person("ann").shortcut("Talk")
    await slack.events_settled()

    verifier = SignatureVerifier(slack.signing_secret)
    assert len(receiver.got) == 3
    assert all(verifier.is_valid_request(request.body, request.headers) for request in receiver.got)


async def test_an_address_that_does_not_echo_the_challenge_is_refused(receiver: Receiver) -> None:
    receiver.verifies = False
    async with Sandbox(HTTP_MANIFEST) as slack:
        with pytest.raises(UrlNotVerified):
            await slack.deliver_over_http(receiver.url)


async def test_an_event_is_json_and_a_command_a_flat_form(slack: Sandbox, receiver: Receiver) -> None:
    await slack.person("ann").types("hello", channel="general")
    await slack.events_settled()
    receiver.answer = lambda request: web.Response(text="echo")
    reply = await slack.person("ann").command("/parrot a & b", channel="general")

    event, command = receiver.got
    assert event.headers["content-type"] == "application/json"
    assert json.loads(event.body)["event"]["text"] == "hello"
    assert command.headers["content-type"] == "application/x-www-form-urlencoded"
    assert command.form()["command"] == "/parrot"
    assert command.form()["text"] == "a & b"
    assert command.form()["response_url"].startswith(f"{slack.url}/response/")
    assert reply.text == "echo"


async def test_an_interaction_is_a_form_with_one_payload(slack: Sandbox, receiver: Receiver) -> None:
    await slack.person("ann").shortcut("Talk")

    (request,) = receiver.got
    assert list(parse_qs(request.body.decode())) == ["payload"]
    assert json.loads(request.form()["payload"])["callback_id"] == "talk"


async def test_a_failed_event_is_retried_with_its_number_and_reason(slack: Sandbox, receiver: Receiver) -> None:
    receiver.answer = lambda request: web.Response(status=500 if len(receiver.got) < 3 else 200)
    await slack.person("ann").types("hello", channel="general")
    await slack.events_settled()
    slack.clock.advance(60)
    await slack.events_settled()

    retries = [(r.headers.get("x-slack-retry-num"), r.headers.get("x-slack-retry-reason")) for r in receiver.got]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({request.body for request in receiver.got}) == 1
    assert slack.feed.given_up == []


async def test_an_app_can_refuse_further_retries(slack: Sandbox, receiver: Receiver) -> None:
    receiver.answer = lambda request: web.Response(status=500, headers={"x-slack-no-retry": "1"})
    await slack.person("ann").types("hello", channel="general")
    await slack.events_settled()

    assert len(receiver.got) == 1
    assert len(slack.feed.given_up) == 1


async def test_an_event_not_answered_in_time_is_retried_as_http_timeout(slack: Sandbox, receiver: Receiver) -> None:
    receiver.delay = 0.4
    await slack.person("ann").types("hello", channel="general")
    await _arrived(receiver, 2)

    assert receiver.got[1].headers["x-slack-retry-reason"] == "http_timeout"


async def test_a_command_answered_late_or_with_an_error_shows_so(slack: Sandbox, receiver: Receiver) -> None:
    receiver.delay = 0.4
    late = await slack.person("ann").command("/parrot", channel="general")
    receiver.delay, receiver.answer = 0, lambda request: web.Response(status=500)
    broken = await slack.person("ann").command("/parrot", channel="general")

    assert (late.failed, broken.failed) == ("operation_timeout", "dispatch_failed")


async def test_an_app_that_is_cut_off_gets_no_request_and_the_person_sees_a_failure(
    slack: Sandbox, receiver: Receiver
) -> None:
    slack.faults.down(link=True)
    missed = await slack.person("ann").command("/parrot", channel="general")
    slack.faults.up()
    heard = await slack.person("ann").command("/parrot", channel="general")

    assert (missed.failed, heard.failed) == ("dispatch_failed", None)
    assert len(receiver.got) == 1


async def test_without_an_address_each_kind_goes_where_the_manifest_says(receiver: Receiver) -> None:
    address = receiver.url.removesuffix("events")
    declared = HTTP_MANIFEST | {
        "features": HTTP_MANIFEST["features"]
        | {
            "slash_commands": [
                {"command": name, "description": "x", "url": f"{address}{name[1:]}"} for name in ("/parrot", "/escaped")
            ]
        },
        "settings": HTTP_MANIFEST["settings"]
        | {
            "event_subscriptions": {"request_url": receiver.url, "bot_events": ["message.channels"]},
            "interactivity": {
                "is_enabled": True,
                "request_url": f"{address}clicks",
                "message_menu_options_url": f"{address}options",
            },
        },
    }
    async with Sandbox(declared) as slack:
        await slack.deliver_over_http()
        await slack.person("ann").invites("parrot", "general")
        await slack.events_settled()
        receiver.got.clear()
        await slack.person("ann").types("hello", channel="general")
        await slack.events_settled()
        await slack.person("ann").command("/parrot", channel="general")
        await slack.person("ann").command("/escaped", channel="general")
        await slack.person("ann").shortcut("Talk")
        await slack.link.deliver(Payload("interactive", {"type": "block_suggestion"}))

    assert [request.path for request in receiver.got] == [
        f"/slack/{place}" for place in ("events", "parrot", "escaped", "clicks", "options")
    ]


async def _arrived(receiver: Receiver, number: int) -> None:
    async with asyncio.timeout(20):
        while len(receiver.got) < number:  # noqa: ASYNC110  the receiver is a foreign program here
            await asyncio.sleep(0.005)
