"""The forms that the buttons of an action item open: what they ask, and how they are read."""

from datetime import date
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot import ids
from bot.listener import InvalidInput
from bot.views.about_item import AboutItem, about_button
from bot.views.item_done import item_done_modal, parse_item_done
from bot.views.item_reason import parse_reason, reason_modal
from bot.views.reassign import parse_reassign, reassign_modal
from bot.views.snooze import parse_snooze, snooze_modal
from storage.tables import ItemState
from tests.bot.filled import sent
from tests.bot.reminding import an_item_row
from workflows.commands import AskForHelp, AssignItem, DeclineItem, ItemCommand, MoveItem, SnoozeItem

ABOUT = AboutItem(7, "CINC7", "1772625600.000100")
REQUEST: dict[str, Any] = {"by": "UANN", "request_id": "form/VFORM", "item_id": 7, "asked_in": "CINC7"}
FRIDAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    ("callback_id", "command"),
    [
        (ids.ITEM_DROP_MODAL, MoveItem(**REQUEST, state=ItemState.WONT_DO, reason="Because")),
        (ids.ITEM_BLOCKED_MODAL, MoveItem(**REQUEST, state=ItemState.BLOCKED, reason="Because")),
        (ids.ITEM_REOPEN_MODAL, MoveItem(**REQUEST, state=ItemState.OPEN, reason="Because")),
        (ids.ITEM_DECLINE_MODAL, DeclineItem(**REQUEST, why="Because")),
        (ids.ITEM_HELP_MODAL, AskForHelp(**REQUEST, words="Because")),
    ],
)
def test_words_about_an_item_are_read(callback_id: str, command: ItemCommand) -> None:
    form = reason_modal(an_item_row(), ABOUT, callback_id=callback_id)

    assert parse_reason(sent(form, reason=" Because ")) == command


def test_an_item_is_given_to_whom_was_chosen() -> None:
    form = reassign_modal(an_item_row(), ABOUT)

    assert parse_reassign(sent(form, person="UCY", reason="Yours")) == AssignItem(**REQUEST, to="UCY", why="Yours")


def test_an_item_is_put_off_until_the_day_that_was_chosen() -> None:
    form = snooze_modal(an_item_row(), ABOUT, until=FRIDAY, needs_reason=False)

    assert parse_snooze(sent(form)) == SnoozeItem(**REQUEST, until=FRIDAY)


@pytest.mark.parametrize(("snoozes", "says"), [(1, "put off 1 time already"), (2, "put off 2 times already")])
def test_who_puts_it_off_again_is_told_how_often_that_was(snoozes: int, says: str) -> None:
    form = snooze_modal(an_item_row(snoozes=snoozes), ABOUT, until=FRIDAY, needs_reason=True)

    assert says in str(form.to_dict())


def test_the_link_that_shows_that_it_is_done_is_read() -> None:
    form = item_done_modal(an_item_row(), ABOUT)

    command = parse_item_done(sent(form, evidence="https://wiki.example/x"))

    assert command == MoveItem(**REQUEST, state=ItemState.DONE, evidence="https://wiki.example/x")


@pytest.mark.parametrize(
    "callback_id", [ids.ITEM_DROP_MODAL, ids.ITEM_BLOCKED_MODAL, ids.ITEM_REOPEN_MODAL, ids.ITEM_DECLINE_MODAL]
)
def test_a_reason_is_more_than_blanks(callback_id: str) -> None:
    form = reason_modal(an_item_row(), ABOUT, callback_id=callback_id)

    with pytest.raises(InvalidInput) as refused:
        parse_reason(sent(form, reason="  "))

    assert refused.value.fields.keys() == {ids.REASON}


def test_help_needs_no_words() -> None:
    form = reason_modal(an_item_row(), ABOUT, callback_id=ids.ITEM_HELP_MODAL)

    assert parse_reason(sent(form, reason=None)) == AskForHelp(**REQUEST)


@pytest.mark.parametrize(
    ("form", "parse", "field"),
    [
        (reassign_modal(an_item_row(), ABOUT), parse_reassign, ids.PERSON),
        (snooze_modal(an_item_row(), ABOUT, until=FRIDAY, needs_reason=True), parse_snooze, ids.UNTIL),
        (item_done_modal(an_item_row(), ABOUT), parse_item_done, ids.EVIDENCE),
    ],
)
def test_what_is_missing_is_said_at_its_field(form: View, parse: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(sent(form, **{field: None}))

    assert refused.value.fields.keys() == {field}


def test_a_form_remembers_the_message_whose_button_opened_it() -> None:
    body = {"container": {"type": "message", "message_ts": "1.2"}, "channel": {"id": "D1"}}

    assert about_button(body, 7) == AboutItem(7, "D1", "1.2")


def test_a_message_that_only_one_person_sees_is_not_drawn_anew() -> None:
    body = {"container": {"type": "message", "message_ts": "1.2", "is_ephemeral": True}, "channel": {"id": "C1"}}

    assert about_button(body, 7) == AboutItem(7, "C1")
