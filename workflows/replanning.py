"""After sitrep.toml has changed: every reminder is planned anew, some at a time, while everything else goes on."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_items, list_items_to_plan, list_risks, list_risks_to_plan
from storage.incidents import lock_incidents
from storage.kept import find_kept, keep
from workflows.process import Process
from workflows.reminding import replan_items

PLANNED_WITH = "reminders planned with"
AT_A_TIME = 100


async def replan_everything(
    transaction: Callable[[], AbstractAsyncContextManager[AsyncSession]],
    *,
    process: Process,
    now: Callable[[], datetime],
) -> int:
    """Plan anew, unless the plans were made with these settings; how many items were looked at.

    Killed in the middle, it begins anew at the next start; planning twice is planning once.
    """
    wanted = fingerprint(process)
    async with transaction() as session:
        if await find_kept(session, PLANNED_WITH) == wanted:
            return 0
    after, seen = 0, 0
    while True:
        async with transaction() as session:
            ids = await list_items_to_plan(session, after=after, limit=AT_A_TIME)
            await lock_incidents(session, {item.incident_id for item in await list_items(session, ids)})
            await replan_items(session, ids, process=process, now=now())
        if not ids:
            break
        after, seen = ids[-1], seen + len(ids)
    async with transaction() as session:
        risks = await list_risks_to_plan(session)
        await lock_incidents(session, {risk.incident_id for risk in await list_risks(session, risks)})
        await replan_items(session, (), risk_ids=risks, process=process, now=now())
        await keep(session, PLANNED_WITH, wanted)
    return seen


def fingerprint(process: Process) -> str:
    """Of everything in the settings that decides who is reminded when."""
    severities = {key: severity.accountable for key, severity in process.severities.items()}
    parts = [
        process.reminders.model_dump_json(),
        *(f"{key}={days.model_dump_json()}" for key, days in process.calendars.items()),
        process.digests.model_dump_json(),
        process.timezone,
        repr(severities),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
