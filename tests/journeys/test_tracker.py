"""Action items in a tracker outside, by the running bot and a real server: once, followed, and delaying nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest
from aiohttp import web

from bot.messenger import dispatcher, trackers
from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from sandbox.people.seen import SeenMessage
from storage.action_items import find_item
from storage.tables import ActionItem, ItemState
from tests.bot.github_host import LOST, REPOSITORY, TOKEN, GitHubHost, a_github_host
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import an_item, clock_at
from tests.journeys.telling import all_done, card_of, declare, minutes_pass
from workflows.commands import MoveItem
from workflows.item_states import move_item
from workflows.process import Process, parse_process

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Bo is."""
MORE_THAN_THE_DISPATCHER_HOLDS = dispatcher.AT_ONCE + 10
MINUTE, HOURS = 60, 60
"""A minute in seconds, an hour in minutes."""


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A workspace on that Monday."""
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


@pytest.fixture
async def github(slack: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GitHubHost]:
    """A repository at the same hour, and the token for it."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("DESK_SECRET", "of the desk")
    async with a_github_host(now=slack.clock.now) as host:
        yield host


def process_with(github: GitHubHost, *, automatic: bool = True) -> Process:
    """GitHub takes every item, or those that people send there; beside it there is a desk."""
    tracker = {
        "name": "GitHub",
        "kind": "github",
        "repository": REPOSITORY,
        "url": github.url,
        "secret_env": "GITHUB_TOKEN",
        "automatic": automatic,
    }
    desk = {"name": "Service desk", "kind": "webhook", "url": f"{github.url}/desk", "secret_env": "DESK_SECRET"}
    return parse_process({"trackers": {"github": tracker, "desk": desk}})


@pytest.fixture
async def bot(slack: Sandbox, github: GitHubHost, database_url: str) -> AsyncIterator[Service]:
    """The bot; GitHub takes every item."""
    async with a_bot(slack, database_url, process=process_with(github), now=slack.clock.now) as service:
        yield service


async def item_now(bot: Service, number: int = 1) -> ActionItem:
    """The item as it stands."""
    async with bot.services.read() as session:
        item = await find_item(session, number)
    assert item is not None
    return item


async def moved(slack: Sandbox, bot: Service, state: ItemState, **changes: str) -> None:
    """Bo says how far ACT-1 is."""
    async with bot.services.transaction() as session:
        command = MoveItem(by=slack.person("bo").id, request_id=f"test/{state}", item_id=1, state=state, **changes)
        await move_item(session, command, process=bot.process, now=bot.now())
    await all_done(bot)


async def listed(person: Person, channel: str) -> str:
    """The list of the incident's items, as somebody reads it."""
    await person.command("/incident actions here", channel=channel)
    return (await person.form()).text()


async def test_an_item_is_an_issue_that_follows_it_and_an_issue_closed_there_leaves_it_open(
    slack: Sandbox, bot: Service, github: GitHubHost
) -> None:
    channel = await declare(slack)
    await an_item(slack, bot, channel, due_on=date(2026, 3, 13))
    (issue,) = github.issues
    assert (issue["title"], issue["state"]) == ("Alert on refused cards", "open")
    assert "#1" in await listed(slack.person("ann"), channel)

    issue["state"] = "closed"
    await minutes_pass(slack, bot, 6 * HOURS)
    assert "#1 closed" in await listed(slack.person("ann"), channel)
    assert (await item_now(bot)).state is ItemState.OPEN

    issue["state"] = "open"
    await minutes_pass(slack, bot, 6 * HOURS)
    await moved(slack, bot, ItemState.DONE)
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    await moved(slack, bot, ItemState.OPEN, reason="It came back")
    assert (issue["state"], issue["state_reason"]) == ("open", "reopened")


async def test_one_whose_answer_was_lost_is_found_by_the_next_run_of_the_bot(
    slack: Sandbox, github: GitHubHost, database_url: str
) -> None:
    process = process_with(github)
    async with a_bot(slack, database_url, process=process, now=slack.clock.now) as bot:
        channel = await declare(slack)
        await all_done(bot)
        github.faults = [LOST]
        github.refuse_after(1)
        await an_item(slack, bot, channel, settled=False)
        await github.called("POST /issues")
    assert len(github.issues) == 1
    github.refuse_after(None)

    async with a_bot(slack, database_url, process=process, now=slack.clock.now) as bot:
        await minutes_pass(slack, bot, 1)

        assert (await item_now(bot)).tracker_ref == "#1"
        assert len(github.issues) == 1


async def test_a_tracker_that_is_down_delays_nothing_and_the_declarer_is_told_once(
    slack: Sandbox, bot: Service, github: GitHubHost
) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    await all_done(bot)
    github.refuse_after(0)
    for title in ("Alert on refused cards", "Write the runbook"):
        await an_item(slack, bot, channel, title=title, settled=False)
    await github.called("POST /issues")

    await ann.until(lambda: "2 action items" in card_of(ann, channel).text, what="the card does not count them")
    for _ in range(3):
        slack.clock.advance(15 * MINUTE)
        bot.dispatcher.wake()
        await ann.until(lambda: bool(_told(ann)), what="Ann is not told")
    (told,) = _told(ann)
    assert "everything else goes on" in told.text
    assert github.issues == []

    github.refuse_after(None)
    for _ in range(3):
        await minutes_pass(slack, bot, 6)
    assert sorted(issue["title"] for issue in github.issues) == ["Alert on refused cards", "Write the runbook"]


async def test_a_crowd_of_items_for_a_tracker_that_hangs_leaves_room_for_the_next_incident(
    slack: Sandbox, bot: Service, github: GitHubHost
) -> None:
    channel = await declare(slack)
    await all_done(bot)
    github.hold = asyncio.Event()
    for number in range(MORE_THAN_THE_DISPATCHER_HOLDS):
        await an_item(slack, bot, channel, title=f"Write runbook {number}", settled=False)
    await github.called("POST /issues", times=trackers.AT_ONCE)

    second = await declare(slack, "Search is slow")

    assert "Search is slow" in card_of(slack.person("ann"), second).text
    assert github.calls.count("POST /issues") == trackers.AT_ONCE
    github.hold.set()
    async with asyncio.timeout(10):
        while len(github.issues) < MORE_THAN_THE_DISPATCHER_HOLDS:
            slack.clock.advance(1)
            bot.dispatcher.wake()
            await asyncio.sleep(0.02)
    assert len({issue["title"] for issue in github.issues}) == len(github.issues) == MORE_THAN_THE_DISPATCHER_HOLDS


def _told(person: Person) -> list[SeenMessage]:
    return [one for one in person.dm() if "on its way to a tracker" in one.text]


async def test_what_github_refuses_is_told_with_what_to_do_and_sent_again_when_that_is_done(
    slack: Sandbox, bot: Service, github: GitHubHost
) -> None:
    ann = slack.person("ann")
    channel = await declare(slack)
    github.faults = [web.json_response({"message": "Resource not accessible by personal access token"}, status=403)]
    await an_item(slack, bot, channel)
    (told,) = [one for one in ann.dm() if "GITHUB_TOKEN" in one.text]
    assert "bring an action item into its tracker" in told.text
    assert (await item_now(bot)).tracker is None

    await ann.press("Try again", told)
    await all_done(bot)

    assert (await item_now(bot)).tracker_ref == "#1"


async def test_somebody_sends_an_item_to_the_tracker_they_choose(
    slack: Sandbox, github: GitHubHost, database_url: str
) -> None:
    bo = slack.person("bo")
    process = process_with(github, automatic=False)
    async with a_bot(slack, database_url, process=process, now=slack.clock.now) as bot:
        channel = await declare(slack)
        await an_item(slack, bot, channel)
        assert github.issues == []
        await bo.command("/incident actions mine", channel="general")
        await (await bo.form()).press("Open")
        form = await bo.form()

        await form.fill({"Send to…": "GitHub"})
        await all_done(bot)

        assert (await item_now(bot)).tracker_ref == "#1"
        await bo.command("/incident actions mine", channel="general")
        await (await bo.form()).press("Open")
        assert "#1" in (await bo.form()).text()


async def test_nothing_of_a_private_incident_reaches_a_tracker(
    slack: Sandbox, bot: Service, github: GitHubHost
) -> None:
    channel = await declare(slack, answers={"Who may see it": "Only those invited"})
    await an_item(slack, bot, channel, owner="ann")

    assert github.calls == []
