"""Slack refuses something: whoever can do something about it is told what, and nothing is half done."""

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.calls import Call, Step
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from tests.journeys.conftest import a_bot
from tests.journeys.telling import DIGEST, all_done, card_of, declare, declare_form, mentioning, said_by_bot


async def _told(person: Person, words: str) -> SeenMessage:
    """What the bot tells this person by direct message, once it does."""
    await person.until(lambda: mentioning(person.dm(), words), what=f"{person.name} is told of {words}", timeout=8)
    return mentioning(person.dm(), words)[-1]


async def _submit(person: Person, title: str = "Checkout is down") -> None:
    form = await declare_form(person, title)
    assert (await form.submit()).closed


@pytest.mark.parametrize("line", ["declare", "note", "resolve"])
async def test_who_waited_too_long_for_a_form_is_told_and_nothing_is_done(
    slack: Sandbox, bot_on_either: Service, line: str
) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)

    async def expire(call: Call, step: Step) -> None:
        if call.method == "views.open" and step == "arrived":
            slack.clock.advance(4)

    slack.calls.on_call = expire
    reply = await ann.command(f"/incident {line}", channel=channel)

    assert "could not show the form in time" in reply.text
    assert ann.open_form() is None
    slack.calls.on_call = None
    pressed = await ann.press("Note", card_of(ann, channel))
    assert pressed.failed is None
    assert (await ann.form()).title == "Note for INC-1"


async def test_a_missing_scope_is_named_to_the_declarer_who_tries_again_when_it_is_granted(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann, scopes = slack.person("ann"), slack.workspace.app.scopes
    slack.workspace.grant(scopes - {"channels:manage"})
    await _submit(ann)
    told = await _told(ann, "INC-1")
    assert "channels:manage" in told.text
    assert told.buttons == ["Try again"]

    slack.workspace.grant(scopes)
    await ann.press("Try again", told)

    channel = await ann.wait_for_channel("inc-1-")
    await ann.until(lambda: bool(ann.pins(channel)) and "ann" in ann.members(channel))
    await all_done(bot_on_either)
    assert len(said_by_bot(slack, ann, channel)) == 1
    assert len(mentioning(ann.dm(), "I could not")) == 1


async def test_a_missing_scope_for_something_optional_leaves_the_rest_alone(slack: Sandbox, bot: Service) -> None:
    ann, scopes = slack.person("ann"), slack.workspace.app.scopes
    slack.workspace.grant(scopes - {"pins:write"})
    await _submit(ann)
    channel = await ann.wait_for_channel("inc-1-")
    told = await _told(ann, "pin its card")
    assert "pins:write" in told.text
    assert "ann" in ann.members(channel)

    slack.workspace.grant(scopes)
    reply = await ann.press("Try again", told)

    assert reply.failed is None
    await ann.until(lambda: len(ann.pins(channel)) == 1)


@pytest.mark.parametrize("private", [False, True])
async def test_a_name_that_somebody_else_has_gets_a_number(slack: Sandbox, bot: Service, private: bool) -> None:
    await slack.person("dee").creates("inc-1-checkout-is-down", private=private)

    channel = await declare(slack)

    assert channel == "inc-1-checkout-is-down-2"


async def test_a_digest_channel_that_is_there_already_is_joined(slack: Sandbox, bot: Service) -> None:
    dee = slack.person("dee")
    await dee.creates(DIGEST)

    await declare(slack)

    await dee.wait_for(DIGEST, containing="INC-1")
    assert slack.workspace.bot.name in dee.members(DIGEST)


async def test_a_digest_channel_may_be_named_by_its_id(slack: Sandbox, database_url: str) -> None:
    dee = slack.person("dee")
    await dee.creates("ops-news")
    channel_id = slack.workspace.channel_named("ops-news").id

    async with a_bot(slack, database_url, sitrep_digest_channel=channel_id):
        await declare(slack)
        await dee.wait_for("ops-news", containing="INC-1")

    assert DIGEST not in dee.channels()


async def test_of_a_digest_channel_that_is_hidden_the_declarer_is_told_once(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    await dee.creates(DIGEST, private=True)
    await _submit(ann)
    told = await _told(ann, "digest")
    assert "private or archived" in told.text
    await all_done(bot)
    assert len(mentioning(ann.dm(), "I could not")) == 1

    await dee.invites(slack.workspace.bot.name, DIGEST)
    await ann.press("Try again", told)

    await dee.wait_for(DIGEST, containing="INC-1")


async def test_what_an_archived_channel_misses_arrives_when_it_is_brought_back(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    await all_done(bot)
    await ann.archives(channel)

    reply = await ann.command("/incident note INC-1 seen by night", channel="general")
    assert "Noted" in reply.text
    told = await _told(ann, "archived")
    await ann.unarchives(channel)
    await ann.press("Try again", told)

    await ann.wait_for(channel, containing="seen by night")
    await all_done(bot)
    assert len(card_of(ann, channel).replies()) == 1


async def test_a_guest_who_cannot_be_invited_is_named_and_the_incident_goes_on(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    slack.faults.fail("conversations.invite", error="user_is_restricted", times=1)
    form = await declare_form(ann)
    assert (await form.submit()).closed

    told = await _told(ann, "invite")
    assert "guest" in told.text
    channel = await ann.wait_for_channel("inc-1-")
    await ann.until(lambda: bool(ann.pins(channel)))
