"""People follow one incident or all that fit, hear of them by direct message, and end that again."""

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from tests.journeys.conftest import a_bot
from tests.journeys.telling import DIGEST, KNOWN, all_done, declare
from workflows.process import parse_process


def heard(person: Person) -> list[str]:
    """The first lines of what the bot told them by direct message."""
    return [message.text.split("\n")[0] for message in person.dm() if message.author != person.name]


async def _say(person: Person, channel: str, words: str) -> None:
    await person.command("/incident update", channel=channel)
    form = await person.form()
    await form.fill({"Condition": words})
    assert (await form.submit()).closed


async def test_who_subscribes_in_its_channel_hears_until_they_unsubscribe(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)

    reply = await bo.command("/incident subscribe", channel=channel)
    assert "You hear from now on by direct message: INC-1 · Checkout is down" in reply.text
    assert reply.messages[0].buttons == ["Unsubscribe"]
    assert "You hear already" in (await bo.command("/incident subscribe inc-1", channel="general")).text
    await _say(ann, channel, "One")
    await all_done(bot)
    assert len(heard(bo)) == 1

    assert "You follow INC-1 no more." in (await bo.command("/incident unsubscribe", channel=channel)).text
    await _say(ann, channel, "Two")
    await all_done(bot)
    assert len(heard(bo)) == 1


async def test_the_digest_entry_has_a_button_to_subscribe_and_its_answer_one_to_end_it(
    slack: Sandbox, bot: Service
) -> None:
    dee = slack.person("dee")
    await declare(slack)
    await dee.joins(DIGEST)
    entry = await dee.wait_for(DIGEST, containing="INC-1")

    reply = await dee.press("Subscribe", entry)
    await dee.until(lambda: dee.finds(DIGEST, "You hear from now on"))
    answer = dee.finds(DIGEST, "You hear from now on")
    assert answer is not None
    assert reply.failed is None
    await dee.press("Unsubscribe", answer)
    await dee.until(lambda: dee.finds(DIGEST, "You hear no more of it."))

    assert "You follow nothing" in (await dee.command("/incident unsubscribe", channel="general")).text


@pytest.mark.parametrize(
    ("line", "answered", "hears"),
    [
        ("all", "Every incident", True),
        ("sev2", "Incidents of SEV2 or worse", True),
        ("SEV1", "Incidents of SEV1 or worse", True),
        ("checkout", "Incidents that hit checkout", True),
        ("sev2 Checkout", "Incidents of SEV2 or worse that hit checkout", True),
        ("search", "Incidents that hit search", False),
        ("security", "Incidents of type Security", False),
    ],
)
async def test_who_follows_what_fits_hears_of_it(
    slack: Sandbox, bot: Service, line: str, answered: str, hears: bool
) -> None:
    bo = slack.person("bo")
    reply = await bo.command(f"/incident subscribe {line}", channel="general")
    assert answered in reply.text

    await declare(slack, answers=KNOWN)
    await all_done(bot)

    assert heard(bo) == ([":rotating_light: INC-1 · Checkout is down: declared"] if hears else [])


async def test_a_word_that_means_nothing_here_is_answered_with_what_does(slack: Sandbox, database_url: str) -> None:
    process = parse_process({"services": ["checkout", "payments"]})
    async with a_bot(slack, database_url, process=process):
        reply = await slack.person("bo").command("/incident subscribe sev2 serch", channel="general")

    assert "There is nothing called “serch” to follow." in reply.text
    assert "a service: checkout, payments" in reply.text


async def test_a_channel_follows_what_fits_when_both_are_in_it(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates("shop")
    await ann.creates("shop-secret", private=True)

    async def ask_for(person: Person, channel: str) -> dict[str, str] | None:
        await person.command("/incident subscribe", channel="general")
        form = await person.form()
        await form.fill({"How bad": "SEV2 or worse", "A channel instead of you": channel})
        outcome = await form.submit()
        return outcome.errors or None

    at = "A channel instead of you"
    not_us = {at: "I am not in that channel: invite me there, then subscribe it."}
    assert await ask_for(ann, "shop") == not_us
    assert await ask_for(ann, "shop-secret") == not_us
    await ann.invites("sitrep", "shop")
    assert await ask_for(ann, "shop") is None
    assert await ask_for(bo, "shop") == {at: "You are not in that channel: join it, then subscribe it."}

    await declare(slack, answers=KNOWN)
    await all_done(bot)
    assert ann.finds("shop", "Checkout is down: declared")
    assert heard(ann) == []

    await bo.joins("shop")
    reply = await bo.command("/incident unsubscribe", channel="shop")
    assert "Incidents of SEV2 or worse (told to #shop)" in reply.text
    await bo.press("Unsubscribe", reply.messages[0])
    await declare(slack, "Search is down", answers=KNOWN)
    await all_done(bot)
    assert ann.finds("shop", "Search is down") is None


async def test_a_private_incident_cannot_be_followed_by_who_may_not_see_it(slack: Sandbox, bot: Service) -> None:
    ann, bo, dee = (slack.person(name) for name in ("ann", "bo", "dee"))
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await all_done(bot)
    await dee.command("/incident subscribe all", channel="general")

    reply = await dee.command("/incident subscribe INC-1", channel="general")
    assert "There is no INC-1 that you can see" in reply.text
    await ann.invites("bo", channel)
    await all_done(bot)
    assert "You hear from now on" in (await bo.command("/incident subscribe", channel=channel)).text
    await _say(ann, channel, "Rotating them")
    await all_done(bot)
    assert len(heard(bo)) == 1
    assert heard(dee) == []

    await bo.leaves(channel)
    await slack.events_settled()
    await _say(ann, channel, "All of them are rotated")
    await all_done(bot)
    assert len(heard(bo)) == 1
    assert "You follow nothing" in (await bo.command("/incident unsubscribe", channel="general")).text
