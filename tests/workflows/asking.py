"""Ask the workflows for something, as the bot does: one request, one transaction."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import pytest
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col, select

from storage.deliveries import finish
from storage.engine import Database, write_late_rows
from storage.incidents import find_incident, list_roles
from storage.ledger import list_entries
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, Incident, LedgerEntry, Status
from storage.tables.columns import JsonObject
from tests.builders import NOON, PROCESS, an_opened_incident, request
from workflows import commands as c
from workflows import facts, incidents, marking, merge, public, questions, resolve, roles, timeline, updates
from workflows.afterwards import delivered
from workflows.errors import Declined

Command = TypeVar("Command", bound=c.IncidentCommand)

WORKFLOWS: dict[type[c.Command], Callable[..., Awaitable[Incident]]] = {
    c.DeclareIncident: partial(incidents.declare_incident, process=PROCESS),
    c.ChangeSeverity: partial(incidents.change_severity, process=PROCESS),
    c.ChangeStatus: partial(incidents.change_status, process=PROCESS),
    c.ReopenIncident: partial(incidents.reopen_incident, process=PROCESS),
    c.DeclineIncident: partial(incidents.decline_incident, process=PROCESS),
    c.ClaimRole: partial(roles.claim_role, process=PROCESS),
    c.AssignRole: partial(roles.assign_role, process=PROCESS),
    c.ReleaseRole: partial(roles.release_role, process=PROCESS),
    c.MergeIncident: partial(merge.merge_incident, process=PROCESS),
    c.AskQuestion: partial(questions.ask_question, process=PROCESS),
    c.AnswerQuestion: partial(questions.answer_question, process=PROCESS),
    c.AcceptQuestion: partial(questions.accept_question, process=PROCESS),
    c.RefuseQuestion: partial(questions.refuse_question, process=PROCESS),
    c.DraftPublicText: partial(public.draft_public_text, process=PROCESS),
    c.ApprovePublicText: partial(public.approve_public_text, process=PROCESS),
    c.ChangeFacts: partial(facts.change_facts, process=PROCESS),
    c.AddNote: partial(timeline.add_note, process=PROCESS),
    c.EditEntry: partial(timeline.edit_entry, process=PROCESS),
    c.MarkMessage: partial(marking.mark_message, process=PROCESS),
    c.PublishUpdate: partial(updates.publish_update, process=PROCESS),
    c.ResolveIncident: partial(resolve.resolve_incident, process=PROCESS),
}

_AT_ONCE = col(Delivery.kind) != DeliveryKind.ASK

ANSWERS: dict[str, Any] = {
    "verification": "Orders go through",
    "verified_by": "UANN",
    "temporary_fix": "",
    "remaining": "",
}
"""All that the resolve form asks for; the incident was watched first."""


def ask(kind: type[Command], incident: Incident, **changes: Any) -> Command:
    """A request of its own about this incident, by Ann."""
    return kind(**{**request(), "incident_id": incident.number, **changes})


async def opened(database: Database, **changes: Any) -> Incident:
    """A committed incident of Ann's whose channel, card and digest entry are there."""
    async with database.transaction() as session:
        return await an_opened_incident(session, **changes)


async def do(database: Database, command: c.Command, *, now: datetime = NOON) -> Incident:
    """Have it done."""
    async with database.transaction() as session:
        return await WORKFLOWS[type(command)](session, command, now=now)


async def refused(database: Database, command: c.Command, refusal: type[Declined]) -> str:
    """What is said to who asked for this; nothing at all was changed."""
    before = await contents(database)
    with pytest.raises(refusal) as told:
        await do(database, command)
    assert await contents(database) == before
    return str(told.value)


async def contents(database: Database) -> dict[str, list[Any]]:
    """Every row of every table."""
    async with database.read() as session:
        tables = SQLModel.metadata.sorted_tables
        return {table.name: sorted(map(repr, await session.execute(select(table)))) for table in tables}


async def owed_by(database: Database, command: c.Command, *, now: datetime = NOON) -> list[Delivery]:
    """What doing this newly owes the world at once, first owed first: what will be asked is planned beside it."""
    async with database.read() as session:
        newest = (await session.execute(select(func.max(Delivery.id)))).scalar() or 0
    await do(database, command, now=now)
    async with database.read() as session:
        statement = select(Delivery).where(col(Delivery.id) > newest, _AT_ONCE).order_by(col(Delivery.id))
        return list((await session.execute(statement)).scalars())


async def waiting(session: AsyncSession) -> list[Delivery]:
    """What is owed at once and not done, first owed first; also what this transaction owes."""
    await write_late_rows(session)
    statement = select(Delivery).where(col(Delivery.done_at).is_(None), _AT_ONCE).order_by(col(Delivery.id))
    return list((await session.execute(statement)).scalars())


async def happens(database: Database, kind: DeliveryKind, answer: JsonObject, *, now: datetime = NOON) -> list[str]:
    """The first waiting delivery of this kind succeeds; the kinds of what follows from it."""
    async with database.transaction() as session:
        before = await waiting(session)
        delivery = next(row for row in before if row.kind is kind)
        finish(delivery, DeliveryOutcome.SENT, now=now, answer=answer)
        await delivered(session, delivery, answer, process=PROCESS, now=now)
        return [row.kind.value for row in await waiting(session) if row not in before]


async def incident_now(database: Database, number: int = 1) -> Incident:
    """The row as it stands."""
    async with database.read() as session:
        incident = await find_incident(session, number)
        assert incident is not None
        return incident


async def status_now(database: Database) -> Status:
    """The status as it stands."""
    return (await incident_now(database)).status


async def holders(database: Database) -> dict[str, str]:
    """Who holds which role."""
    async with database.read() as session:
        return {role.role: role.user_id for role in await list_roles(session, [1])}


async def newest_entry(database: Database) -> LedgerEntry:
    """The last entry of the ledger of INC-1."""
    async with database.read() as session:
        return (await list_entries(session, 1))[-1]
