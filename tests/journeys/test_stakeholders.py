"""Stakeholders hear of each turn, once, with proof; what stands in the way is said once and mended with a button."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.blocks.text import escape
from bot.service import Service
from sandbox import Sandbox
from sandbox.calls import Call, Step
from sandbox.people.form import Form
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.notices import list_notices
from storage.tables import DeliveryOutcome
from storage.timeline import list_shown
from tests.journeys.conftest import a_bot, settings_for
from tests.journeys.telling import DIGEST, KNOWN, all_done, card_of, declare
from workflows.process import Process, parse_process


def hearing(**audience: Any) -> Process:
    """A process in which one audience hears of everything, unless it says otherwise."""
    return parse_process({"audiences": {"board": {"name": "The board", **audience}}})


@asynccontextmanager
async def a_bot_by_the_clock_of(slack: Sandbox, database_url: str, process: Process) -> AsyncIterator[Service]:
    """The bot, for whom time passes when it is moved in the workspace."""
    service = Service(settings_for(slack, database_url), process, now=slack.clock.now)
    await service.start()
    await slack.app_connected()
    try:
        yield service
    finally:
        await service.stop()


def notices_to(person: Person) -> list[SeenMessage]:
    """What they were told by direct message."""
    return [message for message in person.dm() if message.author != person.name]


async def update(person: Person, channel: str, answers: dict[str, object]) -> Form:
    """The update form, filled in."""
    await person.command("/incident update", channel=channel)
    return await (await person.form()).fill(answers)


async def test_channel_group_person_and_subscriber_each_hear_once_of_each_turn(
    slack: Sandbox, way: tuple[Any, str]
) -> None:
    mode, address = way
    ann, bo, chidi, dee = (slack.person(name) for name in ("ann", "bo", "chidi", "dee"))
    slack.add_usergroup("sre", ["chidi", "dee"])
    await ann.creates("exec")
    await ann.invites("sitrep", "exec")
    process = hearing(channels=["#exec"], groups=["@sre"], people=["bo@example.com", dee.id])
    async with a_bot(slack, address, mode=mode, process=process) as bot:
        channel = await declare(slack, answers=KNOWN)
        await all_done(bot)
        await bo.command("/incident subscribe", channel="general")
        await (await bo.form()).close()
        await bo.command("/incident subscribe INC-1", channel="general")
        form = await update(ann, channel, {"Condition": "Cards are refused", "Actions": "Rolling back 41"})
        assert (await form.submit()).closed
        await all_done(bot)
        for step in ("investigating", "mitigating", "investigating", "mitigating", "monitoring"):
            await ann.command(f"/incident status {step}", channel=channel)
        await ann.command("/incident did rolled back to 41", channel=channel)
        await ann.command("/incident resolve", channel=channel)
        form = await ann.form()
        await form.fill({"How was it verified?": "Orders flow", "Does a temporary fix stay?": "No"})
        await form.fill({"Is anything left to do?": "Yes", "What is left?": "Alert on refunds"})
        assert (await form.submit()).closed
        await all_done(bot)

    turns = [
        "INC-1 · Checkout is down: declared",
        "INC-1 · Checkout is down: update",
        "INC-1 · Checkout is down: Investigating",
        "INC-1 · Checkout is down: Mitigating",
        "INC-1 · Checkout is down: Monitoring",
        "INC-1 · Checkout is down: resolved",
    ]
    for told in (notices_to(bo), notices_to(chidi), notices_to(dee), _said(ann.sees("exec"))):
        told = [message for message in told if "Checkout is down:" in message.text]
        assert len(told) == len(turns)
        assert all(turn in message.text for turn, message in zip(turns, told, strict=True))
    resolved = notices_to(chidi)[-1].text
    assert "1. rolled back to 41" in resolved
    assert "Next: What is left to do: Alert on refunds" in resolved
    assert "Rolling back 41" in notices_to(chidi)[1].text


def _said(messages: list[SeenMessage]) -> list[SeenMessage]:
    return [message for message in messages if not message.subtype]


async def test_what_cannot_be_found_or_reached_is_told_once_and_everybody_else_hears(
    slack: Sandbox, database_url: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates("exec")
    process = hearing(channels=["#exec", "C0000000000"], groups=["@sre"], people=["bo@example.com", "no@example.com"])
    async with a_bot(slack, database_url, process=process) as bot:
        channel = await declare(slack)
        await all_done(bot)
        for words in ("One", "Two"):
            assert (await (await update(ann, channel, {"Condition": words})).submit()).closed
            await all_done(bot)

    assert len(notices_to(bo)) == 3
    reports = [message.text for message in notices_to(ann)]
    assert len(reports) == 4
    for words in (
        "“#exec” in audiences.board.channels of sitrep.toml is no channel I am in: invite me there, or correct it.",
        "“@sre” in audiences.board.groups of sitrep.toml is no user group here: correct it.",
        "“no@example.com” in audiences.board.people of sitrep.toml is nobody in this workspace: correct it.",
        "It is named in audiences.board.channels of sitrep.toml.",
    ):
        assert sum(words in report for report in reports) == 1, words


async def test_who_shows_what_failed_and_another_try_reaches_it(slack: Sandbox, database_url: str) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await ann.creates("exec")
    (exec_id,) = (each.id for each in slack.workspace.channels.values() if each.name == "exec")
    process = hearing(channels=[exec_id], people=["bo@example.com"], groups=["@sre"])
    async with a_bot_by_the_clock_of(slack, database_url, process) as bot:
        channel = await declare(slack)
        await all_done(bot)
        await ann.command("/incident who", channel=channel)
        form = await ann.form()
        assert "2 notices: 1 sent, 1 failed, 0 waiting · 1 name not found" in form.text()
        assert "@bo · The board · sent" in form.text()
        assert "failed (not_in_channel). I am not in that channel any more: invite me back." in form.text()
        assert "“@sre” in audiences.board.groups" in form.text()

        await ann.invites("sitrep", "exec")
        slack.add_usergroup("sre", ["bo", "chidi"])
        slack.clock.advance(60)
        await form.press("Retry all")
        await all_done(bot)
        await ann.command("/incident who", channel=channel)
        form = await ann.form()

    assert "3 notices: 3 sent, 0 failed, 0 waiting" in form.text()
    assert len(notices_to(bo)) == 1
    assert len(notices_to(slack.person("chidi"))) == 1
    assert ann.finds("exec", "Checkout is down: declared")


async def test_the_update_form_says_whom_it_reaches_even_where_a_look_up_is_slow(
    slack: Sandbox, database_url: str
) -> None:
    ann = slack.person("ann")
    slack.add_usergroup("sre", ["bo", "chidi"])
    await ann.creates("exec")
    await ann.invites("sitrep", "exec")
    process = parse_process(
        {
            "audiences": {
                "board": {"name": "Board", "channels": ["#exec"], "people": ["bo@example.com"], "on": ["update"]},
                "sre": {"name": "SRE", "groups": ["@sre"], "emails": ["press@example.com"], "on": ["mitigating"]},
            }
        }
    )
    stuck = asyncio.Event()

    async def slow(call: Call, step: Step) -> None:
        if call.method == "usergroups.list" and step == "arrived":
            await stuck.wait()

    async with a_bot(slack, database_url, process=process) as bot:
        channel = await declare(slack)
        await ann.command("/incident status investigating", channel=channel)
        await all_done(bot)
        slack.calls.on_call = slow
        await ann.command("/incident update", channel=channel)
        form = await ann.form()
        assert "Reaches #incidents, 1 channel and 1 person, besides its channel." in form.text()

        await form.fill({"Condition": "We act", "New status": "Mitigating"})
        await form.until(lambda now: "1 address and @sre" in now.text())
        stuck.set()
        await form.fill({"New status": "Monitoring"})
        await form.until(lambda now: "address" not in now.text())
        await form.fill({"New status": "Mitigating"})
        await form.until(lambda now: "Reaches #incidents, 1 channel, 2 people and 1 address" in now.text())
        assert form.values()["Condition"] == "We act"


async def test_a_long_update_comes_back_once_with_everything_that_was_typed(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    words = ("Cards are refused in every country. " * 16).strip()

    form = await update(ann, channel, {"Condition": words, "Needs": "A decision", "Who is needed?": "bo"})
    outcome = await form.submit()

    assert outcome.ok
    assert not outcome.closed
    assert "Nothing was published yet: shorten it, or press Publish again" in form.text()
    assert form.values()["Condition"] == words
    assert form.values()["Who is needed?"] == slack.person("bo").id
    assert ann.finds(channel, "Update by") is None

    assert (await form.submit()).closed
    await ann.wait_for(channel, containing="Update by @ann")


async def test_needs_without_a_person_are_refused_at_the_field(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)

    form = await update(ann, channel, {"Condition": "x", "Needs": "A decision"})

    assert (await form.submit()).errors == {
        "Who is needed?": "Say who is asked for what you need; nobody in particular means nobody."
    }


async def test_the_card_says_who_is_affected_after_an_update(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)

    form = await update(ann, channel, {"Condition": "x", "Who is affected?": "All shops in Spain"})
    assert (await form.submit()).closed

    await ann.until(lambda: "All shops in Spain" in card_of(ann, channel).text)
    form = await update(ann, channel, {})
    assert form.values()["Who is affected?"] == "All shops in Spain"


async def test_an_update_after_it_was_resolved_is_delivered_and_on_the_record(
    slack: Sandbox, database_url: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    async with a_bot(slack, database_url, process=hearing(people=["bo@example.com"], on=["update"])) as bot:
        channel = await declare(slack)
        await ann.command("/incident status monitoring it works again", channel=channel)
        await ann.command("/incident resolve", channel=channel)
        form = await ann.form()
        await form.fill({"How was it verified?": "Orders flow", "Does a temporary fix stay?": "No"})
        await form.fill({"Is anything left to do?": "No"})
        assert (await form.submit()).closed
        form = await update(ann, channel, {"Condition": "All refunds are out"})
        assert (await form.submit()).closed
        await all_done(bot)
        async with bot.database.read() as session:
            rows = await list_notices(session, 1, limit=10)

    assert "All refunds are out" in notices_to(bo)[-1].text
    assert [(row.transition, row.outcome) for row in rows] == [("update", DeliveryOutcome.SENT)]


async def test_two_hundred_hear_once_each_and_no_acknowledgement_waits_for_them(
    slack: Sandbox, database_url: str
) -> None:
    ann = slack.person("ann")
    crowd = [slack.workspace.add_user(f"p{number}").name for number in range(200)]
    slack.add_usergroup("all", crowd)
    began = asyncio.Event()
    go_on = asyncio.Event()

    async def hold_notices(call: Call, step: Step) -> None:
        if call.method == "chat.postMessage" and str(call.arguments["channel"]).startswith("U") and step == "arrived":
            began.set()
            await go_on.wait()

    async with a_bot(slack, database_url, process=hearing(groups=["@all"], on=["update"])) as bot:
        channel = await declare(slack)
        await all_done(bot)
        slack.calls.on_call = hold_notices
        form = await update(ann, channel, {"Condition": "We found it"})
        assert (await form.submit()).closed
        await began.wait()
        reply = await ann.command("/incident status", channel=channel)  # answered while 200 are being told
        assert "INC-1" in reply.text
        go_on.set()
        await all_done(bot, within=60)

    told = [len(notices_to(slack.person(name))) for name in crowd]
    assert told == [1] * 200


@pytest.mark.parametrize("words", ["<!channel> *bold* <@U1> & co"])
async def test_what_people_type_is_read_as_typed_in_a_notice(slack: Sandbox, database_url: str, words: str) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    async with a_bot(slack, database_url, process=hearing(people=["bo@example.com"])) as bot:
        channel = await declare(slack, words)
        assert (await (await update(ann, channel, {"Condition": words})).submit()).closed
        await all_done(bot)

    assert [escape(words) in str(message.blocks) for message in notices_to(bo)] == [True, True]


async def test_the_digest_is_told_by_its_entry_and_not_again(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    channel = await declare(slack)
    await dee.joins(DIGEST)

    assert (await (await update(ann, channel, {"Condition": "We found it"})).submit()).closed
    await dee.wait_for(DIGEST, containing="We found it")
    await all_done(bot)

    assert len([message for message in dee.sees(DIGEST) if "INC-1" in message.text]) == 1


async def test_who_is_needed_is_asked_by_direct_message_and_the_answer_is_kept(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack)
    await all_done(bot)
    before = len(_said(ann.sees(channel)))

    form = await update(
        ann, channel, {"Condition": "Rolling back", "Needs": "May we drop the queue?", "Who is needed?": "bo"}
    )
    assert (await form.submit()).closed
    await all_done(bot)

    said = _said(ann.sees(channel))
    assert len(said) == before + 1  # an update costs the channel one message
    assert "Needs: @bo, please" in said[-1].text
    (asked,) = notices_to(bo)
    assert "May we drop the queue?" in asked.text
    assert {"I’m on it", "Can’t"} <= set(asked.buttons)

    await bo.press("I’m on it", asked)
    await all_done(bot)
    async with bot.database.read() as session:
        question = next(entry for entry in await list_shown(session, 1) if entry.category == "question")
    assert (question.state, question.data["settled_by"]) == ("accepted", bo.id)


async def test_a_text_for_people_outside_waits_for_its_approval_and_is_all_that_they_read(
    slack: Sandbox, database_url: str
) -> None:
    ann, bo, dee = (slack.person(name) for name in ("ann", "bo", "dee"))
    process = hearing(kind="external", people=["dee@example.com"])
    async with a_bot(slack, database_url, process=process) as bot:
        channel = await declare(slack, answers={"Lead": "bo"})
        form = await update(
            ann, channel, {"Condition": "Keys in the log", "Text for people outside": "The shop is slow."}
        )
        assert (await form.submit()).closed
        await all_done(bot)
        assert notices_to(dee) == []

        draft = await bo.wait_for(channel, containing="The shop is slow.")
        await bo.press("Approve", draft)
        await dee.until(lambda: notices_to(dee))
        await all_done(bot)

    assert [message.text for message in notices_to(dee)] == [":loudspeaker: The shop is slow."]
