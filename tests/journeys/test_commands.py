"""Every command as it is typed, in an incident's channel and outside, and the words that come back."""

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from tests.journeys.telling import KNOWN, all_done, card_of, declare


@pytest.fixture
async def ann(slack: Sandbox, bot: Service) -> Person:
    return slack.person("ann")


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann declared and leads."""
    return await declare(slack, answers=KNOWN)


async def _moved(ann: Person, channel: str, *statuses: str) -> None:
    for status in statuses:
        reply = await ann.command(f"/incident status {status}", channel=channel)
        assert reply.text == f"INC-1 is {status.capitalize()} now."


@pytest.mark.parametrize("line", ["", "help", "  HELP "])
async def test_alone_it_says_what_can_be_done_here(slack: Sandbox, ann: Person, channel: str, line: str) -> None:
    outside = await ann.command(f"/incident {line}", channel="general")
    inside = await ann.command(f"/incident {line}", channel=channel)

    assert "1 open incident that you can see" in outside.text
    assert "Declare an incident" in outside.messages[0].buttons
    assert "INC-1" in inside.text
    assert "Update" in inside.messages[0].buttons
    for verb in ("declare", "list", "status", "update", "severity", "lead", "role", "note", "resolve", "reopen"):
        assert f"/incident {verb}" in outside.text
        assert f"/incident {verb}" in inside.text
    assert all(message.ephemeral for message in (*outside.messages, *inside.messages))


async def test_declare_can_be_pressed_where_help_offers_it(slack: Sandbox, ann: Person) -> None:
    reply = await ann.command("/incident", channel="general")

    await ann.press("Declare an incident", reply.messages[0])

    assert (await ann.form()).title == "Declare an incident"


async def test_lists_show_open_incidents_worst_first_and_all_on_request(slack: Sandbox, ann: Person) -> None:
    assert "No open incident" in (await ann.command("/incident list", channel="general")).text
    await declare(slack, "Slow search", answers={"Impact": "A few", "Urgency": "Can wait"})
    await declare(slack, "All down", answers=KNOWN)

    text = (await ann.command("/incident list", channel="general")).text
    assert text.index("INC-2") < text.index("INC-1")

    await ann.command("/incident decline INC-1 works as meant", channel="general")
    assert "INC-1" not in (await ann.command("/incident list", channel="general")).text
    assert "INC-1" in (await ann.command("/incident list all", channel="general")).text


@pytest.mark.parametrize(("typed", "meant"), [("resolv", "resolve"), ("sevrity", "severity"), ("nte", "note")])
async def test_an_unknown_verb_suggests_the_nearest(slack: Sandbox, ann: Person, typed: str, meant: str) -> None:
    reply = await ann.command(f"/incident {typed} x", channel="general")

    assert f"/incident {typed}" in reply.text
    assert f"/incident {meant}" in reply.text


async def test_a_verb_outside_offers_incidents_and_goes_on_with_the_words_typed(
    slack: Sandbox, ann: Person, channel: str
) -> None:
    reply = await ann.command("/incident note disk is full", channel="general")
    (label,) = reply.messages[0].buttons
    assert label.startswith("INC-1 · SEV1 · Checkout is down")

    answer = await ann.press(label, reply.messages[0])

    assert "Noted on the timeline of INC-1" in answer.text
    assert "disk is full" in (await ann.wait_for(channel, containing="disk is full")).text


async def test_an_offered_incident_opens_the_form_with_the_words_typed(
    slack: Sandbox, ann: Person, channel: str
) -> None:
    reply = await ann.command("/incident update we are on it", channel="general")

    await ann.press(reply.messages[0].buttons[0], reply.messages[0])

    assert (await ann.form()).values()["Condition"] == "we are on it"


async def test_outside_a_reference_first_means_that_incident(slack: Sandbox, ann: Person, channel: str) -> None:
    await declare(slack, "Another one")

    await ann.command("/incident note inc-1 for the first", channel="general")

    await ann.wait_for(channel, containing="for the first")
    assert "There is no INC-7" in (await ann.command("/incident note INC-7 x", channel="general")).text


async def test_what_is_said_in_an_incidents_channel_stays_there_whatever_it_begins_with(
    slack: Sandbox, ann: Person, channel: str
) -> None:
    other = await declare(slack, "Leaked key", answers={"Type": "Security"})

    await ann.command("/incident note INC-1 was caused by the leaked key", channel=other)
    await ann.command("/incident note inc-2 rotated", channel=other)

    await ann.wait_for(other, containing="INC-1 was caused by the leaked key")
    rotated = await ann.wait_for(other, containing="rotated")
    assert "inc-2 rotated" not in rotated.text
    assert not any("leaked" in message.text for message in slack.person("bo").sees("general"))
    assert not any("leaked" in reply.text for reply in card_of(ann, channel).replies())


async def test_people_named_before_a_form_stand_in_it_by_name(slack: Sandbox, ann: Person, channel: str) -> None:
    await ann.command("/incident declare @bo cannot log in", channel="general")
    declaring = await ann.form()
    title = declaring.values()["Title"]
    await declaring.close()
    await ann.command("/incident update @bo is rolling back", channel=channel)

    assert title == "@bo cannot log in"
    assert "@bo is rolling back" in (await ann.form()).text()


async def test_the_bot_cannot_lead(slack: Sandbox, ann: Person, channel: str) -> None:
    reply = await ann.command("/incident lead @sitrep", channel=channel)

    assert "I cannot hold a role; nothing was changed. Name a person." in reply.text
    assert "Lead: @ann" in card_of(ann, channel).text


async def test_of_many_incidents_ones_own_are_offered_first(slack: Sandbox, ann: Person, channel: str) -> None:
    for number in range(3):
        await declare(slack, f"Worse {number}", who="bo", answers={"Impact": "Everyone", "Urgency": "Now"})

    reply = await ann.command("/incident note x", channel="general")

    assert reply.messages[0].buttons[0].startswith("INC-1 ·")


async def test_a_card_that_was_deleted_is_posted_again(slack: Sandbox, bot: Service, ann: Person, channel: str) -> None:
    card = card_of(ann, channel)
    await bot.slack.call("chat.delete", channel=card.channel_id, ts=card.ts)

    await ann.command("/incident status investigating", channel=channel)

    await ann.until(lambda: ann.pins(channel) and "Investigating" in card_of(ann, channel).text)
    await all_done(bot)


async def test_an_update_that_is_too_long_is_given_back(slack: Sandbox, ann: Person, channel: str) -> None:
    reply = await ann.command(f"/incident update {'very ' * 520}long", channel=channel)

    assert "An update holds 2,500 characters and yours has 2,604." in reply.text
    assert ann.open_form() is None


async def test_roles_are_given_and_taken_by_command(slack: Sandbox, bot: Service, ann: Person, channel: str) -> None:
    await ann.command("/incident role scribe @bo", channel=channel)
    await ann.command("/incident lead @bo", channel=channel)
    await ann.command("/incident role comms me", channel=channel)

    card = "Lead: @bo\nCommunications: @ann"
    await ann.until(lambda: card in card_of(ann, channel).text and "Scribe: @bo" in card_of(ann, channel).text)
    await ann.until(lambda: "Lead @bo" in ann.topic(channel))
    assert "bo" in ann.members(channel)
    again = await ann.command("/incident lead @bo", channel=channel)
    assert "in the hands of @bo as Lead already" in again.text
    unknown = await ann.command("/incident role pilot @bo", channel=channel)
    assert "There is no role “pilot”" in unknown.text
    assert "Scribe" in unknown.text
    await ann.command("/incident lead", channel=channel)
    assert (await ann.form()).title == "Hand over a role"


async def test_a_severity_without_a_reason_opens_the_form_with_it_chosen(
    slack: Sandbox, ann: Person, channel: str
) -> None:
    await ann.command("/incident severity 3", channel=channel)
    form = await ann.form()
    assert form.values()["Severity"]["text"]["text"] == "SEV3"
    await form.close()

    await ann.command("/incident severity sev3 because only one shop", channel=channel)

    assert "only one shop" in (await ann.wait_for(channel, containing="lowered from SEV1 to SEV3")).text
    assert "There is no severity “nine”" in (await ann.command("/incident severity nine x", channel=channel)).text
    same = await ann.command("/incident severity sev3 again", channel=channel)
    assert "INC-1 is SEV3 already" in same.text


async def test_a_jump_of_status_asks_why_and_a_step_does_not(slack: Sandbox, ann: Person, channel: str) -> None:
    await ann.command("/incident status mitigating", channel=channel)
    form = await ann.form()
    assert "needs a reason" in " ".join((await form.submit()).errors.values())
    await form.fill({"Why?": "rollback is under way"})
    assert (await form.submit()).closed
    await ann.until(lambda: "Mitigating" in ann.topic(channel))

    await _moved(ann, channel, "monitoring")
    back = await ann.command("/incident status triage", channel=channel)
    assert "cannot become triage" in back.text
    assert "Resolve it" in (await ann.command("/incident status resolved", channel=channel)).text
    assert "There is no status “fine”" in (await ann.command("/incident status fine", channel=channel)).text


async def test_status_alone_says_how_it_stands_and_offers_what_to_do(slack: Sandbox, ann: Person, channel: str) -> None:
    reply = await ann.command("/incident status", channel=channel)
    assert "Triage" in reply.text
    assert reply.messages[0].buttons == ["Change status", "Facts", "Resolve"]

    await ann.press("Change status", reply.messages[0])

    assert (await ann.form()).title == "Status of INC-1"


async def test_declining_is_for_triage_only(slack: Sandbox, ann: Person, channel: str) -> None:
    await _moved(ann, channel, "investigating")

    reply = await ann.command("/incident decline a drill", channel=channel)
    assert "cannot become declined" in reply.text

    other = await declare(slack, "A false alarm")
    await ann.command("/incident decline", channel=other)
    form = await ann.form()
    await form.fill({"Why is it not an incident?": "The probe was wrong"})
    assert (await form.submit()).closed
    await ann.wait_for(other, containing="The probe was wrong")
    await ann.until(lambda: card_of(ann, other).buttons == ["Reopen", "Note", "Timeline", "Action items"])
    assert "already declined" in (await ann.command("/incident severity sev3 x", channel=other)).text


async def test_refusals_name_the_incident_and_change_nothing(
    slack: Sandbox, bot: Service, ann: Person, channel: str
) -> None:
    assert (
        "INC-1 is open (triage), so there is nothing to reopen"
        in (await ann.command("/incident reopen x", channel=channel)).text
    )
    await all_done(bot)
    said = len(ann.sees(channel))
    for line in ("reopen x", "severity sev1 again", "status triage", "role pilot me", "note INC-9 x"):
        reply = await ann.command(f"/incident {line}", channel=channel)
        assert "INC-" in reply.text or "role" in reply.text
        assert reply.messages[0].ephemeral
    await all_done(bot)
    assert len([message for message in ann.sees(channel) if not message.ephemeral]) <= said
