"""Roads in trouble, through the dispatcher: a person hears of it once, and what waited leaves when it can."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlmodel import select

from bot.messenger.dispatcher import Dispatcher
from bot.messenger.messenger import SlackMessenger
from bot.messenger.post_office import PostOffice
from bot.metrics import Metrics
from storage.deliveries import finish, owe
from storage.engine import Database
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome
from tests.bot.mail_host import PASSWORD, USER, MailHost, a_mail_host
from tests.bot.scripted_slack import ScriptedSlack
from tests.bot.test_dispatcher import rows, until
from tests.bot.test_mail import Clock, a_notice
from tests.bot.values import accepted
from tests.builders import NOON, PROCESS, an_opened_incident
from tests.workflows.asking import waiting
from workflows.faults import retry_given_up
from workflows.trouble import in_trouble

MINUTE = timedelta(minutes=1)
ADDRESSES = ("ceo@example.com", "cto@example.com")


class Running:
    """A dispatcher with a real post office, on a clock that a test moves."""

    def __init__(self, database: Database, host: MailHost, **server: Any) -> None:
        self.database = database
        self.clock = Clock()
        self.slack = ScriptedSlack(conversations__open={"channel": {"id": "DANN"}}, chat__postMessage={"ts": "1.1"})
        self.messenger = SlackMessenger(
            self.slack.slack(now=self.clock),
            PROCESS,
            post_office=PostOffice(host.server(**server), now=self.clock),
        )
        self.dispatcher = Dispatcher(
            database,
            self.messenger,
            process=PROCESS,
            now=self.clock,
            metrics=Metrics(),
            wake_at=lambda at: None,
        )
        database.on_owed = self.dispatcher.wake

    async def owe_mail(self, *addresses: str) -> None:
        """Owe each of these the notice of INC-1."""
        async with self.database.transaction() as session:
            for to in addresses:
                payload = {"to": to, "notice": a_notice().to_json()}
                key = f"notice/{to}"
                owe(session, DeliveryKind.MAIL, lane=to, key=key, due_at=NOON, incident_id=1, payload=payload)

    async def settle(self) -> None:
        """Wait until all that is due now has been performed, and written down."""

        async def nothing_is_due() -> bool:
            return all(self._rests(row) for row in await rows(self.database))

        self.dispatcher.wake()
        await until(nothing_is_due)

    def _rests(self, row: Delivery) -> bool:
        put_off = row.retry_at is not None and row.retry_at > self.clock.time
        return row.done_at is not None or (put_off and row.claimed_by is None)

    async def live_through(self, time: timedelta, *, step: timedelta = MINUTE) -> None:
        """Let this much time pass, step by step."""
        end = self.clock.time + time
        while self.clock.time < end:
            self.clock.time = min(self.clock.time + step, end)
            await self.settle()

    async def outcomes(self) -> list[DeliveryOutcome | None]:
        """How each mail ended."""
        return [row.outcome for row in await rows(self.database) if row.kind is DeliveryKind.MAIL]

    def told(self) -> list[str]:
        """What the declarer was told; Slack takes it."""
        posts = self.slack.arguments("chat.postMessage")
        for post in posts:
            accepted(post["text"])
        return [post["text"] for post in posts]


@asynccontextmanager
async def running(database: Database, host: MailHost, **server: Any) -> AsyncIterator[Running]:
    """INC-1 of Ann's, to which nothing but mail is owed."""
    async with database.transaction() as session:
        await an_opened_incident(session)
    async with database.transaction() as session:
        for row in (await session.execute(select(Delivery))).scalars():
            finish(row, DeliveryOutcome.SENT, now=NOON)
    run = Running(database, host, **server)
    await run.dispatcher.start()
    yield run
    await run.dispatcher.stop()


@pytest.fixture
async def host() -> AsyncIterator[MailHost]:
    """A mail server."""
    async with a_mail_host() as host:
        yield host


async def test_mail_that_waits_for_an_hour_is_told_once_and_arrives_once(database: Database, host: MailHost) -> None:
    await host.down()
    async with running(database, host) as run:
        await run.owe_mail(*ADDRESSES)
        await run.settle()
        await run.live_through(9 * MINUTE)
        told_early = run.told()
        await run.live_through(51 * MINUTE)
        told = run.told()
        await host.up()
        await run.live_through(6 * MINUTE)
        outcomes = await run.outcomes()
        told_afterwards = run.told()

    assert told_early == []
    (text,) = told
    assert text.startswith(":hourglass: INC-1: mail about it has been waiting since <!date^1772625600^")
    assert ", because the mail server cannot be reached. I keep trying until <!date^1772712000^" in text
    assert told_afterwards == told
    assert outcomes == [DeliveryOutcome.SENT] * 2
    assert sorted(message["To"] for message in host.received) == list(ADDRESSES)


async def test_mail_that_could_not_leave_for_a_day_is_told_once_and_leaves_when_somebody_tries_again(
    sqlite: Database, host: MailHost
) -> None:
    await host.down()
    async with running(sqlite, host) as run:
        await run.owe_mail(*ADDRESSES)
        await run.settle()
        await run.live_through(timedelta(hours=24), step=timedelta(hours=1))
        outcomes = await run.outcomes()
        _waiting, *told = run.told()
        await host.up()
        run.clock.time += MINUTE
        async with sqlite.transaction() as session:
            again = await retry_given_up(session, 1)
        await run.settle()
        afterwards = await run.outcomes()

    assert outcomes == [DeliveryOutcome.GAVE_UP] * 2
    assert told == [
        ":warning: INC-1: I could not send mail about it. I tried for 24 hours: the mail server cannot be reached. "
        "When that is mended, try again."
    ]
    assert again == 2
    assert afterwards == [DeliveryOutcome.SENT] * 2


async def test_an_address_that_is_refused_is_told_at_once_and_the_others_get_theirs(
    sqlite: Database, host: MailHost
) -> None:
    host.answers["cto@example.com"] = ["550 5.1.1 <cto@example.com>: no such user & <!channel>"]
    with structlog.testing.capture_logs() as logged:
        async with running(sqlite, host) as run:
            await run.owe_mail(*ADDRESSES)
            await run.settle()
            outcomes = await run.outcomes()
            told = run.told()

    assert [line["because"] for line in logged if line["event"] == "gave up a delivery"] == ["refused"]
    assert "cto@example.com" not in str(logged)
    assert outcomes == [DeliveryOutcome.SENT, DeliveryOutcome.GAVE_UP]
    assert told == [
        ":warning: INC-1: I could not send mail about it. The mail server does not take mail for cto@example.com "
        "(550 5.1.1 &lt;cto@example.com&gt;: no such user &amp; &lt;!channel&gt;). Correct the address, or have the "
        "server accept it, then try again."
    ]


async def test_a_password_that_is_refused_is_told_at_once_and_once(sqlite: Database) -> None:
    async with (
        a_mail_host(auth_require_tls=False) as host,
        running(sqlite, host, user=USER, password=f"{PASSWORD}!") as run,
    ):
        await run.owe_mail(*ADDRESSES)
        await run.settle()
        at_once = run.told()
        await run.live_through(20 * MINUTE)
        told = run.told()
        outcomes = await run.outcomes()

    (text,) = at_once
    assert "because the mail server does not accept the user and password of SMTP_URL (535 5.7.8" in text
    assert PASSWORD not in text
    assert told == at_once
    assert outcomes == [None, None]


async def test_more_mail_than_there_is_room_for_arrives_in_turns(sqlite: Database, host: MailHost) -> None:
    async with running(sqlite, host) as run:
        await run.owe_mail(*(f"reader{number}@example.com" for number in range(60)))
        await run.settle()
        await run.live_through(MINUTE, step=timedelta(seconds=1))
        outcomes = await run.outcomes()

    assert outcomes == [DeliveryOutcome.SENT] * 60
    assert len(host.received) == 60
    assert run.told() == []


async def test_each_webhook_in_trouble_is_told_once_an_incident(sqlite: Database, host: MailHost) -> None:
    async with running(sqlite, host), sqlite.transaction() as session:
        for to in ("status", "pager", "status"):
            delivery = Delivery(
                kind=DeliveryKind.WEBHOOK, incident_id=1, payload={"to": to}, dedupe_key="k", lane="l", due_at=NOON
            )
            await in_trouble(session, delivery, because=f"the webhook {to} answers 500", now=NOON)
        reports = [row.payload for row in await waiting(session) if row.kind is DeliveryKind.REPORT_FAULT]

    assert [report["because"] for report in reports] == [
        "the webhook status answers 500",
        "the webhook pager answers 500",
    ]
    assert {report["to"] for report in reports} == {"UANN"}
