"""Mail, handed to a real server: what arrives, what is tried again, and what is given up."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from bot.messenger import post_office as module
from bot.messenger.mail import mail_of
from bot.messenger.messenger import SlackMessenger
from bot.messenger.post_office import ROOM, SHUT_FOR, PostOffice
from bot.messenger.roads import KEEPS_TRYING, Refused
from storage.deliveries import Claim
from storage.tables import DeliveryKind
from tests.bot.mail_host import HANGS_UP, PASSWORD, USER, MailHost, a_mail_host, server_tls, trusting
from tests.bot.scripted_slack import ScriptedSlack, a_claim
from tests.bot.values import HARD_WORDS, a_situation, an_unsaved_incident
from tests.builders import NOON, PROCESS
from workflows.notices import Notice, Part, Transition
from workflows.ports import GiveUp, Outcome, Sent, TryAgain

TO = "cto@example.com"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def a_notice(**changes: Any) -> Notice:
    """INC-7 has an update."""
    values: dict[str, Any] = {
        "transition": Transition.UPDATE,
        "ref": "INC-7",
        "headline": "INC-7 · Checkout is down: mitigating",
        "facts": ("SEV2", "Mitigating"),
        "parts": (
            Part("Condition", "Cards are refused <again> & again.\n{@UANN} looks into it."),
            Part("Next update by", at="2026-03-04T12:30:00+00:00"),
        ),
        "next": "{@UBOB} and {@UGONE} roll back.",
        "happened_at": NOON.isoformat(),
        "channel_id": "CINC7",
        "names": {"UANN": "Ann", "UBOB": "Bob"},
    }
    return Notice(**{**values, **changes})


def a_mail(*, to: str = TO, key: str = "0123456789ab/notice/1/cto", look_first: bool = False, **changes: Any) -> Claim:
    """A notice that is owed to an address since noon."""
    payload = {"to": to, "notice": a_notice(**changes).to_json()}
    return replace(a_claim(DeliveryKind.MAIL, payload=payload, look_first=look_first), dedupe_key=key)


class Sender:
    """The messenger, the post office of a host, and a clock that a test moves."""

    def __init__(self, host: MailHost, *, trusts: bool = False, **server: Any) -> None:
        self.clock = Clock()
        self.post_office = PostOffice(host.server(**server), now=self.clock, trusted=trusting() if trusts else None)
        slack = ScriptedSlack().slack(now=self.clock)
        self.messenger = SlackMessenger(slack, PROCESS, post_office=self.post_office)

    async def send(self, claim: Claim | None = None, **situation: Any) -> Outcome:
        """Perform one."""
        return await self.messenger.deliver(claim or a_mail(), a_situation(**situation))


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """One of its two bodies."""
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content.replace("\r\n", "\n")


# What arrives


async def test_a_notice_arrives_as_plain_text_with_names_and_times_in_utc() -> None:
    async with a_mail_host() as host:
        outcome = await Sender(host).send()

    (message,) = host.received
    assert isinstance(outcome, Sent)
    assert outcome.answer == {"message_id": message["Message-ID"], "said": "taken as 42"}
    assert text_of(message) == (
        "INC-7 · Checkout is down: mitigating\n"
        "SEV2 · Mitigating\n"
        "\n"
        "Condition: Cards are refused <again> & again.\n"
        "Ann looks into it.\n"
        "\n"
        "Next update by: 4 Mar 2026, 12:30 UTC\n"
        "\n"
        "Next: Bob and somebody roll back.\n"
        "\n"
        "-- \n"
        "INC-7 · Sitrep, for cto@example.com\n"
        "To hear no more, send a mail to incidents@example.com with the subject “unsubscribe INC-7”.\n"
    )


async def test_a_notice_arrives_as_html_in_which_words_are_words() -> None:
    async with a_mail_host() as host:
        await Sender(host).send(a_mail(headline="<script>alert(1)</script>", next="<img src=x> & {@UANN}"))

    html = text_of(host.received[0], "html")
    assert "<h1" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Cards are refused &lt;again&gt; &amp; again.\nAnn looks into it." in html
    assert "&lt;img src=x&gt; &amp; Ann" in html
    assert "<script" not in html
    assert "<img" not in html


async def test_all_mail_on_an_incident_is_one_conversation() -> None:
    async with a_mail_host() as host:
        sender = Sender(host)
        await sender.send(a_mail(key="a"))
        await sender.send(a_mail(key="b", headline="INC-7 is resolved"))
        await sender.send(a_mail(key="c"), id=8, marker="ba9876543210")

    first, second, other = host.received
    assert first["Subject"] == second["Subject"] == "INC-7 · Checkout is down"
    assert first["References"] == first["In-Reply-To"] == second["References"] == second["In-Reply-To"]
    assert first["References"].endswith("@example.com>")
    assert other["References"] != first["References"]
    assert len({message["Message-ID"] for message in host.received}) == 3


async def test_a_mail_says_what_it_is_and_how_to_hear_no_more() -> None:
    async with a_mail_host() as host:
        await Sender(host).send()

    (message,) = host.received
    assert message["From"] == "Sitrep <incidents@example.com>"
    assert message["To"] == TO
    assert message["Date"].datetime == NOON
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<mailto:incidents@example.com?subject=unsubscribe%20INC-7>"


async def test_a_mail_that_is_repeated_is_the_same_message() -> None:
    async with a_mail_host() as host:
        sender = Sender(host)
        await sender.send()
        sender.clock.time += MINUTE
        await sender.send(a_mail(look_first=True))

    first, second = host.received
    assert first.as_string().replace(first.get_boundary() or "", "") == second.as_string().replace(
        second.get_boundary() or "", ""
    )


async def test_mail_to_people_outside_says_nothing_of_our_own() -> None:
    async with a_mail_host() as host:
        claim = a_mail(ref="", headline="Payments work again", facts=(), parts=(), next="", channel_id=None, names={})
        await Sender(host).send(claim)

    (message,) = host.received
    assert message["Subject"] == "Payments work again"
    assert "INC-7" not in message.as_string()
    assert "Checkout" not in text_of(message) + text_of(message, "html")
    assert message["List-Unsubscribe"] == "<mailto:incidents@example.com?subject=unsubscribe>"


async def test_a_mail_links_to_the_channel_once_the_workspace_is_known() -> None:
    async with a_mail_host() as host:
        sender = Sender(host)
        await sender.messenger._slack.identity()
        await sender.send()

    assert "In Slack: https://example.slack.com/archives/CINC7\n" in text_of(host.received[0])
    assert '<a href="https://example.slack.com/archives/CINC7">' in text_of(host.received[0], "html")


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
async def test_words_of_any_sort_arrive(words: str) -> None:
    async with a_mail_host() as host:
        claim = a_mail(headline=words, parts=(Part("Condition", words),), next=words, names={"U1": "Una"})
        outcome = await Sender(host).send(claim, title=words)

    assert isinstance(outcome, Sent)
    (message,) = host.received
    assert len(message["Subject"]) <= 150
    # A mail's lines end where its words' lines do, whatever breaks them.
    assert words.replace("{@U1}", "Una").rstrip() in text_of(message)


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
async def test_a_title_adds_no_header(line_break: str) -> None:
    async with a_mail_host() as host:
        await Sender(host).send(title=f"Down{line_break}Bcc: everybody@example.com")

    (message,) = host.received
    assert message["Bcc"] is None
    assert message["Subject"] == "INC-7 · Down Bcc: everybody@example.com"


@pytest.mark.parametrize(
    "to", ["nobody", "a@b@c", "a@example.com\r\nBcc: x@example.com", "a@example.com, b@x", "", "<>"]
)
def test_what_is_not_an_address_is_refused(to: str) -> None:
    with pytest.raises(Refused, match="is not an address"):
        mail_of(a_notice(), an_unsaved_incident(), to=to, server=MailHost().server(), key="k", owed_at=NOON, link=None)


# TLS and logging in


@pytest.mark.parametrize("starttls", [None, True], ids=["offered", "required"])
async def test_the_connection_is_secured_before_anybody_logs_in(starttls: bool | None) -> None:
    async with a_mail_host(tls_context=server_tls(), require_starttls=True, auth_required=True) as host:
        outcome = await Sender(host, trusts=True, starttls=starttls, user=USER, password=PASSWORD).send()

    assert isinstance(outcome, Sent)
    assert host.over_tls == [True]
    assert host.logins == [USER]


async def test_a_server_that_speaks_tls_at_once_is_spoken_to_so() -> None:
    async with a_mail_host(tls_at_once=True) as host:
        outcome = await Sender(host, trusts=True, tls_at_once=True).send()

    assert isinstance(outcome, Sent)
    assert host.over_tls == [True]


@pytest.mark.parametrize(
    ("options", "server", "because"),
    [
        ({"tls_context": server_tls()}, {}, "the mail server's certificate is not trusted here"),
        ({"tls_at_once": True}, {"tls_at_once": True}, "the mail server's certificate is not trusted here"),
        ({}, {"tls_at_once": True}, "the mail server does not speak TLS the way SMTP_URL says"),
        ({}, {"starttls": True}, "the mail server cannot do what SMTP_URL asks for (SMTP STARTTLS"),
        (
            {"auth_require_tls": False},
            {"user": USER, "password": "wrong one"},
            "the mail server does not accept the user and password of SMTP_URL (535 5.7.8",
        ),
        ({}, {"user": USER, "password": PASSWORD}, "the mail server cannot do what SMTP_URL asks for (The SMTP AUTH"),
        ({}, {}, "the mail server does not take mail from incidents@example.com (530 5.7.0 Log in first)"),
    ],
    ids=["certificate", "certificate at once", "no TLS", "no STARTTLS", "password", "no AUTH", "no login"],
)
async def test_what_only_the_operator_can_mend_is_told_at_once_and_tried_on(
    options: dict[str, Any], server: dict[str, Any], because: str
) -> None:
    async with a_mail_host(**options) as host:
        host.answers["incidents@example.com"] = ["530 5.7.0 Log in first"]
        outcome = await Sender(host, **server).send()

    assert isinstance(outcome, TryAgain)
    assert because in outcome.because
    assert outcome.trouble == outcome.because
    assert outcome.at == NOON + 5 * SECOND
    assert "wrong one" not in outcome.because
    assert host.received == []


# What is refused, and what is tried again


@pytest.mark.parametrize("where", [TO, "data"])
async def test_a_recipient_that_is_refused_is_given_up_at_once_with_what_was_said(where: str) -> None:
    async with a_mail_host() as host:
        host.answers[where] = ["550 5.1.1 No such user here" + "!" * 500]
        outcome = await Sender(host).send()

    assert isinstance(outcome, GiveUp)
    assert outcome.because.startswith(f"the mail server does not take mail for {TO} (550 5.1.1 No such user here!!!")
    assert len(outcome.because) < 300
    assert outcome.hint.endswith("Correct the address, or have the server accept it, then try again.")


async def test_a_server_that_repeats_the_password_is_not_quoted_with_it() -> None:
    async with a_mail_host(auth_require_tls=False) as host:
        host.answers[TO] = [f"550 not for {PASSWORD}"]
        outcome = await Sender(host, user=USER, password=PASSWORD).send()

    assert isinstance(outcome, GiveUp)
    assert "(550 not for ***)" in outcome.because


@pytest.mark.parametrize("where", [TO, "incidents@example.com", "data"])
async def test_a_greylisting_server_takes_it_the_next_time(where: str) -> None:
    async with a_mail_host() as host:
        host.answers[where] = ["451 4.7.1 Greylisted, come back later"]
        sender = Sender(host)
        first = await sender.send()
        sender.clock.time += MINUTE
        second = await sender.send()

    assert isinstance(first, TryAgain)
    assert (first.at, first.in_doubt, first.trouble) == (NOON + 5 * SECOND, False, "")
    assert "451 4.7.1 Greylisted, come back later" in first.because
    assert isinstance(second, Sent)


async def test_one_recipient_who_has_to_wait_holds_up_nobody_else() -> None:
    async with a_mail_host() as host:
        host.answers[TO] = ["451 later"]
        sender = Sender(host)
        await sender.send()
        outcome = await sender.send(a_mail(to="ceo@example.com"))

    assert isinstance(outcome, Sent)


async def test_a_server_that_is_down_is_tried_ever_more_rarely_for_a_day_and_then_given_up() -> None:
    async with a_mail_host() as host:
        await host.down()
        sender = Sender(host)
        waits, told = [], []
        outcome = await sender.send()
        while isinstance(outcome, TryAgain):
            waits.append(outcome.at - sender.clock.time)
            told.append((sender.clock.time - NOON, outcome.trouble))
            sender.clock.time = outcome.at
            outcome = await sender.send()
        await host.up()

    assert waits[0] == 5 * SECOND
    assert waits[:-1] == sorted(waits[:-1])
    assert max(waits) == 5 * MINUTE
    assert all(bool(trouble) is (age >= 10 * MINUTE) for age, trouble in told)
    assert sender.clock.time == NOON + KEEPS_TRYING
    assert outcome == GiveUp(
        "the mail server cannot be reached",
        "I tried for 24 hours: the mail server cannot be reached. When that is mended, try again.",
        "tried_for_24_hours",
    )


async def test_a_server_that_comes_up_again_gets_what_waited() -> None:
    async with a_mail_host() as host:
        await host.down()
        sender = Sender(host)
        sender.clock.time += 59 * MINUTE
        refused = await sender.send()
        await host.up()
        assert isinstance(refused, TryAgain)
        sender.clock.time = refused.at
        outcome = await sender.send()

    assert refused.trouble == "the mail server cannot be reached"
    assert isinstance(outcome, Sent)
    assert len(host.received) == 1


async def test_a_server_that_was_not_there_is_left_alone_for_some_seconds() -> None:
    async with a_mail_host() as host:
        sender = Sender(host)
        await host.down()
        await sender.send()
        await host.up()
        at_once = await sender.send()
        sender.clock.time += SHUT_FOR
        later = await sender.send()

    assert isinstance(at_once, TryAgain)
    assert at_once.because == "the mail server cannot be reached"
    assert isinstance(later, Sent)
    assert host.connections == 1


async def test_a_connection_that_breaks_after_the_message_leaves_it_in_doubt() -> None:
    async with a_mail_host() as host:
        host.answers["data"] = [HANGS_UP]
        outcome = await Sender(host).send()

    assert isinstance(outcome, TryAgain)
    assert (outcome.because, outcome.in_doubt) == ("the connection to the mail server broke", True)


async def test_a_server_that_never_answers_is_left_in_good_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_VISIT", 0.2)
    async with a_mail_host() as host:
        host.hold = asyncio.Event()
        outcome = await Sender(host).send()
        host.hold.set()

    assert isinstance(outcome, TryAgain)
    assert (outcome.because, outcome.in_doubt) == ("the mail server took too long", True)


async def test_a_flood_of_mail_keeps_to_its_room_and_a_few_connections() -> None:
    async with a_mail_host() as host:
        host.hold = asyncio.Barrier(3)
        sender = Sender(host)
        tasks = [asyncio.create_task(sender.send(a_mail(key=str(number)))) for number in range(ROOM + 5)]
        outcomes = await asyncio.gather(*tasks)

    put_off = [outcome for outcome in outcomes if isinstance(outcome, TryAgain)]
    assert host.most_at_once == 3
    assert [(outcome.at, outcome.trouble) for outcome in put_off] == [(NOON + SECOND, "")] * 5
    assert len(host.received) == ROOM


# What is not sent at all


async def test_without_a_mail_server_it_is_said_what_to_set() -> None:
    outcome = await SlackMessenger(ScriptedSlack().slack(), PROCESS).deliver(a_mail(), a_situation())

    assert isinstance(outcome, GiveUp)
    assert outcome.because == "no_mail_server"
    assert "sets SMTP_URL" in outcome.hint


@pytest.mark.parametrize(
    ("reader", "arrives"), [(None, False), ("UEVE", False), ("UANN", True)], ids=["nobody knows", "Eve", "Ann"]
)
async def test_mail_on_a_private_incident_goes_to_those_who_may_see_it_when_it_is_sent(
    reader: str | None, arrives: bool
) -> None:
    claim = a_mail()
    claim.payload["reader"] = reader
    situation = replace(a_situation(private=True), viewers=frozenset({"UANN"}))
    async with a_mail_host() as host:
        outcome = await Sender(host).messenger.deliver(claim, situation)

    assert len(host.received) == arrives
    assert isinstance(outcome, Sent) is arrives
    if isinstance(outcome, GiveUp):
        assert outcome.because == "private"
