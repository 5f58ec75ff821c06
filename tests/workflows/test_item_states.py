"""The life of an action item."""

from datetime import timedelta
from itertools import product

import pytest

from storage.engine import Database
from storage.tables import CheckState, EntryKind, Horizon, ItemKind, ItemState, Status
from tests.builders import NOON
from tests.workflows.asking import opened
from tests.workflows.item_asking import (
    ACCOUNTABLE,
    an_item,
    an_item_of,
    checks_of,
    do_item,
    entries_of,
    item_now,
    item_refused,
    moved,
    of_item,
    owed_by_item,
    told_at_once,
)
from workflows.commands import MoveItem, SnoozeItem
from workflows.item_errors import (
    AlreadySo,
    CannotBeVerified,
    EvidenceNeeded,
    ItemReasonNeeded,
    ItemSettled,
    NotTheirItem,
    OwnerCannotVerify,
    WrongItem,
)

OPEN, AT_WORK, BLOCKED = ItemState.OPEN, ItemState.IN_PROGRESS, ItemState.BLOCKED
DONE, VERIFIED, DROPPED = ItemState.DONE, ItemState.VERIFIED, ItemState.WONT_DO
LINK = "https://wiki.example.com/alerts"

ALLOWED = {
    (OPEN, AT_WORK),
    (OPEN, BLOCKED),
    (OPEN, DONE),
    (OPEN, DROPPED),
    (AT_WORK, OPEN),
    (AT_WORK, BLOCKED),
    (AT_WORK, DONE),
    (AT_WORK, DROPPED),
    (BLOCKED, OPEN),
    (BLOCKED, AT_WORK),
    (BLOCKED, DONE),
    (BLOCKED, DROPPED),
    (DONE, OPEN),
    (DONE, VERIFIED),
    (VERIFIED, OPEN),
    (DROPPED, OPEN),
}
REFUSED = {
    **{(state, state): AlreadySo for state in ItemState},
    **{(state, VERIFIED): CannotBeVerified for state in (OPEN, AT_WORK, BLOCKED, DROPPED)},
    **dict.fromkeys(product((DONE, VERIFIED), (AT_WORK, BLOCKED, DROPPED)), ItemSettled),
    **{(DROPPED, after): ItemSettled for after in (AT_WORK, BLOCKED, DONE)},
    (VERIFIED, DONE): AlreadySo,
}


async def _in_state(database: Database, state: ItemState) -> int:
    """The number of an item of Bo's that got there."""
    item = await an_item(database)
    if state is VERIFIED:
        await moved(database, item, DONE)
    if state is not OPEN:
        by = "UANN" if state is VERIFIED else "UBO"
        await moved(database, item, state, by=by, reason="Waits", evidence=LINK)
    return item.number


@pytest.mark.parametrize(("before", "after"), sorted(product(ItemState, ItemState)))
async def test_an_item_moves_from_state_to_state_as_its_life_has_it(
    sqlite: Database, before: ItemState, after: ItemState
) -> None:
    item = await item_now(sqlite, await _in_state(sqlite, before))
    asked = of_item(MoveItem, item, by="UANN", state=after, reason="Waits", evidence=LINK)

    if (before, after) in ALLOWED:
        await do_item(sqlite, asked)

        assert (await item_now(sqlite)).state is after
    else:
        await item_refused(sqlite, asked, REFUSED[before, after])


def test_every_step_is_either_allowed_or_refused() -> None:
    assert ALLOWED | REFUSED.keys() == set(product(ItemState, ItemState))
    assert not ALLOWED & REFUSED.keys()


@pytest.mark.parametrize("state", [BLOCKED, DROPPED])
async def test_blocked_and_wont_do_need_a_reason(sqlite: Database, state: ItemState) -> None:
    item = await an_item(sqlite)

    said = await item_refused(sqlite, of_item(MoveItem, item, state=state, reason="  "), ItemReasonNeeded)

    assert said.endswith("needs a reason, so ACT-1 was left as it is. Say why in a few words.")


@pytest.mark.parametrize("state", [DONE, VERIFIED, DROPPED])
async def test_what_is_settled_is_opened_again_with_a_reason_only(sqlite: Database, state: ItemState) -> None:
    item = await item_now(sqlite, await _in_state(sqlite, state))

    said = await item_refused(sqlite, of_item(MoveItem, item, state=OPEN), ItemReasonNeeded)

    assert said == "Opening it again needs a reason, so ACT-1 was left as it is. Say why in a few words."


async def test_on_what_it_is_blocked_is_kept_while_it_is(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), BLOCKED, reason="the vendor’s answer")
    assert item.blocked_on == "the vendor’s answer"

    again = await moved(sqlite, item, BLOCKED, reason="the new contract")
    assert again.blocked_on == "the new contract"
    said = await item_refused(sqlite, of_item(MoveItem, item, state=BLOCKED, reason="the new contract"), AlreadySo)
    assert said == "ACT-1 is already blocked (since {at 1772625600}): “the new contract”. Nothing more was done."

    on = await moved(sqlite, item, AT_WORK)
    assert on.blocked_on is None


async def test_a_press_on_what_was_done_says_who_did_it_and_when(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), DONE)

    said = await item_refused(sqlite, of_item(MoveItem, item, by="UDEE", state=DONE), AlreadySo)

    assert said == "ACT-1 is already done ({@UBO}, {at 1772625600}). Nothing more was done."


async def test_a_press_on_what_will_not_be_done_says_why(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), DROPPED, reason="The service goes away")

    said = await item_refused(sqlite, of_item(MoveItem, item, state=DONE), ItemSettled)

    assert said == (
        "ACT-1 is not to be done ({@UBO}, {at 1772625600}): “The service goes away”. Nothing was changed; open it "
        "again to go on with it."
    )


async def test_somebody_elses_item_is_left_alone_and_named(sqlite: Database) -> None:
    item = await an_item(sqlite)

    said = await item_refused(sqlite, of_item(MoveItem, item, by="UDEE", state=DONE), NotTheirItem)

    assert said == "ACT-1 is {@UBO}'s, so nothing was changed. Take it over first, or ask them."


@pytest.mark.parametrize("by", ["UBO", "UCY", "UANN"])
async def test_its_owner_who_assigned_it_and_the_lead_may_settle_it(sqlite: Database, by: str) -> None:
    item = await an_item(sqlite)

    done = await moved(sqlite, item, DONE, by=by)

    assert (done.state, done.done_by, done.done_at) == (DONE, by, NOON)


async def test_the_severitys_accountable_people_may_settle_it(sqlite: Database) -> None:
    item = await an_item(sqlite)

    done = await do_item(sqlite, of_item(MoveItem, item, by="UEVE", state=DONE), process=ACCOUNTABLE)

    assert done.done_by == "UEVE"


@pytest.mark.parametrize("kind", [ItemKind.DOCUMENTATION, ItemKind.TRAINING])
async def test_documentation_and_training_are_done_when_a_link_shows_it(sqlite: Database, kind: ItemKind) -> None:
    item = await an_item(sqlite, kind=kind)

    said = await item_refused(sqlite, of_item(MoveItem, item, state=DONE), EvidenceNeeded)
    assert said.endswith("needs a link that shows it, so ACT-1 was left as it is. Add the link.")
    done = await moved(sqlite, item, DONE, evidence=LINK)

    assert done.evidence == LINK


async def test_a_link_that_the_item_has_already_shows_that_it_is_done(sqlite: Database) -> None:
    item = await an_item(sqlite, kind=ItemKind.DOCUMENTATION, links=(LINK,))

    assert (await moved(sqlite, item, DONE)).evidence == LINK


async def test_other_work_is_done_without_a_link_and_what_is_no_link_is_refused(sqlite: Database) -> None:
    item = await an_item(sqlite)

    said = await item_refused(sqlite, of_item(MoveItem, item, state=DONE, evidence="see wiki"), WrongItem)
    assert said == "Nothing was changed. That is no link; it begins with https://."

    assert (await moved(sqlite, item, DONE)).evidence is None


@pytest.mark.parametrize("by", ["UBO", "UCY"])
async def test_neither_its_owner_nor_who_said_it_is_done_verifies_it(sqlite: Database, by: str) -> None:
    item = await moved(sqlite, await an_item(sqlite), DONE, by="UCY")

    said = await item_refused(sqlite, of_item(MoveItem, item, by=by, state=VERIFIED, evidence=LINK), OwnerCannotVerify)

    assert said == (
        "ACT-1 is verified by somebody else than its owner and who said that it is done, so nothing was changed. "
        "Ask a colleague to look at it."
    )


async def test_who_verifies_names_the_link_they_looked_at(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), DONE, evidence=LINK)

    await item_refused(sqlite, of_item(MoveItem, item, by="UANN", state=VERIFIED), EvidenceNeeded)
    verified = await moved(sqlite, item, VERIFIED, by="UANN", evidence=f"{LINK}/live")

    assert (verified.state, verified.verified_by, verified.verified_at) == (VERIFIED, "UANN", NOON)
    assert verified.evidence == f"{LINK}/live"


async def test_a_task_of_the_response_is_never_verified(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite, horizon=Horizon.NOW), DONE)

    said = await item_refused(
        sqlite, of_item(MoveItem, item, by="UANN", state=VERIFIED, evidence=LINK), CannotBeVerified
    )

    assert said == (
        "Only what is done can be verified, and ACT-1 is a task of the response, and those are not verified. "
        "Nothing was changed."
    )


async def test_what_was_done_is_checked_after_30_and_90_days(database: Database) -> None:
    item = await moved(database, await an_item(database), DONE)

    checks = await checks_of(database, item)

    assert [(check.days, check.due_at, check.state) for check in checks] == [
        (30, NOON + timedelta(days=30), CheckState.PLANNED),
        (90, NOON + timedelta(days=90), CheckState.PLANNED),
    ]


async def test_a_task_that_was_done_is_not_checked(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite, horizon=Horizon.NOW), DONE)

    assert not await checks_of(sqlite, item)


async def test_open_again_it_begins_anew_and_its_checks_are_let_go(database: Database) -> None:
    item = await an_item(database)
    await do_item(database, of_item(SnoozeItem, item, until=item.due_on))
    await moved(database, item, DONE, evidence=LINK)
    await moved(database, item, VERIFIED, by="UANN", evidence=LINK)
    later = NOON + timedelta(days=1)

    again = await do_item(database, of_item(MoveItem, item, state=OPEN, reason="It broke again"), now=later)

    assert (again.state, again.done_at, again.done_by, again.evidence) == (OPEN, None, None, None)
    assert (again.verified_at, again.verified_by, again.state_changed_at) == (None, None, later)
    assert (again.planned_since, again.snoozed_until, again.snoozes) == (later, None, 0)
    assert {check.state for check in await checks_of(database, item)} == {CheckState.CANCELLED}


async def test_anybody_who_sees_it_may_find_that_it_is_not_done_and_its_owner_is_told(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), DONE)

    await moved(sqlite, item, OPEN, by="UDEE", reason="It still fires late")

    assert await told_at_once(sqlite) == [("assigned", "UBO"), ("assigned", "UBO")]


async def test_the_lead_is_told_at_once_that_it_will_not_be_done(database: Database) -> None:
    item = await an_item(database)

    await moved(database, item, DROPPED, reason="The service goes away")

    assert await told_at_once(database) == [("assigned", "UBO"), ("dropped", "UANN")]


async def test_a_lead_who_says_that_it_will_not_be_done_is_not_told(sqlite: Database) -> None:
    item = await an_item(sqlite)

    await moved(sqlite, item, DROPPED, by="UANN", reason="The service goes away")

    assert await told_at_once(sqlite) == [("assigned", "UBO")]


async def test_the_ledger_keeps_every_step(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), BLOCKED, reason="password=hunter22222222222x")

    await moved(sqlite, item, DONE, evidence=LINK)

    steps = [entry.data for entry in await entries_of(sqlite, EntryKind.ITEM_STATE)]
    named = {"item": 1, "title": "Alert on refused cards", "owner": "UBO"}
    assert steps == [
        {**named, "from": "open", "to": "blocked", "reason": "password=[masked: secret]", "evidence": None},
        {**named, "from": "blocked", "to": "done", "reason": "", "evidence": LINK},
    ]


@pytest.mark.parametrize(("status", "told"), [(Status.MITIGATING, True), (Status.RESOLVED, False)])
async def test_the_channel_hears_under_the_card_while_the_incident_is_worked_on(
    sqlite: Database, status: Status, told: bool
) -> None:
    item = await an_item_of(sqlite, await opened(sqlite, status=status))

    owed = await owed_by_item(sqlite, of_item(MoveItem, item, state=DONE))

    assert ("tell_thread" in [row.kind.value for row in owed]) is told


async def test_an_owner_who_works_on_it_has_taken_it_on(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), AT_WORK)

    assert item.accepted_at == NOON
