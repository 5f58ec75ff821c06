"""The channel stays quiet: few messages, edits in place, and an edit that would be overtaken is left out."""

from bot.service import Service
from sandbox import Sandbox
from tests.journeys.telling import DIGEST, all_done, card_of, declare, mentioning, said_by_bot


async def test_the_first_minutes_cost_the_channel_at_most_three_messages(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    for name, role in (("bo", "Communications"), ("chidi", "Operations"), ("dee", "Scribe")):
        person = slack.person(name)
        await person.joins(channel)
        await person.press("Take a role", card_of(person, channel))
        form = await person.form()
        await form.fill({"Role": role})
        assert (await form.submit()).closed
    for number in range(5):
        await ann.command(f"/incident note {number}", channel=channel)
    await ann.command("/incident status investigating", channel=channel)
    await ann.command("/incident update we are on it", channel=channel)
    form = await ann.form()
    assert (await form.submit()).closed
    await ann.wait_for(channel, containing="we are on it")
    await all_done(bot)

    said = said_by_bot(slack, ann, channel)
    assert len(said) <= 3
    assert len(card_of(ann, channel).replies()) == 9
    await ann.joins(DIGEST)
    assert len(mentioning(ann.sees(DIGEST), "INC-1 ")) == 1


async def test_quick_changes_are_shown_with_few_edits_of_the_card(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack, answers={"Impact": "A few", "Urgency": "Can wait"})
    await all_done(bot)
    slack.faults.latency(0.3, "chat.update")

    for number, severity in enumerate(("SEV3", "SEV2", "SEV1", "SEV3", "SEV2", "SEV1")):
        await ann.command(f"/incident severity {severity} because {number}", channel=channel)
    await ann.until(lambda: "SEV1" in card_of(ann, channel).text)
    await all_done(bot)

    assert "SEV1" in card_of(ann, channel).text
    edits = [
        call for call in slack.calls.of("chat.update") if call.arguments["channel"] == card_of(ann, channel).channel_id
    ]
    assert len(edits) <= 4
