"""The steps of stories in which many people have action items, added while no bot looks."""

import asyncio
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from bot.service import Service
from sandbox import Sandbox
from sandbox.people.person import Person
from storage.engine import Database, write_late_rows
from storage.incidents import find_incident_of_channel
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, Reminder, ReminderState
from workflows.action_items import add_action_item
from workflows.commands import AddActionItem
from workflows.process import Process

IS_A_MORNING = col(Delivery.kind) == DeliveryKind.MORNING
_NOBODY_IS_TOLD = (
    update(Delivery)
    .where(col(Delivery.kind) == DeliveryKind.TELL_THREAD, col(Delivery.done_at).is_(None))
    .values(done_at=bindparam("ended_at"), outcome=DeliveryOutcome.CANCELLED)
    .execution_options(synchronize_session=False)
)


def a_crowd(slack: Sandbox, size: int) -> list[Person]:
    """So many more people, all in UTC."""
    names = [f"owner-{number}" for number in range(1, size + 1)]
    for name in names:
        slack.workspace.add_user(name)
    return [slack.person(name) for name in names]


async def one_item_each(
    slack: Sandbox,
    database: Database,
    channel: str,
    people: Iterable[Person],
    *,
    due_on: date,
    process: Process,
    now: datetime,
) -> None:
    """An action item for each of these people, in their order, added by themselves at this moment.

    The channel does not hear of each: so many messages in one thread take a minute.
    """
    found = slack.workspace.channel_named(channel)
    assert found is not None
    async with database.transaction() as session:
        incident = await find_incident_of_channel(session, found.id)
        assert incident is not None
        for person in people:
            command = AddActionItem(
                by=person.id,
                request_id=f"test/{person.name}/{due_on}",
                incident_id=incident.number,
                title=f"Work of {person.name}",
                owner=person.id,
                due_on=due_on,
            )
            await add_action_item(session, command, process=process, now=now)
        await write_late_rows(session)
        await session.execute(_NOBODY_IS_TOLD, {"ended_at": now})


async def mornings_over(bot: Service, *, within: float = 20) -> None:
    """Wait until everybody has heard what was due to them."""
    due = select(Delivery.id).where(IS_A_MORNING, col(Delivery.done_at).is_(None), col(Delivery.due_at) <= bot.now())
    async with asyncio.timeout(within):
        while True:
            async with bot.database.read() as session:
                if (await session.execute(due)).first() is None:
                    return
            await asyncio.sleep(0.02)


async def messages_known(bot: Service) -> list[str | None]:
    """The messages of which it is written down that they have reminded somebody."""
    said = select(Reminder.ts).where(Reminder.state == ReminderState.SENT)
    async with bot.database.read() as session:
        return list((await session.execute(said)).scalars())


def reminded(person: Person) -> int:
    """How many direct messages about their own item somebody has."""
    return sum(f"Work of {person.name}" in message.text for message in person.dm())
