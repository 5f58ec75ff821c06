"""Whose an action item is."""

from storage.engine import Database
from storage.tables import EntryKind, ItemState
from tests.builders import NOON
from tests.workflows.asking import opened
from tests.workflows.item_asking import (
    an_item,
    an_item_of,
    do_item,
    entries_of,
    item_now,
    item_refused,
    moved,
    of_item,
    owed_by_item,
    somebody,
    told_at_once,
)
from workflows.commands import AcceptItem, AskForHelp, AssignItem, DeclineItem, MoveItem, SnoozeItem
from workflows.item_errors import (
    AlreadySo,
    HiddenFromOwner,
    ItemNotFound,
    ItemSettled,
    NobodyElse,
    NotTheirItem,
)

ASSIGNED_TO_BO = ("assigned", "UBO")


async def test_whoever_it_is_given_to_is_told_and_its_ladder_begins_anew(database: Database) -> None:
    item = await an_item(database)
    await do_item(database, of_item(SnoozeItem, item, until=item.due_on))

    await do_item(database, of_item(AssignItem, item, to="UDEE", why="Knows the gateway"))

    now = await item_now(database)
    assert (now.owner, now.assigned_by, now.assigned_at, now.accepted_at) == ("UDEE", "UBO", NOON, None)
    assert (now.snoozed_until, now.snoozes, now.planned_since) == (None, 0, NOON)
    assert await told_at_once(database) == [ASSIGNED_TO_BO, ("assigned", "UDEE")]
    (entry,) = await entries_of(database, EntryKind.ITEM_ASSIGNED)
    assert (entry.data["from"], entry.data["to"], entry.data["why"]) == ("UBO", "UDEE", "Knows the gateway")


async def test_who_takes_it_over_has_taken_it_on_and_need_not_be_told(sqlite: Database) -> None:
    item = await an_item(sqlite)

    await do_item(sqlite, of_item(AssignItem, item, by="UDEE", to="UDEE"))

    assert (await item_now(sqlite)).accepted_at == NOON
    assert await told_at_once(sqlite) == [ASSIGNED_TO_BO]


async def test_after_that_a_press_of_the_old_owner_changes_nothing_and_says_whose_it_is(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await do_item(sqlite, of_item(AssignItem, item, by="UDEE", to="UDEE"))

    said = await item_refused(sqlite, of_item(MoveItem, item, by="UBO", state=ItemState.DONE), NotTheirItem)

    assert said == "ACT-1 is {@UDEE}'s, so nothing was changed. Take it over first, or ask them."


async def test_giving_it_to_who_has_it_is_said_to_be_so_already(sqlite: Database) -> None:
    item = await an_item(sqlite)

    said = await item_refused(sqlite, of_item(AssignItem, item, by="UCY", to="UBO"), AlreadySo)

    assert said == "ACT-1 is already {@UBO}'s (since {at 1772625600}). Nothing more was done."


async def test_what_is_done_stays_whose_it_is(sqlite: Database) -> None:
    item = await moved(sqlite, await an_item(sqlite), ItemState.DONE)

    await item_refused(sqlite, of_item(AssignItem, item, to="UDEE"), ItemSettled)


async def test_an_item_of_a_private_incident_goes_only_to_those_in_its_channel(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    item = await an_item_of(sqlite, incident, by="UANN", owner="UANN")

    said = await item_refused(sqlite, of_item(AssignItem, item, to="UDEE"), HiddenFromOwner)

    assert said == (
        "INC-1 is private and {@UDEE} is not in its channel, so nothing was given to them. Invite them first."
    )


async def test_an_item_of_a_private_incident_is_not_there_for_others(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    item = await an_item_of(sqlite, incident, by="UANN", owner="UANN")

    said = await item_refused(sqlite, of_item(AssignItem, item, by="UDEE", to="UDEE"), ItemNotFound)

    assert said == "There is no ACT-1 that you can see. `/incident actions` lists those there are."


async def test_its_owner_takes_it_on_once(sqlite: Database) -> None:
    item = await an_item(sqlite)

    await item_refused(sqlite, of_item(AcceptItem, item, by="UCY"), NotTheirItem)
    await do_item(sqlite, of_item(AcceptItem, item))
    said = await item_refused(sqlite, of_item(AcceptItem, item), AlreadySo)

    assert said == "ACT-1 is already accepted ({@UBO}, {at 1772625600}). Nothing more was done."
    assert len(await entries_of(sqlite, EntryKind.ITEM_ACCEPTED)) == 1


async def test_declined_it_goes_back_to_who_assigned_it_and_the_lead_is_told_at_once(database: Database) -> None:
    item = await an_item(database)

    owed = await owed_by_item(database, of_item(DeclineItem, item, why="I am away"))

    now = await item_now(database)
    assert (now.owner, now.accepted_at) == ("UCY", None)
    assert await told_at_once(database) == [ASSIGNED_TO_BO, ("declined", "UCY"), ("declined", "UANN")]
    told = [row for row in owed if row.kind.value == "tell_of_item"]
    assert [(row.payload["to"], row.due_at) for row in told] == [("UCY", NOON), ("UANN", NOON)]
    (entry,) = await entries_of(database, EntryKind.ITEM_DECLINED)
    assert (entry.data["from"], entry.data["to"], entry.data["why"]) == ("UBO", "UCY", "I am away")


async def test_declined_by_who_gave_it_to_themselves_it_goes_to_the_lead(sqlite: Database) -> None:
    item = await an_item(sqlite, by="UBO")

    await do_item(sqlite, of_item(DeclineItem, item, why=""))

    assert (await item_now(sqlite)).owner == "UANN"
    assert await told_at_once(sqlite) == [("declined", "UANN")]


async def test_declined_after_who_assigned_it_has_left_it_goes_to_the_lead(sqlite: Database) -> None:
    await somebody(sqlite, "UCY", gone_at=NOON)
    item = await an_item(sqlite)

    await do_item(sqlite, of_item(DeclineItem, item, why=""))

    assert (await item_now(sqlite)).owner == "UANN"


async def test_declined_twice_it_does_not_go_back_and_forth(sqlite: Database) -> None:
    item = await an_item(sqlite)
    declined = await do_item(sqlite, of_item(DeclineItem, item, why=""))

    await do_item(sqlite, of_item(DeclineItem, declined, why=""))

    assert (await item_now(sqlite)).owner == "UANN"


async def test_declined_with_nobody_else_there_it_stays_with_a_sentence(sqlite: Database) -> None:
    item = await an_item(sqlite, by="UANN", owner="UANN")

    said = await item_refused(sqlite, of_item(DeclineItem, item, why=""), NobodyElse)

    assert said == (
        "There is nobody else to whom ACT-1 could go back, so it stays yours. "
        "Give it to somebody, or say that it will not be done."
    )


async def test_only_its_owner_declines_it(sqlite: Database) -> None:
    item = await an_item(sqlite)

    await item_refused(sqlite, of_item(DeclineItem, item, by="UCY", why=""), NotTheirItem)


async def test_help_is_asked_for_in_the_channel_and_names_the_lead(sqlite: Database) -> None:
    item = await an_item(sqlite)

    owed = await owed_by_item(sqlite, of_item(AskForHelp, item, words="I cannot reach the vendor"))

    (post,) = [row for row in owed if row.kind.value == "tell_channel"]
    assert (post.payload["entry"], post.payload["by"]) == ("item_needs_help", "UBO")
    assert post.payload["data"] == {
        "item": 1,
        "title": "Alert on refused cards",
        "owner": "UBO",
        "asked": "UANN",
        "words": "I cannot reach the vendor",
    }


async def test_a_lead_who_needs_help_does_not_ask_themselves(sqlite: Database) -> None:
    item = await an_item(sqlite, owner="UANN")

    await do_item(sqlite, of_item(AskForHelp, item))

    (entry,) = await entries_of(sqlite, EntryKind.ITEM_NEEDS_HELP)
    assert entry.data["asked"] is None


async def test_help_for_somebody_elses_item_is_left_to_them(sqlite: Database) -> None:
    item = await an_item(sqlite)

    await item_refused(sqlite, of_item(AskForHelp, item, by="UDEE"), NotTheirItem)
