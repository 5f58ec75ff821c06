"""Accepted risks: signed for by a decision-maker, and looked at again on their day."""

from datetime import date, timedelta
from typing import Any

import pytest

from storage.action_items import find_risk
from storage.engine import Database
from storage.tables import AcceptedRisk, EntryKind, Source
from tests.builders import NOON, an_opened_incident, request
from tests.builders import PROCESS as NOBODY_ACCOUNTABLE
from tests.workflows.checking import PROCESS, asked, declined, entries, item_now, later, planned
from workflows.check_commands import AcceptRisk, Review, ReviewRisk, SignRisk
from workflows.check_errors import (
    AlreadySigned,
    NotSigned,
    NotTheirDecision,
    RiskEnded,
    RiskNotFound,
    WrongReviewDate,
)
from workflows.item_errors import HiddenFromOwner
from workflows.risks import accept_risk, list_register, review_risk, sign_risk

JUNE = date(2026, 6, 1)


async def _a_risk(database: Database, *, private: bool = False, process: Any = PROCESS, **changes: Any) -> AcceptedRisk:
    """Ann leads INC-1; Bo is to look after the risk."""
    async with database.transaction() as session:
        await an_opened_incident(session, lead="UANN", private=private)
    risk: AcceptedRisk = await asked(database, accept_risk, _accept(**changes), process=process)
    return risk


def _accept(**changes: Any) -> AcceptRisk:
    values = {"title": "One region only", "why": "A second one costs too much", "owner": "UBO", "review_on": JUNE}
    return AcceptRisk(**request(), **{"incident_id": 1, **values, **changes})


def _sign(by: str = "UBOSS") -> SignRisk:
    return SignRisk(**{**request(), "by": by}, risk_id=1)


def _review(answer: Review, *, by: str = "UBO", **changes: Any) -> ReviewRisk:
    return ReviewRisk(**{**request(), "by": by}, risk_id=1, answer=answer, **changes)


async def _risk_now(database: Database) -> AcceptedRisk:
    async with database.read() as session:
        risk = await find_risk(session, 1)
        assert risk is not None
        return risk


async def test_an_accepted_risk_is_kept_and_the_accountable_person_is_asked_to_sign(sqlite: Database) -> None:
    await _a_risk(sqlite)

    risk = await _risk_now(sqlite)
    assert (risk.title, risk.owner, risk.review_on, risk.signed_by) == ("One region only", "UBO", JUNE, None)
    assert (await entries(sqlite, EntryKind.RISK_ACCEPTED))[0].data == {
        "risk": 1,
        "title": "One region only",
        "owner": "UBO",
        "review_on": "2026-06-01",
        "why": "A second one costs too much",
    }
    assert await planned(sqlite, "decision", "risk") == [
        ("decision", "UBOSS", date(2026, 3, 5)),
        ("decision", "UBOSS", date(2026, 3, 12)),
        ("decision", "UBOSS", date(2026, 3, 19)),
        ("risk", "UBO", date(2026, 6, 1)),
        ("risk", "UBO", date(2026, 6, 8)),
        ("risk", "UBO", date(2026, 6, 15)),
    ]


async def test_without_accountable_people_the_lead_is_asked_to_sign(sqlite: Database) -> None:
    await _a_risk(sqlite, process=NOBODY_ACCOUNTABLE)

    assert {to for _, to, _ in await planned(sqlite, "decision")} == {"UANN"}


async def test_once_signed_its_owner_is_asked_on_the_review_date(database: Database) -> None:
    await _a_risk(database)

    await asked(database, sign_risk, _sign())

    assert (await _risk_now(database)).signed_by == "UBOSS"
    assert (await planned(database, "decision", "risk"))[0] == ("risk", "UBO", JUNE)
    assert await planned(database, "decision") == []
    (entry,) = await entries(database, EntryKind.RISK_REVIEWED)
    assert (entry.by, entry.data["answer"]) == ("UBOSS", "signed")


async def test_only_a_decision_maker_signs_and_only_once(sqlite: Database) -> None:
    await _a_risk(sqlite)

    told = await declined(sqlite, sign_risk, _sign("UANN"), NotTheirDecision)
    await asked(sqlite, sign_risk, _sign())
    again = await declined(sqlite, sign_risk, _sign(), AlreadySigned)

    assert told == "Risk 1 waits for the answer of {@UBOSS}, so nothing was changed. Ask them."
    assert again == "{@UBOSS} has signed risk 1 already, so nothing more was done."


async def test_a_risk_that_stays_accepted_is_asked_about_on_its_new_day_and_not_before(sqlite: Database) -> None:
    await _a_risk(sqlite)
    await asked(sqlite, sign_risk, _sign())

    await asked(sqlite, review_risk, _review(Review.STILL, review_on=date(2026, 9, 1)), now=later(89))

    risk = await _risk_now(sqlite)
    assert (risk.review_on, risk.reviewed_at, risk.signed_by) == (date(2026, 9, 1), later(89), "UBOSS")
    assert {on for _, _, on in await planned(sqlite, "risk")} == {
        date(2026, 9, 1),
        date(2026, 9, 8),
        date(2026, 9, 15),
    }


async def test_a_risk_nobody_has_signed_for_is_not_put_off(sqlite: Database) -> None:
    await _a_risk(sqlite)

    told = await declined(sqlite, review_risk, _review(Review.STILL, review_on=date(2026, 9, 1)), NotSigned)

    assert told == "Risk 1 waits for the signature of {@UBOSS}, so its review date was left as it is."


async def test_acting_on_a_risk_gives_its_owner_an_item_and_ends_it(sqlite: Database) -> None:
    await _a_risk(sqlite)
    await asked(sqlite, sign_risk, _sign())

    await asked(sqlite, review_risk, _review(Review.ACT), now=later(89))

    item = await item_now(sqlite, 1)
    assert (item.title, item.owner, item.source, item.source_ref) == ("One region only", "UBO", Source.RISK, "1")
    assert item.why == "A risk that was accepted: A second one costs too much"
    assert (await _risk_now(sqlite)).ended_at == later(89)
    assert await planned(sqlite, "risk") == []


async def test_what_is_no_risk_any_more_is_not_asked_about_and_not_reviewed_again(sqlite: Database) -> None:
    await _a_risk(sqlite)
    await asked(sqlite, review_risk, _review(Review.OVER, by="UANN", why="We moved"))

    told = await declined(sqlite, review_risk, _review(Review.ACT), RiskEnded)
    await declined(sqlite, sign_risk, _sign(), RiskEnded)

    assert told == f"Risk 1 is closed since {{at {int(NOON.timestamp())}}}, so nothing was changed."
    assert await planned(sqlite, "decision", "risk") == []


async def test_somebody_without_a_say_reviews_nothing(sqlite: Database) -> None:
    await _a_risk(sqlite)

    await declined(sqlite, review_risk, _review(Review.OVER, by="UCY"), NotTheirDecision)


@pytest.mark.parametrize("days", [-1, 0, 367])
async def test_a_review_is_after_today_and_within_a_year(sqlite: Database, days: int) -> None:
    await _a_risk(sqlite)

    await declined(sqlite, accept_risk, _accept(review_on=(NOON + timedelta(days)).date()), WrongReviewDate)


async def test_a_private_risk_is_given_to_and_shown_to_those_in_its_channel(database: Database) -> None:
    await _a_risk(database, private=True, owner="UANN", process=NOBODY_ACCOUNTABLE)

    await declined(database, accept_risk, _accept(owner="UCY"), HiddenFromOwner)
    told = await declined(database, sign_risk, _sign("UBO"), RiskNotFound)

    assert told == "There is no such risk that you can see, so nothing was changed. `/incident risk` lists them."
    assert await _register(database, "UBO") == []
    assert await _register(database, "UANN") == [1]


async def test_the_register_lists_what_is_accepted_first_to_be_looked_at_first(database: Database) -> None:
    await _a_risk(database)
    await asked(database, accept_risk, _accept(review_on=date(2026, 4, 1)))
    await asked(database, accept_risk, _accept(review_on=date(2026, 5, 1)))
    await asked(database, review_risk, _review(Review.OVER))

    assert await _register(database, "UCY") == [2, 3]
    assert await _register(database, "UCY", incident_id=2) == []


async def _register(database: Database, viewer: str, **only: int) -> list[int]:
    async with database.read() as session:
        found = await list_register(session, viewer, process=PROCESS, limit=10, **only)
        return [one.risk.number for one in found if one.risk]
