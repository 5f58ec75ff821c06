"""Promises are kept: what is asked when, in the channel and by direct message, and how people answer."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from tests.journeys.conftest import a_bot
from tests.journeys.telling import (
    KNOWN,
    all_done,
    card_of,
    declare,
    ledger_of,
    mentioning,
    minutes_pass,
    said_by_bot,
)
from workflows.answers import NOTHING_NEW
from workflows.process import parse_process

MILD = {"Impact": "A few", "Urgency": "Can wait", "Services": "checkout", "What is happening?": "Slow"}
"""Answers of an incident that promises nothing: SEV4."""
DESCRIBED = {**KNOWN, "What is happening?": "Cards are refused"}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, database_url: str) -> str:
    """A database of each kind, empty."""
    if request.param == "sqlite":
        return database_url
    postgres: str = request.getfixturevalue("postgres_address")
    return postgres


@pytest.fixture
async def bot(slack: Sandbox, address: str) -> AsyncIterator[Service]:
    """The bot on the workspace's clock, with somebody above the others."""
    process = parse_process({"escalation": [slack.person("dee").user.email]})
    async with a_bot(slack, address, process=process, now=slack.clock.now) as service:
        yield service


async def test_a_promise_is_asked_for_until_somebody_keeps_it(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    channel = await declare(slack, answers=DESCRIBED)  # SEV1: the first update within 15 minutes

    await minutes_pass(slack, bot, 12.5)
    soon = _asked(slack, ann, channel, "The next update is promised for")
    assert soon.buttons == ["Post update", "15 minutes more", "Nothing new: say so"]
    await minutes_pass(slack, bot, 3)
    due = _asked(slack, ann, channel, "is due")
    await ann.until(lambda: _now(ann, channel, soon).buttons == [], what="the warning is over")
    await minutes_pass(slack, bot, 5)
    (personal,) = mentioning(ann.dm(), "is not there yet, and you hold Lead")
    assert personal.buttons == due.buttons
    await minutes_pass(slack, bot, 5)
    assert len(mentioning(dee.dm(), "is not there yet. Lead: @ann")) == 1

    await ann.press("Nothing new: say so", personal)
    update = await ann.wait_for(channel, containing=NOTHING_NEW)
    assert "next update by" in update.text
    await all_done(bot)
    assert _now(ann, channel, due).buttons == []
    assert "@ann published an update" in _now(ann, channel, due).text
    assert "@ann: Nothing new: say so" in ann.dm()[-1].text
    assert ann.dm()[-1].buttons == []
    assert dee.dm()[-1].buttons == []
    await minutes_pass(slack, bot, 20)
    assert len(mentioning(said_by_bot(slack, ann, channel), "The next update is promised for")) == 1


async def test_a_quarter_of_an_hour_more_moves_the_promise_on_the_card(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, answers=DESCRIBED)
    await bo.joins(channel)
    promised = await _promise(ann, channel)
    await minutes_pass(slack, bot, 15.5)

    await bo.press("15 minutes more", _asked(slack, bo, channel, "is due"))

    await ann.until(lambda: "@bo: 15 minutes more" in _asked(slack, ann, channel, "is due").text)
    await all_done(bot)
    assert await _promise(ann, channel) != promised
    await minutes_pass(slack, bot, 14)
    assert len(mentioning(said_by_bot(slack, ann, channel), "is due")) == 1
    await minutes_pass(slack, bot, 2)
    assert len(mentioning(said_by_bot(slack, ann, channel), "is due")) == 2


async def test_a_reply_opens_as_a_draft_that_one_press_publishes(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, answers=DESCRIBED)
    await bo.joins(channel)
    await minutes_pass(slack, bot, 15.5)
    due = _asked(slack, bo, channel, "is due")

    await bo.types("It is the <cache>, @ann is on it", channel=channel, thread=due)
    await bo.until(lambda: mentioning(due.replies(), "Publish this as an update?"))
    await all_done(bot)
    draft = due.replies()[-1]
    assert draft.buttons == ["Publish", "Edit"]
    assert not mentioning(ann.sees(channel), "Update by")
    await bo.press("Publish", draft)

    update = await ann.wait_for(channel, containing="Update by @bo")
    assert "It is the <cache>, @ann is on it" in update.text
    await ann.until(lambda: "@bo published an update" in _now(ann, channel, due).text)
    await all_done(bot)
    assert "@bo: Publish" in due.replies()[-1].text
    assert due.replies()[-1].buttons == []


async def test_a_draft_can_be_edited_before_it_is_published(slack: Sandbox, bot: Service) -> None:
    bo = slack.person("bo")
    channel = await declare(slack, answers=DESCRIBED)
    await bo.joins(channel)
    await minutes_pass(slack, bot, 15.5)
    due = _asked(slack, bo, channel, "is due")
    await bo.types("It is the cache", channel=channel, thread=due)
    await bo.until(lambda: mentioning(due.replies(), "Publish this as an update?"))

    await bo.press("Edit", due.replies()[-1])
    form = await bo.form()
    assert "It is the cache" in form.values().values()
    assert (await form.submit()).closed

    await bo.wait_for(channel, containing="Update by @bo")
    await bo.until(lambda: due.replies()[-1].buttons == [], what="the draft is over")


async def test_a_reply_by_direct_message_is_published_from_there(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers=DESCRIBED)
    await minutes_pass(slack, bot, 20.5)
    (personal,) = mentioning(ann.dm(), "you hold Lead")

    await ann.types("It is the cache", channel=f"@{slack.workspace.bot.name}", thread=personal)
    await ann.until(lambda: mentioning(personal.replies(), "Publish this as an update?"))
    await ann.press("Publish", personal.replies()[-1])

    assert "It is the cache" in (await ann.wait_for(channel, containing="Update by @ann")).text


async def test_who_leads_is_asked_for_and_one_press_answers_it(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, answers={**DESCRIBED, "Lead": None})
    await bo.joins(channel)
    await minutes_pass(slack, bot, 4.5)
    assert not mentioning(ann.sees(channel), "Nobody leads this")
    await minutes_pass(slack, bot, 1)

    await bo.press("I lead", _asked(slack, bo, channel, "Nobody leads this since"))

    await ann.until(lambda: "Lead: @bo" in card_of(ann, channel).text)
    await ann.until(lambda: "@bo: I lead" in _asked(slack, ann, channel, "Nobody leads this since").text)
    await minutes_pass(slack, bot, 5)
    assert len(mentioning(said_by_bot(slack, ann, channel), "Nobody leads this")) == 1


async def test_who_carries_out_the_fix_and_presses_i_lead_is_warned(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, answers={**DESCRIBED, "Lead": None})
    await bo.joins(channel)
    await ann.command("/incident role operations @bo", channel=channel)
    await minutes_pass(slack, bot, 5.5)

    await bo.press("I lead", _asked(slack, bo, channel, "Nobody leads this since"))

    await bo.until(lambda: _privately(bo, channel, "works better with two people"))


async def test_a_day_asleep_is_made_up_for_step_by_step(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    channel = await declare(slack, answers=DESCRIBED)

    _move_on(slack, bot, minutes=24 * 60)
    await ann.wait_for(channel, containing="is due")
    assert mentioning(ann.dm() + dee.dm(), "is not there yet") == []

    _move_on(slack, bot, minutes=5)
    await ann.until(lambda: mentioning(ann.dm(), "is not there yet"))
    assert mentioning(dee.dm(), "is not there yet") == []
    await minutes_pass(slack, bot, 5)
    assert len(mentioning(dee.dm(), "is not there yet")) == 1
    assert len(mentioning(said_by_bot(slack, ann, channel), "is due")) == 1
    assert not mentioning(said_by_bot(slack, ann, channel), "The next update is promised")


async def test_a_watch_ends_with_still_good_and_what_is_back_is_the_same_incident(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers=MILD)
    await ann.command("/incident status monitoring rolled back", channel=channel)
    await minutes_pass(slack, bot, 30.5)
    first = _asked(slack, ann, channel, "Still good?")
    assert first.buttons == ["Resolve", "Keep watching", "It is back"]

    await ann.types("Still good!", channel=channel, thread=first)
    await ann.until(lambda: "@ann: Keep watching" in _now(ann, channel, first).text)
    await minutes_pass(slack, bot, 30.5)
    again = _asked(slack, ann, channel, "Still good?")
    assert again.ts != first.ts
    await ann.press("It is back", again)

    await ann.until(lambda: "Investigating" in card_of(ann, channel).text)
    assert [name for name in ann.channels() if name.startswith("inc-")] == [channel]


async def test_of_two_who_press_at_once_one_has_an_effect_and_the_other_is_told(slack: Sandbox, bot: Service) -> None:
    ann, bo, chidi = (slack.person(name) for name in ("ann", "bo", "chidi"))
    channel = await declare(slack, answers=MILD)
    for person in (bo, chidi):
        await person.joins(channel)
    await minutes_pass(slack, bot, 15.5)
    triage = _asked(slack, ann, channel, "Is it an incident?")

    await asyncio.gather(*(person.press("Confirm", triage) for person in (bo, chidi)))

    await ann.until(lambda: _now(ann, channel, triage).buttons == [])
    await all_done(bot)
    told = [person for person in (bo, chidi) if _privately(person, channel, "has answered this for INC-1 already")]
    assert len(told) == 1
    assert len(mentioning(card_of(ann, channel).replies(), "Triage → Investigating")) == 1


async def test_of_a_button_and_a_reply_the_first_counts_and_the_second_is_told(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, answers=MILD)
    await bo.joins(channel)
    await minutes_pass(slack, bot, 15.5)
    triage = _asked(slack, ann, channel, "Is it an incident?")

    await ann.press("Confirm", triage)
    await ann.until(lambda: "@ann: Confirm" in _now(ann, channel, triage).text)
    await bo.types("confirm", channel=channel, thread=triage)

    await bo.until(
        lambda: mentioning(bo.sees(channel)[-1:] + _now(bo, channel, triage).replies(), "@ann has answered this")
    )


async def test_what_is_asked_is_asked_once_also_when_the_bot_was_away(slack: Sandbox, address: str) -> None:
    ann = slack.person("ann")
    async with a_bot(slack, address, now=slack.clock.now) as before:
        channel = await declare(slack, answers=DESCRIBED)
        await minutes_pass(slack, before, 13)
        assert len(mentioning(said_by_bot(slack, ann, channel), "The next update is promised")) == 1
    slack.clock.advance(4 * 60)

    async with a_bot(slack, address, now=slack.clock.now) as after:
        await all_done(after)
        await minutes_pass(slack, after, 1)

        assert len(mentioning(said_by_bot(slack, ann, channel), "The next update is promised")) == 1
        assert len(mentioning(said_by_bot(slack, ann, channel), "is due")) == 1
        assert await ledger_of(after) is not None


async def test_a_question_whose_posting_went_unanswered_is_found_and_not_repeated(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers=DESCRIBED)

    slack.faults.lose_answer("chat.postMessage")
    await minutes_pass(slack, bot, 12.5)
    slack.faults.lose_answer("chat.postMessage")
    await minutes_pass(slack, bot, 8)

    assert len(mentioning(said_by_bot(slack, ann, channel), "The next update is promised")) == 1
    assert len(mentioning(said_by_bot(slack, ann, channel), "is due")) == 1
    assert len(mentioning(ann.dm(), "you hold Lead")) == 1


async def test_an_external_audience_is_thought_of_after_4_and_5_minutes(slack: Sandbox, address: str) -> None:
    outside = {"name": "Customers", "kind": "external", "emails": ["news@example.com"]}
    process = parse_process({"audiences": {"customers": outside}})
    ann = slack.person("ann")
    async with a_bot(slack, address, process=process, now=slack.clock.now) as bot:
        channel = await declare(slack, answers=DESCRIBED)

        await minutes_pass(slack, bot, 3.5)
        assert not mentioning(ann.sees(channel), "people outside")
        await minutes_pass(slack, bot, 1)
        assert mentioning(said_by_bot(slack, ann, channel), "The first message to people outside will be due")
        await minutes_pass(slack, bot, 1)
        assert mentioning(said_by_bot(slack, ann, channel), "The first message to people outside is due")


async def test_nobody_who_may_not_see_a_private_incident_is_asked_about_it(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    channel = await declare(slack, answers={**DESCRIBED, "Type": "Security"})

    await minutes_pass(slack, bot, 26)

    assert mentioning(ann.dm(), "you hold Lead")
    assert dee.dm() == []
    assert _asked(slack, ann, channel, "is due")


def _asked(slack: Sandbox, person: Person, channel: str, words: str) -> SeenMessage:
    """The newest question at the top level of the channel that says so."""
    return mentioning(said_by_bot(slack, person, channel), words)[-1]


def _move_on(slack: Sandbox, bot: Service, *, minutes: int) -> None:
    """Like `minutes_pass`, where something is put off until later."""
    slack.clock.advance(minutes * 60)
    bot.dispatcher.wake()


def _now(person: Person, channel: str, message: SeenMessage) -> SeenMessage:
    """The same message as it is now."""
    return next(seen for seen in person.sees(channel) if seen.ts == message.ts)


def _privately(person: Person, channel: str, words: str) -> list[SeenMessage]:
    return [seen for seen in mentioning(person.sees(channel), words) if seen.ephemeral]


async def _promise(person: Person, channel: str) -> str:
    """The promise on the card."""
    await person.until(lambda: "Next update by" in card_of(person, channel).text)
    return card_of(person, channel).text.split("Next update by")[1].split()[0]
