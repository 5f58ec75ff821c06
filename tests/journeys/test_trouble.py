"""Slack is slow, busy, failing or gone for a while: what was asked for still happens, and once."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.calls import Call, Step
from sandbox.faults import Faults
from sandbox.people.person import Person
from tests.journeys.conftest import MANIFEST, a_bot
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

METHODS = (
    "conversations.create",
    "chat.postMessage",
    "conversations.invite",
    "conversations.setTopic",
    "conversations.setPurpose",
    "bookmarks.add",
    "pins.add",
    "users.conversations",
    "users.info",
    "response_url",
)
"""Every method of a declaration."""

EFFECTS: dict[str, Callable[[Faults, str], None]] = {
    "busy": lambda faults, method: faults.ratelimit(method, retry_after=1),
    "losing the answer": lambda faults, method: faults.lose_answer(method),
    "failing": lambda faults, method: faults.fail(method, status=500),
    "out of order": lambda faults, method: faults.fail(method, error="internal_error"),
    "hanging up": lambda faults, method: faults.drop(method),
}


def check_once(slack: Sandbox, person: Person, channel: str) -> None:
    """All of a declaration is there, and nothing is there twice."""
    assert [name for name in person.channels() if name.startswith("inc-")] == [channel]
    (card,) = said_by_bot(slack, person, channel)
    assert [message.ts for message in person.pins(channel)] == [card.ts]
    assert [bookmark.title for bookmark in person.bookmarks(channel)] == ["Card"]
    assert "Lead @ann" in person.topic(channel)
    assert {"ann", slack.workspace.bot.name} <= set(person.members(channel))
    digest = slack.person("ann").screen.channel(DIGEST)
    assert len(mentioning(person.screen.messages(digest), "INC-1 ")) == 1
    assert len(mentioning(person.sees("general"), "INC-1 ")) <= 1
    assert person.dm() == []


async def _declare_under(effect: str, method: str, folder: Path, starting: asyncio.Lock) -> None:
    async with Sandbox(manifest=MANIFEST) as slack, AsyncExitStack() as running:
        async with starting:  # Alembic migrates one database at a time in a process
            bot = await running.enter_async_context(a_bot(slack, f"sqlite:///{folder}/{method}.db"))
        ann = slack.person("ann")
        form = await declare_form(ann)
        before = set(ann.channels())
        EFFECTS[effect](slack.faults, method)
        assert (await form.submit()).closed
        channel = await new_channel(ann, before, timeout=20)
        await all_done(bot, within=20)
        check_once(slack, ann, channel)
        assert await ledger_of(bot) == (3, None)
        assert slack.complaints == []


@pytest.mark.parametrize("effect", EFFECTS)
async def test_a_declaration_is_completed_once_whatever_method_slack_has_trouble_with(
    effect: str, tmp_path: Path
) -> None:
    starting = asyncio.Lock()

    async with asyncio.TaskGroup() as group:
        for method in METHODS:
            group.create_task(_declare_under(effect, method, tmp_path, starting), name=method)


async def test_what_was_declared_while_slack_is_down_arrives_when_it_is_up(
    slack: Sandbox, bot_on_either: Service
) -> None:
    ann = slack.person("ann")
    form = await declare_form(ann)
    before = set(ann.channels())
    refused = asyncio.Event()

    async def on_call(call: Call, step: Step) -> None:
        if step == "answered" and call.status == 503 and len(slack.calls.of("conversations.create")) == 2:
            refused.set()

    slack.calls.on_call = on_call
    slack.faults.down()
    assert (await form.submit()).closed
    async with asyncio.timeout(10):
        await refused.wait()
    slack.faults.up()

    channel = await new_channel(ann, before, timeout=10)
    await all_done(bot_on_either)
    check_once(slack, ann, channel)


async def test_notes_taken_during_an_outage_come_in_order_and_once(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    await all_done(bot)
    slack.faults.down()

    for number in range(4):
        reply = await ann.command(f"/incident note number {number}", channel=channel)
        assert "Noted" in reply.text
    slack.faults.up()

    await ann.wait_for(channel, containing="number 3", timeout=10)
    await all_done(bot)
    heard = [reply.text.rsplit("\n", 1)[-1].strip("> ") for reply in card_of(ann, channel).replies()]
    assert heard == [f"number {number}" for number in range(4)]


async def test_a_slow_slack_changes_nothing(slack: Sandbox, bot_on_either: Service) -> None:
    slack.faults.latency(0.3)

    channel = await declare(slack)

    await all_done(bot_on_either)
    check_once(slack, slack.person("ann"), channel)


async def test_nothing_is_lost_while_socket_mode_connections_are_refreshed(slack: Sandbox, bot: Service) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    await all_done(bot)

    for number in range(3):
        await slack.refresh_connections(grace=0.2)
        reply = await ann.command(f"/incident note number {number}", channel=channel)
        if reply.failed:  # it met the old connection's end; Slack says so, and whoever typed it does so again
            await slack.app_connected()
            reply = await ann.command(f"/incident note number {number}", channel=channel)
        assert reply.failed is None
    await ann.wait_for(channel, containing="number 2")
    await all_done(bot)

    for number in range(3):
        assert mentioning(card_of(ann, channel).replies(), f"number {number}")


async def test_an_event_that_meets_a_dropped_connection_is_delivered_again(slack: Sandbox, bot: Service) -> None:
    ann, dee = slack.person("ann"), slack.person("dee")
    channel = await declare(slack, answers={"Type": "Security"})
    await all_done(bot)

    await slack.socket.close()
    await ann.invites("dee", channel)
    await slack.app_connected(timeout=30)
    await slack.events_settled(timeout=30)

    assert "INC-1" in (await dee.command("/incident list", channel="general")).text


async def test_a_bot_that_is_stopped_answers_first_what_it_was_asked(slack: Sandbox, database_url: str) -> None:
    arrived = asyncio.Event()

    async def on_call(call: Call, step: Step) -> None:
        if call.method == "views.open" and step == "arrived":
            arrived.set()

    async with a_bot(slack, database_url):
        slack.server.calls.on_call = on_call
        slack.faults.latency(0.3, "views.open")
        asking = asyncio.create_task(slack.person("ann").command("/incident declare", channel="general"))
        await arrived.wait()

    assert (await asking).failed is None


async def test_a_bot_that_is_restarted_in_the_middle_of_a_declaration_completes_it_once(
    slack: Sandbox, database_url: str
) -> None:
    ann = slack.person("ann")
    async with a_bot(slack, database_url):
        form = await declare_form(ann)
        before = set(ann.channels())
        assert (await form.submit()).closed
    async with a_bot(slack, database_url) as bot:
        channel = await new_channel(ann, before)
        await all_done(bot)

        check_once(slack, ann, channel)
        assert await ledger_of(bot) == (3, None)
