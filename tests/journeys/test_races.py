"""Two people at once, and the same thing delivered twice at once."""

import asyncio

from bot.service import Service
from sandbox import Sandbox
from tests.journeys.telling import (
    DIGEST,
    all_done,
    card_of,
    declare,
    declare_form,
    ledger_of,
    mentioning,
    new_channel,
    said_by_bot,
)


async def test_of_two_people_who_take_a_role_at_once_one_gets_it_and_the_other_is_told_who(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann, bo, chidi = (slack.person(name) for name in ("ann", "bo", "chidi"))
    channel = await declare(slack)
    forms = {}
    for person in (bo, chidi):
        await person.joins(channel)
        await person.press("Take a role", card_of(person, channel))
        forms[person.name] = await person.form()
        await forms[person.name].fill({"Role": "Scribe"})

    outcomes = dict(zip(forms, await asyncio.gather(*(form.submit() for form in forms.values())), strict=True))

    (winner,) = [name for name, outcome in outcomes.items() if outcome.closed]
    (loser,) = set(outcomes) - {winner}
    (sentence,) = outcomes[loser].errors.values()
    full_name = slack.person(winner).user.real_name
    assert sentence.startswith((f"{winner} already holds Scribe of INC-1", f"{full_name} already holds Scribe"))
    assert forms[loser].is_open
    await ann.until(lambda: f"Scribe: @{winner}" in card_of(ann, channel).text)
    await all_done(bot_on_either)
    assert [reply.text for reply in card_of(ann, channel).replies()] == [f"@{winner} takes Scribe"]


async def test_what_is_delivered_twice_at_once_is_done_once(slack: Sandbox, bot_on_either: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    slack.faults.deliver_twice = True

    form = await declare_form(ann)
    before = set(ann.channels())
    assert (await form.submit()).closed
    channel = await new_channel(ann, before)
    await bo.joins(channel)
    await bo.command("/incident note seen in the logs", channel=channel)
    await bo.command("/incident role scribe me", channel=channel)
    await bo.command("/incident severity SEV4 only a test shop", channel=channel)
    await bo.press("Update", card_of(bo, channel))
    form = await bo.form()
    await form.fill({"Condition": "We are on it"})
    assert (await form.submit()).closed
    await ann.wait_for(channel, containing="We are on it")
    await slack.events_settled()
    await all_done(bot_on_either)

    assert ann.open_form() is None
    assert not mentioning(bo.sees(channel), "Slack could not show the form")
    assert [name for name in ann.channels() if name.startswith("inc-")] == [channel]
    assert len(said_by_bot(slack, ann, channel)) == 3  # card, severity, update
    replies = [reply.text for reply in card_of(ann, channel).replies()]
    assert len(replies) == 2
    assert len(mentioning(card_of(ann, channel).replies(), "seen in the logs")) == 1
    assert len(mentioning(card_of(ann, channel).replies(), "@bo takes Scribe")) == 1
    await ann.joins(DIGEST)
    assert len(mentioning(ann.sees(DIGEST), "INC-1 ")) == 1
    entries, broken = await ledger_of(bot_on_either)
    assert (entries, broken) == (7, None)


async def test_a_button_pressed_twice_by_two_hands_opens_a_form_for_each(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await bo.joins(channel)

    await asyncio.gather(*(person.press("Note", card_of(person, channel)) for person in (ann, bo)))

    for person in (ann, bo):
        form = await person.form()
        await form.fill({"What happened?": f"{person.name} looked"})
        assert (await form.submit()).closed
    await ann.until(lambda: len(card_of(ann, channel).replies()) == 2)


async def test_choices_made_in_quick_succession_leave_the_form_showing_the_last(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann = slack.person("ann")
    form = await declare_form(ann)
    slack.faults.latency(0.2, "views.update")

    choices = {"Impact": "A few", "Urgency": "Can wait", "Type": "Security"}
    await asyncio.gather(*(form.fill({label: choice}) for label, choice in choices.items()))

    await form.until(lambda now: "SEV4" in now.text() and "private channel" in now.text())
    assert "assumed" not in form.text()


async def test_people_who_declare_at_once_each_get_their_own_incident(slack: Sandbox, bot: Service) -> None:
    names = ("ann", "bo", "chidi", "dee")
    people = [slack.person(name) for name in names]
    forms = [await declare_form(person, f"Trouble of {person.name}") for person in people]

    outcomes = await asyncio.gather(*(form.submit() for form in forms))

    assert all(outcome.closed for outcome in outcomes)
    for person in people:
        channel = await person.wait_for_channel("inc-")
        await person.until(lambda person=person: any(f"trouble-of-{person.name}" in c for c in person.channels()))
        assert channel
    await all_done(bot)
    made = [name for name in people[0].channels() if name.startswith("inc-")]
    assert len(made) == 4
    await people[0].joins(DIGEST)
    for number in range(1, 5):
        assert len(mentioning(people[0].sees(DIGEST), f"INC-{number} ")) == 1
