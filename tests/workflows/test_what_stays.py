"""What stays when an incident is resolved becomes action items."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from storage.action_items import list_items_of_incident
from storage.engine import Database
from storage.tables import ActionItem, Horizon, Incident, ItemState, Source, Status
from tests.workflows.asking import ANSWERS, ask, do, opened
from tests.workflows.item_asking import moved, told_at_once
from workflows.commands import AddNote, ReopenIncident, ResolveIncident

FIX = "One shard is off. Reads are slower."
LEFT = "Ask the vendor for a patch"


async def _resolved(database: Database, incident: Incident, **answers: Any) -> Sequence[ActionItem]:
    """It is resolved with these answers, by Ann; the action items it has then."""
    await do(database, ask(ResolveIncident, incident, **{**ANSWERS, "reason": "Seen to work", **answers}))
    return await _items(database)


async def _items(database: Database) -> Sequence[ActionItem]:
    async with database.read() as session:
        return await list_items_of_incident(session, 1)


async def test_a_temporary_fix_becomes_an_item_of_the_leads_with_a_date(database: Database) -> None:
    incident = await opened(database, status=Status.MONITORING, lead="UBO")

    (item,) = await _resolved(database, incident, temporary_fix=FIX)

    assert item.title == "Replace the temporary fix: One shard is off"
    assert (item.why, item.source, item.horizon) == (FIX, Source.WORKAROUND, Horizon.AFTER)
    assert (item.owner, item.due_on, item.created_by) == ("UBO", date(2026, 3, 18), "UANN")
    assert await told_at_once(database) == [("assigned", "UBO")]


async def test_what_is_left_to_do_becomes_an_item_with_an_owner_and_a_date(sqlite: Database) -> None:
    (item,) = await _resolved(sqlite, await opened(sqlite, status=Status.MONITORING), remaining=LEFT)

    assert (item.title, item.source, item.owner, item.due_on) == (LEFT, Source.RESOLVE, "UANN", date(2026, 3, 18))


async def test_where_nothing_stays_there_is_no_item(sqlite: Database) -> None:
    assert not await _resolved(sqlite, await opened(sqlite, status=Status.MONITORING), remaining=" ")


async def test_a_workaround_in_place_on_the_timeline_becomes_an_item_and_a_replaced_one_none(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)
    await do(sqlite, ask(AddNote, incident, text="Restart it hourly", category="workaround"))
    await do(sqlite, ask(AddNote, incident, text="Queue is paused for {@UBO}", category="workaround"))

    (item,) = await _resolved(sqlite, incident)

    assert (item.title, item.source) == (
        "Replace the workaround: Queue is paused for @somebody",
        Source.WORKAROUND,
    )


async def test_the_same_words_in_form_and_timeline_are_one_item(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)
    await do(sqlite, ask(AddNote, incident, text=FIX, category="workaround"))

    items = await _resolved(sqlite, incident, temporary_fix="one  shard is OFF. Reads are slower.")

    assert len(items) == 1


async def test_resolved_again_with_the_same_words_it_makes_no_second_item(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)
    await _resolved(sqlite, incident, temporary_fix=FIX, remaining=LEFT)
    await do(sqlite, ask(ReopenIncident, incident, reason="It is back"))

    items = await _resolved(sqlite, incident, temporary_fix=FIX, remaining="Ask the vendor for another patch")

    assert [item.title for item in items] == [
        "Replace the temporary fix: One shard is off",
        LEFT,
        "Ask the vendor for another patch",
    ]


async def test_what_was_replaced_and_is_there_again_is_an_item_again(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)
    (item,) = await _resolved(sqlite, incident, temporary_fix=FIX)
    await moved(sqlite, item, ItemState.DONE)
    await do(sqlite, ask(ReopenIncident, incident, reason="It is back"))

    assert len(await _resolved(sqlite, incident, temporary_fix=FIX)) == 2


async def test_words_that_are_too_long_for_a_title_are_kept_beside_it(sqlite: Database) -> None:
    words = "word " * 200

    (item,) = await _resolved(sqlite, await opened(sqlite, status=Status.MONITORING), remaining=words)

    assert len(item.title) <= 200
    assert item.title.endswith("word…")
    assert item.why == words.strip()
