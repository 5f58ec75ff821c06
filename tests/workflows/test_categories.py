from datetime import timedelta

from storage.tables import EntryKind, TimelineEntry
from tests.bot.values import a_marked_message, an_entry, an_unsaved_incident
from tests.builders import NOON
from workflows.categories import first_containment, time_to_containment


def _done(minute: int, category: str = "containment") -> TimelineEntry:
    data = {"text": "Blocked the key", "category": category}
    return an_entry(EntryKind.NOTE, data, happened_at=NOON + timedelta(minutes=minute))


def test_the_first_containment_is_the_earliest_whatever_was_recorded_first() -> None:
    assert first_containment([_done(9), _done(4), _done(1, "action")]) == NOON + timedelta(minutes=4)


def test_a_message_marked_as_containment_beside_something_else_contains_too() -> None:
    data = a_marked_message(why=["action", "containment"], category="action")

    assert first_containment([an_entry(EntryKind.MESSAGE, data, happened_at=NOON)]) == NOON


def test_where_nothing_was_contained_there_is_no_time() -> None:
    assert time_to_containment(an_unsaved_incident(), [_done(1, "action")]) is None


def test_containment_is_measured_from_when_it_was_noticed() -> None:
    declared, noticed = an_unsaved_incident(), an_unsaved_incident(detected_at=NOON - timedelta(minutes=5))

    assert time_to_containment(declared, [_done(4)]) == timedelta(minutes=4)
    assert time_to_containment(noticed, [_done(4)]) == timedelta(minutes=9)
    assert time_to_containment(declared, [_done(-2)]) == timedelta(0)
