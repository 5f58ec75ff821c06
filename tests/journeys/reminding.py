"""The steps that stories about action items share: a workspace whose clock moves by days, and an item in it."""

from datetime import UTC, date, datetime, timedelta

from bot.service import Service
from sandbox import Sandbox
from sandbox.clock import Clock
from storage.incidents import find_incident_of_channel
from storage.tables import ActionItem
from tests.journeys.telling import all_done
from workflows.action_items import add_action_item
from workflows.commands import AddActionItem


def clock_at(start: datetime) -> Clock:
    """The real clock, moved to this moment."""
    moved = start - datetime.now(UTC)
    return Clock(lambda: datetime.now(UTC) + moved)


async def an_item(
    slack: Sandbox,
    bot: Service,
    channel: str,
    *,
    title: str = "Alert on refused cards",
    by: str = "ann",
    owner: str | None = "bo",
    due_on: date | None = None,
    settled: bool = True,
    **values: object,
) -> ActionItem:
    """An action item of the channel's incident, as the process adds one; `settled` when all is done that it owes."""
    found = slack.workspace.channel_named(channel)
    assert found is not None
    async with bot.services.transaction() as session:
        incident = await find_incident_of_channel(session, found.id)
        assert incident is not None
        command = AddActionItem(
            by=slack.person(by).id,
            request_id=f"test/{title}",
            incident_id=incident.number,
            title=title,
            owner=slack.person(owner).id if owner else None,
            due_on=due_on,
            **values,  # type: ignore[arg-type]  # whatever a test states
        )
        item = await add_action_item(session, command, process=bot.process, now=bot.now())
    if settled:
        await all_done(bot)
    return item


async def days_pass(slack: Sandbox, bot: Service, days: int) -> None:
    """Let whole days pass, one after another, and do what each brings."""
    for _ in range(days):
        slack.clock.advance(timedelta(days=1).total_seconds())
        bot.dispatcher.wake()
        await all_done(bot)
