"""Socket Mode against Slack's own client, and against a bare WebSocket where that client is too kind."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.link.connection import DisconnectReason
from tests.sandbox.apps import MANIFEST, sdk_client

Json = dict[str, Any]


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST, answer_within=0.2) as sandbox:
        sandbox.workspace.conversations.admit_quietly(sandbox.workspace.general, sandbox.workspace.bot.id)
        yield sandbox


class Bare:
    """A WebSocket that acknowledges only what it is told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Json:
        content: Json = json.loads((await self.socket.receive(timeout=20)).data)
        return content

    async def acknowledge(self, envelope: Json, payload: object = None) -> None:
        extra = {} if payload is None else {"payload": payload}
        await self.socket.send_str(json.dumps({"envelope_id": envelope["envelope_id"], **extra}))


@asynccontextmanager
async def bare(slack: Sandbox) -> AsyncIterator[Bare]:
    """A connection opened by hand, its hello read."""
    async with aiohttp.ClientSession() as session, session.ws_connect(await socket_url(slack)) as socket:
        connection = Bare(socket)
        assert (await connection.next())["type"] == "hello"
        yield connection


async def socket_url(slack: Sandbox) -> str:
    answer = await AsyncWebClient(token=slack.app_token, base_url=slack.api_url).apps_connections_open(
        app_token=slack.app_token
    )
    return str(answer["url"])


async def until(condition: Any) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  nothing signals what a foreign client has done
            await asyncio.sleep(0.005)


async def test_slacks_own_client_gets_an_event_once_and_acknowledges_it(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    async with sdk_client(slack, got):
        await slack.person("ann").types("hello", channel="general")
        await slack.events_settled()

    assert [request.type for request in got] == ["events_api"]
    payload = got[0].payload
    assert payload["type"] == "event_callback"
    assert payload["api_app_id"] == slack.workspace.app.id
    assert payload["event"]["text"] == "hello"
    assert payload["event"]["channel_type"] == "channel"
    assert slack.feed.given_up == []


async def test_the_first_message_is_hello_with_the_number_of_connections(slack: Sandbox) -> None:
    async with aiohttp.ClientSession() as session, bare(slack), session.ws_connect(await socket_url(slack)) as second:
        hello = json.loads((await second.receive()).data)

    assert hello["type"] == "hello"
    assert hello["connection_info"] == {"app_id": slack.workspace.app.id}
    assert hello["num_connections"] == 2


async def test_a_ticket_opens_one_connection_and_soon_expires(slack: Sandbox) -> None:
    used, expired = await socket_url(slack), await socket_url(slack)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(used):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(used)
        slack.clock.advance(61)
        for url in (expired, f"{slack.url}/link/?ticket=forged".replace("http", "ws")):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_an_event_envelope_has_slacks_shape(slack: Sandbox) -> None:
    async with bare(slack) as connection:
        await slack.person("ann").types("hello", channel="general")
        envelope = await connection.next()
        await connection.acknowledge(envelope)
        await slack.events_settled()

    assert envelope | {"envelope_id": "", "payload": {}} == {
        "envelope_id": "",
        "type": "events_api",
        "payload": {},
        "accepts_response_payload": False,
        "retry_attempt": 0,
        "retry_reason": "",
    }


async def test_an_unacknowledged_event_is_tried_at_once_after_a_minute_and_after_five(slack: Sandbox) -> None:
    attempts: list[tuple[int, str, str]] = []
    async with bare(slack) as connection:
        await slack.person("ann").types("hello", channel="general")
        for advance in (0, 0, 60, 300):
            slack.clock.advance(advance)
            envelope = await connection.next()
            attempts.append((envelope["retry_attempt"], envelope["retry_reason"], envelope["payload"]["event_id"]))
            if envelope["retry_attempt"]:
                await slack.events_settled()

    event_id = attempts[0][2]
    timed_out = [(number, "timeout", event_id) for number in (1, 2, 3)]
    assert attempts == [(0, "", event_id), *timed_out]
    assert [body["event_id"] for body in slack.feed.given_up] == [event_id]


async def test_an_event_without_any_connection_is_kept_for_a_retry(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    await slack.person("ann").types("while you were away", channel="general")
    await slack.events_settled()
    assert slack.feed.waiting == 1

    async with sdk_client(slack, got):
        slack.clock.advance(60)
        await slack.events_settled()

    assert [(request.payload["event"]["text"], request.retry_attempt) for request in got] == [
        ("while you were away", 2)
    ]


async def test_each_payload_goes_to_one_of_several_connections(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    async with sdk_client(slack, got) as first, sdk_client(slack, got) as second:
        await slack.app_connected(connections=2)
        seen_by: dict[int, int] = {id(first): 0, id(second): 0}
        for client in (first, second):
            client.socket_mode_request_listeners.append(_count(seen_by))
        for number in range(6):
            await slack.person("ann").types(f"message {number}", channel="general")
        await slack.events_settled()

    assert sorted(request.payload["event"]["text"] for request in got) == [f"message {number}" for number in range(6)]
    assert sorted(seen_by.values()) == [3, 3]


def _count(seen_by: dict[int, int]) -> Any:
    async def count(client: Any, request: SocketModeRequest) -> None:
        seen_by[id(client)] += 1

    return count


async def test_an_eleventh_connection_is_turned_away(slack: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await session.ws_connect(await socket_url(slack)) for _ in range(10)]
        await slack.app_connected(connections=10)
        eleventh = await session.ws_connect(await socket_url(slack))
        message = json.loads((await eleventh.receive()).data)
        for socket in sockets:
            await socket.close()

    assert (message["type"], message["reason"]) == ("disconnect", "too_many_websockets")


@pytest.mark.parametrize("reason", [DisconnectReason.WARNING, DisconnectReason.REFRESH_REQUESTED])
async def test_no_event_is_lost_when_the_app_is_asked_to_reconnect(slack: Sandbox, reason: DisconnectReason) -> None:
    got: list[SocketModeRequest] = []
    async with sdk_client(slack, got):
        for number in range(20):
            await slack.person("ann").types(f"message {number}", channel="general")
            if number == 10:
                await slack.refresh_connections(reason, grace=0.05)
            await asyncio.sleep(0)
        await slack.events_settled()

    assert {request.payload["event"]["text"] for request in got} == {f"message {number}" for number in range(20)}
    assert slack.feed.given_up == []


async def test_switching_socket_mode_off_closes_the_link_for_good(slack: Sandbox) -> None:
    async with bare(slack) as connection:
        await slack.refresh_connections(DisconnectReason.LINK_DISABLED)
        farewell = await connection.next()

    assert farewell["reason"] == "link_disabled"
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(slack.socket.open_url(slack.url))


async def test_an_app_whose_socket_mode_is_off_gets_no_address_until_it_is_on_again(slack: Sandbox) -> None:
    web = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    await slack.refresh_connections(DisconnectReason.LINK_DISABLED)

    with pytest.raises(SlackApiError, match="forbidden_team"):
        await web.apps_connections_open(app_token=slack.app_token)
    slack.enable_socket_mode()

    async with sdk_client(slack, []):
        assert slack.socket.connections == 1


async def test_a_connection_that_is_cut_ends_without_a_word_and_the_client_may_come_back(slack: Sandbox) -> None:
    async with bare(slack) as connection:
        slack.faults.cut_connections()
        ended = await connection.socket.receive(timeout=20)
    got: list[SocketModeRequest] = []
    async with sdk_client(slack, got) as client:
        slack.faults.cut_connections()
        assert slack.socket.connections == 0
        await client.connect_to_new_endpoint(force=True)
        await slack.app_connected()
        await slack.person("ann").types("hello", channel="general")
        await slack.events_settled()

    assert ended.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert ended.data is None or isinstance(ended.data, Exception)
    assert [request.payload["event"]["text"] for request in got] == ["hello"]


async def test_an_app_that_is_cut_off_hears_nothing_until_slack_is_back(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    async with sdk_client(slack, got) as client:
        slack.faults.down(link=True)
        missed = await slack.person("ann").command("/parrot", channel="general")
        slack.faults.up()
        await client.connect_to_new_endpoint(force=True)
        await slack.app_connected()
        await slack.person("ann").command("/parrot", channel="general")

    assert missed.failed == "dispatch_failed"
    assert [request.payload["command"] for request in got] == ["/parrot"]


async def test_an_acknowledgement_on_another_connection_counts_for_nothing(slack: Sandbox) -> None:
    async with bare(slack) as first, bare(slack) as second:
        await slack.app_connected(connections=2)
        await slack.person("ann").types("hello", channel="general")
        on_first = asyncio.create_task(first.next())
        on_second = asyncio.create_task(second.next())
        done, _ = await asyncio.wait({on_first, on_second}, return_when=asyncio.FIRST_COMPLETED)
        other = second if on_first in done else first
        waiting = on_second if on_first in done else on_first
        await other.acknowledge(done.pop().result())

        repeated = await waiting

    assert repeated["retry_attempt"] == 1


async def test_garbage_from_the_app_is_ignored(slack: Sandbox) -> None:
    async with bare(slack) as connection:
        for garbage in ("not json", "[]", "{}", '{"envelope_id": "unknown"}'):
            await connection.socket.send_str(garbage)
        await slack.person("ann").types("still here", channel="general")
        envelope = await connection.next()
        await connection.acknowledge(envelope)
        await slack.events_settled()

    assert slack.feed.given_up == []


async def test_every_payload_is_delivered_twice_at_once_when_asked(slack: Sandbox) -> None:
    got: list[SocketModeRequest] = []
    slack.faults.deliver_twice = True
    async with sdk_client(slack, got):
        await slack.person("ann").types("echo", channel="general")
        await until(lambda: len(got) == 2)
        await slack.events_settled()

    assert got[0].payload == got[1].payload
    assert got[0].envelope_id != got[1].envelope_id
