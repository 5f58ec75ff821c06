"""Accepted risks and concerns: said in one line, signed for, and not forgotten."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.action_items import find_item, find_risk
from storage.tables import AcceptedRisk, Source
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import clock_at, days_pass
from tests.journeys.telling import all_done, card_of, declare, ledger_of

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
WHICH, WHY, WHOSE, WHEN = (
    "Which risk?",
    "Why is it accepted?",
    "Who looks after it?",
    "When is it looked at again?",
)


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A workspace on that Monday."""
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


@pytest.fixture
async def bot(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot, whose clock is the workspace's."""
    async with a_bot(slack, database_url, now=slack.clock.now) as service:
        yield service
        assert (await ledger_of(service))[1] is None


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann declared and leads, with Bo in it."""
    channel = await declare(slack)
    await slack.person("bo").joins(channel)
    await all_done(bot)
    return channel


@pytest.fixture
async def accepted(slack: Sandbox, bot: Service, channel: str) -> str:
    """Bo accepts a risk in the incident's channel until the middle of March."""
    bo = slack.person("bo")
    await bo.command("/incident risk One region only until 16 march", channel=channel)
    form = await bo.form()
    assert form.values()[WHICH] == "One region only"
    await submitted(form, {WHY: "A second one costs too much"})
    await all_done(bot)
    return channel


def newest(person: Person, words: str) -> SeenMessage:
    """The newest direct message that says so."""
    return [one for one in person.dm() if words in one.text][-1]


def now_reads(person: Person, message: SeenMessage) -> SeenMessage:
    """The same message, as it reads by now."""
    return next(one for one in person.dm() if one.ts == message.ts)


async def risk_of(bot: Service) -> AcceptedRisk:
    """The risk as it stands."""
    async with bot.services.read() as session:
        risk = await find_risk(session, 1)
    assert risk is not None
    return risk


async def submitted(form: Form, answers: dict[str, object]) -> None:
    """Fill in a form and send it."""
    await form.fill(answers)
    outcome = await form.submit()
    assert outcome.closed, outcome


async def test_a_risk_is_signed_by_the_lead_and_its_owner_is_asked_on_its_day(
    slack: Sandbox, bot: Service, accepted: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    assert (await risk_of(bot)).review_on == date(2026, 3, 16)
    await days_pass(slack, bot, 1)
    to_sign = newest(ann, "One region only")
    assert "signed by nobody yet" in to_sign.text

    await ann.press("Sign for it", to_sign)
    await all_done(bot)
    assert "signed by @ann" in now_reads(ann, to_sign).text
    assert now_reads(ann, to_sign).buttons == []
    await days_pass(slack, bot, 13)

    asked = newest(bo, "One region only")
    assert "To be looked at today" in asked.text
    await bo.press("Still accepted…", asked)
    form = await bo.form()
    await form.fill({WHEN: "2026-03-16"})
    assert "within a year" in (await form.submit()).errors[WHEN]
    await submitted(form, {WHEN: "2026-04-15"})
    await all_done(bot)

    assert (await risk_of(bot)).review_on == date(2026, 4, 15)
    assert "Accepted until Wed 15 Apr" in now_reads(bo, asked).text
    await days_pass(slack, bot, 29)
    assert newest(bo, "One region only").ts == asked.ts
    await days_pass(slack, bot, 1)
    assert newest(bo, "One region only").ts != asked.ts


async def test_acting_on_a_risk_makes_an_item_and_a_second_press_is_told_so(
    slack: Sandbox, bot: Service, accepted: str
) -> None:
    ann = slack.person("ann")
    await days_pass(slack, bot, 1)
    message = newest(ann, "One region only")
    slack.faults.deliver_twice = True

    await ann.press("Act on it", message)
    await all_done(bot)

    async with bot.services.read() as session:
        item, second = await find_item(session, 1), await find_item(session, 2)
    assert item is not None
    assert (item.title, item.owner, item.source) == ("One region only", slack.person("bo").id, Source.RISK)
    assert second is None
    assert "Closed today" in now_reads(ann, message).text


async def test_the_register_shows_what_is_accepted_and_each_reader_what_they_can_do(
    slack: Sandbox, bot: Service, accepted: str
) -> None:
    ann, bo, dee = (slack.person(name) for name in ("ann", "bo", "dee"))

    await ann.command("/incident risk", channel=accepted)
    register = await ann.form()
    assert "Risk 1 One region only" in register.text()
    assert "Accepted until Mon 16 Mar · signed by nobody yet" in register.text()
    await register.press("Sign for it")
    register = await register.until(lambda now: "signed by @ann" in now.text())
    await register.press("Accept a risk")
    await submitted(await ann.form(), {WHICH: "No second vendor", WHY: "There is none", WHEN: "2026-06-01"})
    await all_done(bot)
    register = await (await ann.form()).until(lambda now: "No second vendor" in now.text())
    await register.press("No risk any more")
    await register.until(lambda now: "One region only" not in now.text())

    await dee.command("/incident risk", channel="general")
    of_dee = await dee.form()
    assert "No second vendor" in of_dee.text()
    assert "Sign for it" not in of_dee.text()
    assert bo.open_form() is None


async def test_a_private_risk_is_in_nobody_elses_register(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await all_done(bot)
    await ann.command("/incident risk Keys stay as they are", channel=channel)
    form = await ann.form()
    await form.fill({WHY: "For a day", WHOSE: "dee"})
    assert "dee is not in its channel" in (await form.submit()).errors[WHOSE]
    await submitted(form, {WHOSE: "ann"})
    await all_done(bot)

    await dee.command("/incident risk", channel="general")

    assert "Keys" not in (await dee.form()).text()


async def test_a_concern_reaches_the_lead_by_name_and_stays_open_until_it_is_addressed(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")

    await bo.command("/incident concern Refunds may be lost", channel=channel)
    await all_done(bot)

    (told,) = [one for one in card_of(ann, channel).replies() if "Refunds may be lost" in one.text]
    assert "Concern, says @bo, for @ann" in told.text
    assert "Open concerns  1" in card_of(ann, channel).text
    await ann.command("/incident concern", channel=channel)
    assert "Refunds may be lost" in (await ann.form()).text()
    await (await ann.form()).press("Edit")
    await submitted(await ann.form(), {"State": "Addressed"})
    await all_done(bot)
    assert "Open concerns" not in card_of(ann, channel).text
