"""Action items: added, and their words, date and rank changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.incidents import add_participant
from storage.tables import Aim, EntryKind, Horizon, ItemKind, ItemState, Proposal, Status
from tests.builders import NOON, request
from tests.workflows.asking import opened
from tests.workflows.item_asking import (
    DUE,
    an_item,
    an_item_of,
    do_item,
    entries_of,
    item_now,
    item_refused,
    moved,
    of_item,
    somebody,
    told_at_once,
)
from workflows.commands import AddActionItem, ChangeItem, SnoozeItem
from workflows.errors import AlreadyReceived
from workflows.item_errors import HiddenFromOwner, ItemNotFound, WrongItem

LINK = "https://wiki.example.com/alerts"


async def test_an_item_has_one_owner_and_a_date_and_its_owner_is_told(database: Database) -> None:
    await an_item(database)

    item = await item_now(database)

    assert (item.ref, item.owner, item.due_on, item.state) == ("ACT-1", "UBO", DUE, ItemState.OPEN)
    assert await told_at_once(database) == [("assigned", "UBO")]


async def test_without_an_owner_it_is_the_leads(sqlite: Database) -> None:
    await an_item(sqlite, owner=None)

    assert (await item_now(sqlite)).owner == "UANN"
    assert await told_at_once(sqlite) == [("assigned", "UANN")]


@pytest.mark.parametrize("lead", ["nobody", "gone"])
async def test_without_an_owner_and_a_lead_it_is_whose_who_adds_it(sqlite: Database, lead: str) -> None:
    if lead == "gone":
        await somebody(sqlite, "UANN", gone_at=NOON)
    incident = await opened(sqlite, nobody_leads=lead == "nobody")

    await an_item_of(sqlite, incident, owner=None)

    item = await item_now(sqlite)
    assert (item.owner, item.accepted_at) == ("UCY", NOON)
    assert await told_at_once(sqlite) == []


async def test_a_lead_who_has_left_a_private_channel_is_given_nothing_more(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    async with sqlite.transaction() as session:
        await add_participant(session, incident.number, "UANN", at=NOON, present=False)
        await add_participant(session, incident.number, "UCY", at=NOON, present=True)

    item = await an_item_of(sqlite, incident, owner=None)

    assert item.owner == "UCY"


async def test_without_a_date_it_is_due_two_weeks_on_and_a_task_when_it_is_done(sqlite: Database) -> None:
    incident = await opened(sqlite)

    after = await an_item_of(sqlite, incident, due_on=None)
    task = await an_item_of(sqlite, incident, due_on=None, horizon=Horizon.NOW)

    assert (after.due_on, task.due_on) == (date(2026, 3, 18), None)


async def test_an_item_of_a_private_incident_is_given_only_to_those_in_its_channel(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    command = AddActionItem(**request(), incident_id=incident.number, title="Rotate the key", owner="UDEE")

    said = await item_refused(sqlite, command, HiddenFromOwner)

    assert said == (
        "INC-1 is private and {@UDEE} is not in its channel, so nothing was given to them. Invite them first."
    )


async def test_the_same_form_twice_makes_one_item(sqlite: Database) -> None:
    incident = await opened(sqlite)
    command = AddActionItem(**request(), incident_id=incident.number, title="Rotate the key")
    await do_item(sqlite, command)

    with pytest.raises(AlreadyReceived):
        await do_item(sqlite, command)

    assert len(await entries_of(sqlite, EntryKind.ITEM_ADDED)) == 1


async def test_secrets_in_an_item_are_masked(sqlite: Database) -> None:
    key = "AKIAABCDEFGHIJKLMNOP"

    await an_item(sqlite, title=f"Revoke {key}", why=key, success_measure=key, vendor_contact=key)
    item = await do_item(
        sqlite, of_item(ChangeItem, await item_now(sqlite), changes={"why": f"It was {key}", "vendor_contact": key})
    )

    masked = "[masked: AWS key]"
    assert (item.title, item.why) == (f"Revoke {masked}", f"It was {masked}")
    assert (item.success_measure, item.vendor_contact) == (masked, masked)


async def test_every_field_can_be_changed_and_the_ledger_keeps_what_it_was(database: Database) -> None:
    item = await an_item(database)
    changes: dict[str, Any] = {
        "title": "Alert within a minute",
        "why": "Nobody noticed",
        "due_on": date(2026, 3, 27),
        "aim": Aim.DETECT,
        "kind": ItemKind.MONITORING,
        "proposal": Proposal.TOOL,
        "impact": 5,
        "feasibility": 3,
        "links": (LINK,),
        "success_measure": "It fires",
        "vendor_contact": "Eve at Cards Ltd",
    }

    changed = await do_item(database, of_item(ChangeItem, item, by="UDEE", changes=changes))

    assert {name: getattr(changed, name) for name in changes} == {**changes, "links": [LINK]}
    assert changed.rank == 15
    (entry,) = await entries_of(database, EntryKind.ITEM_CHANGED)
    assert entry.data["changes"]["due_on"] == ["2026-03-20", "2026-03-27"]
    assert entry.data["changes"]["kind"] == ["other", "monitoring"]
    assert entry.data["changes"]["links"] == [[], [LINK]]
    assert (entry.by, entry.data["title"], len(entry.data["changes"])) == ("UDEE", "Alert within a minute", 11)


async def test_what_is_so_already_leaves_no_trace(sqlite: Database) -> None:
    item = await an_item(sqlite)

    await do_item(sqlite, of_item(ChangeItem, item, changes={"title": item.title, "due_on": DUE, "links": ()}))

    assert not await entries_of(sqlite, EntryKind.ITEM_CHANGED)


async def test_another_date_makes_its_ladder_run_anew_and_other_words_do_not(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await do_item(sqlite, of_item(SnoozeItem, item, until=date(2026, 3, 6)))
    later = datetime(2026, 3, 5, 12, tzinfo=UTC)

    same = await do_item(sqlite, of_item(ChangeItem, item, changes={"why": "Nobody noticed"}), now=later)
    assert (same.snoozed_until, same.planned_since) == (date(2026, 3, 6), NOON)
    anew = await do_item(sqlite, of_item(ChangeItem, item, changes={"due_on": date(2026, 4, 1)}), now=later)

    assert (anew.snoozed_until, anew.snoozes, anew.planned_since) == (None, 0, later)


async def test_a_task_turns_into_work_for_after_with_the_usual_date_and_back(sqlite: Database) -> None:
    item = await an_item(sqlite, horizon=Horizon.NOW, due_on=None)

    after = await do_item(sqlite, of_item(ChangeItem, item, changes={"horizon": Horizon.AFTER}))
    assert (after.horizon, after.due_on) == (Horizon.AFTER, date(2026, 3, 18))
    task = await do_item(sqlite, of_item(ChangeItem, item, changes={"horizon": Horizon.NOW, "due_on": None}))

    assert (task.horizon, task.due_on) == (Horizon.NOW, None)


async def test_another_rank_than_its_scores_make_needs_a_reason_and_is_logged(sqlite: Database) -> None:
    item = await an_item(sqlite, impact=2, feasibility=3)
    assert item.rank == 6

    said = await item_refused(sqlite, of_item(ChangeItem, item, changes={"priority": 25}), WrongItem)
    assert said == "Nothing was changed. Say why its rank is not what impact and feasibility make it."
    changes = {"priority": 25, "priority_reason": "The regulator asks"}
    ranked = await do_item(sqlite, of_item(ChangeItem, item, changes=changes))

    assert ranked.rank == 25
    (entry,) = await entries_of(sqlite, EntryKind.ITEM_CHANGED)
    assert entry.data["changes"] == {"priority": [None, 25], "priority_reason": [None, "The regulator asks"]}

    back = await do_item(sqlite, of_item(ChangeItem, item, changes={"priority": None}))
    assert (back.rank, back.priority_reason) == (6, None)


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"title": "  "}, "title", "Say in a few words what is to be done."),
    ({"title": "x" * 201}, "title", "That has 201 characters, and 200 fit; shorten it."),
    ({"why": "x" * 3001}, "why", "That has 3001 characters, and 3000 fit; shorten it."),
    ({"due_on": date(2026, 3, 3)}, "due_on", "That day is past; choose today or a later one."),
    ({"due_on": date.max}, "due_on", "That is more than ten years away; choose an earlier day."),
    ({"impact": 6}, "impact", "That is a number from 1 to 5."),
    ({"feasibility": 0}, "feasibility", "That is a number from 1 to 5."),
    ({"priority": 26, "priority_reason": "x"}, "priority", "That is a number from 1 to 25."),
    (
        {"links": ("wiki/alerts",)},
        "links",
        "One of these is no link; each begins with https:// and stands on a line of its own.",
    ),
    ({"links": (LINK,) * 21}, "links", "That is 21 links, and 20 fit; leave some out."),
]


@pytest.mark.parametrize(("changes", "field", "sentence"), FAULTS)
async def test_what_cannot_be_is_refused_at_its_field(
    sqlite: Database, changes: dict[str, Any], field: str, sentence: str
) -> None:
    item = await an_item(sqlite)

    with pytest.raises(WrongItem) as changing:
        await do_item(sqlite, of_item(ChangeItem, item, changes=changes))
    with pytest.raises(WrongItem) as adding:
        await an_item(sqlite, **changes)

    assert changing.value.faults == adding.value.faults == {field: sentence}


async def test_the_speakers_today_is_not_past_though_it_is_yesterday_for_the_owner(sqlite: Database) -> None:
    await somebody(sqlite, "UBO", zone="Pacific/Kiritimati")  # UTC+14
    await somebody(sqlite, "UCY", zone="Pacific/Pago_Pago")  # UTC−11
    incident, today = await opened(sqlite), (NOON - timedelta(hours=11)).date()
    assert (NOON + timedelta(hours=14)).date() > today

    await an_item_of(sqlite, incident, due_on=today)

    assert (await item_now(sqlite)).due_on == today


async def test_an_item_for_after_keeps_a_date(sqlite: Database) -> None:
    item = await an_item(sqlite)

    said = await item_refused(sqlite, of_item(ChangeItem, item, changes={"due_on": None}), WrongItem)

    assert said == "Nothing was changed. Say until when; only a task of the response needs no date."


async def test_an_overdue_item_can_have_its_words_changed(sqlite: Database) -> None:
    item = await an_item(sqlite)
    overdue = datetime(2026, 4, 1, 12, tzinfo=UTC)

    changed = await do_item(sqlite, of_item(ChangeItem, item, changes={"why": "Still"}), now=overdue)

    assert changed.why == "Still"


async def test_what_is_done_keeps_its_date_and_needs_its_link(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), ItemState.DONE)

    said = await item_refused(sqlite, of_item(ChangeItem, item, changes={"due_on": date(2026, 4, 1)}), WrongItem)
    assert said == "Nothing was changed. ACT-1 is over; open it again to change that."
    training = {"kind": ItemKind.TRAINING}
    said = await item_refused(sqlite, of_item(ChangeItem, item, changes=training), WrongItem)
    assert said == "Nothing was changed. Work of this kind is done when a link shows it; add the link first."

    await do_item(sqlite, of_item(ChangeItem, item, changes={**training, "links": (LINK,)}))


async def test_a_stranger_to_a_private_incident_changes_nothing(sqlite: Database) -> None:
    item = await an_item_of(sqlite, await opened(sqlite, private=True), by="UANN", owner="UANN")

    await item_refused(sqlite, of_item(ChangeItem, item, by="UDEE", changes={"title": "x"}), ItemNotFound)


async def test_an_item_can_be_added_after_the_incident_is_over(sqlite: Database) -> None:
    await an_item_of(sqlite, await opened(sqlite, status=Status.RESOLVED))

    assert (await item_now(sqlite)).state is ItemState.OPEN
