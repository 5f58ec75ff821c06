"""Statements on prompts: what was or will be asked of people."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, literal_column, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from storage.engine import add_late, write_late_rows
from storage.incidents import ENDED
from storage.tables import Incident, Prompt, PromptKind, PromptState
from storage.tables.columns import JsonObject

# Written out, so that the index on live prompts is used.
_LIVE = col(Prompt.state).in_([literal_column(f"'{state}'") for state in (PromptState.PLANNED, PromptState.ASKED)])
_LIVE_OR_NAMED = (
    select(Prompt)
    .where(
        or_(
            and_(col(Prompt.incident_id) == bindparam("incident_id"), _LIVE),
            col(Prompt.key).in_(bindparam("keys", expanding=True)),
        )
    )
    .order_by(col(Prompt.id))
)
_LIVE_ONES = select(Prompt.id).where(col(Prompt.incident_id) == col(Incident.id), _LIVE)
_NAMED = select(Prompt).where(col(Prompt.key) == bindparam("key"))
_OF_MESSAGES = (
    select(Prompt)
    .where(
        col(Prompt.channel_id) == bindparam("channel_id"),
        col(Prompt.ts).in_(bindparam("ts", expanding=True)),
    )
    .order_by(col(Prompt.id))
)


def add_prompt(
    session: AsyncSession,
    *,
    incident_id: int,
    key: str,
    kind: PromptKind,
    due_at: datetime,
    to: str | None,
    data: JsonObject,
) -> None:
    """Plan a prompt that was never planned before; the row is written just before the commit."""
    add_late(
        session,
        Prompt,
        incident_id=incident_id,
        key=key,
        kind=kind,
        state=PromptState.PLANNED,
        due_at=due_at,
        to=to,
        data=data,
    )


async def list_live_or_named(session: AsyncSession, incident_id: int, keys: Collection[str]) -> Sequence[Prompt]:
    """Prompts of an incident that are planned or asked, and those with these keys whatever became of them."""
    await write_late_rows(session)
    values = {"incident_id": incident_id, "keys": list(keys)}
    return (await session.execute(_LIVE_OR_NAMED, values)).scalars().all()


async def find_prompt(session: AsyncSession, key: str) -> Prompt | None:
    """A prompt by its key, as it is now: it may have been answered while this transaction waited."""
    await write_late_rows(session)
    await session.flush()  # what this transaction has made of it is not to be read over
    rows = await session.execute(_NAMED, {"key": key}, execution_options={"populate_existing": True})
    return rows.scalars().first()


async def find_prompts_by_ts(session: AsyncSession, channel_id: str, ts: Collection[str]) -> dict[str, Prompt]:
    """Prompts by the message that asks, among these messages of a channel or DM."""
    if not ts:
        return {}
    rows = await session.execute(_OF_MESSAGES, {"channel_id": channel_id, "ts": list(ts)})
    return {str(prompt.ts): prompt for prompt in rows.scalars()}


async def list_open_without_prompts(session: AsyncSession) -> Sequence[int]:
    """The numbers of open incidents of which nothing is or will be asked, in order."""
    statement = select(Incident.id).where(col(Incident.status).not_in(ENDED), ~_LIVE_ONES.exists())
    return (await session.execute(statement.order_by(col(Incident.id)))).scalars().all()
