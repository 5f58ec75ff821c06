"""Ask the workflows for something about action items: one request, one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from storage.action_items import find_item, list_checks
from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import (
    GATHERED,
    ActionItem,
    Delivery,
    EffectivenessCheck,
    EntryKind,
    Incident,
    ItemState,
    LedgerEntry,
    Person,
    Reminder,
)
from tests.builders import NOON, PROCESS, request
from tests.workflows.asking import contents, opened
from workflows import commands as c
from workflows import item_owners, item_states, snoozing
from workflows.action_items import add_action_item, change_item
from workflows.errors import Declined
from workflows.process import Process

Command = TypeVar("Command", bound=c.ItemCommand)

WORKFLOWS: dict[type[c.Command], Callable[..., Awaitable[ActionItem]]] = {
    c.AddActionItem: add_action_item,
    c.ChangeItem: change_item,
    c.MoveItem: item_states.move_item,
    c.AssignItem: item_owners.assign_item,
    c.AcceptItem: item_owners.accept_item,
    c.DeclineItem: item_owners.decline_item,
    c.AskForHelp: item_owners.ask_for_help,
    c.SnoozeItem: snoozing.snooze_item,
}

ACCOUNTABLE = PROCESS.model_copy(
    update={
        "severities": {
            **PROCESS.severities,
            "sev2": PROCESS.severities["sev2"].model_copy(update={"accountable": ["UEVE"]}),
        }
    }
)
"""A process in which Eve is accountable for what the incidents of these tests are."""
DUE = date(2026, 3, 20)
"""A Friday."""


async def an_item_of(
    database: Database, incident: Incident, *, process: Process = PROCESS, **changes: Any
) -> ActionItem:
    """An action item that Cy, and not Ann who leads, gave to Bo."""
    values = {"by": "UCY", "owner": "UBO", "title": "Alert on refused cards", "due_on": DUE}
    command = c.AddActionItem(**{**request(), "incident_id": incident.number, **values, **changes})
    return await do_item(database, command, process=process)


async def an_item(database: Database, **changes: Any) -> ActionItem:
    """The same of an incident of its own."""
    return await an_item_of(database, await opened(database), **changes)


def of_item(kind: type[Command], item: ActionItem, **changes: Any) -> Command:
    """A request of its own about this item, by its owner."""
    return kind(**{**request(), "by": item.owner, "item_id": item.number, **changes})


async def do_item(
    database: Database, command: c.Command, *, now: datetime = NOON, process: Process = PROCESS
) -> ActionItem:
    """Have it done."""
    async with database.transaction() as session:
        return await WORKFLOWS[type(command)](session, command, process=process, now=now)


async def item_refused(database: Database, command: c.Command, refusal: type[Declined], *, now: datetime = NOON) -> str:
    """What is said to who asked for this; nothing at all was changed."""
    before = await contents(database)
    with pytest.raises(refusal) as told:
        await do_item(database, command, now=now)
    assert await contents(database) == before
    return str(told.value)


async def owed_by_item(database: Database, command: c.Command, *, now: datetime = NOON) -> list[Delivery]:
    """What doing this newly owes the world, first owed first."""
    async with database.read() as session:
        newest = (await session.execute(select(func.max(Delivery.id)))).scalar() or 0
    await do_item(database, command, now=now)
    async with database.read() as session:
        statement = select(Delivery).where(col(Delivery.id) > newest).order_by(col(Delivery.id))
        return list((await session.execute(statement)).scalars())


async def item_now(database: Database, number: int = 1) -> ActionItem:
    """The row as it stands."""
    async with database.read() as session:
        item = await find_item(session, number)
        assert item is not None
        return item


async def moved(database: Database, item: ActionItem, state: ItemState, **changes: Any) -> ActionItem:
    """Its owner has said that it is in this state."""
    return await do_item(database, of_item(c.MoveItem, item, state=state, **changes))


async def told_at_once(database: Database) -> list[tuple[str, str]]:
    """Who was told what without waiting for a morning, first told first."""
    async with database.read() as session:
        found = (await session.execute(select(Reminder).order_by(col(Reminder.id)))).scalars()
        return [(row.kind.value, row.to) for row in found if row.kind not in GATHERED]


async def checks_of(database: Database, item: ActionItem) -> Sequence[EffectivenessCheck]:
    """The checks on it, by number."""
    async with database.read() as session:
        return await list_checks(session, [item.number])


async def entries_of(database: Database, kind: EntryKind, incident_id: int = 1) -> list[LedgerEntry]:
    """What the ledger says of this kind, first to last."""
    async with database.read() as session:
        return [entry for entry in await list_entries(session, incident_id) if entry.kind is kind]


async def somebody(database: Database, user_id: str, **values: Any) -> None:
    """We have seen this person."""
    async with database.transaction() as session:
        session.add(Person(**{"user_id": user_id, "name": user_id.lower(), "seen_at": NOON, **values}))
