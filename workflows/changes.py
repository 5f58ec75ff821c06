"""What every change of an incident brings with it: who hears of it, and what is asked next."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Incident, LedgerEntry, Status
from workflows.audiences import announce
from workflows.notices import Transition
from workflows.process import Process
from workflows.promises import promise_first_update
from workflows.prompts import plan_first, replan

OF_STATUS = {
    Status.INVESTIGATING: Transition.INVESTIGATING,
    Status.MITIGATING: Transition.MITIGATING,
    Status.MONITORING: Transition.MONITORING,
}
"""The transition that a step to a status is, while it is worked on."""


async def changed(
    session: AsyncSession,
    incident: Incident,
    entry: LedgerEntry,
    *,
    process: Process,
    now: datetime,
    transition: Transition | None = None,
) -> None:
    """Announce a transition, if it is one, and plan anew what will be asked; the caller holds the incident."""
    incident.last_activity_at = now
    if transition is not None:
        await announce(session, incident, transition, entry, process=process, now=now)
    await replan(session, incident, process=process, now=now, because=entry)


def newly_declared(
    session: AsyncSession, incident: Incident, *, roles: Mapping[str, str], process: Process, now: datetime
) -> None:
    """Make the promise of the first update, and plan what will be asked, without reading anything."""
    incident.last_activity_at = now
    promise_first_update(incident, process=process, now=now)
    plan_first(session, incident, roles=roles, process=process, now=now)
