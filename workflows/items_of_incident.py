"""What becomes of an incident's action items and accepted risks when the incident itself changes."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_item_numbers_of_incident, list_items_of_incident, list_risks_of_incident
from storage.ledger import record
from storage.tables import AcceptedRisk, ActionItem, EntryKind, Incident, ReminderKind
from workflows.access import may_see
from workflows.action_items import item_changed, usual_owner
from workflows.errors import person
from workflows.item_owners import give
from workflows.people import meet
from workflows.process import Process
from workflows.reminding import replan_items, tell

MOVED = "moved"
"""What the ledger says became of a risk that goes on in another incident."""


async def replan_items_of(session: AsyncSession, incident: Incident, *, process: Process, now: datetime) -> None:
    """Who leads it, how bad it is or whether it is over has changed: plan anew what is said about its items and risks.

    The caller holds it.
    """
    numbers = await list_item_numbers_of_incident(session, incident.number)
    risks = [risk.number for risk in await list_risks_of_incident(session, incident.number)]
    if numbers or risks:
        await replan_items(session, numbers, risk_ids=risks, process=process, now=now)


async def hand_items_on(
    session: AsyncSession, incident: Incident, into: Incident, *, by: str, process: Process, now: datetime
) -> None:
    """Its items and risks belong to the one that goes on, and both ledgers say so; the caller holds both."""
    for item in await list_items_of_incident(session, incident.number):
        await _hand_on(session, incident, into, item, by=by, process=process, now=now)
    risks = await list_risks_of_incident(session, incident.number)
    for risk in risks:
        await _hand_risk_on(session, incident, into, risk, by=by, now=now)
    if risks:
        await replan_items(session, (), risk_ids=[risk.number for risk in risks], process=process, now=now)


async def _hand_on(
    session: AsyncSession,
    incident: Incident,
    into: Incident,
    item: ActionItem,
    *,
    by: str,
    process: Process,
    now: datetime,
) -> None:
    moved = {"incident": [incident.ref, into.ref]}
    named = {"item": item.number, "title": item.title}
    record(session, incident, EntryKind.ITEM_CHANGED, by=by, at=now, data={**named, "changes": {**moved}})
    item.incident_id, before = into.number, item.owner
    if item.is_open and not await may_see(session, into, before):
        await give(session, item, await usual_owner(session, into, besides=by), by=item.assigned_by, now=now)
        item.accepted_at = None  # nobody has asked them
        moved["owner"] = [person(before), person(item.owner)]
    data = {"changes": moved}
    await item_changed(
        session, into, item, EntryKind.ITEM_CHANGED, by=by, process=process, now=now, data=data, by_itself=True
    )
    if item.owner != before:
        told = {"from": before, "hidden": True}
        await tell(session, into, item, ReminderKind.INHERITED, item.owner, now=now, data=told)


async def _hand_risk_on(
    session: AsyncSession, incident: Incident, into: Incident, risk: AcceptedRisk, *, by: str, now: datetime
) -> None:
    """Whoever signed for it has done so; somebody who may not see the other incident cannot look after it there."""
    risk.incident_id = into.number
    if not await may_see(session, into, risk.owner):
        risk.owner = await usual_owner(session, into, besides=by)
        await meet(session, [risk.owner], now=now)
    kept = {"risk": risk.number, "title": risk.title, "owner": risk.owner, "review_on": risk.review_on.isoformat()}
    for each in (incident, into):
        record(session, each, EntryKind.RISK_REVIEWED, by=by, at=now, data={**kept, "answer": MOVED, "into": into.ref})
