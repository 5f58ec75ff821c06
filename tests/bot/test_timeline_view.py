"""The timeline as people see it: within Slack's limits, with nothing active in it, and on each reader's own clock."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View

from bot.views.timeline import timeline_view
from storage.tables import EntryKind, TimelineEntry
from storage.timeline import Place
from tests.bot.values import (
    HARD_WORDS,
    PROCESSES,
    a_marked_message,
    accepted_view,
    an_entry,
    an_unsaved_incident,
    assert_inert,
    entries_full_of,
    marked_up,
)
from tests.builders import NOON, PROCESS
from workflows.look import PAGE, Page, Showing
from workflows.process import Process

ARCHIVE = "https://sandbox.example/archives/CINC7/"


def a_page(*entries: TimelineEntry, zone: str | None = "UTC", **changes: Any) -> Page:
    """A page with these entries."""
    values: dict[str, Any] = {"showing": Showing.ALL, "before": None, "older": False}
    return Page(**{"incident": an_unsaved_incident(), "entries": entries, "zone": zone, **values, **changes})


def _view(page: Page, process: Process = PROCESS) -> View:
    return timeline_view(page, archive=ARCHIVE, asked_in="CINC7", process=process)


def all_timelines(words: str, process: Process) -> Iterator[View]:
    """Timelines with every kind of entry on them, each on a day of its own, wherever one may be in them."""
    entries = entries_full_of(words, process)
    for day, entry in enumerate(entries):
        entry.happened_at = NOON - timedelta(days=day)
    for begin in range(0, len(entries), PAGE):
        shown = entries[begin : begin + PAGE]
        yield _view(a_page(*shown, before=Place(NOON, 10_000), older=True), process)
    yield _view(a_page(*entries[:PAGE], zone=None), process)
    for showing in Showing:
        yield _view(a_page(showing=showing), process)


def texts(*entries: TimelineEntry, **changes: Any) -> str:
    """What is read on a page with these entries."""
    return "\n".join(marked_up(accepted_view(_view(a_page(*entries, **changes)))))


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_every_page_without_a_word(words: str, process: Process) -> None:
    for view in all_timelines(words, process):
        assert_inert(accepted_view(view))


@given(st.text(max_size=400), st.sampled_from(list(PROCESSES.values())))
@settings(deadline=None, max_examples=40)
def test_nothing_anybody_typed_is_active_on_a_page(words: str, process: Process) -> None:
    for view in all_timelines(words, process):
        assert_inert(accepted_view(view))


def test_an_entry_says_when_what_who_how_far_and_where_it_was_said() -> None:
    shown = texts(an_entry(EntryKind.MESSAGE, a_marked_message(settled_by="UBO"), state="confirmed"))

    assert (
        "<!date^1772625600^{time}|2026-03-04 12:00 UTC>  :test_tube: *Theory* · <@UANN> · *confirmed* by <@UBO>\n"
        "> It is the new cache\n"
        ":paperclip: graph.png\n"
        "marked by <@UBO> · <https://sandbox.example/archives/CINC7/p1772625600000300"
        "?thread_ts=1772625600.000100&amp;cid=CINC7|message>"
    ) in shown


def test_words_put_in_its_place_are_shown_as_edited() -> None:
    shown = texts(an_entry(EntryKind.NOTE, {"text": "Rolled bakc"}, words="Rolled back", edited=True))

    assert "> Rolled back\nedited" in shown
    assert "bakc" not in shown


def test_a_message_its_author_deleted_says_so_in_place_of_its_words() -> None:
    shown = texts(an_entry(EntryKind.MESSAGE, a_marked_message(deleted=True)))

    assert "> _Deleted by its author._" in shown
    assert "new cache" not in shown


def test_a_message_of_another_app_bears_its_name() -> None:
    alert = a_marked_message(author_name="Alerts", why=["alert"], marked_by=[], category="alert", state=None)

    assert ":bell: *Alert* · Alerts\n" in texts(an_entry(EntryKind.MESSAGE, alert, by="B0ALERTS"))


def test_a_decision_shows_the_objections_to_it() -> None:
    decision = {"text": "Roll back", "category": "decision", "objections": "{@UBO}: loses the new orders"}

    shown = texts(an_entry(EntryKind.NOTE, decision))

    assert ":scales: *Decision* · <@UANN>\n> Roll back\n> Objections: <@UBO>: loses the new orders" in shown


def test_each_day_of_the_reader_has_its_heading() -> None:
    late, early = (an_entry(EntryKind.NOTE, {"text": "x"}, happened_at=NOON - timedelta(hours=h)) for h in (0, 6))

    def days(zone: str | None) -> int:
        return texts(late, early, zone=zone).count("{date_long_pretty}")

    assert (days("UTC"), days("America/Los_Angeles"), days(None)) == (1, 2, 0)


def test_where_the_readers_zone_is_not_known_each_entry_says_its_day() -> None:
    for zone in (None, "Nowhere/Atlantis", "/etc"):
        assert "^{date_short_pretty} {time}|" in texts(an_entry(EntryKind.NOTE, {"text": "x"}), zone=zone)


@pytest.mark.parametrize(
    ("before", "older", "labels"),
    [
        (None, False, []),
        (None, True, ["Older"]),
        (Place(NOON, 5), True, ["Newest", "Newer", "Older"]),
        (Place(NOON, 5), False, ["Newest", "Newer"]),
    ],
)
def test_pages_are_turned_only_where_there_are_more(before: Place | None, older: bool, labels: list[str]) -> None:
    view = accepted_view(_view(a_page(an_entry(EntryKind.NOTE, {"text": "x"}), before=before, older=older)))

    turning = [block for block in view["blocks"][2:] if block["type"] == "actions"]
    assert [button["text"]["text"] for block in turning for button in block["elements"]] == labels


def test_what_is_not_there_is_said() -> None:
    assert "Nothing is on the timeline yet." in texts()
    assert "No entry is hidden." in texts(showing=Showing.HIDDEN)
    assert "_Theories_ come from marks" in texts(showing=Showing.THEORIES)


def test_a_theory_that_nothing_shows_says_so() -> None:
    def theory(**said: Any) -> TimelineEntry:
        return an_entry(EntryKind.NOTE, {"category": "theory", "text": "It is the cache", "state": "open", **said})

    assert "No evidence yet" in texts(theory())
    assert "No evidence yet" not in texts(theory(links=["https://graphs.example"]))
    assert "No evidence yet" not in texts(theory(state="ruled_out"))
