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
    """A webhook, and the process that knows it."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    async with TestServer(app) as server:
        webhook = {"url": str(server.make_url("/in")), "secret_env": "STATUS_SECRET"}
        yield receiver, parse_process({"webhooks": {"status": webhook}})


async def owe_notice(bot: Service, kind: DeliveryKind, to: str) -> None:
    """Owe the board, or the status page, an update of INC-1."""
    async with bot.database.transaction() as session:
        payload = {"to": to, "notice": a_notice(ref="INC-1").to_json()}
        owe(
            session,
            kind,
            lane=f"{kind}/{to}",
            key=f"notice/{kind}",
            due_at=datetime.now(UTC),
            incident_id=1,
            payload=payload,
        )


async def test_a_notice_leaves_by_mail_and_to_a_webhook(
    slack: Sandbox,
    database_url: str,
    host: MailHost,
    receiver: tuple[Receiver, Process],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STATUS_SECRET", "of the status page")
    calls, process = receiver
    async with a_bot(slack, database_url, process=process, smtp_url=smtp_url(host)) as bot:
        await declare(slack)

        await owe_notice(bot, DeliveryKind.MAIL, BOARD)
        await owe_notice(bot, DeliveryKind.WEBHOOK, "status")
        await all_done(bot)

    (message,) = host.received
    assert (message["To"], message["From"]) == (BOARD, "Sitrep <ops@example.com>")
    assert message["Subject"] == "INC-1 · Checkout is down"
    assert host.logins == [USER]
    assert "/archives/CINC7" in text_of(message)
    ((headers, body),) = calls.received
    assert json.loads(body)["delivery"] == headers["X-Sitrep-Delivery"]
    assert slack.person("ann").dm() == []


async def test_a_mail_server_that_is_set_up_later_gets_what_was_given_up_when_somebody_tries_again(
    slack: Sandbox, database_url: str, host: MailHost
) -> None:
    ann = slack.person("ann")
    async with a_bot(slack, database_url) as bot:
        await declare(slack)
        await owe_notice(bot, DeliveryKind.MAIL, BOARD)
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
        await owe_notice(bot, DeliveryKind.MAIL, BOARD)
        channel = await declare(slack, "Search is down")
        said = await slack.person("ann").command("/incident note rolled back", channel=channel)
        host.hold.set()
        await all_done(bot)

    assert "Noted" in said.text
    assert len(host.received) == 1
