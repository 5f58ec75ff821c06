"""The steps of stories in which many people have action items, added while no bot looks."""

from collections.abc import Iterable
from datetime import date, datetime

from sandbox import Sandbox
from sandbox.people.person import Person
from storage.engine import Database
from storage.incidents import find_incident_of_channel
from workflows.action_items import add_action_item
from workflows.commands import AddActionItem
from workflows.process import Process


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
    """An action item for each of these people, in their order, added by themselves at this moment."""
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


def reminded(person: Person) -> int:
    """How many direct messages about their own item somebody has."""
    return sum(f"Work of {person.name}" in message.text for message in person.dm())
