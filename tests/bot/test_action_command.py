"""One line becomes an action item: who, until when, and what is left is its title."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.blocks.new_item import new_item
from bot.commands.action import fit, read_item
from storage.tables import ActionItem, Horizon, ItemKind, ItemState, Source
from tests.bot.values import HARD_WORDS, accepted, an_unsaved_incident
from tests.builders import NOON
from workflows.titles import first_sentence

WEDNESDAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)


def a_new_item(**values: Any) -> ActionItem:
    """ACT-7, as Ann gave it to Bo."""
    made: dict[str, Any] = {
        "id": 7,
        "incident_id": 7,
        "title": "Alert on refused cards",
        "owner": "UBO",
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN,
        "kind": ItemKind.OTHER,
        "due_on": WEDNESDAY + timedelta(days=9),
        "links": [],
        "created_by": "UANN",
        "created_at": NOON,
        "source": Source.COMMAND,
        "assigned_by": "UANN",
        "assigned_at": NOON,
        "state_changed_at": NOON,
        "planned_since": NOON,
    }
    return ActionItem(**{**made, **values})


@pytest.mark.parametrize(
    ("words", "title", "owner", "due_on"),
    [
        ("rotate the keys", "rotate the keys", None, None),
        ("rotate the keys {@UBO} by friday", "rotate the keys", "UBO", FRIDAY),
        ("rotate the keys by friday {@UBO}", "rotate the keys", "UBO", FRIDAY),
        ("{@UBO} rotate the keys by friday", "rotate the keys", "UBO", FRIDAY),
        ("{@UBO}: rotate the keys", "rotate the keys", "UBO", None),
        ("rotate the keys for {@UBO}, by friday", "rotate the keys", "UBO", FRIDAY),
        ("rotate the keys (owner: {@UBO}) tomorrow", "rotate the keys", "UBO", date(2026, 3, 5)),
        ("rotate the keys → {@UBO}", "rotate the keys", "UBO", None),
        ("ask {@UBO} for the keys by friday", "ask {@UBO} for the keys", "UBO", FRIDAY),
        ("rotate the keys with {@UCHIDI} {@UBO}", "rotate the keys with {@UCHIDI}", "UBO", None),
        ("{@UBO} rotate the keys with {@UCHIDI}", "rotate the keys with {@UCHIDI}", "UBO", None),
        ("rotate the keys with {@UCHIDI}", "rotate the keys with {@UCHIDI}", "UCHIDI", None),
        ("call {@UBO}", "call {@UBO}", "UBO", None),
        ("rotate the keys {@UCHIDI}, {@UBO}", "rotate the keys {@UCHIDI}", "UBO", None),
        ("rotate the keys, {@UBO} by eod friday", "rotate the keys", "UBO", FRIDAY),
        ("rotate the keys by the database team", "rotate the keys by the database team", None, None),
        ("rotate\nthe   keys", "rotate the keys", None, None),
        ("by friday {@UBO}", "", "UBO", FRIDAY),
        ("", "", None, None),
    ],
)
def test_owner_and_day_are_taken_out_of_the_line(
    words: str, title: str, owner: str | None, due_on: date | None
) -> None:
    said = read_item(words, today=WEDNESDAY)

    assert (said.title, said.owner, said.due_on) == (title, owner, due_on)


def test_a_text_that_is_no_title_is_kept_whole_beside_one() -> None:
    long = "Raise the pool size. " + "It was far too small for years. " * 20

    assert fit("Raise the pool size") == ("Raise the pool size", "")
    assert fit(long.strip()) == ("Raise the pool size", long.strip())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Raise the pool size. It was 10.", "Raise the pool size"),
        ("Raise it to 2.5 s! Now.", "Raise it to 2.5 s"),
        ("Who raises it? Not me.", "Who raises it?"),
        ("Raise the\tpool size\nand then wait", "Raise the pool size"),
        ("  決済のアラート  ", "決済のアラート"),
        ("", ""),
        ("word " * 60, ("word " * 39).strip() + "…"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_the_first_sentence_of_a_text_is_its_title(text: str, title: str) -> None:
    assert first_sentence(text) == title
    assert len(title) <= 200


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_whatever_is_typed_fits_the_title_and_the_answer(words: str) -> None:
    title, why = fit(read_item(words, today=WEDNESDAY).title)

    assert len(title) <= 200
    assert why or title == " ".join(words.split())
    accepted(*new_item(a_new_item(title=title), an_unsaved_incident(), today=WEDNESDAY, remarks=["Nobody was named."]))


@pytest.mark.parametrize(
    ("due_on", "said"),
    [
        (WEDNESDAY, "*due today*"),
        (date(2026, 3, 5), "due tomorrow"),
        (FRIDAY, "due Fri 6 Mar, in 2 days"),
        (date(2026, 3, 11), "due Wed 11 Mar, in 7 days"),
        (date(2026, 3, 18), "due Wed 18 Mar, in 2 weeks"),
        (date(2027, 3, 4), "due Thu 4 Mar 2027, in 365 days"),
        (None, "no date"),
    ],
)
def test_the_answer_says_when_it_is_due(due_on: date | None, said: str) -> None:
    text, _ = new_item(a_new_item(due_on=due_on), an_unsaved_incident(), today=WEDNESDAY)

    assert text == f":memo: *ACT-7* Alert on refused cards\nINC-7 · <@UBO> · {said}"
