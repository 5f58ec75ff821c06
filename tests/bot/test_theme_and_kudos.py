"""Forms and messages of themes and thanks: within Slack's limits, and what was filled in as a request."""

from typing import Any

import pytest

from bot import ids
from bot.commands.kudos import read_thanks
from bot.listener import InvalidInput
from bot.views.form import Remembered
from bot.views.kudos import parse_give_kudos
from bot.views.theme import OVER, parse_save_theme
from tests.bot.theme_views import theme_messages, theme_views
from tests.bot.values import HARD_WORDS, accepted_view, assert_inert
from workflows.kudos import GiveKudos
from workflows.themes import SaveTheme


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_themes_and_thanks_with_any_words_in_them(words: str) -> None:
    for view in theme_views(words):
        assert_inert(accepted_view(view))
    for message in theme_messages(words):
        assert_inert(message)


def _submitted(kept: str, **answers: dict[str, Any]) -> dict[str, Any]:
    values = {block_id: {ids.VALUE: answer} for block_id, answer in answers.items()}
    view = {"id": "V1", "private_metadata": kept, "state": {"values": values}}
    return {"user": {"id": "UANN"}, "view": view}


def test_a_filled_in_theme_is_a_request() -> None:
    body = _submitted(
        "3",
        title={"value": " Faster \n detection "},
        description={"value": "See it first"},
        person={"selected_user": "UBO"},
        state={"selected_option": {"value": OVER}},
    )

    assert parse_save_theme(body) == SaveTheme(
        by="UANN",
        request_id="form/V1",
        name="Faster detection",
        aim="See it first",
        owner="UBO",
        theme_id=3,
        closed=True,
    )


def test_a_theme_without_name_or_owner_is_refused_at_the_fields() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_save_theme(_submitted("", title={"value": " "}, person={"selected_user": None}))

    assert refusal.value.fields == {ids.TITLE: "Give it a name.", ids.PERSON: "Choose who cares for it."}


def test_filled_in_thanks_are_a_request() -> None:
    body = _submitted(Remembered(7, "C1").to_text(), person={"selected_user": "UBO"}, words={"value": "for the graph"})

    assert parse_give_kudos(body) == GiveKudos(
        by="UANN", request_id="form/V1", incident_id=7, asked_in="C1", to="UBO", text="for the graph"
    )


def test_thanks_without_a_person_or_a_word_are_refused_at_the_fields() -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_give_kudos(_submitted(Remembered(7).to_text(), person={"selected_user": None}, words={"value": " "}))

    assert sorted(refusal.value.fields) == [ids.PERSON, ids.WORDS]


@pytest.mark.parametrize(
    ("words", "to", "text"),
    [
        ("{@UBO} for the graph", "UBO", "the graph"),
        ("{@UBO}: the graph", "UBO", "the graph"),
        ("great work by {@UBO} for all of us", "UBO", "great work by {@UBO} for all of us"),
        ("{@UBO}", "UBO", ""),
        ("well done", None, "well done"),
        ("", None, ""),
    ],
)
def test_who_is_thanked_may_be_named_anywhere(words: str, to: str | None, text: str) -> None:
    assert read_thanks(words) == (to, text)
