"""A channel that was there before becomes an incident's channel, with everything that was said in it."""

import asyncio

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.form import Form
from sandbox.people.person import Person
from storage.incidents import find_incident, list_participants
from storage.ledger import list_entries
from storage.tables import EntryKind, Incident
from storage.timeline import list_shown
from tests.journeys.hearing import kept_by, said_as, shown_by
from tests.journeys.telling import DIGEST, all_done, declare, ledger_of, mentioning

OPS = "ops"


async def _adopt_form(person: Person, channel: str = OPS, title: str = "Checkout is down") -> Form:
    reply = await person.command(f"/incident adopt {title}", channel=channel)
    assert reply.failed is None
    return await person.form()


async def _refusal(person: Person, channel: str) -> str:
    """What is said at once to who wants to adopt this channel; no form opens."""
    reply = await person.command("/incident adopt", channel=channel)
    assert person.open_form() is None
    return reply.text


async def _talk(slack: Sandbox, *, private: bool = False) -> Person:
    """A channel of Ann's in which she and Bo have talked about it already."""
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates(OPS, private=private)
    await ann.invites("bo", OPS)
    await ann.sets_topic(OPS, "How operations works")
    first = await ann.types("Checkout is slow", channel=OPS)
    await bo.types("Since 11:58", channel=OPS, thread=first)
    found = await bo.types("A certificate ran out", channel=OPS)
    await ann.reacts(found, "pushpin")
    return ann


async def _settled(slack: Sandbox, bot: Service) -> None:
    await slack.events_settled()
    await all_done(bot)


async def _incident(bot: Service, number: int = 1) -> Incident:
    async with bot.database.read() as session:
        incident = await find_incident(session, number)
        assert incident is not None
        return incident


async def test_a_channel_becomes_an_incidents_channel_with_its_past(slack: Sandbox, bot_on_either: Service) -> None:
    ann = await _talk(slack)

    assert (await (await _adopt_form(ann)).submit()).ok
    await ann.until(lambda: bool(ann.pins(OPS)))
    await _settled(slack, bot_on_either)

    assert said_as(await kept_by(bot_on_either)) == ["Checkout is slow", "Since 11:58", "A certificate ran out"]
    assert [one.text for one in await shown_by(bot_on_either)] == ["A certificate ran out"]
    incident = await _incident(bot_on_either)
    assert (incident.adopted, incident.private, incident.channel_name) == (True, False, OPS)
    assert "Checkout is down" in ann.topic(OPS)
    assert mentioning(ann.sees(DIGEST), "INC-1")
    assert (await ledger_of(bot_on_either))[1] is None


async def test_its_name_and_purpose_are_left_alone_and_its_timeline_says_who_adopted_it(
    slack: Sandbox, bot: Service
) -> None:
    ann = await _talk(slack)

    assert (await (await _adopt_form(ann)).submit()).ok
    await ann.until(lambda: bool(ann.pins(OPS)))
    await _settled(slack, bot)

    assert not slack.calls.of("conversations.setPurpose")
    async with bot.database.read() as session:
        adopted = [entry.by for entry in await list_shown(session, 1) if entry.kind is EntryKind.ADOPTED]
    assert adopted == [ann.id]


async def test_what_is_said_after_that_is_heard(slack: Sandbox, bot: Service) -> None:
    ann = await _talk(slack)
    assert (await (await _adopt_form(ann)).submit()).ok
    await ann.until(lambda: bool(ann.pins(OPS)))

    await ann.types("Renewed it", channel=OPS)
    await _settled(slack, bot)

    assert said_as(await kept_by(bot))[-1] == "Renewed it"


async def test_a_private_channel_makes_a_private_incident_for_those_in_it(slack: Sandbox, bot: Service) -> None:
    ann = await _talk(slack, private=True)
    await ann.invites(slack.workspace.bot.name, OPS)

    form = await _adopt_form(ann)
    assert (await form.submit()).ok
    await ann.until(lambda: bool(ann.pins(OPS)))
    await _settled(slack, bot)

    assert (await _incident(bot)).private
    assert DIGEST not in ann.channels()  # nobody needed it, so it was never made
    async with bot.database.read() as session:
        present = {row.user_id for row in await list_participants(session, 1) if row.left_at is None}
    assert {ann.id, slack.person("bo").id} <= present
    assert said_as(await kept_by(bot))[0] == "Checkout is slow"


async def test_a_channel_that_turned_private_while_the_form_was_open_makes_a_private_incident(
    slack: Sandbox, bot: Service
) -> None:
    ann = await _talk(slack)
    await ann.invites(slack.workspace.bot.name, OPS)
    form = await _adopt_form(ann)

    found = slack.workspace.channel_named(OPS)
    assert found is not None
    found.kind = "private"  # an admin converts it
    assert (await form.submit()).ok
    await ann.until(lambda: bool(ann.pins(OPS)))
    await _settled(slack, bot)

    assert (await _incident(bot)).private
    async with bot.database.read() as session:
        declared = (await list_entries(session, 1))[0]
    assert declared.data["private"]  # from its first moment


async def test_choices_in_the_form_keep_the_channel(slack: Sandbox, bot: Service) -> None:
    ann = await _talk(slack)
    form = await _adopt_form(ann)

    await form.fill({"Impact": "Everyone", "Urgency": "Now"})
    await form.until(lambda now: "SEV1 · this channel, which is open to everybody" in now.text())

    assert (await form.submit()).ok
    await ann.until(lambda: bool(ann.pins(OPS)))
    assert (await _incident(bot)).channel_name == OPS


async def test_a_private_channel_the_bot_is_not_in_asks_for_an_invitation(slack: Sandbox, bot: Service) -> None:
    ann = await _talk(slack, private=True)

    said = await _refusal(ann, OPS)

    assert "I am not in this channel and cannot read it, so nothing was changed." in said
    assert f"/invite @{slack.workspace.bot.name}" in said


async def test_the_digest_channel_and_direct_messages_are_refused(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    await declare(slack)
    await _settled(slack, bot)
    await ann.joins(DIGEST)

    assert "This is the digest channel" in await _refusal(ann, DIGEST)
    assert "Direct messages cannot become an incident's channel" in await _refusal(ann, f"@{slack.workspace.bot.name}")


async def test_the_channel_of_an_incident_is_refused_by_its_name(slack: Sandbox, bot: Service) -> None:
    channel = await declare(slack)

    assert "This is the channel of INC-1 already, so nothing was changed." in await _refusal(
        slack.person("ann"), channel
    )


async def test_a_channel_that_was_archived_meanwhile_is_refused_and_the_form_stays(
    slack: Sandbox, bot: Service
) -> None:
    ann = await _talk(slack)
    form = await _adopt_form(ann)
    await ann.archives(OPS)

    outcome = await form.submit()

    assert not outcome.ok
    assert "This channel is archived" in str(outcome)


@pytest.mark.parametrize("_again", range(3))
async def test_of_two_who_adopt_it_at_once_one_does_and_the_other_is_told(
    slack: Sandbox, bot_on_either: Service, _again: int
) -> None:
    ann = await _talk(slack)
    bo = slack.person("bo")
    forms = [await _adopt_form(ann), await _adopt_form(bo)]

    outcomes = await asyncio.gather(*(form.submit() for form in forms))
    await ann.until(lambda: bool(ann.pins(OPS)))
    await _settled(slack, bot_on_either)

    (refused,) = [outcome for outcome in outcomes if not outcome.ok]
    assert "already, so nothing was changed" in str(refused)
    assert len(ann.pins(OPS)) == 1
    assert (await ledger_of(bot_on_either))[1] is None
