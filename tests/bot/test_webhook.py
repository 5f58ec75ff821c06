"""Webhooks, called on a real server: what is posted, what is tried again, and what is given up."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr

from bot.demo.child import at_home
from bot.messenger import caller as module
from bot.messenger.caller import Caller
from bot.messenger.messenger import SlackMessenger
from bot.messenger.roads import KEEPS_TRYING
from storage.deliveries import Claim
from storage.tables import DeliveryKind
from tests.bot.mail_host import server_tls
from tests.bot.scripted_slack import ScriptedSlack, a_claim
from tests.bot.test_mail import Clock, a_notice
from tests.bot.values import HARD_WORDS, a_situation
from tests.builders import NOON, PROCESS
from workflows.notices import Part
from workflows.ports import GiveUp, Outcome, Sent, TryAgain
from workflows.process import parse_process
from workflows.process_parts import Webhook

SECRET = "of the status page"
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Receiver:
    """A receiver that keeps what came, and answers as it is told; then 204."""

    answers: list[web.Response] = field(default_factory=list)
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    hangs_up: bool = False

    async def take(self, request: web.Request) -> web.Response:
        """One call."""
        self.received.append((dict(request.headers), await request.read()))
        if self.hold is not None:
            await self.hold.wait()
        if self.hangs_up and request.transport is not None:
            request.transport.abort()
        return self.answers.pop(0) if self.answers else web.Response(status=204)


class Teller:
    """The messenger, the webhook `status` at an address, and a clock that a test moves."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.clock = Clock()
        webhook = Webhook(url=url, secret_env="STATUS_SECRET")
        caller = Caller(session, {"status": webhook}, {"status": SecretStr(SECRET)})
        self.messenger = SlackMessenger(ScriptedSlack().slack(now=self.clock), PROCESS, caller=caller)

    async def tell(self, claim: Claim | None = None, **situation: Any) -> Outcome:
        """Perform one."""
        return await self.messenger.deliver(claim or a_call(), a_situation(**situation))


def a_call(*, to: str = "status", key: str = "0123456789ab/notice/1/status", **changes: Any) -> Claim:
    """A notice that is owed to a webhook since noon."""
    claim = a_claim(DeliveryKind.WEBHOOK, payload={"to": to, "notice": a_notice(**changes).to_json()})
    return replace(claim, dedupe_key=key)


@asynccontextmanager
async def _telling(url: str) -> AsyncIterator[Teller]:
    async with aiohttp.ClientSession() as session:
        yield Teller(session, url)


@asynccontextmanager
async def _receiving(**how: Any) -> AsyncIterator[tuple[Receiver, Teller]]:
    receiver = Receiver(**how)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    server = TestServer(app)
    await server.start_server()
    async with _telling(str(server.make_url("/in?from=sitrep"))) as teller:
        yield receiver, teller
    if receiver.hold is not None:
        receiver.hold.set()
    await server.close()


async def test_a_webhook_gets_the_notice_as_json_with_people_by_name() -> None:
    async with _receiving() as (receiver, teller):
        outcome = await teller.tell()

    ((headers, body),) = receiver.received
    assert outcome == Sent({"status": 204})
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "delivery": headers["X-Sitrep-Delivery"],
        "transition": "update",
        "ref": "INC-7",
        "headline": "INC-7 · Checkout is down: mitigating",
        "facts": ["SEV2", "Mitigating"],
        "parts": [
            {"label": "Condition", "text": "Cards are refused <again> & again.\nAnn looks into it.", "at": None},
            {"label": "Next update by", "text": "", "at": "2026-03-04T12:30:00+00:00"},
        ],
        "next": "Bob and somebody roll back.",
        "happened_at": "2026-03-04T12:00:00+00:00",
        "channel_id": "CINC7",
    }


async def test_a_call_is_signed_with_the_webhooks_secret() -> None:
    async with _receiving() as (receiver, teller):
        await teller.tell()

    ((headers, body),) = receiver.received
    assert headers["X-Sitrep-Timestamp"] == str(int(NOON.timestamp()))
    signed = b"v1:" + headers["X-Sitrep-Timestamp"].encode() + b":" + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Sitrep-Signature"] == f"v1={expected}"


async def test_a_repetition_has_the_same_delivery_and_a_time_of_its_own() -> None:
    async with _receiving() as (receiver, teller):
        receiver.answers = [web.Response(status=500)]
        await teller.tell()
        teller.clock.time += MINUTE
        await teller.tell()
        await teller.tell(a_call(key="another"))

    (first, body), (again, same_body), (other, _) = receiver.received
    assert first["X-Sitrep-Delivery"] == again["X-Sitrep-Delivery"] != other["X-Sitrep-Delivery"]
    assert body == same_body
    assert int(again["X-Sitrep-Timestamp"]) - int(first["X-Sitrep-Timestamp"]) == 60
    assert first["X-Sitrep-Signature"] != again["X-Sitrep-Signature"]


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
async def test_words_of_any_sort_arrive(words: str) -> None:
    async with _receiving() as (receiver, teller):
        await teller.tell(a_call(headline=words, parts=(Part("Condition", words),), names={"U1": "Una"}))

    said = json.loads(receiver.received[0][1])
    assert said["headline"] == said["parts"][0]["text"] == words.replace("{@U1}", "Una")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_an_answer_that_may_pass_is_tried_again(status: int) -> None:
    async with _receiving() as (receiver, teller):
        receiver.answers = [web.Response(status=status)]
        first = await teller.tell()
        second = await teller.tell()

    assert first == TryAgain(NOON + 5 * SECOND, f"the webhook status answers {status}", in_doubt=False)
    assert isinstance(second, Sent)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("30", 30 * SECOND),
        ("0", 5 * SECOND),
        ("-1", 5 * SECOND),
        ("Wed, 04 Mar 2026 12:02:00 GMT", 2 * MINUTE),
        ("Wed, 04 Mar 2026 11:00:00 -0000", 5 * SECOND),
        ("86400", HOUR),
        ("9" * 40, 5 * SECOND),
        ("soon", 5 * SECOND),
    ],
)
async def test_a_webhook_is_left_alone_as_long_as_it_asks_but_no_longer_than_an_hour(
    asked: str, wait: timedelta
) -> None:
    async with _receiving() as (receiver, teller):
        receiver.answers = [web.Response(status=429, headers={"Retry-After": asked})]
        outcome = await teller.tell()

    assert isinstance(outcome, TryAgain)
    assert outcome.at - NOON == wait


async def test_a_webhook_that_answers_500_for_a_day_is_told_of_after_ten_minutes_and_then_given_up() -> None:
    async with _receiving() as (receiver, teller):
        receiver.answers = [web.Response(status=500) for _ in range(1000)]
        tried: list[tuple[datetime, str]] = []
        outcome = await teller.tell()
        while isinstance(outcome, TryAgain):
            tried.append((teller.clock.time, outcome.trouble))
            teller.clock.time = outcome.at
            outcome = await teller.tell()

    assert all(bool(trouble) is (at >= NOON + 10 * MINUTE) for at, trouble in tried)
    assert teller.clock.time == NOON + KEEPS_TRYING
    assert outcome == GiveUp(
        "the webhook status answers 500",
        "I tried for 24 hours: the webhook status answers 500. When that is mended, try again.",
        "tried_for_24_hours",
    )


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410])
async def test_an_answer_that_will_not_pass_is_given_up_and_no_redirect_is_followed(status: int) -> None:
    async with _receiving() as (receiver, teller):
        receiver.answers = [web.Response(status=status, headers={"Location": "/elsewhere"})]
        outcome = await teller.tell()

    assert outcome == GiveUp(
        f"the webhook status answers {status}",
        f"The webhook status answers {status}. Correct it in sitrep.toml or at its receiver, then try again.",
        "refused",
    )
    assert len(receiver.received) == 1


async def test_a_webhook_that_never_answers_is_left_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", aiohttp.ClientTimeout(total=0.2))
    async with _receiving() as (receiver, teller):
        receiver.hold = asyncio.Event()
        outcome = await teller.tell()

    assert outcome == TryAgain(NOON + 5 * SECOND, "the webhook status does not answer", in_doubt=True)


async def test_a_connection_that_breaks_leaves_it_in_doubt() -> None:
    async with _receiving(hangs_up=True) as (_, teller):
        outcome = await teller.tell()

    assert outcome == TryAgain(NOON + 5 * SECOND, "the connection to the webhook status broke", in_doubt=True)


async def test_a_webhook_that_is_not_there_is_tried_again() -> None:
    async with _telling(f"http://127.0.0.1:{unused_port()}/") as teller:
        outcome = await teller.tell()

    assert outcome == TryAgain(NOON + 5 * SECOND, "the webhook status cannot be reached", in_doubt=False)


async def test_a_certificate_that_is_not_trusted_is_told_at_once() -> None:
    server = TestServer(web.Application(), scheme="https")
    await server.start_server(ssl=server_tls())
    async with _telling(str(server.make_url("/"))) as teller:
        outcome = await teller.tell()
    await server.close()

    because = "the certificate of the webhook status is not trusted here"
    assert outcome == TryAgain(NOON + 5 * SECOND, because, in_doubt=False, trouble=because)


async def test_an_address_that_is_none_is_given_up() -> None:
    async with _telling("http://[::1/in") as teller:
        outcome = await teller.tell()

    assert isinstance(outcome, GiveUp)
    assert outcome.because == "the address of the webhook status is none"


async def test_a_webhook_that_was_taken_out_of_the_settings_is_given_up() -> None:
    async with _telling("http://127.0.0.1/") as teller:
        outcome = await teller.tell(a_call(to="pager"))
    without_any = await SlackMessenger(ScriptedSlack().slack(), PROCESS).deliver(a_call(), a_situation())

    assert isinstance(outcome, GiveUp)
    assert outcome.because == "the webhook pager is not in sitrep.toml any more"
    assert isinstance(without_any, GiveUp)
    assert without_any.because == "no_webhooks"


def test_the_demo_reaches_nobody_outside_this_machine() -> None:
    process = at_home(
        parse_process(
            {
                "webhooks": {"status": {"url": "https://status.example/in", "secret_env": "STATUS_SECRET"}},
                "audiences": {
                    "all": {
                        "name": "All",
                        "channels": ["general"],
                        "emails": ["board@example.com"],
                        "webhooks": ["status"],
                    }
                },
                "trackers": {
                    "github": {
                        "name": "GitHub",
                        "kind": "github",
                        "repository": "example/operations",
                        "secret_env": "GITHUB_TOKEN",
                        "automatic": True,
                    }
                },
            }
        )
    )

    (audience,) = process.audiences.values()
    assert process.webhooks == process.trackers == {}
    assert (audience.emails, audience.webhooks, audience.channels) == ([], [], ["general"])


async def test_nothing_of_a_private_incident_is_posted() -> None:
    async with _receiving() as (receiver, teller):
        outcome = await teller.tell(private=True)

    assert isinstance(outcome, GiveUp)
    assert outcome.because == "private"
    assert receiver.received == []
