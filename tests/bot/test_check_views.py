"""Rows, forms and the register that ask whether it worked."""

import json
from datetime import date
from typing import Any

import pytest

from bot import ids
from bot.blocks.checks import check_row, decision_row, risk_row, verify_row
from bot.listener import InvalidInput
from bot.views.about_item import AboutItem
from bot.views.check import check_modal, parse_answer_check
from bot.views.decide import parse_refuse_investment, refuse_investment_modal
from bot.views.risk import parse_accept_risk, parse_still_accepted, risk_modal, still_accepted_modal
from bot.views.risks import Register, register_view
from bot.views.verify import parse_verify, verify_modal
from sandbox.people.seen import buttons_on
from storage.tables import CheckState, ItemKind, ItemState, ReminderKind
from tests.bot.check_views import (
    ABOUT,
    a_check,
    a_done_row,
    a_risk,
    asked,
    check_forms,
    check_rows,
    found,
    of_check,
    of_risk,
)
from tests.bot.reminding import TODAY, a_standing, an_item_row
from tests.bot.values import (
    HARD_WORDS,
    PROCESSES,
    accepted,
    accepted_view,
    an_unsaved_incident,
    assert_inert,
    marked_up,
)
from tests.builders import NOON, PROCESS
from workflows.check_commands import Effect, Review
from workflows.process import Process


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_every_row_and_form_whatever_people_typed(words: str, process: Process) -> None:
    for blocks in check_rows(words, process):
        assert_inert(accepted("x", blocks))
    for view in check_forms(words, process):
        sent = accepted_view(view)
        assert_inert(sent)
        assert len(sent["private_metadata"]) < 3000


def _read(blocks: Any) -> str:
    return "\n".join(marked_up(accepted("x", blocks)["blocks"]))


def _labels(blocks: Any) -> list[str]:
    return buttons_on(accepted("x", blocks)["blocks"])


def test_whoever_is_to_verify_reads_who_says_so_and_what_shows_it() -> None:
    item = a_done_row(evidence="https://grafana.example.com/cards?a=1&b=2")
    row = verify_row(asked(ReminderKind.VERIFY, a_standing(item)), PROCESS)

    assert _read(row).splitlines()[0] == (
        "<@UBO> says that *ACT-7* Alert on refused cards is done: https://grafana.example.com/cards?a=1&amp;b=2. Is it?"
    )
    assert _labels(row) == ["Open", "Verify…", "Not yet…"]


def test_whoever_has_done_it_meanwhile_is_not_offered_to_verify_it() -> None:
    row = verify_row(asked(ReminderKind.VERIFY, a_standing(a_done_row()), to="UBO"), PROCESS)

    assert _labels(row) == ["Open", "Not yet…"]


@pytest.mark.parametrize("state", [ItemState.OPEN, ItemState.VERIFIED, ItemState.WONT_DO])
def test_what_is_not_said_to_be_done_any_more_is_not_to_be_verified(state: ItemState) -> None:
    row = verify_row(asked(ReminderKind.VERIFY, a_standing(a_done_row(state=state))), PROCESS)

    assert _labels(row) == ["Open"]


def test_a_check_names_the_measure_and_what_looks_alike() -> None:
    item = a_done_row(success_measure="Pages within a minute")
    row = check_row(asked(ReminderKind.CHECK, of_check(item, a_check()), **found("Cards refused")), PROCESS)

    text = _read(row)
    assert "It was to achieve: Pages within a minute" in text
    assert ", asked after 30 days · <@UBO>’s" in text
    assert "Since then these look like it and 297 more:\n• INC-8 Cards refused <#C0123456789> :lock:" in text
    assert _labels(row) == ["Open", "Effective", "Partly…", "Not…", "Needs a control", "Needs training"]


def test_a_need_that_was_met_is_not_offered_again_and_an_answer_not_asked_again() -> None:
    answered = a_check(state=CheckState.ANSWERED, answer="partly", answered_by="UBO", answered_at=NOON)
    made = [{"item": 9, "title": "Add a control", "kind": ItemKind.CONTROL.value}]
    row = check_row(asked(ReminderKind.CHECK, of_check(a_done_row(), answered), made=made), PROCESS)

    assert ":large_orange_diamond: It has worked in part, says <@UBO>" in _read(row)
    assert ":arrow_right: *ACT-9* Add a control" in _read(row)
    assert _labels(row) == ["Open", "Needs training"]


def test_what_has_not_worked_has_no_green_mark() -> None:
    answered = a_check(state=CheckState.ANSWERED, answer="not", answered_by="UBO", answered_at=NOON)
    row = check_row(asked(ReminderKind.CHECK, of_check(a_done_row(), answered)), PROCESS)

    assert ":x: It has not worked, says <@UBO>" in _read(row)
    assert ":white_check_mark:" not in _read(row)


def test_a_check_of_an_item_that_is_open_again_asks_nothing() -> None:
    row = check_row(asked(ReminderKind.CHECK, a_standing(an_item_row())), PROCESS)

    assert "so this is not asked now" in _read(row)
    assert _labels(row) == ["Open"]


@pytest.mark.parametrize(
    ("changes", "says", "buttons"),
    [
        ({"signed_by": "UCY", "signed_at": NOON}, "*To be looked at today* · signed by <@UCY>", 3),
        ({"review_on": date(2026, 3, 13)}, "*To be looked at since Fri 13 Mar* · signed by nobody yet", 2),
        ({"review_on": date(2026, 6, 1)}, "Accepted until Mon 1 Jun", 0),
        ({"ended_at": NOON}, ":white_check_mark: Closed", 0),
    ],
)
def test_a_risk_stands_out_when_its_day_has_come(changes: dict[str, Any], says: str, buttons: int) -> None:
    row = risk_row(asked(ReminderKind.RISK, of_risk(a_risk(**changes))), PROCESS)

    assert says in _read(row)
    assert len(_labels(row)) == buttons


@pytest.mark.parametrize(
    ("approved", "says", "buttons"),
    [
        (None, "An investment waits for your answer", ["Open", "Approve", "Do not approve…"]),
        (True, "Approved by <@UCY>", ["Open"]),
        (False, "Not approved by <@UCY>", ["Open"]),
    ],
)
def test_an_investment_is_asked_about_until_it_has_its_answer(
    approved: bool | None, says: str, buttons: list[str]
) -> None:
    item = an_item_row(kind=ItemKind.INVESTMENT, approved=approved, decided_by="UCY")
    row = decision_row(asked(ReminderKind.DECISION, a_standing(item)), PROCESS)

    assert says in _read(row)
    assert _labels(row) == buttons


def test_a_register_offers_each_reader_what_they_may_do() -> None:
    risks = [of_risk(a_risk(signed_by="UCY", signed_at=NOON)), of_risk(a_risk(id=4, owner="UDEE"))]
    lead = risks[0].about.lead

    def offered(viewer: str) -> list[str]:
        view = register_view(Register(), risks, viewer=viewer, today=TODAY, process=PROCESS)
        return buttons_on(accepted_view(view)["blocks"])

    review = ["Still accepted…", "Act on it", "No risk any more"]
    assert offered("UBO") == review
    assert offered("USTRANGER") == []
    assert offered(lead or "") == [*review, "Sign for it", "Act on it", "No risk any more"]


def _submitted(view: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """The form as it arrives with these answers."""
    sent = accepted_view(view)
    return {"user": {"id": "UBO"}, "view": {"id": "V1", **sent, "state": {"values": answers}}}


def _text(value: str) -> dict[str, Any]:
    return {ids.VALUE: {"type": "plain_text_input", "value": value}}


def _day(value: str | None) -> dict[str, Any]:
    return {ids.VALUE: {"type": "datepicker", "selected_date": value}}


def test_the_form_of_a_check_says_what_is_next() -> None:
    view = check_modal(a_done_row(), found("Cards refused"), ABOUT, answer=Effect.NOT)
    chosen = {ids.VALUE: {"type": "checkboxes", "selected_options": [{"value": "8"}]}}

    command = parse_answer_check(
        _submitted(view, {ids.SIDE_EFFECTS: _text("Noise"), ids.SIMILAR: chosen, ids.NEXT_STEP: _text(" Page  us ")})
    )

    assert (command.check_id, command.answer, command.side_effects) == (3, Effect.NOT, "Noise")
    assert (command.similar, command.next_step, command.asked_in) == ((8,), "Page us", "C0123456789")
    assert (command.by, command.request_id) == ("UBO", "form/V1")


def test_what_has_not_worked_needs_a_next_step() -> None:
    view = check_modal(a_done_row(), found("x"), ABOUT, answer=Effect.NOT)

    with pytest.raises(InvalidInput) as refusal:
        parse_answer_check(_submitted(view, {ids.NEXT_STEP: _text(" ")}))

    assert refusal.value.fields.keys() == {ids.NEXT_STEP}


def test_a_form_without_anything_says_what_is_missing_at_each_field() -> None:
    incident = an_unsaved_incident()
    empty: list[tuple[Any, Any, set[str]]] = [
        (
            parse_accept_risk,
            risk_modal(incident, title="", owner="UBO", review_on=TODAY, about=ABOUT),
            {"why", "title"},
        ),
        (parse_still_accepted, still_accepted_modal(a_risk(), review_on=TODAY, about=ABOUT), set()),
        (parse_verify, verify_modal(a_done_row(), AboutItem(7, "C1")), {ids.EVIDENCE}),
        (parse_refuse_investment, refuse_investment_modal(a_done_row(), AboutItem(7, "C1")), {ids.REASON}),
    ]
    for parse, view, fields in empty:
        with pytest.raises(InvalidInput) as refusal:
            parse(_submitted(view, {}))
        assert refusal.value.fields.keys() >= fields


def test_a_risk_is_read_from_its_form() -> None:
    view = risk_modal(an_unsaved_incident(), title="", owner="UBO", review_on=TODAY, about=ABOUT)
    owner = {ids.VALUE: {"type": "users_select", "selected_user": "UBO"}}

    command = parse_accept_risk(
        _submitted(
            view,
            {
                ids.TITLE: _text("One  region"),
                ids.WHY: _text("Cost"),
                ids.OWNER: owner,
                ids.REVIEW_ON: _day("2026-06-01"),
            },
        )
    )

    assert (command.title, command.why, command.owner) == ("One region", "Cost", "UBO")
    assert (command.review_on, command.incident_id) == (date(2026, 6, 1), 3)


def test_a_risk_that_stays_accepted_is_read_from_its_form() -> None:
    view = still_accepted_modal(a_risk(), review_on=TODAY, about=ABOUT)

    command = parse_still_accepted(_submitted(view, {ids.REVIEW_ON: _day("2026-06-01"), ids.WHY: _text("No money")}))

    assert (command.answer, command.review_on, command.why) == (Review.STILL, date(2026, 6, 1), "No money")
    assert json.loads(view.private_metadata or "")["ts"] == "1772625600.000100"
