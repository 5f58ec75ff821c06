"""The message budget: three top-level messages in the first ten minutes, an update costs one, an edit none."""

from collections.abc import AsyncIterator

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from tests.journeys.conftest import a_bot
from tests.journeys.telling import all_done, card_of, declare, mentioning, minutes_pass, said_by_bot
from workflows.process import parse_process

OUTSIDE = {"name": "Customers", "kind": "external", "emails": ["news@example.com"]}


@pytest.fixture
async def bot(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot on the workspace's clock, with as much to ask as there can be."""
    process = parse_process({"audiences": {"customers": OUTSIDE}})
    async with a_bot(slack, database_url, process=process, now=slack.clock.now) as service:
        yield service


async def test_ten_minutes_with_everything_to_ask_cost_the_channel_three_messages(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers={"Lead": None})  # SEV1, assumed, and nothing else is known

    for severity in ("SEV2", "SEV1"):
        await ann.command(f"/incident severity {severity} we looked", channel=channel)
    for minute in range(10):
        await ann.command(f"/incident note minute {minute}", channel=channel)
        await minutes_pass(slack, bot, 1)

    said = said_by_bot(slack, ann, channel)
    assert len(said) == 3, [message.text for message in said]
    under_the_card = card_of(ann, channel).replies()
    for words in ("Nobody leads this", "message to people outside is due", "Still unknown"):
        assert mentioning([*said, *under_the_card], words), words


async def test_what_stands_under_the_card_is_answered_there(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers={"Lead": None})
    for severity in ("SEV2", "SEV1"):
        await ann.command(f"/incident severity {severity} we looked", channel=channel)
    await minutes_pass(slack, bot, 6)
    (asked,) = mentioning(card_of(ann, channel).replies(), "Nobody leads this")

    await ann.press("I lead", asked)

    await ann.until(lambda: mentioning(card_of(ann, channel).replies(), "@ann: I lead"))
    await ann.until(lambda: "Lead: @ann" in card_of(ann, channel).text)


async def test_an_update_costs_one_message_and_an_edit_none(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers={"Lead": None})
    for severity in ("SEV2", "SEV1", "SEV2", "SEV1"):
        await ann.command(f"/incident severity {severity} we looked", channel=channel)
    await all_done(bot)
    assert len(said_by_bot(slack, ann, channel)) == 3

    await _publish(ann, channel, "We are on it")
    await all_done(bot)
    assert len(said_by_bot(slack, ann, channel)) == 4

    await ann.command("/incident status investigating", channel=channel)
    await ann.command("/incident lead @ann", channel=channel)
    await ann.until(lambda: "Lead: @ann" in card_of(ann, channel).text)
    await all_done(bot)
    assert len(said_by_bot(slack, ann, channel)) == 4


async def test_after_ten_minutes_a_question_stands_by_itself_again(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers={"Lead": None})
    for severity in ("SEV2", "SEV1"):
        await ann.command(f"/incident severity {severity} we looked", channel=channel)
    await minutes_pass(slack, bot, 10.5)
    assert len(said_by_bot(slack, ann, channel)) == 3

    await minutes_pass(slack, bot, 5)

    assert mentioning(said_by_bot(slack, ann, channel), "Is it an incident?")


async def _publish(person: Person, channel: str, words: str) -> None:
    await person.command(f"/incident update {words}", channel=channel)
    form = await person.form()
    assert (await form.submit()).closed
    await person.wait_for(channel, containing=words)
