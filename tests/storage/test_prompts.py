"""Prompts are found by their key, their incident and their message; what is under way is not cancelled under it."""

from datetime import timedelta

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import cancel_planned, claim_due, move_planned, plan_again
from storage.engine import Database
from storage.prompts import add_prompt, find_prompt, find_prompts_by_ts, list_live_or_named
from storage.tables import DeliveryKind, DeliveryOutcome, Prompt, PromptKind, PromptState
from tests.builders import NOON, an_incident
from tests.storage.owing import claimed, find, owed

HOUR = timedelta(hours=1)


async def test_live_prompts_are_listed_with_those_that_are_named_whatever_became_of_them(database: Database) -> None:
    async with database.transaction() as session:
        incident = await an_incident(session)
        for number, state in enumerate(PromptState):
            _add(session, incident.number, f"key {number}")
            prompt = await find_prompt(session, f"key {number}")
            assert prompt is not None
            prompt.state = state

        planned = await list_live_or_named(session, incident.number, ["key 3"])

    ours = [prompt.key for prompt in planned if prompt.key.startswith("key")]
    assert ours == ["key 0", "key 1", "key 3"]  # planned, asked, and the moot one that was named


async def test_a_prompt_is_found_by_the_message_that_asks(database: Database) -> None:
    async with database.transaction() as session:
        incident = await an_incident(session)
        _add(session, incident.number, "key")
        prompt = await find_prompt(session, "key")
        assert prompt is not None
        prompt.channel_id, prompt.ts = "C1", "1.1"

    async with database.read() as session:
        assert list(await find_prompts_by_ts(session, "C1", ["1.1", "2.2"])) == ["1.1"]
        assert await find_prompts_by_ts(session, "C2", ["1.1"]) == {}
        assert await find_prompts_by_ts(session, "C1", []) == {}


async def test_live_prompts_come_by_index_however_many_are_over(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        incident = await an_incident(session)
        common = {"incident_id": incident.number, "kind": PromptKind.WATCH, "due_at": NOON, "data": {}}
        rows = [{**common, "key": f"old/{n}", "state": PromptState.MOOT} for n in range(5000)]
        await session.execute(insert(Prompt), rows)
        await session.execute(text("ANALYZE"))
        plan = await session.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM prompt "
                "WHERE incident_id = 1 AND state IN ('planned', 'asked') OR key IN ('a', 'b')"
            )
        )

    said = " ".join(row[-1] for row in plan)
    assert "ix_prompt_live" in said
    assert "SCAN prompt" not in said


async def test_what_was_planned_is_cancelled_and_planned_again(database: Database) -> None:
    await owed(database, "one", kind=DeliveryKind.ASK, due_at=NOON + HOUR)

    async with database.transaction() as session:
        await cancel_planned(session, ["one"], now=NOON)
    assert (await find(database, "one")).outcome is DeliveryOutcome.CANCELLED
    async with database.transaction() as session:
        assert await plan_again(session, "one", due_at=NOON)

    assert await claimed(database) == ["one"]


async def test_what_was_performed_is_not_planned_again(database: Database) -> None:
    await owed(database, "one")
    async with database.transaction() as session:
        assert not await plan_again(session, "one", due_at=NOON)


async def test_what_is_under_way_is_neither_cancelled_nor_moved(database: Database) -> None:
    await owed(database, "one")
    async with database.transaction() as session:
        await claim_due(session, by="us", now=NOON, limit=10)

    async with database.transaction() as session:
        await cancel_planned(session, ["one"], now=NOON)
        await move_planned(session, "one", due_at=NOON + HOUR)

    row = await find(database, "one")
    assert (row.outcome, row.due_at) == (None, NOON)


async def test_what_is_planned_is_moved(database: Database) -> None:
    await owed(database, "one", due_at=NOON + HOUR)

    async with database.transaction() as session:
        await move_planned(session, "one", due_at=NOON)

    assert await claimed(database) == ["one"]


def _add(session: AsyncSession, incident_id: int, key: str) -> None:
    add_prompt(session, incident_id=incident_id, key=key, kind=PromptKind.WATCH, due_at=NOON, to=None, data={})
