"""The forms that add, edit and mark: what was left as it was is not changed, and what is wrong is said at its field."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.listener import InvalidInput
from bot.views.entry import entry_modal, own_words, parse_edit_entry
from bot.views.mark import mark_modal, parse_mark_message
from bot.views.note import note_modal, parse_add_note
from storage.tables import EntryKind, TimelineEntry
from storage.timeline import Place
from tests.bot.payloads import submitted
from tests.bot.values import a_marked_message, accepted_view, an_entry, an_unsaved_incident
from tests.builders import NOON, PROCESS
from workflows.commands import AddNote, EditEntry, MarkMessage
from workflows.look import Look

BELOW = Look(incident_id=7, asked_in="CINC7", before=Place(NOON, 10))
NOTHING: dict[str, Any] = {"words": None, "happened_at": None, "state": None, "links": None, "hidden": None}


def _theory(**changes: Any) -> TimelineEntry:
    return an_entry(EntryKind.MESSAGE, a_marked_message(), happened_at=NOON + timedelta(seconds=42), **changes)


def _edited(entry: TimelineEntry | None = None, **answers: Any) -> EditEntry:
    entry = entry or _theory()
    view = entry_modal(an_unsaved_incident(), entry, words=own_words(entry), process=PROCESS, below=BELOW)
    body = submitted("entry", **answers)
    body["view"]["private_metadata"] = accepted_view(view)["private_metadata"]
    return parse_edit_entry(body)


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    assert _edited() == EditEntry(
        by="UANN", request_id="form/VENTRY", incident_id=7, asked_in="CINC7", entry=9, seen=0, **NOTHING
    )


@pytest.mark.parametrize(
    ("answers", "change"),
    [
        ({"words": "It was the cache"}, {"words": "It was the cache"}),
        ({"when": 1772625540}, {"happened_at": NOON - timedelta(minutes=1)}),
        ({"state": "ruled_out"}, {"state": "ruled_out"}),
        ({"links": "https://a\n\n graph 2 "}, {"links": ("https://a", "graph 2")}),
        ({"shown": "hidden"}, {"hidden": True}),
    ],
)
def test_only_what_was_changed_is_asked_for(answers: dict[str, Any], change: dict[str, Any]) -> None:
    command = _edited(**answers)

    assert {name: getattr(command, name) for name in NOTHING} == {**NOTHING, **change}


def test_a_hidden_entry_can_be_shown_again() -> None:
    assert _edited(_theory(hidden=True), shown="shown").hidden is False


def test_words_cannot_be_emptied() -> None:
    with pytest.raises(InvalidInput) as told:
        _edited(words=None)

    assert told.value.fields == {"words": "Write what happened. To take it off the timeline, choose Hidden below."}


def test_an_entry_we_worded_keeps_its_words_where_nobody_writes_others() -> None:
    entry = an_entry(EntryKind.REOPENED, {"from": "resolved", "reason": "back"}, happened_at=NOON)

    assert _edited(entry, words=None, state=None).words is None
    assert _edited(entry, words="It came back", state=None).words == "It came back"


def test_words_longer_than_the_field_stay_as_they_are_unless_somebody_writes_others() -> None:
    entry = _theory()
    entry.data = a_marked_message(text="word " * 8000)
    view = accepted_view(
        entry_modal(an_unsaved_incident(), entry, words=own_words(entry), process=PROCESS, below=BELOW)
    )
    shown = view["blocks"][1]["element"]["initial_value"]

    assert len(shown) == 2500
    assert "longer than fits" in view["blocks"][1]["hint"]["text"]
    assert _edited(entry, words=shown).words is None


def test_the_words_of_a_message_its_author_deleted_are_not_in_its_form() -> None:
    assert own_words(an_entry(EntryKind.MESSAGE, a_marked_message(deleted=True))) == ""


def test_the_add_form_stands_on_what_was_looked_at() -> None:
    view = accepted_view(
        note_modal(an_unsaved_incident(), process=PROCESS, asked_in="CINC7", category="theory", below=BELOW)
    )

    assert view["blocks"][1]["element"]["initial_option"]["value"] == "theory"
    assert json.loads(view["private_metadata"])["before"] == "2026-03-04T12:00:00+00:00|10"


def test_a_new_entry_is_read_with_everything_that_was_said_of_it() -> None:
    body = submitted("note")
    body["view"]["state"]["values"] |= {
        "category": {"value": {"type": "static_select", "selected_option": {"value": "decision"}}},
        "when": {"value": {"type": "datetimepicker", "selected_date_time": 1772622000}},
        "link": {"value": {"type": "url_text_input", "value": "https://wiki.example/1"}},
        "objections": {"value": {"type": "plain_text_input", "value": "Bo: too early"}},
    }

    assert parse_add_note(body) == AddNote(
        by="UANN",
        request_id="form/VNOTE",
        incident_id=7,
        asked_in="CINC7",
        text="Rolled back to 4.2",
        category="decision",
        happened_at=datetime(2026, 3, 4, 11, 0, tzinfo=UTC),
        link="https://wiki.example/1",
        objections="Bo: too early",
    )


def test_a_link_that_is_too_long_is_refused_at_its_field() -> None:
    body = submitted("note")
    body["view"]["state"]["values"]["link"] = {"value": {"type": "url_text_input", "value": "https://" + "x" * 1000}}

    with pytest.raises(InvalidInput) as told:
        parse_add_note(body)

    assert list(told.value.fields) == ["link"]


def _marked(**answers: Any) -> MarkMessage:
    view = mark_modal(
        an_unsaved_incident(), ts="1772625600.000300", text="It is the new cache", said_at=NOON, process=PROCESS
    )
    body = submitted("entry", **answers)
    body["view"]["private_metadata"] = accepted_view(view)["private_metadata"]
    body["view"]["state"]["values"]["category"] = {
        "value": {"type": "static_select", "selected_option": {"value": "theory"}}
    }
    return parse_mark_message(body)


def test_a_message_is_marked_with_its_own_words_and_time() -> None:
    command = _marked()

    assert (command.ts, command.mark, command.words, command.happened_at) == (
        "1772625600.000300",
        "theory",
        None,
        None,
    )


def test_a_message_is_marked_with_other_words_and_another_time() -> None:
    command = _marked(words="It was the cache", when=1772625540)

    assert (command.words, command.happened_at) == ("It was the cache", NOON - timedelta(minutes=1))
