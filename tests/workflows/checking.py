"""An action item that was done, the checks on it, and what is asked about them."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from storage.action_items import find_item, list_checks
from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import ActionItem, EffectivenessCheck, ItemState, LedgerEntry, Reminder
from tests.builders import NOON, an_opened_incident, request
from tests.workflows.asking import contents
from workflows.action_items import add_action_item
from workflows.commands import AddActionItem, MoveItem
from workflows.errors import Declined
from workflows.item_states import move_item
from workflows.process import Process, parse_process

PROCESS: Process = parse_process(
    {
        "severities": {"sev2": {"name": "SEV2", "accountable": ["UBOSS"]}},
        "matrix": {level: {"high": "sev2", "medium": "sev2", "low": "sev2"} for level in ("high", "medium", "low")},
    }
)
"""Every incident is a SEV2, for which the boss is accountable."""


async def an_item(database: Database, *, private: bool = False, **changes: Any) -> ActionItem:
    """Ann leads INC-1 and gives Bo ACT-1."""
    async with database.transaction() as session:
        incident = await an_opened_incident(session, lead="UANN", private=private)
        values = {"title": "Alert on refused cards", "owner": "UBO", "due_on": date(2026, 3, 13), **changes}
        command = AddActionItem(**request(), incident_id=incident.number, **values)
        return await add_action_item(session, command, process=PROCESS, now=NOON)


async def a_done_item(database: Database, **changes: Any) -> ActionItem:
    """Its owner says that it is done."""
    item = await an_item(database, **changes)
    done = MoveItem(**request() | {"by": item.owner}, item_id=item.number, state=ItemState.DONE)
    await asked(database, move_item, done)
    return item


async def asked(
    database: Database,
    workflow: Callable[..., Awaitable[Any]],
    command: Any,
    *,
    now: datetime = NOON,
    process: Process = PROCESS,
) -> Any:
    """Have it done."""
    async with database.transaction() as session:
        return await workflow(session, command, process=process, now=now)


async def declined(
    database: Database, workflow: Callable[..., Awaitable[Any]], command: Any, refusal: type[Declined]
) -> str:
    """What is said to who asked for this; nothing at all was changed."""
    before = await contents(database)
    with pytest.raises(refusal) as told:
        await asked(database, workflow, command)
    assert await contents(database) == before
    return str(told.value)


async def item_now(database: Database, number: int = 1) -> ActionItem:
    """The row as it stands."""
    async with database.read() as session:
        item = await find_item(session, number)
        assert item is not None
        return item


async def checks_now(database: Database, item_id: int = 1) -> list[EffectivenessCheck]:
    """The checks of an item, by number."""
    async with database.read() as session:
        return list(await list_checks(session, [item_id]))


async def planned(database: Database, *kinds: str) -> list[tuple[str, str, date]]:
    """What will be said of these kinds: which, to whom, on which morning."""
    async with database.read() as session:
        statement = (
            select(Reminder).where(col(Reminder.kind).in_(kinds)).order_by(col(Reminder.due_at), col(Reminder.to))
        )
        return [(row.kind.value, row.to, row.on) for row in (await session.execute(statement)).scalars()]


async def entries(database: Database, kind: str) -> list[LedgerEntry]:
    """What the ledger of INC-1 keeps of a kind."""
    async with database.read() as session:
        return [entry for entry in await list_entries(session, 1) if entry.kind == kind]


def later(days: int) -> datetime:
    """Some days after noon."""
    return NOON + timedelta(days=days)
