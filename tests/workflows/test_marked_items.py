"""A message marked as work to do becomes one action item."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from storage.engine import Database
from storage.tables import ActionItem, EntryKind, Incident, ItemState, Source
from tests.builders import NOON
from tests.workflows.asking import ask, do, opened
from tests.workflows.item_asking import an_item_of, do_item, entries_of, moved, of_item, somebody, told_at_once
from tests.workflows.test_transcript import deleted, edited, hear, marked, rows, said
from workflows.commands import AcceptItem, MarkMessage, MergeIncident
from workflows.heard import Marks, Said

WORK = "action_item"
WORDS = said("We should alert on refused cards, {@UBO}. Nobody noticed.")


@pytest.fixture
async def incident(sqlite: Database) -> Incident:
    """An incident whose channel is there; Ann leads it."""
    return await opened(sqlite)


async def _items(database: Database) -> Sequence[ActionItem]:
    return await rows(database, ActionItem)


async def test_a_mark_makes_an_item_of_the_leads_with_the_first_sentence_as_its_title(
    sqlite: Database, incident: Incident
) -> None:
    await somebody(sqlite, "UBO", name="Bo")

    await hear(sqlite, WORDS, marked(WORDS, WORK, by="UCY"))

    (item,) = await _items(sqlite)
    assert (item.title, item.why) == (
        "We should alert on refused cards, @Bo",
        "We should alert on refused cards, @Bo. Nobody noticed.",
    )
    assert (item.owner, item.created_by, item.source, item.source_ref) == ("UANN", "UCY", Source.MARK, WORDS.ts)
    assert item.due_on is not None
    assert await told_at_once(sqlite) == [("assigned", "UANN")]


async def test_without_a_lead_it_is_whose_who_marked_it(sqlite: Database) -> None:
    await opened(sqlite, nobody_leads=True)

    await hear(sqlite, WORDS, marked(WORDS, WORK, by="UCY"))

    assert [item.owner for item in await _items(sqlite)] == ["UCY"]


async def test_other_marks_make_none(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, WORDS, marked(WORDS, "decision"))

    assert not await _items(sqlite)


async def test_a_second_marker_a_repeat_and_a_reading_of_history_make_no_second(
    sqlite: Database, incident: Incident
) -> None:
    seen = Marks({WORK: ("UCY", "UANN", "UEVE")}, is_complete=True, seen_at=NOON + timedelta(hours=1))
    again = Said(**{**vars(WORDS), "marks": seen})

    await hear(sqlite, WORDS, marked(WORDS, WORK, by="UCY"), marked(WORDS, WORK, by="UANN"), marked(WORDS, WORK))
    await hear(sqlite, again, again)

    assert len(await _items(sqlite)) == 1


async def test_a_mark_heard_before_its_message_makes_the_item_when_that_comes(
    sqlite: Database, incident: Incident
) -> None:
    await hear(sqlite, marked(WORDS, WORK, by="UCY"))
    assert not await _items(sqlite)

    await hear(sqlite, WORDS)

    assert len(await _items(sqlite)) == 1


async def test_marks_found_with_a_message_in_history_make_one_item(sqlite: Database, incident: Incident) -> None:
    seen = Marks({WORK: ("UCY", "UEVE")}, is_complete=True, seen_at=NOON + timedelta(hours=1))

    await hear(sqlite, Said(**{**vars(WORDS), "marks": seen}))

    assert len(await _items(sqlite)) == 1


async def test_a_message_that_somebody_has_made_an_item_of_gets_no_second_by_its_mark(
    sqlite: Database, incident: Incident
) -> None:
    await an_item_of(sqlite, incident, source=Source.MESSAGE, source_ref=WORDS.ts)

    await hear(sqlite, WORDS, marked(WORDS, WORK))

    assert len(await _items(sqlite)) == 1


async def test_an_item_made_in_the_form_keeps_its_words_and_outlives_every_mark_on_its_message(
    sqlite: Database, incident: Incident
) -> None:
    await an_item_of(sqlite, incident, source=Source.MESSAGE, source_ref=WORDS.ts, title="Page on refused cards")

    await hear(sqlite, WORDS, marked(WORDS, WORK))
    await hear(sqlite, edited(WORDS, "We should do something else."), marked(WORDS, WORK, is_set=False, minute=31))

    (item,) = await _items(sqlite)
    assert (item.title, item.state) == ("Page on refused cards", ItemState.OPEN)


async def test_a_mark_taken_off_takes_the_untouched_item_with_it_and_tells_nobody(
    sqlite: Database, incident: Incident
) -> None:
    await hear(sqlite, WORDS, marked(WORDS, WORK, by="UCY"))

    await hear(sqlite, marked(WORDS, WORK, by="UCY", is_set=False, minute=31))

    (item,) = await _items(sqlite)
    assert (item.state, item.dropped_because) == (ItemState.WONT_DO, "The mark was taken off its message.")
    assert await told_at_once(sqlite) == [("assigned", "UANN")]


async def test_while_somebody_still_marks_it_the_item_stays(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, WORDS, marked(WORDS, WORK, by="UCY"), marked(WORDS, WORK, by="UEVE"))

    await hear(sqlite, marked(WORDS, WORK, by="UCY", is_set=False, minute=31))

    assert [item.state for item in await _items(sqlite)] == [ItemState.OPEN]


async def test_marked_once_more_it_is_open_again(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, WORDS, marked(WORDS, WORK), marked(WORDS, WORK, is_set=False, minute=31))

    await hear(sqlite, marked(WORDS, WORK, minute=32))

    (item,) = await _items(sqlite)
    assert (item.state, item.dropped_because, item.dropped_by) == (ItemState.OPEN, None, None)


async def test_an_item_that_somebody_has_taken_on_outlives_its_mark_and_keeps_its_words(
    sqlite: Database, incident: Incident
) -> None:
    await hear(sqlite, WORDS, marked(WORDS, WORK, by="UCY"))
    (item,) = await _items(sqlite)
    await do_item(sqlite, of_item(AcceptItem, item))

    await hear(sqlite, edited(WORDS, "Never mind"), marked(WORDS, WORK, by="UCY", is_set=False, minute=31))

    (item,) = await _items(sqlite)
    assert (item.state, item.title) == (ItemState.OPEN, "We should alert on refused cards, @somebody")


async def test_an_untouched_item_says_what_its_message_says(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, WORDS, marked(WORDS, WORK))

    await hear(sqlite, edited(WORDS, "Alert on refused cards. Please."))

    (item,) = await _items(sqlite)
    assert (item.title, item.why) == ("Alert on refused cards", "Alert on refused cards. Please.")
    assert len(await entries_of(sqlite, EntryKind.ITEM_CHANGED)) == 1


async def test_what_was_dropped_by_somebody_stays_dropped_however_it_is_marked(
    sqlite: Database, incident: Incident
) -> None:
    await hear(sqlite, WORDS, marked(WORDS, WORK))
    (item,) = await _items(sqlite)
    await moved(sqlite, item, ItemState.WONT_DO, reason="Not worth it")

    await hear(sqlite, marked(WORDS, WORK, is_set=False, minute=31), marked(WORDS, WORK, minute=32))

    (item,) = await _items(sqlite)
    assert (item.state, item.dropped_because) == (ItemState.WONT_DO, "Not worth it")


async def test_a_deleted_message_makes_no_item_and_takes_none_away(sqlite: Database, incident: Incident) -> None:
    gone = said("Gone", minute=2)

    await hear(sqlite, WORDS, marked(WORDS, WORK), deleted(WORDS), gone, deleted(gone), marked(gone, WORK, minute=50))

    assert [(item.source_ref, item.state) for item in await _items(sqlite)] == [(WORDS.ts, ItemState.OPEN)]


async def test_a_message_without_words_is_an_item_all_the_same(sqlite: Database, incident: Incident) -> None:
    silent = said("")

    await hear(sqlite, silent, marked(silent, WORK))

    assert [item.title for item in await _items(sqlite)] == ["Follow up on a message without words"]


async def test_a_mark_made_in_the_form_makes_it_too(sqlite: Database, incident: Incident) -> None:
    await hear(sqlite, WORDS)

    await do(sqlite, ask(MarkMessage, incident, ts=WORDS.ts, mark=WORK))

    assert len(await _items(sqlite)) == 1


async def test_after_every_merge_its_mark_makes_no_second(sqlite: Database, incident: Incident) -> None:
    second, third = await opened(sqlite), await opened(sqlite)
    await hear(sqlite, WORDS, marked(WORDS, WORK))
    await do(sqlite, ask(MergeIncident, incident, into=second.number, reason=""))
    await do(sqlite, ask(MergeIncident, second, into=third.number, reason=""))

    await hear(sqlite, marked(WORDS, WORK, by="UEVE", minute=50))

    assert [item.incident_id for item in await _items(sqlite)] == [3]
