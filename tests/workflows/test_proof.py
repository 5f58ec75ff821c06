"""Proof of who was told: counted over all notices, shown in pages, and what failed is tried again once."""

from typing import Any

from storage.deliveries import finish, owe
from storage.engine import Database
from storage.tables import DeliveryKind, DeliveryOutcome, Incident
from tests.builders import NOON
from tests.workflows.asking import ask, incident_now, opened, waiting
from workflows.proof import Proof, RetryNotices, proof_of, retry_notices

FAILED = ("U007", "U100")


async def _told(database: Database, crowd: int) -> Incident:
    """Everybody of a crowd was told, but for two; the last one waits."""
    incident = await opened(database)
    async with database.transaction() as session:
        for number in range(crowd):
            to = f"U{number:03}"
            payload = {"to": to, "why": "audiences.a.people", "transition": "update"}
            key = f"notice/{to}"
            owe(session, DeliveryKind.NOTICE, lane=to, key=key, due_at=NOON, incident_id=1, payload=payload)
    async with database.transaction() as session:
        rows = [row for row in await waiting(session) if row.kind is DeliveryKind.NOTICE]
        for row in rows[:-1]:
            failed = row.payload["to"] in FAILED
            finish(row, DeliveryOutcome.GAVE_UP if failed else DeliveryOutcome.SENT, now=NOON)
    return incident


async def _proof(database: Database, **page: int) -> Proof:
    incident = await incident_now(database)
    async with database.read() as session:
        return await proof_of(session, incident, size=40, **page)


async def test_what_failed_stands_first_and_all_are_counted_whatever_page_is_shown(database: Database) -> None:
    await _told(database, 121)

    first, last = await _proof(database), await _proof(database, page=99)

    assert [row.to for row in first.notices[:4]] == ["U100", "U007", "U120", "U119"]
    assert [row.to for row in last.notices] == ["U000"]
    assert (last.page, last.pages) == (3, 4)
    for proof in (first, last):
        assert (proof.total, proof.sent, proof.failed, proof.waiting) == (121, 118, 2, 1)


async def test_one_that_failed_is_tried_again_once_and_those_of_others_are_left(sqlite: Database) -> None:
    incident = await _told(sqlite, 121)
    failed, other = (row.delivery_id for row in (await _proof(sqlite)).notices[:2])

    tried = [await _retry(sqlite, incident, deliveries=(failed, 999_999)) for _ in range(2)]

    assert tried == [1, 0]
    proof = await _proof(sqlite)
    assert [row.delivery_id for row in proof.notices if row.outcome is DeliveryOutcome.GAVE_UP] == [other]


async def test_all_that_failed_is_tried_again(sqlite: Database) -> None:
    incident = await _told(sqlite, 121)

    assert await _retry(sqlite, incident) == 2
    assert (await _proof(sqlite)).failed == 0


async def _retry(database: Database, incident: Incident, **what: Any) -> int:
    async with database.transaction() as session:
        return await retry_notices(session, ask(RetryNotices, incident, **what), now=NOON)
