"""Which incidents look alike, and who is shown them."""

from datetime import timedelta
from typing import Any

from storage.engine import Database
from storage.tables import Incident, Status
from tests.builders import NOON, an_incident
from workflows.alike import alike, list_candidates


def _titled(number: int, title: str, *services: str) -> Incident:
    return Incident(id=number, title=title, services=list(services), declared_at=NOON)


def _numbers(found: Any) -> list[int]:
    return [one.number for one in found]


def test_incidents_that_share_a_service_look_alike() -> None:
    ours = _titled(1, "Checkout is down", "checkout")

    found = alike(ours, [_titled(2, "Cards refused", "Checkout "), _titled(3, "Mail is late", "mail")])

    assert _numbers(found) == [2]


def test_incidents_that_share_two_rare_words_look_alike_and_one_is_not_enough() -> None:
    ours = _titled(1, "Certificate of gateway expired")

    found = alike(ours, [_titled(2, "The gateway’s certificate is old"), _titled(3, "Gateway in Paris is slow")])

    assert _numbers(found) == [2]


def test_words_that_most_titles_have_say_nothing() -> None:
    ours = _titled(1, "Service error in the nightly import run")
    others = [_titled(number, "Service error again: nightly import") for number in range(2, 12)]

    assert alike(ours, others) == []


def test_those_that_share_most_come_first_and_then_the_newest() -> None:
    ours = _titled(1, "Cards are refused at checkout", "checkout", "payments")

    found = alike(
        ours,
        [
            _titled(2, "Something else", "checkout"),
            _titled(3, "Cards refused again", "checkout"),
            _titled(4, "Something", "checkout"),
            _titled(5, "Something", "payments", "checkout"),
        ],
    )

    assert _numbers(found) == [5, 3, 4, 2]


async def test_only_incidents_since_then_that_the_reader_may_see_are_found(database: Database) -> None:
    async with database.transaction() as session:
        ours = await an_incident(session)
        await an_incident(session, now=NOON + timedelta(days=1))
        await an_incident(session, now=NOON + timedelta(days=5))
        await an_incident(session, now=NOON + timedelta(days=6), private=True)
        declined = await an_incident(session, now=NOON + timedelta(days=7))
        declined.status = Status.DECLINED

    async with database.read() as session:
        since = NOON + timedelta(days=2)
        of_ann = await list_candidates(session, since=since, viewer="UANN")
        of_bo = await list_candidates(session, since=since, viewer="UBO")
        since_before = await list_candidates(session, since=NOON - timedelta(days=2), viewer="UBO")

    assert _numbers(of_ann) == [4, 3]
    assert _numbers(of_bo) == [3]
    assert _numbers(alike(ours, since_before)) == [3, 2]
