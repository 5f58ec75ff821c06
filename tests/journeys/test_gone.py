"""People leave, move and come back: what they had to do is never left to nobody, and mornings move with them."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from storage.action_items import find_item
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.reminding import an_item, clock_at, days_pass, submitted
from tests.journeys.telling import all_done, declare, minutes_pass

MONDAY = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
"""Half past nine in New York, where Bo is; half past three in Berlin, where Ann is."""
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
    """The channel of an incident that Ann declared and leads."""
    channel = await declare(slack)
    await all_done(bot)
    return channel


async def owner_of(bot: Service, number: int = 1) -> str:
    """Whose an item is."""
    async with bot.services.read() as session:
        item = await find_item(session, number)
    assert item is not None
    return item.owner


def told(person: Person, words: str) -> list[str]:
    """What somebody was told that has these words."""
    return [one.text for one in person.dm() if words in one.text]


async def test_the_items_of_who_leaves_the_workspace_go_to_the_lead_with_a_note(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    for title in ("Alert on refused cards", "Write the runbook"):
        await an_item(slack, bot, channel, title=title, due_on=NEXT_MONDAY)

    slack.workspace.deactivate(bo.user)
    await slack.events_settled()
    await all_done(bot)

    notes = told(ann, "can no longer be reached")
    assert [("Alert on refused cards" in one, "Write the runbook" in one) for one in notes] == [
        (True, False),
        (False, True),
    ]
    assert await owner_of(bot, 1) == await owner_of(bot, 2) == ann.id
    await days_pass(slack, bot, 7)
    (morning,) = told(ann, "so this comes late")
    assert "2 action items" in morning


async def test_who_can_no_longer_be_written_to_keeps_no_items_also_where_nobody_told_us(
    slack: Sandbox, bot: Service, channel: str
) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    await an_item(slack, bot, channel, due_on=NEXT_MONDAY)
    bo.user.deleted = True
    await days_pass(slack, bot, 7)
    assert told(bo, "so this comes late") == []

    bot.scheduler.modify_job("mend", next_run_time=datetime.now(UTC))
    await ann.until(lambda: bool(told(ann, "can no longer be reached")), what="nobody got the item")

    assert await owner_of(bot) == ann.id


async def test_another_app_keeps_no_item_it_was_given(slack: Sandbox, bot: Service, channel: str) -> None:
    ann, bo = slack.person("ann"), slack.person("bo")
    alerts = slack.other_bot("Alerts")
    await an_item(slack, bot, channel, due_on=NEXT_MONDAY)
    await bo.press("Accept", bo.dm()[-1])
    await all_done(bot)
    await bo.press("Reassign", bo.dm()[-1])

    await submitted(await bo.form(), {"Whose is it from now on?": alerts.name})
    await all_done(bot)

    bot.scheduler.modify_job("mend", next_run_time=datetime.now(UTC))
    await ann.until(lambda: bool(told(ann, "can no longer be reached")), what="nobody got the item")
    assert await owner_of(bot) == ann.id


async def test_a_morning_moves_with_its_reader_and_comes_once(slack: Sandbox, bot: Service, channel: str) -> None:
    bo = slack.person("bo")
    await an_item(slack, bot, channel, due_on=date(2026, 3, 10))
    await minutes_pass(slack, bot, 4 * 24 * 60 - 30)  # Friday, nine in New York, where he was

    slack.workspace.change_profile(bo.user, tz="Pacific/Kiritimati")
    await slack.events_settled()
    await all_done(bot)
    mornings = []
    for _ in range(4 * 24):
        seen = len(told(bo, "Good morning"))
        await minutes_pass(slack, bot, 60)
        mornings += [slack.clock.now()] * (len(told(bo, "Good morning")) - seen)

    assert [(one.day, one.hour) for one in mornings] == [(8, 19), (9, 19)]  # Monday and Tuesday, nine in Kiritimati
