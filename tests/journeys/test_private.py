"""A private incident: who is not in it finds it nowhere, and hears what they would hear if there were none."""

import asyncio

import pytest

from bot import ids
from bot.service import Service
from sandbox import Sandbox
from tests.journeys.forging import forged_click
from tests.journeys.telling import DIGEST, all_done, card_of, declare, declare_form


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of a security incident that Ann declared."""
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await all_done(bot)
    return channel


async def test_the_form_says_that_a_security_incident_gets_a_private_channel(slack: Sandbox, bot: Service) -> None:
    form = await declare_form(slack.person("ann"), "Keys leaked")
    assert "open channel" in form.text()

    await form.fill({"Type": "Security"})
    await form.until(lambda now: "private channel" in now.text())

    await form.fill({"Who may see it": "Everybody"})
    await form.until(lambda now: "open channel" in now.text())


async def test_who_is_not_in_a_private_incident_finds_it_nowhere(slack: Sandbox, bot: Service, channel: str) -> None:
    dee = slack.person("dee")

    assert channel not in dee.channels()
    assert DIGEST not in dee.channels()
    for line in ("list", "list all", "help", "", "note", "status", "resolve", "reopen", "role"):
        reply = await dee.command(f"/incident {line}", channel="general")
        assert reply.failed is None
        assert "INC-1" not in reply.text
        assert "Keys" not in str(reply.blocks)
        assert not any("INC-1" in button for message in reply.messages for button in message.buttons)
    help_ = await dee.command("/incident help", channel="general")
    assert "No open incident" in help_.text
    assert dee.dm() == []


@pytest.mark.parametrize(
    "line",
    ["status", "update", "severity", "severity SEV3 no", "role scribe me", "lead me", "note x", "resolve", "reopen x"],
)
async def test_a_command_about_a_hidden_incident_reads_as_about_none(
    slack: Sandbox, bot: Service, channel: str, line: str
) -> None:
    dee = slack.person("dee")
    verb, _, words = line.partition(" ")

    hidden = await dee.command(f"/incident {verb} INC-1 {words}", channel="general")
    absent = await dee.command(f"/incident {verb} INC-99 {words}", channel="general")

    assert hidden.text == absent.text.replace("INC-99", "INC-1") != ""
    assert dee.open_form() is None


async def test_a_forged_button_about_a_hidden_incident_reads_as_about_none(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    dee = slack.person("dee")

    for action_id in (ids.OPEN_UPDATE, ids.OPEN_TAKE_ROLE, ids.OPEN_NOTE, ids.OPEN_RESOLVE, ids.TRY_AGAIN):
        hidden = await forged_click(slack, dee, action_id, "1")
        absent = await forged_click(slack, dee, action_id, "99")
        assert hidden == absent.replace("INC-99", "INC-1") != ""
    assert dee.open_form() is None
    assert card_of(slack.person("ann"), channel).replies() == []


async def test_who_comes_later_sees_it_and_who_leaves_does_not_any_more(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")

    await ann.invites("dee", channel)
    await slack.events_settled()
    assert "INC-1" in (await dee.command("/incident list", channel="general")).text
    assert "Keys leaked" in (await dee.command("/incident status INC-1", channel="general")).text
    assert card_of(dee, channel).buttons

    await dee.leaves(channel)
    await slack.events_settled()
    assert "INC-1" not in (await dee.command("/incident list", channel="general")).text
    assert "There is no INC-1" in (await dee.command("/incident status INC-1", channel="general")).text


@pytest.mark.parametrize("asked_within", [False, True])
async def test_a_form_of_a_private_incident_opened_by_a_member_who_then_left_is_refused(
    slack: Sandbox, bot: Service, channel: str, asked_within: bool
) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    await ann.invites("dee", channel)
    await slack.events_settled()
    if asked_within:
        await dee.command("/incident note", channel=channel)
    else:
        await dee.command("/incident note INC-1", channel="general")
    form = await dee.form()
    await form.fill({"What happened?": "I was here"})

    await dee.leaves(channel)
    await slack.events_settled()
    outcome = await form.submit()

    assert "There is no INC-1" in " ".join(outcome.errors.values())
    await all_done(bot)
    assert card_of(ann, channel).replies() == []


async def test_whoever_gets_a_role_in_a_private_incident_comes_into_its_channel(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")

    await asyncio.gather(
        ann.command("/incident role scribe @bo", channel=channel),
        bo.until(lambda: "bo" in bo.members(channel), what="bo comes into the private channel"),
    )

    assert "Scribe: @bo" in card_of(bo, channel).text or await bo.wait_for(channel, containing="Scribe: @bo")
    await ann.command("/incident update all keys are revoked", channel=channel)
    assert (await (await ann.form()).submit()).closed
    await bo.wait_for(channel, containing="all keys are revoked")
    await all_done(bot)
    assert DIGEST not in ann.channels()


async def test_who_left_while_the_bot_was_out_of_the_channel_sees_it_no_more_once_it_is_back(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo, us = slack.person("ann"), slack.person("bo"), slack.workspace.bot.name
    await ann.invites("bo", channel)
    await slack.events_settled()
    await ann.removes(us, channel)
    await bo.leaves(channel)
    await slack.events_settled()

    await ann.invites(us, channel)
    await slack.events_settled()
    await all_done(bot)

    assert (await bo.command("/incident timeline INC-1", channel="general")).text.startswith("There is no INC-1")
