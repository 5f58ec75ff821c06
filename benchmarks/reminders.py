"""Measurements of reminders: ten thousand due in the same minute, and a million that wait."""

import asyncio
import tempfile
import time
import tomllib
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import func, insert, text
from sqlmodel import select

from benchmarks.measure import Figures, R, declare, percentile
from benchmarks.processes import postgresql, sitrep, workspace
from storage.deliveries import claim_due, next_due_at
from storage.engine import Database
from storage.schema import migrate
from storage.tables import ActionItem, Horizon, ItemKind, ItemState, Person, Reminder, ReminderState, Source
from workflows.process import parse_process
from workflows.replanning import replan_everything

ITEMS, PEOPLE = 10_000, 500
LOAD_PER_SECOND, LOAD_SECONDS = 50, 20
FEW, MANY = 1_000, 1_000_000
TIMES = 200
LONGEST_TO_PLAN = 40
"""Seconds from the start until the morning begins; planning has to be done by then."""


async def reminders() -> Figures:
    """Ten thousand reminders of five hundred people in the same minute, with Slack's limits, while people go on."""
    figures = Figures()
    async with workspace(latency=R, rate_limits=True) as slack:
        people = (await slack.order("/bench/people", people=PEOPLE))["ids"]
        with tempfile.TemporaryDirectory(prefix="sitrep-bench-") as folder:
            async with sitrep(slack, folder):
                await declare(slack, 1)
            at = (datetime.now(UTC) + timedelta(seconds=LONGEST_TO_PLAN)).replace(microsecond=0)
            settings = _settings(at)
            planned = await _plan(Path(folder), people, at, settings)
            async with sitrep(slack, folder, process=settings) as app:
                before = app.memory()
                morning = asyncio.create_task(
                    slack.order(
                        "/bench/mornings",
                        **{"channel": "inc-1", "people": PEOPLE, "begins_at": at.timestamp()},
                        **{"per_second": LOAD_PER_SECOND, "seconds": LOAD_SECONDS},
                    )
                )
                await asyncio.sleep(at.timestamp() - time.time() + LOAD_SECONDS + 10)
                meanwhile = app.memory()
                seen = await morning
                after = app.memory()
            sent = await _count_sent(Path(folder))
    if sent != ITEMS or seen["messages"] != PEOPLE or seen["failures"]:
        raise RuntimeError(f"{sent} reminders in {seen['messages']} messages, {seen['failures']} not acknowledged")
    figures.ours = {
        f"{ITEMS} items planned": planned,
        f"all {PEOPLE} people told of their {ITEMS}": seen["told"],
        "messages a second, over all": PEOPLE / seen["told"] * 1000,
        "calls refused with 429": seen["refused"],
        "commands meanwhile: acknowledged, p50": percentile(seen["acknowledged"], 50),
        "commands meanwhile: acknowledged, p99": percentile(seen["acknowledged"], 99),
        "a declaration in their midst, card": seen["card"],
        "memory when it began": before,
        "memory when a third was told, after 1,000 commands": meanwhile,
        "memory after": after,
    }
    return figures


def _settings(at: datetime) -> str:
    """Everybody's morning is then."""
    days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    return f"[reminders]\nat = {at:%H:%M:%S}\nworking_days = {days}\n[digests]\nmonthly = false\nquarterly = false\n"


async def _plan(folder: Path, people: list[str], at: datetime, settings: str) -> float:
    """Twenty items for each of them, all due today; milliseconds that planning took."""
    database = Database(f"sqlite:///{folder}/sitrep.db")
    now = datetime.now(UTC)
    process = parse_process(tomllib.loads(settings))
    async with database.transaction() as session:
        await session.execute(insert(Person), [_person(user_id, now) for user_id in people])
        rows = [_item(number, people[number % len(people)], due_on=at.date(), now=now) for number in range(ITEMS)]
        await session.execute(insert(ActionItem), rows)
    began = time.perf_counter()
    await replan_everything(database.transaction, process=process, now=lambda: now)
    took = (time.perf_counter() - began) * 1000
    await database.close()
    return took


def _person(user_id: str, now: datetime) -> dict[str, Any]:
    return {"user_id": user_id, "name": user_id, "email": None, "zone": "UTC", "seen_at": now}


def _item(number: int, owner: str, *, due_on: date, now: datetime) -> dict[str, Any]:
    return {
        "incident_id": 1,
        "title": f"Alert on refused cards in region {number}",
        "owner": owner,
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN,
        "kind": ItemKind.OTHER,
        "due_on": due_on,
        "links": [],
        "created_by": owner,
        "created_at": now,
        "source": Source.COMMAND,
        "assigned_by": owner,
        "assigned_at": now,
        "state_changed_at": now,
        "planned_since": now,
    }


async def _count_sent(folder: Path) -> int:
    database = Database(f"sqlite:///{folder}/sitrep.db")
    async with database.read() as session:
        is_sent = Reminder.state == ReminderState.SENT
        count = (await session.execute(select(func.count()).select_from(Reminder).where(is_sent))).scalar_one()
    await database.close()
    return int(count)


async def waiting() -> Figures:
    """What it costs to find what is due, with few and with many waiting for another day."""
    figures = Figures()
    for name in ("SQLite", "PostgreSQL"):
        async with AsyncExitStack() as ending:
            if name == "SQLite":
                folder = ending.enter_context(tempfile.TemporaryDirectory(prefix="sitrep-bench-"))
                address = f"sqlite:///{folder}/sitrep.db"
            else:
                address = await ending.enter_async_context(postgresql())
            database = Database(address)
            ending.push_async_callback(database.close)
            await migrate(database)
            for count, before in ((FEW, 0), (MANY, FEW)):
                await _fill(database, before, count)
                found = figures.ours if count == MANY else figures.floor
                found |= {f"{what} ({name})": value for what, value in (await _looked_up(database)).items()}
    return figures


async def _fill(database: Database, before: int, count: int) -> None:
    """So many deliveries planned for the days to come, each in a lane of its own."""
    numbers = (
        "WITH RECURSIVE series(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM series WHERE n < :high)"
        if database.is_sqlite
        else "WITH series(n) AS (SELECT generate_series(CAST(:low AS bigint), CAST(:high AS bigint)))"
    )
    later = (
        "strftime('%Y-%m-%d %H:%M:%f', 'now', '+' || (1 + n % 80000) || ' minutes')"
        if database.is_sqlite
        else "now() + make_interval(mins => CAST(1 + n % 80000 AS int))"
    )
    columns = "kind, payload, dedupe_key, lane, due_at, attempts, in_doubt, patient"
    patient = "n % 2" if database.is_sqlite else "n % 2 = 1"
    never = "0" if database.is_sqlite else "false"
    rows = f"SELECT 'morning', '{{}}', 'k' || n, 'lane' || n, {later}, 0, {never}, {patient} FROM series"
    insert_them = (
        f"INSERT INTO delivery ({columns}) {numbers} {rows}"
        if database.is_sqlite
        else (f"{numbers} INSERT INTO delivery ({columns}) {rows}")
    )
    async with database.engine.begin() as connection:
        await connection.execute(text(insert_them), {"low": before + 1, "high": count})
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def _looked_up(database: Database) -> dict[str, float]:
    now = datetime.now(UTC)

    async def claim(*, patient: bool) -> None:
        async with database.transaction() as session:
            await claim_due(session, by="bench", now=now, limit=50, patient=patient)

    async def look() -> None:
        async with database.read() as session:
            await next_due_at(session, now=now)

    return {
        "claim what is in a hurry": await _median(lambda: claim(patient=False)),
        "claim what gives way": await _median(lambda: claim(patient=True)),
        "find the next moment": await _median(look),
    }


async def _median(deed: Callable[[], Awaitable[None]]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await deed()
        took.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0)
    return median(took)
