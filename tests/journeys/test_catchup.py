"""Who comes late is told what happened so far, by command and by themselves, for them alone."""

from collections.abc import AsyncIterator

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from tests.journeys.conftest import a_bot
from tests.journeys.telling import KNOWN, all_done, declare, minutes_pass, said_by_bot


def _whispers(person: Person, channel: str) -> list[SeenMessage]:
    return [message for message in person.sees(channel) if message.ephemeral]


async def _worked_on(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident on which something was done."""
    channel = await declare(slack, answers=KNOWN)
    ann = slack.person("ann")
    for line in ("did rolled back to 41", "decision stay on 41", "theory the cache", "workaround pay by phone"):
        await ann.command(f"/incident {line}", channel=channel)
    await all_done(bot)
    return channel


async def test_the_catch_up_tells_what_is_so_what_was_tried_and_who_is_who(slack: Sandbox, bot: Service) -> None:
    await _worked_on(slack, bot)
    dee = slack.person("dee")

    reply = await dee.command("/incident catchup INC-1", channel="general")

    (message,) = reply.messages
    assert message.ephemeral
    for words in ("INC-1", "SEV1", "rolled back to 41 – no result yet", "stay on 41", "the cache – open"):
        assert words in message.text
    assert "Workaround  pay by phone" in message.text
    assert "Lead @ann" in message.text
    await dee.press("Timeline", message)
    assert "rolled back to 41" in (await dee.form()).text()


async def test_who_may_not_see_a_private_incident_is_told_that_there_is_none(slack: Sandbox, bot: Service) -> None:
    await declare(slack, "Keys leaked", answers={"Type": "Security"})

    reply = await slack.person("dee").command("/incident catchup INC-1", channel="general")

    assert reply.text.startswith("There is no INC-1")


async def test_who_joins_in_the_first_minutes_is_left_in_peace(slack: Sandbox, bot: Service) -> None:
    channel = await _worked_on(slack, bot)
    dee = slack.person("dee")

    await dee.joins(channel)
    await slack.events_settled()
    await all_done(bot)

    assert _whispers(dee, channel) == []


@pytest.fixture
async def bot_by_the_clock(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot on the workspace's clock, which a test moves."""
    async with a_bot(slack, database_url, now=slack.clock.now) as service:
        yield service


async def test_who_joins_later_is_told_alone_and_once(slack: Sandbox, bot_by_the_clock: Service) -> None:
    channel = await _worked_on(slack, bot_by_the_clock)
    await minutes_pass(slack, bot_by_the_clock, 10)
    slack.faults.deliver_twice = True
    ann, dee = slack.person("ann"), slack.person("dee")
    said = len(said_by_bot(slack, ann, channel))
    known = len(_whispers(ann, channel))

    await dee.joins(channel)

    await dee.until(lambda: _whispers(dee, channel))
    await slack.events_settled()
    await all_done(bot_by_the_clock)
    (message,) = _whispers(dee, channel)
    assert "rolled back to 41" in message.text
    assert "Timeline" in message.buttons
    assert len(_whispers(ann, channel)) == known
    assert len(said_by_bot(slack, ann, channel)) == said


async def test_nobody_is_told_of_what_is_over(slack: Sandbox, bot_by_the_clock: Service) -> None:
    channel = await _worked_on(slack, bot_by_the_clock)
    await slack.person("ann").command("/incident decline a drill", channel=channel)
    await minutes_pass(slack, bot_by_the_clock, 10)
    dee = slack.person("dee")

    await dee.joins(channel)
    await slack.events_settled()
    await all_done(bot_by_the_clock)

    assert _whispers(dee, channel) == []
