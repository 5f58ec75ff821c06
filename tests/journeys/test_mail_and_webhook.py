"""Notices outside Slack, by the running bot: to a real mail server and a real webhook."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.service import Service
from sandbox import Sandbox
from storage.deliveries import owe
from storage.tables import DeliveryKind
from tests.bot.mail_host import PASSWORD, USER, MailHost, a_mail_host
from tests.bot.test_mail import a_notice, text_of
from tests.bot.test_webhook import Receiver
from tests.journeys.conftest import a_bot
from tests.journeys.telling import all_done, declare
from workflows.process import Process, parse_process

BOARD = "board@example.com"


@pytest.fixture
async def host() -> AsyncIterator[MailHost]:
    """A mail server that wants a password."""
    async with a_mail_host(auth_require_tls=False) as host:
        yield host


def smtp_url(host: MailHost) -> str:
    """How the operator names it."""
    return (
        f"smtp://{USER}:{PASSWORD.replace('@', '%40').replace(' ', '%20')}@127.0.0.1:{host.port}/?from=ops@example.com"
    )


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, Process]]:
    """A webhook, and the process in which it and the board hear of everything."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    async with TestServer(app) as server:
        webhook = {"url": str(server.make_url("/in")), "secret_env": "STATUS_SECRET"}
        everybody = {"name": "Everybody", "emails": [BOARD], "webhooks": ["status"]}
        yield receiver, parse_process({"webhooks": {"status": webhook}, "audiences": {"everybody": everybody}})


async def owe_mail(bot: Service) -> None:
    """Owe the board an update of INC-1."""
    async with bot.database.transaction() as session:
        payload = {"to": BOARD, "notice": a_notice(ref="INC-1").to_json()}
        owe(
            session,
            DeliveryKind.MAIL,
            lane=f"mail/{BOARD}",
            key="notice",
            due_at=datetime.now(UTC),
            incident_id=1,
            payload=payload,
        )


async def test_an_address_and_a_webhook_hear_of_each_turn_once_in_order_and_in_one_conversation(
    slack: Sandbox,
    database_url: str,
    host: MailHost,
    receiver: tuple[Receiver, Process],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STATUS_SECRET", "of the status page")
    calls, process = receiver
    ann = slack.person("ann")
    async with a_bot(slack, database_url, process=process, smtp_url=smtp_url(host)) as bot:
        channel = await declare(slack)
        await all_done(bot)
        await ann.command("/incident severity", channel=channel)
        form = await ann.form()
        await form.fill({"Severity": "SEV3", "Why?": "A few can pay"})
        assert (await form.submit()).closed
        await all_done(bot)
        await ann.command("/incident update", channel=channel)
        form = await ann.form()
        await form.fill({"Condition": "Rolled back by @bo"})
        assert (await form.submit()).closed
        await all_done(bot)

    told = [json.loads(body) for _, body in calls.received]
    assert [notice["transition"] for notice in told] == ["declared", "severity_lowered", "update"]
    assert [message["To"] for message in host.received] == [BOARD] * 3
    assert {message["Subject"] for message in host.received} == {"INC-1 · Checkout is down"}
    assert len({message["References"] for message in host.received}) == 1
    for message, notice in zip(host.received, told, strict=True):
        assert text_of(message).startswith(f"{notice['headline']}\n")
    assert host.logins == [USER] * 3
    assert "Rolled back" in text_of(host.received[-1])
    assert "/archives/C" in text_of(host.received[-1])
    assert ann.dm() == []


async def test_the_board_hears_nothing_of_a_private_incident(
    slack: Sandbox,
    database_url: str,
    host: MailHost,
    receiver: tuple[Receiver, Process],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STATUS_SECRET", "of the status page")
    calls, process = receiver
    async with a_bot(slack, database_url, process=process, smtp_url=smtp_url(host)) as bot:
        await declare(slack, answers={"Type": "Security"})
        await all_done(bot)

    assert host.connections == 0
    assert calls.received == []


async def test_a_mail_server_that_is_set_up_later_gets_what_was_given_up_when_somebody_tries_again(
    slack: Sandbox, database_url: str, host: MailHost
) -> None:
    ann = slack.person("ann")
    async with a_bot(slack, database_url) as bot:
        await declare(slack)
        await owe_mail(bot)
        await all_done(bot)
        (told,) = ann.dm()
    async with a_bot(slack, database_url, smtp_url=smtp_url(host)) as bot:
        await ann.press("Try again", told)
        await all_done(bot)

    assert "INC-1: I could not send mail about it. No mail server is set up" in told.text
    assert [message["To"] for message in host.received] == [BOARD]
    assert len([message for message in ann.dm() if not message.ephemeral]) == 1


async def test_a_mail_server_that_never_answers_delays_nothing_in_slack(
    slack: Sandbox, database_url: str, host: MailHost
) -> None:
    host.hold = asyncio.Event()
    async with a_bot(slack, database_url, smtp_url=smtp_url(host)) as bot:
        await declare(slack)
        await owe_mail(bot)
        channel = await declare(slack, "Search is down")
        said = await slack.person("ann").command("/incident note rolled back", channel=channel)
        host.hold.set()
        await all_done(bot)

    assert "Noted" in said.text
    assert len(host.received) == 1
