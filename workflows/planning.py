"""Incidents that were open before we began to ask: an earlier version left them without a plan."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import lock_incident
from storage.prompts import list_open_without_prompts
from workflows.process import Process
from workflows.prompts import replan


async def plan_what_is_open(session: AsyncSession, *, process: Process, now: datetime) -> None:
    """Plan what will be asked of open incidents of which nothing is; it is the same plan however often."""
    for incident_id in await list_open_without_prompts(session):
        incident = await lock_incident(session, incident_id)
        if incident is not None:
            await replan(session, incident, process=process, now=now)
