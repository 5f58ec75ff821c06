"""Reminders that are old, late, pressed twice or not their reader's any more say what is the case, and do no harm."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.seen import SeenMessage
from storage.tables import EntryKind, ItemState
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import (
    AWAY,
    an_item,
    as_it_is_now,
    clock_at,
    days_pass,
    item_of,
    morning_of,
    recorded,
    submitted,
)
from tests.journeys.telling import all_done, declare
from workflows.process import Process
from workflows.process_parts import SEVERITIES

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Bo is."""
NEXT_MONDAY = date(2026, 3, 9)


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A workspace on that Monday."""
    async with Sandbox(MANIFEST, clock=clock_at(MONDAY)) as sandbox:
        yield sandbox
    assert sandbox.complaints == []


@pytest.fixture
async def bot(slack: Sandbox, database_url: str) -> AsyncIterator[Service]:
    """The bot, whose clock is the workspace's."""
    async with a_bot(slack, database_url, now=slack.clock.now) as service:
        yield service


@pytest.fixture
async def channel(slack: Sandbox, bot: Service) -> str:
    """The channel of an incident that Ann declared and leads, with Bo in it."""
    channel = await declare(slack)
    await slack.person("bo").joins(channel)
    await all_done(bot)
    return channel


@pytest.fixture
async def message(slack: Sandbox, bot: Service, channel: str) -> SeenMessage:
    """What Bo is told on the next Monday about the one item he has."""
    await an_item(slack, bot, channel, due_on=NEXT_MONDAY)
    await days_pass(slack, bot, 7)
    return morning_of(slack.person("bo"))


async def test_a_press_on_an_old_reminder_of_what_is_somebody_elses_by_now_says_so(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    ann, bo, chidi = slack.person("ann"), slack.person("bo"), slack.person("chidi")
    await days_pass(slack, bot, 17)  # so old that it is not kept up to date any more
    await ann.press("Reassign", next(one for one in ann.dm() if "gone quiet" in one.text))
    await submitted(await ann.form(), {"Whose is it from now on?": "chidi"})
    await all_done(bot)
    assert "Done" in as_it_is_now(bo, message).buttons

    reply = await bo.press("Done", message)
    await all_done(bot)

    assert "ACT-1 is @chidi's, so nothing was changed." in reply.text
    assert ((await item_of(bot)).state, (await item_of(bot)).owner) == (ItemState.OPEN, chidi.id)
    assert as_it_is_now(bo, message).buttons == ["Open"]
    assert "@chidi’s now" in as_it_is_now(bo, message).text


async def test_the_form_of_an_old_reminder_is_not_even_opened(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await days_pass(slack, bot, 17)
    await bo.press("Done", morning_of(bo))
    await all_done(bot)

    reply = await bo.press("Won’t do", message)
    await all_done(bot)

    assert "ACT-1 is done (@bo" in reply.text
    assert bo.open_form() is None
    assert as_it_is_now(bo, message).buttons == ["Open"]


async def test_a_press_on_an_old_reminder_shows_in_that_very_message(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await days_pass(slack, bot, 17)

    await bo.press("Done", message)
    await all_done(bot)

    assert "Done today, says @bo" in as_it_is_now(bo, message).text


async def test_a_press_that_slack_delivers_twice_is_one(slack: Sandbox, bot: Service, message: SeenMessage) -> None:
    bo = slack.person("bo")
    slack.faults.deliver_twice = True

    reply = await bo.press("Done", message)
    await all_done(bot)

    assert (reply.failed, reply.text) == (None, "")
    assert len(await recorded(bot, EntryKind.ITEM_STATE)) == 1


async def test_of_two_who_press_at_once_one_settles_it_and_the_other_hears_who_did(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await days_pass(slack, bot, 4)
    owners, leads = morning_of(bo), morning_of(ann)

    replies = await asyncio.gather(bo.press("Done", owners), ann.press("Done", leads))
    await all_done(bot)

    (entry,) = await recorded(bot, EntryKind.ITEM_STATE)
    first = "bo" if entry.by == bo.id else "ann"
    (heard,) = [reply.text for reply in replies if reply.text]
    assert f"ACT-1 is already done (@{first}" in heard
    for person, one in ((bo, owners), (ann, leads)):
        assert f"Done today, says @{first}" in as_it_is_now(person, one).text
        assert as_it_is_now(person, one).buttons == ["Open"]


async def test_the_lead_hears_of_silence_and_takes_it_over(slack: Sandbox, bot: Service, message: SeenMessage) -> None:
    ann = slack.person("ann")
    await days_pass(slack, bot, 3)
    quiet = morning_of(ann)
    assert "1 overdue item that has gone quiet" in quiet.text
    assert "Nobody has said anything about it, and it is @bo’s." in quiet.text
    assert "3 days overdue since Mon 9 Mar" in quiet.text

    await ann.press("Take it over", quiet)
    await all_done(bot)

    assert (await item_of(bot)).owner == ann.id
    assert "Nobody has said anything" not in as_it_is_now(ann, quiet).text
    assert "@ann’s now" in as_it_is_now(slack.person("bo"), message).text


async def test_what_comes_late_after_an_outage_says_so(slack: Sandbox, database_url: str) -> None:
    async with a_bot(slack, database_url, now=slack.clock.now) as bot:
        channel = await declare(slack)
        await all_done(bot)
        await an_item(slack, bot, channel, due_on=NEXT_MONDAY)
    slack.clock.advance(8 * 86_400)

    async with a_bot(slack, database_url, now=slack.clock.now) as bot:
        await all_done(bot)

    told = [one.text for one in slack.person("bo").dm() if AWAY in one.text]
    assert len(told) == 1
    assert "1 day overdue since Mon 9 Mar" in told[0]


async def test_who_has_left_a_private_incident_hears_nothing_of_its_items(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await ann.invites("bo", channel)
    await all_done(bot)
    await an_item(slack, bot, channel, title="Rotate the keys", due_on=NEXT_MONDAY)
    await an_item(slack, bot, await declare(slack), title="Alert on refused cards", due_on=NEXT_MONDAY)
    await bo.leaves(channel)
    await days_pass(slack, bot, 7)

    message = morning_of(bo)

    assert "Alert on refused cards" in message.text
    assert "Rotate the keys" not in message.text


async def test_a_reminder_of_what_its_reader_may_not_see_any_more_is_emptied_when_it_is_drawn_anew(
    slack: Sandbox, bot: Service
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await ann.invites("bo", channel)
    await all_done(bot)
    await an_item(slack, bot, channel, title="Rotate the keys", due_on=NEXT_MONDAY)
    given = bo.dm()[-1]
    assert "Rotate the keys" in given.text
    await bo.leaves(channel)
    await slack.events_settled()

    reply = await bo.press("Done", given)
    await all_done(bot)

    assert reply.text.startswith("There is no ACT-1 that you can see.")
    assert (await item_of(bot)).state is ItemState.OPEN
    assert as_it_is_now(bo, given).text == "There is nothing in this message any more that you can see."


async def test_a_press_in_an_open_view_on_what_is_settled_by_now_says_so_in_it(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await bo.press("Open", message)
    view = await bo.form()
    await bo.press("Done", message)
    await all_done(bot)

    await view.press("Done")

    await view.until(lambda now: "ACT-1 is already done (@bo" in now.text())
    assert len(await recorded(bot, EntryKind.ITEM_STATE)) == 1


async def test_a_morning_whose_answer_was_lost_is_said_once_and_still_kept_up_to_date(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    bo = slack.person("bo")
    await an_item(slack, bot, channel, title="Alert on refused cards", due_on=NEXT_MONDAY)
    await an_item(slack, bot, channel, title="Rotate the keys", due_on=NEXT_MONDAY)
    await days_pass(slack, bot, 6)
    slack.faults.lose_answer("chat.postMessage", times=5)
    await days_pass(slack, bot, 1)
    assert sum("Good morning." in one.text for one in bo.dm()) == 1

    await bo.press("Done", morning_of(bo))
    await all_done(bot)

    assert "Done today, says @bo" in morning_of(bo).text


async def test_somebody_named_by_address_whom_we_have_not_seen_is_told_as_well(
    slack: Sandbox, database_url: str
) -> None:
    named = {key: one.model_copy(update={"accountable": ["dee@example.com"]}) for key, one in SEVERITIES.items()}
    async with a_bot(slack, database_url, now=slack.clock.now, process=Process(severities=named)) as bot:
        channel = await declare(slack)
        await all_done(bot)
        await an_item(slack, bot, channel, due_on=NEXT_MONDAY)

        await days_pass(slack, bot, 15)

    (told,) = slack.person("dee").dm()
    assert "Nobody has said anything about it, and it is @bo’s." in told.text


async def test_a_morning_of_somebody_whose_address_is_nobodys_holds_nothing_up(
    slack: Sandbox, database_url: str
) -> None:
    named = {key: one.model_copy(update={"accountable": ["zoe@example.com"]}) for key, one in SEVERITIES.items()}
    async with a_bot(slack, database_url, now=slack.clock.now, process=Process(severities=named)) as bot:
        channel = await declare(slack)
        await all_done(bot)
        await an_item(slack, bot, channel, due_on=NEXT_MONDAY)

        await days_pass(slack, bot, 17)

        assert "10 days overdue" in morning_of(slack.person("bo")).text
