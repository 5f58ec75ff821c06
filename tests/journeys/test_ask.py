"""A question to one person: asked, followed up, answered once, and its asker hears."""

from collections.abc import AsyncIterator

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from tests.journeys.conftest import a_bot
from tests.journeys.telling import KNOWN, all_done, card_of, declare, ledger_of, mentioning, minutes_pass, said_by_bot

DESCRIBED = {**KNOWN, "What is happening?": "Cards are refused"}


@pytest.fixture
async def bot(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot on the workspace's clock."""
    async with a_bot(slack, database_url, now=slack.clock.now) as service:
        yield service


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann leads, with Bo and Chidi in it."""
    channel = await declare(slack, answers=DESCRIBED)
    for name in ("bo", "chidi"):
        await slack.person(name).joins(channel)
    await all_done(bot)
    return channel


def _question(slack: Sandbox, person: Person, channel: str) -> SeenMessage:
    """The question as it stands in the channel, wherever it was put."""
    top = said_by_bot(slack, person, channel)
    under = card_of(person, channel).replies()
    (question,) = mentioning(mentioning([*top, *under], "Did you deploy?"), "asks, for")
    return question


async def test_a_question_is_asked_of_one_person_and_their_answer_reaches_who_asked(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo, chidi = (slack.person(name) for name in ("ann", "bo", "chidi"))

    await chidi.command("/incident ask @bo Did you deploy? in 20m", channel=channel)
    await all_done(bot)
    question = _question(slack, bo, channel)
    assert "@bo, @chidi asks" in question.text
    assert question.buttons == ["Answer", "I’m on it", "Can’t"]
    await ann.until(lambda: "Did you deploy?" in card_of(ann, channel).text, what="the card lists it")

    await bo.press("I’m on it", question)
    await all_done(bot)
    await bo.press("Answer", _question(slack, bo, channel))
    form = await bo.form()
    assert "Your answer" in (await form.submit()).errors
    await form.fill({"Your answer": "Yes, at 11:50"})
    assert (await form.submit()).closed
    await all_done(bot)

    settled = _question(slack, ann, channel)
    assert "Yes, at 11:50" in settled.text
    assert settled.buttons == []
    (told,) = mentioning(chidi.dm(), "@bo answers your question")
    assert "Yes, at 11:50" in told.text
    assert "Did you deploy?" not in card_of(ann, channel).text
    assert (await ledger_of(bot))[1] is None


async def test_no_answer_by_its_time_goes_to_the_person_and_then_to_the_lead(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo, chidi = (slack.person(name) for name in ("ann", "bo", "chidi"))
    await chidi.command("/incident ask @bo Did you deploy?", channel=channel)

    await minutes_pass(slack, bot, 14)
    assert mentioning(bo.dm(), "Did you deploy?") == []
    await minutes_pass(slack, bot, 1.5)
    (personal,) = mentioning(bo.dm(), "Did you deploy?")
    assert mentioning(ann.dm(), "Did you deploy?") == []
    await minutes_pass(slack, bot, 5)
    (lead,) = mentioning(ann.dm(), "@bo has not answered @chidi")
    assert lead.buttons == ["Answer"]

    await bo.types("No, it was not me", channel="@sitrep", thread=personal)
    await slack.events_settled()
    await all_done(bot)
    assert "No, it was not me" in mentioning(chidi.dm(), "@bo answers your question")[0].text
    assert "No, it was not me" in _question(slack, ann, channel).text


async def test_a_reply_in_its_thread_is_the_answer(slack: Sandbox, bot: Service, channel: str) -> None:
    bo, chidi = slack.person("bo"), slack.person("chidi")
    await chidi.command("/incident ask @bo Did you deploy?", channel=channel)
    await all_done(bot)
    question = _question(slack, bo, channel)

    await bo.types("Not today", channel=channel, thread=question)
    await slack.events_settled()
    await all_done(bot)

    assert "Not today" in mentioning(chidi.dm(), "@bo answers your question")[0].text


async def test_who_cannot_says_why_in_a_form(slack: Sandbox, bot: Service, channel: str) -> None:
    bo, chidi = slack.person("bo"), slack.person("chidi")
    await chidi.command("/incident ask @bo Did you deploy?", channel=channel)
    await all_done(bot)

    await bo.press("Can’t", _question(slack, bo, channel))
    form = await bo.form()
    await form.fill({"Why not?": "I was away"})
    assert (await form.submit()).closed
    await all_done(bot)

    assert "I was away" in mentioning(chidi.dm(), "@bo cannot answer your question")[0].text


async def test_a_question_without_a_person_opens_the_form_with_its_words(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    chidi = slack.person("chidi")

    await chidi.command("/incident ask who has deployed?", channel=channel)

    form = await chidi.form()
    assert form.values()["What do you ask?"] == "who has deployed?"
    assert "Whom?" in (await form.submit()).errors
    await form.fill({"Whom?": "sitrep"})
    assert (await form.submit()).errors == {
        "Whom?": "That is me, and I cannot answer a question; nothing was changed. Name a person."
    }
    await form.fill({"Whom?": "bo", "Answer within": "An hour"})
    assert (await form.submit()).closed


async def test_of_a_private_incident_only_who_is_in_it_is_asked(slack: Sandbox, bot: Service) -> None:
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    ann, bo = slack.person("ann"), slack.person("bo")

    reply = await ann.command("/incident ask @bo Is this your key?", channel=channel)
    await all_done(bot)

    assert reply.text == "INC-1 is private and @bo is not in its channel, so they were not asked. Invite them first."
    assert bo.dm() == []
