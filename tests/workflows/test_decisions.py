"""Investments wait for a decision-maker's answer, and remind them of it."""

from datetime import date
from typing import Any

from storage.engine import Database
from storage.tables import EntryKind, ItemKind, ItemState
from tests.builders import request
from tests.workflows.checking import an_item, asked, declined, entries, item_now, planned
from workflows.check_commands import DecideItem
from workflows.check_errors import AlreadyDecided, NothingToDecide, NotTheirDecision
from workflows.commands import MoveItem
from workflows.decisions import decide_item
from workflows.item_errors import ItemReasonNeeded
from workflows.item_states import move_item


def _decide(approved: bool, *, by: str = "UBOSS", reason: str = "") -> DecideItem:
    return DecideItem(**{**request(), "by": by}, item_id=1, approved=approved, reason=reason)


async def _an_investment(database: Database, **changes: Any) -> None:
    await an_item(database, title="Buy a second line", kind=ItemKind.INVESTMENT, **changes)


async def test_who_decides_is_reminded_after_a_fortnight_without_an_answer(sqlite: Database) -> None:
    await _an_investment(sqlite)

    assert await planned(sqlite, "decision") == [
        ("decision", "UBOSS", date(2026, 3, 18)),
        ("decision", "UBOSS", date(2026, 3, 25)),
        ("decision", "UBOSS", date(2026, 4, 1)),
    ]


async def test_an_approved_investment_stays_work_to_do_and_nobody_is_reminded_to_decide(sqlite: Database) -> None:
    await _an_investment(sqlite)

    await asked(sqlite, decide_item, _decide(True))

    item = await item_now(sqlite)
    assert (item.approved, item.decided_by, item.state) == (True, "UBOSS", ItemState.OPEN)
    assert await planned(sqlite, "decision") == []
    (entry,) = await entries(sqlite, EntryKind.ITEM_DECIDED)
    assert (entry.by, entry.data["approved"]) == ("UBOSS", True)


async def test_an_investment_that_is_not_approved_will_not_be_done_and_its_owner_hears_why(sqlite: Database) -> None:
    await _an_investment(sqlite)

    await asked(sqlite, decide_item, _decide(False, reason="Not this year"))

    item = await item_now(sqlite)
    assert (item.approved, item.state, item.dropped_because) == (False, ItemState.WONT_DO, "Not this year")
    assert await planned(sqlite, "decision", "due") == []
    assert [(kind, to) for kind, to, _ in await planned(sqlite, "dropped")] == [("dropped", "UBO")]


async def test_not_approving_needs_a_reason(sqlite: Database) -> None:
    await _an_investment(sqlite)

    told = await declined(sqlite, decide_item, _decide(False, reason=" "), ItemReasonNeeded)

    assert told == "Not approving an investment needs a reason, so ACT-1 was left as it is. Say why in a few words."


async def test_others_are_told_who_decides(sqlite: Database) -> None:
    await _an_investment(sqlite)

    told = await declined(sqlite, decide_item, _decide(True, by="UBO"), NotTheirDecision)

    assert told == "ACT-1 waits for the answer of {@UBOSS}, so nothing was changed. Ask them."


async def test_a_second_answer_is_told_of_the_first(sqlite: Database) -> None:
    await _an_investment(sqlite)
    await asked(sqlite, decide_item, _decide(True))

    told = await declined(sqlite, decide_item, _decide(False, reason="No"), AlreadyDecided)

    assert told == "{@UBOSS} has said yes to ACT-1 already, so nothing more was done."


async def test_what_is_no_investment_waits_for_nobody(sqlite: Database) -> None:
    await an_item(sqlite)

    await declined(sqlite, decide_item, _decide(True), NothingToDecide)

    assert await planned(sqlite, "decision") == []


async def test_an_investment_not_approved_that_is_opened_again_is_decided_anew(sqlite: Database) -> None:
    await _an_investment(sqlite)
    await asked(sqlite, decide_item, _decide(False, reason="Not this year"))

    again = MoveItem(**request(), item_id=1, state=ItemState.OPEN, reason="A new year")
    await asked(sqlite, move_item, again)
    await asked(sqlite, decide_item, _decide(True))

    item = await item_now(sqlite)
    assert (item.approved, item.state) == (True, ItemState.OPEN)
