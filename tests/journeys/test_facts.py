"""Facts that are filled in and corrected, roles that are handed over and released, and two incidents that are one."""

from datetime import timedelta

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from tests.journeys.telling import DIGEST, KNOWN, all_done, card_of, declare, declare_form, mentioning, new_channel


@pytest.fixture
async def ann(slack: Sandbox, bot: Service) -> Person:
    return slack.person("ann")


async def _facts(person: Person, channel: str) -> object:
    reply = await person.command("/incident facts", channel=channel)
    assert reply.failed is None
    return await person.form()


async def test_facts_are_filled_in_and_times_that_cannot_be_are_refused_at_their_field(
    slack: Sandbox, bot: Service, ann: Person
) -> None:
    channel = await declare(slack, answers=KNOWN)
    await ann.command("/incident facts", channel=channel)
    form = await ann.form()
    now = bot.now()

    await form.fill({"Since when are people hit?": now + timedelta(hours=1), "Who is hit, and how many?": "All shops"})
    outcome = await form.submit()
    assert outcome.errors == {
        "Since when are people hit?": "That is still to come. Give the time it was, or leave it empty."
    }
    await form.fill({"Since when are people hit?": now - timedelta(hours=1)})
    assert (await form.submit()).closed

    await ann.until(lambda: "All shops" in card_of(ann, channel).text, what="the card shows who is hit")
    await ann.command("/incident facts", channel=channel)
    again = await ann.form()
    assert again.values()["Who is hit, and how many?"] == "All shops"
    assert again.values()["Since when are people hit?"] == int((now - timedelta(hours=1)).timestamp())


async def test_two_forms_open_at_once_take_nothing_from_each_other(slack: Sandbox, bot: Service, ann: Person) -> None:
    channel = await declare(slack, answers=KNOWN)
    bo = slack.person("bo")
    await bo.joins(channel)
    await ann.command("/incident facts", channel=channel)
    await bo.command("/incident facts", channel=channel)
    anns, bos = await ann.form(), await bo.form()
    await anns.fill({"Where?": "eu-west"})
    await bos.fill({"What set it off?": "A deploy"})

    assert (await anns.submit()).closed
    assert (await bos.submit()).closed

    await ann.command("/incident facts", channel=channel)
    values = (await ann.form()).values()
    assert (values["Where?"], values["What set it off?"]) == ("eu-west", "A deploy")


async def test_facts_can_be_opened_where_it_is_said_how_it_stands(slack: Sandbox, ann: Person) -> None:
    channel = await declare(slack, answers=KNOWN)
    reply = await ann.command("/incident status", channel=channel)

    await ann.press("Facts", reply.messages[0])

    assert (await ann.form()).title == "Facts of INC-1"


async def test_an_incident_may_begin_with_nobody_to_lead_it(slack: Sandbox, bot: Service, ann: Person) -> None:
    form = await declare_form(ann)
    await form.fill({**KNOWN, "Lead": None})
    before = set(ann.channels())
    assert (await form.submit()).closed
    channel = await new_channel(ann, before)
    assert "Lead: nobody yet" in card_of(ann, channel).text
    assert "nobody leads" in ann.topic(channel)

    bo = slack.person("bo")
    await bo.joins(channel)
    await bo.command("/incident lead me", channel=channel)

    await ann.until(lambda: "Lead: @bo" in card_of(ann, channel).text)
    await all_done(bot)
    (duties,) = mentioning(bo.dm(), "You hold Lead of INC-1")
    assert "Decides, keeps the overview" in duties.text
    assert ann.dm() == []


async def test_who_takes_over_is_told_what_happened_and_who_leads_and_fixes_is_warned(
    slack: Sandbox, bot: Service, ann: Person
) -> None:
    channel = await declare(slack, answers=KNOWN)
    bo = slack.person("bo")
    await ann.command("/incident did rolled back to 41", channel=channel)
    await ann.command("/incident role operations @bo", channel=channel)

    reply = await ann.command("/incident lead @bo", channel=channel)
    await all_done(bot)

    assert "@bo now holds Lead and Operations of INC-1, which is SEV1." in reply.text
    (duties,) = mentioning(bo.dm(), "You hold Lead of INC-1")
    assert "@ann held it before you" in duties.text
    assert "rolled back to 41" in duties.text
    await ann.command("/incident role", channel=channel)
    form = await ann.form()
    assert form.title == "Take a role"

    await bo.command("/incident lead nobody", channel=channel)
    await ann.until(lambda: "Lead: nobody yet" in card_of(ann, channel).text)
    await ann.wait_for(channel, containing="@bo gives up Lead")


async def test_who_takes_both_in_the_form_is_warned_there(slack: Sandbox, bot: Service, ann: Person) -> None:
    channel = await declare(slack, answers=KNOWN)
    await ann.press("Take a role", card_of(ann, channel))
    form = await ann.form()
    await form.fill({"Role": "Operations"})

    outcome = await form.submit()

    assert outcome.ok
    assert "@ann now holds Lead and Operations of INC-1" in (await ann.form()).text()


async def test_one_of_two_is_merged_and_everybody_sees_where_it_goes_on(
    slack: Sandbox, bot: Service, ann: Person
) -> None:
    first = await declare(slack, "Refunds fail", answers=KNOWN)
    second = await declare(slack, "Checkout is down", answers=KNOWN)
    dee = slack.person("dee")
    await dee.joins(DIGEST)

    await ann.command("/incident merge", channel=first)
    form = await ann.form()
    await form.fill({"It is part of": "INC-2 · Checkout is down", "Why?": "The same outage"})
    assert (await form.submit()).closed
    await all_done(bot)

    assert "Merged into INC-2" in (await ann.wait_for(first, containing="it goes on there")).text
    (told,) = mentioning(card_of(ann, second).replies(), "INC-1")
    assert "was merged into this one by @ann: Refunds fail" in told.text
    assert "Merged" in card_of(ann, first).text
    assert "Merged" in ann.topic(first)
    (entry,) = mentioning(dee.sees(DIGEST), "INC-1 ")
    assert "Part of INC-2" in entry.text
    reply = await ann.command("/incident merge INC-1", channel=second)
    assert reply.text == "INC-1 is part of it already, so INC-2 was left as it is. Nothing is left to do."
