"""Did it work? Asked of the owner and the lead, settled by the first of them."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import pytest

from storage.engine import Database
from storage.tables import CheckState, EntryKind, Horizon, ItemKind, ItemState, Source
from tests.builders import NOON, an_opened_incident, request
from tests.workflows.checking import (
    PROCESS,
    a_done_item,
    asked,
    checks_now,
    declined,
    entries,
    item_now,
    later,
    planned,
)
from workflows.check_commands import AddFromCheck, AnswerCheck, Effect
from workflows.check_errors import AlreadyFollowed, CheckAnswered, CheckNotFound, CheckOver, NotTheirCheck
from workflows.checks import add_from_check, answer_check
from workflows.commands import MoveItem
from workflows.errors import AlreadyReceived
from workflows.item_states import move_item
from workflows.reminding import replan_items


def _answer(answer: Effect = Effect.EFFECTIVE, *, by: str = "UBO", check: int = 1, **changes: Any) -> AnswerCheck:
    return AnswerCheck(**{**request(), "by": by}, check_id=check, answer=answer, **changes)


def _needs(kind: ItemKind, *, by: str = "UBO", check: int = 1) -> AddFromCheck:
    return AddFromCheck(**{**request(), "by": by}, check_id=check, kind=kind)


async def test_the_owner_and_the_lead_are_asked_thirty_and_ninety_days_after_it_was_done(sqlite: Database) -> None:
    await a_done_item(sqlite)

    found = await planned(sqlite, "check")

    assert [one for one in found if one[1] == "UBO"] == [
        ("check", "UBO", date(2026, 4, 3)),
        ("check", "UBO", date(2026, 4, 10)),
        ("check", "UBO", date(2026, 4, 17)),
        ("check", "UBO", date(2026, 6, 2)),
        ("check", "UBO", date(2026, 6, 9)),
        ("check", "UBO", date(2026, 6, 16)),
    ]
    assert [one[2] for one in found if one[1] == "UANN"] == [one[2] for one in found if one[1] == "UBO"]


@pytest.mark.parametrize("answer", [Effect.EFFECTIVE, Effect.PARTLY])
async def test_the_first_answer_settles_a_check_and_is_kept_on_the_item_and_in_the_ledger(
    sqlite: Database, answer: Effect
) -> None:
    await a_done_item(sqlite)
    async with sqlite.transaction() as session:
        await an_opened_incident(session)

    command = _answer(answer, by="UANN", side_effects="Pages twice", similar=(2,))
    await asked(sqlite, answer_check, command, now=later(31))

    check, other = await checks_now(sqlite)
    assert (check.state, check.answer, check.answered_by, check.answered_at) == (
        CheckState.ANSWERED,
        answer,
        "UANN",
        later(31),
    )
    assert (check.side_effects, check.similar) == ("Pages twice", [2])
    assert other.state is CheckState.PLANNED
    assert (await item_now(sqlite)).outcome == answer
    (entry,) = await entries(sqlite, EntryKind.CHECK_ANSWERED)
    assert entry.by == "UANN"
    assert entry.data == {
        "item": 1,
        "title": "Alert on refused cards",
        "check": 1,
        "days": 30,
        "answer": answer,
        "side_effects": "Pages twice",
        "similar": [2],
    }


async def test_after_an_answer_only_the_later_check_is_asked(sqlite: Database) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, answer_check, _answer())

    assert min(on for _, _, on in await planned(sqlite, "check")) == date(2026, 6, 2)


async def test_only_incidents_that_who_answers_may_see_are_kept_and_private_ones_not_said(sqlite: Database) -> None:
    await a_done_item(sqlite)
    async with sqlite.transaction() as session:
        await an_opened_incident(session)
        await an_opened_incident(session, private=True)
        await an_opened_incident(session, private=True, by="UCY")

    await asked(sqlite, answer_check, _answer(Effect.PARTLY, by="UANN", similar=(2, 3, 4, 99)))

    (check, _) = await checks_now(sqlite)
    (entry,) = await entries(sqlite, EntryKind.CHECK_ANSWERED)
    assert check.similar == [2, 3]
    assert entry.data["similar"] == [2]


async def test_who_answers_second_is_told_who_was_first(sqlite: Database) -> None:
    await a_done_item(sqlite)
    await asked(sqlite, answer_check, _answer(Effect.PARTLY, by="UANN"))

    told = await declined(sqlite, answer_check, _answer(by="UBO"), CheckAnswered)

    at = f"{{at {int(NOON.timestamp())}}}"
    assert told == (
        f"{{@UANN}} has answered this for ACT-1 already, {at}: “It has worked in part”. Nothing more was done."
    )


async def test_what_has_not_worked_opens_an_item_of_its_owner_that_goes_on_with_it(sqlite: Database) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, answer_check, _answer(Effect.NOT, by="UANN"), now=later(31))

    made = await item_now(sqlite, 2)
    assert (made.title, made.owner, made.state) == (
        "Find what works instead of: Alert on refused cards",
        "UBO",
        ItemState.OPEN,
    )
    assert (made.follows, made.source, made.source_ref, made.horizon) == (1, Source.CHECK, "1", Horizon.AFTER)
    assert (await item_now(sqlite)).outcome == "not"


async def test_what_has_not_worked_is_not_asked_about_again(sqlite: Database) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, answer_check, _answer(Effect.NOT))

    assert [check.state for check in await checks_now(sqlite)] == [CheckState.ANSWERED, CheckState.CANCELLED]
    assert await planned(sqlite, "check") == []


async def test_who_answers_may_word_what_is_next_themselves(sqlite: Database) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, answer_check, _answer(Effect.PARTLY, next_step="Alert within a minute"))

    assert (await item_now(sqlite, 2)).title == "Alert within a minute"


async def test_a_secret_in_an_answer_is_masked(sqlite: Database) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, answer_check, _answer(Effect.PARTLY, side_effects="key AKIAIOSFODNN7EXAMPLE"))

    (check, _) = await checks_now(sqlite)
    assert "AKIAIOSFODNN7EXAMPLE" not in check.side_effects


async def test_the_accountable_person_may_answer_and_others_are_told_who_is_asked(sqlite: Database) -> None:
    await a_done_item(sqlite)

    told = await declined(sqlite, answer_check, _answer(by="UCY"), NotTheirCheck)
    await asked(sqlite, answer_check, _answer(by="UBOSS"))

    assert told == (
        "Whether ACT-1 has worked is asked of {@UBO} or {@UANN}, so nothing was changed. Tell them what you saw."
    )


async def test_an_item_that_was_opened_again_is_not_checked(sqlite: Database) -> None:
    await a_done_item(sqlite)
    reopened = MoveItem(**request(), item_id=1, state=ItemState.OPEN, reason="It came back")
    await asked(sqlite, move_item, reopened)

    await declined(sqlite, answer_check, _answer(), CheckOver)
    await declined(sqlite, add_from_check, _needs(ItemKind.CONTROL), CheckOver)

    assert await planned(sqlite, "check") == []


async def test_the_same_form_arriving_twice_answers_once(sqlite: Database) -> None:
    await a_done_item(sqlite)
    command = _answer(Effect.NOT)
    await asked(sqlite, answer_check, command)

    with pytest.raises(AlreadyReceived):
        await asked(sqlite, answer_check, command)


async def test_a_check_of_a_private_incident_is_nothing_to_others(sqlite: Database) -> None:
    await a_done_item(sqlite, private=True, owner="UANN")

    told = await declined(sqlite, answer_check, _answer(by="UCY"), CheckNotFound)

    assert told == "This question leads to nothing that you can see, so nothing was changed."


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (ItemKind.CONTROL, "Add a control, since this did not suffice: Alert on refused cards"),
        (ItemKind.TRAINING, "Train whoever needs it after: Alert on refused cards"),
    ],
)
async def test_a_press_makes_one_item_of_that_kind_linked_to_the_check(
    sqlite: Database, kind: ItemKind, title: str
) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, add_from_check, _needs(kind))
    told = await declined(sqlite, add_from_check, _needs(kind, by="UANN"), AlreadyFollowed)

    made = await item_now(sqlite, 2)
    assert (made.title, made.kind, made.source, made.source_ref, made.follows) == (title, kind, Source.CHECK, "1", 1)
    assert told == f"ACT-2 was made for this already, “{title}”, so no second one was."


async def test_both_kinds_and_each_check_make_items_of_their_own(sqlite: Database) -> None:
    await a_done_item(sqlite)

    await asked(sqlite, add_from_check, _needs(ItemKind.CONTROL))
    await asked(sqlite, add_from_check, _needs(ItemKind.TRAINING))
    await asked(sqlite, answer_check, _answer())
    await asked(sqlite, add_from_check, _needs(ItemKind.CONTROL, check=2))

    made = [await item_now(sqlite, number) for number in (2, 3, 4)]
    assert [(one.kind, one.source_ref) for one in made] == [
        (ItemKind.CONTROL, "1"),
        (ItemKind.TRAINING, "1"),
        (ItemKind.CONTROL, "2"),
    ]


async def test_a_question_that_came_up_three_times_while_we_were_away_is_asked_once(sqlite: Database) -> None:
    await a_done_item(sqlite)

    async with sqlite.transaction() as session:
        await replan_items(session, [1], process=PROCESS, now=datetime(2026, 5, 1, 12, tzinfo=UTC))

    assert await planned(sqlite, "verify") == [("verify", "UANN", date(2026, 3, 19))]
    assert [on for _, to, on in await planned(sqlite, "check") if to == "UBO"] == [
        date(2026, 4, 17),
        date(2026, 6, 2),
        date(2026, 6, 9),
        date(2026, 6, 16),
    ]


async def test_of_two_who_answer_at_once_one_is_first(database: Database) -> None:
    await a_done_item(database)

    results = await asyncio.gather(
        asked(database, answer_check, _answer(Effect.NOT, by="UANN")),
        asked(database, answer_check, _answer(Effect.NOT, by="UBO")),
        return_exceptions=True,
    )

    assert [type(one) for one in results if isinstance(one, Exception)] == [CheckAnswered]
    assert len(await entries(database, EntryKind.CHECK_ANSWERED)) == 1
    assert len(await entries(database, EntryKind.ITEM_ADDED)) == 2


async def test_two_presses_at_once_make_one_item(database: Database) -> None:
    await a_done_item(database)

    results = await asyncio.gather(
        asked(database, add_from_check, _needs(ItemKind.TRAINING, by="UANN")),
        asked(database, add_from_check, _needs(ItemKind.TRAINING, by="UBO")),
        return_exceptions=True,
    )

    assert [type(one) for one in results if isinstance(one, Exception)] == [AlreadyFollowed]
    assert len(await entries(database, EntryKind.ITEM_ADDED)) == 2
