"""The buttons of a reminder settle the matter there and then, and the message shows what is true afterwards."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.seen import SeenMessage
from storage.tables import EntryKind, Horizon, ItemKind, ItemState
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import (
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


async def test_an_owner_hears_of_two_items_in_one_message_and_settles_each(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    bo = slack.person("bo")
    await an_item(slack, bot, channel, title="Alert on refused cards", due_on=NEXT_MONDAY)
    await an_item(slack, bot, channel, title="Rotate the keys", due_on=NEXT_MONDAY)
    await days_pass(slack, bot, 7)
    message = morning_of(bo)
    assert "2 action items" in message.text
    assert sum("Good morning." in one.text for one in bo.dm()) == 1

    await bo.press("Done", message)
    await all_done(bot)

    now = as_it_is_now(bo, message)
    assert "Done today, says @bo" in now.text
    assert now.buttons.count("Done") == 1
    assert [(await item_of(bot, number)).state for number in (1, 2)] == [ItemState.DONE, ItemState.OPEN]


@pytest.mark.parametrize(
    ("button", "state", "says"),
    [("Done", ItemState.DONE, "Done today, says @bo"), ("In progress", ItemState.IN_PROGRESS, "In progress")],
)
async def test_one_press_says_how_far_it_is(
    slack: Sandbox, bot: Service, message: SeenMessage, button: str, state: ItemState, says: str
) -> None:
    bo = slack.person("bo")

    reply = await bo.press(button, message)
    await all_done(bot)

    assert (reply.failed, reply.text) == (None, "")
    assert (await item_of(bot)).state is state
    (entry,) = await recorded(bot, EntryKind.ITEM_STATE)
    assert (entry.by, entry.data["to"]) == (bo.id, state)
    assert says in as_it_is_now(bo, message).text


@pytest.mark.parametrize(
    ("choice", "until", "says"),
    [
        ("1 day", date(2026, 3, 10), "put off until Tue 10 Mar"),
        ("3 days", date(2026, 3, 12), "put off until Thu 12 Mar"),
        ("Next week", date(2026, 3, 16), "put off until Mon 16 Mar"),
    ],
)
async def test_an_item_is_put_off_by_one_choice(
    slack: Sandbox, bot: Service, message: SeenMessage, choice: str, until: date, says: str
) -> None:
    bo = slack.person("bo")

    await bo.choose(choice, message)
    await all_done(bot)

    assert (await item_of(bot)).snoozed_until == until
    (entry,) = await recorded(bot, EntryKind.ITEM_SNOOZED)
    assert entry.data["until"] == until.isoformat()
    assert says in as_it_is_now(bo, message).text


async def test_an_item_is_put_off_until_a_day_that_is_chosen(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await bo.choose("A date…", message)
    form = await bo.form()

    await form.fill({"Remind again on": "2026-03-02"})
    outcome = await form.submit()
    assert "not to come" in outcome.errors["Remind again on"]
    await submitted(form, {"Remind again on": "2026-03-20"})
    await all_done(bot)

    assert (await item_of(bot)).snoozed_until == date(2026, 3, 20)
    assert "put off until Fri 20 Mar" in as_it_is_now(bo, message).text


async def test_putting_it_off_a_third_time_takes_a_reason(slack: Sandbox, bot: Service, message: SeenMessage) -> None:
    bo = slack.person("bo")
    for choice in ("1 day", "3 days"):
        await bo.choose(choice, message)
        await all_done(bot)
    assert bo.open_form() is None

    await bo.choose("Next week", message)
    form = await bo.form()
    assert "It was put off 2 times already." in form.text()
    assert set((await form.submit()).errors) == {"Why?"}
    await submitted(form, {"Why?": "The vendor is on holiday"})
    await all_done(bot)

    assert (await item_of(bot)).snoozed_until == date(2026, 3, 16)
    last = (await recorded(bot, EntryKind.ITEM_SNOOZED))[-1]
    assert last.data["reason"] == "The vendor is on holiday"


async def test_an_item_is_given_to_somebody_who_accepts_it(slack: Sandbox, bot: Service, message: SeenMessage) -> None:
    bo, chidi = slack.person("bo"), slack.person("chidi")
    await bo.press("Reassign", message)
    await submitted(await bo.form(), {"Whose is it from now on?": "chidi"})
    await all_done(bot)

    given = chidi.dm()[-1]
    assert "@bo has given you ACT-1 Alert on refused cards" in given.text
    await chidi.press("Accept", given)
    await all_done(bot)

    item = await item_of(bot)
    assert (item.owner, item.accepted_at is not None) == (chidi.id, True)
    assert "Need help" in as_it_is_now(chidi, given).buttons
    now = as_it_is_now(bo, message)
    assert "@chidi’s now" in now.text
    assert now.buttons == ["Open"]
    kinds = [entry.kind for entry in await recorded(bot, EntryKind.ITEM_ASSIGNED, EntryKind.ITEM_ACCEPTED)]
    assert kinds == [EntryKind.ITEM_ASSIGNED, EntryKind.ITEM_ACCEPTED]


async def test_who_declines_says_why_and_it_goes_back_to_who_gave_it(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await an_item(slack, bot, channel, due_on=NEXT_MONDAY)
    given = bo.dm()[-1]

    await bo.press("Decline", given)
    await submitted(await bo.form(), {"Why can you not take it on?": "I am away"})
    await all_done(bot)

    assert (await item_of(bot)).owner == ann.id
    assert "@bo has declined ACT-1 Alert on refused cards" in ann.dm()[-1].text
    assert "I am away" in ann.dm()[-1].text
    assert as_it_is_now(bo, given).buttons == ["Open"]


async def test_the_bot_itself_owns_no_item(slack: Sandbox, bot: Service, message: SeenMessage) -> None:
    bo = slack.person("bo")
    await bo.press("Reassign", message)
    form = await bo.form()
    await form.fill({"Whose is it from now on?": slack.workspace.bot.name})

    outcome = await form.submit()

    assert "I cannot own an action item" in outcome.errors["Whose is it from now on?"]
    assert (await item_of(bot)).owner == bo.id


async def test_an_item_of_a_private_incident_goes_to_nobody_who_may_not_see_it(slack: Sandbox, bot: Service) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    channel = await declare(slack, "Keys leaked", answers={"Type": "Security"})
    await ann.invites("bo", channel)
    await slack.events_settled()
    await an_item(slack, bot, channel, due_on=NEXT_MONDAY)
    await days_pass(slack, bot, 7)
    await bo.press("Reassign", morning_of(bo))
    form = await bo.form()
    await form.fill({"Whose is it from now on?": "chidi"})

    outcome = await form.submit()

    assert "is private and chidi is not in its channel" in outcome.errors["Whose is it from now on?"]
    assert (await item_of(bot)).owner == bo.id


async def test_what_blocks_an_item_is_said_in_its_own_view_and_shows_there_and_in_the_reminder(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await bo.press("Open", message)
    view = await bo.form()
    await view.press("Blocked…")
    await submitted(await bo.form(), {"What is it blocked on?": "The vendor"})
    await all_done(bot)

    assert (await item_of(bot)).blocked_on == "The vendor"
    assert "Blocked on The vendor" in as_it_is_now(bo, message).text
    await view.until(lambda now: "locked on The vendor" in now.text())


async def test_an_item_becomes_a_task_of_the_response_and_work_for_afterwards_again(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await bo.press("Open", message)
    view = await bo.form()

    for label, horizon in (("Make it a task for now", Horizon.NOW), ("Keep it for afterwards", Horizon.AFTER)):
        await view.press(label)
        await all_done(bot)
        assert (await item_of(bot)).horizon is horizon


async def test_whoever_needs_help_asks_for_it_in_the_incidents_channel(
    slack: Sandbox, bot: Service, channel: str, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await bo.press("Need help", message)
    await submitted(await bo.form(), {"What do you need?": "Somebody who knows the gateway"})
    await all_done(bot)

    assert bo.finds(channel, "Somebody who knows the gateway")
    assert [entry.by for entry in await recorded(bot, EntryKind.ITEM_NEEDS_HELP)] == [bo.id]


async def test_what_will_not_be_done_has_a_reason_and_the_lead_hears_and_can_open_it_again(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await bo.press("Won’t do", message)
    form = await bo.form()
    assert set((await form.submit()).errors) == {"Why will it not be done?"}
    await submitted(form, {"Why will it not be done?": "We drop the gateway"})
    await all_done(bot)

    assert (await item_of(bot)).state is ItemState.WONT_DO
    assert "Won't be done: We drop the gateway" in as_it_is_now(bo, message).text
    told = ann.dm()[-1]
    assert "@bo says that this will not be done: ACT-1" in told.text
    await ann.press("Open it again", told)
    await submitted(await ann.form(), {"Why is it not over?": "We keep it for a year"})
    await all_done(bot)

    assert (await item_of(bot)).state is ItemState.OPEN
    assert "due today" in as_it_is_now(bo, message).text


async def test_documentation_is_done_with_a_link(slack: Sandbox, bot: Service, channel: str) -> None:
    bo = slack.person("bo")
    await an_item(slack, bot, channel, due_on=NEXT_MONDAY, kind=ItemKind.DOCUMENTATION)
    await days_pass(slack, bot, 7)
    message = morning_of(bo)

    await bo.press("Done", message)
    form = await bo.form()
    await form.fill({"Link": "in the wiki"})
    assert "no link" in (await form.submit()).errors["Link"]
    await submitted(form, {"Link": "https://wiki.example/cards"})
    await all_done(bot)

    item = await item_of(bot)
    assert (item.state, item.evidence) == (ItemState.DONE, "https://wiki.example/cards")
    assert "Done today" in as_it_is_now(bo, message).text


async def test_the_home_tab_has_the_same_buttons_and_shows_what_came_of_them(
    slack: Sandbox, bot: Service, message: SeenMessage
) -> None:
    bo = slack.person("bo")
    await bo.opens_home()
    await bo.until(lambda: "Alert on refused cards" in str(bo.home()))
    home = await bo.opens_home()
    assert home is not None

    await home.press("Done")
    await all_done(bot)

    assert (await item_of(bot)).state is ItemState.DONE
    await bo.until(lambda: "Alert on refused cards" not in str(bo.home()))
    assert "Done today, says @bo" in as_it_is_now(bo, message).text


async def test_on_postgresql_a_press_settles_it_too(slack: Sandbox, postgres_address: str) -> None:
    async with a_bot(slack, postgres_address, now=slack.clock.now) as bot:
        await an_item(slack, bot, await declare(slack), due_on=NEXT_MONDAY)
        await days_pass(slack, bot, 7)
        message = morning_of(slack.person("bo"))

        await slack.person("bo").press("Done", message)
        await all_done(bot)

        assert (await item_of(bot)).state is ItemState.DONE
        assert "Done today" in as_it_is_now(slack.person("bo"), message).text
