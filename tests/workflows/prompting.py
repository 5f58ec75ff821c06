"""Let time pass over an incident, answer what is asked, and see what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.deliveries import finish
from storage.engine import Database
from storage.incidents import lock_incident
from storage.ledger import list_entries
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, EntryKind, Prompt, PromptKind
from storage.tables.columns import JsonObject, UtcDateTime
from tests.builders import NOON, PROCESS, request
from workflows.afterwards import delivered
from workflows.answers import answer_prompt
from workflows.commands import AnswerPrompt
from workflows.heard import Said
from workflows.process import Process
from workflows.prompts import is_wanted
from workflows.schedule import IN_PERSON, recipient
from workflows.situation import Situation, situation_of

_posts = count(1)


def after(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


async def time_passes(database: Database, minutes: float, *, process: Process = PROCESS) -> list[str]:
    """All that is due until then is asked, at that moment; which kinds were asked, in order."""
    now, asked = after(minutes), []
    while True:
        async with database.transaction() as session:
            delivery = (await session.execute(_DUE, {"now": now})).scalars().first()
            if delivery is None:
                return asked
            incident = await lock_incident(session, delivery.incident_id or 0)
            assert incident is not None
            answer = _performed(delivery, await situation_of(session, incident), process, now)
            await delivered(session, delivery, answer, process=process, now=now)
            finish(delivery, DeliveryOutcome.SENT, now=now)
            if not answer.get("idle"):
                asked.append(str(delivery.payload["kind"]))


_DUE = (
    select(Delivery)
    .where(
        Delivery.kind == DeliveryKind.ASK,
        col(Delivery.done_at).is_(None),
        col(Delivery.due_at) <= bindparam("now", type_=UtcDateTime()),
    )
    .order_by(col(Delivery.due_at), col(Delivery.id))
)


def _performed(delivery: Delivery, situation: Situation, process: Process, now: datetime) -> JsonObject:
    """What the messenger answers that puts the question into the world."""
    kind = PromptKind(delivery.payload["kind"])
    to = recipient(kind, delivery.payload["to"], situation)
    idle = not is_wanted(situation, kind, delivery.dedupe_key, process=process, now=now)
    if idle or (kind in IN_PERSON and to is None):
        return {"idle": True}
    channel_id = f"D{to}" if to else situation.incident.channel_id
    ts = f"{now.timestamp():.0f}.{next(_posts):06}"
    return {"ts": ts, "channel_id": channel_id, "to": to, "words": "?", "top_level": to is None}


async def prompts(database: Database, *kinds: PromptKind) -> list[Prompt]:
    """Every prompt of these kinds, or every one, in the order they were planned."""
    async with database.read() as session:
        rows = (await session.execute(select(Prompt).order_by(col(Prompt.id)))).scalars()
        return [row for row in rows if not kinds or row.kind in kinds]


async def states(database: Database, *kinds: PromptKind) -> list[str]:
    """The states of the prompts of these kinds."""
    return [row.state.value for row in await prompts(database, *kinds)]


async def the_prompt(database: Database, kind: PromptKind) -> Prompt:
    """The newest one of this kind."""
    return (await prompts(database, kind))[-1]


async def answer(
    database: Database,
    kind: PromptKind,
    choice: str,
    *,
    at: float,
    by: str = "UBOB",
    process: Process = PROCESS,
    prompt: Prompt | None = None,
) -> None:
    """Bob, or somebody else, presses a button under the newest prompt of this kind, or under this one."""
    prompt = prompt or await the_prompt(database, kind)
    command = AnswerPrompt(**{**request(), "by": by}, prompt=prompt.key, choice=choice)
    async with database.transaction() as session:
        await answer_prompt(session, command, process=process, now=after(at))


def a_reply(prompt: Prompt, text: str, *, by: str = "UBOB", at: float = 1) -> Said:
    """What Bob, or somebody else, writes in the thread of a prompt."""
    posted_at = after(at)
    ts = f"{posted_at.timestamp():.0f}.{next(_posts):06}"
    assert prompt.channel_id is not None
    return Said(channel_id=prompt.channel_id, ts=ts, posted_at=posted_at, author=by, thread_ts=prompt.ts, text=text)


async def deliveries(database: Database, kind: DeliveryKind) -> Sequence[Delivery]:
    """Every delivery of this kind, first owed first."""
    async with database.read() as session:
        return (
            (await session.execute(select(Delivery).where(Delivery.kind == kind).order_by(col(Delivery.id))))
            .scalars()
            .all()
        )


async def breaches(database: Database) -> list[Any]:
    """Which targets were missed, as the ledger has it."""
    async with database.read() as session:
        entries = await list_entries(session, 1)
    return [entry.data["target"] for entry in entries if entry.kind is EntryKind.TARGET_MISSED]
