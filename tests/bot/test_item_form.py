"""The form of an action item: what is missing is said at its field, and only what was changed is asked for."""

from datetime import date
from typing import Any

import pytest
from slack_sdk.models.views import View

from bot.listener import InvalidInput
from bot.views.item import Draft, draft_of, item_form
from bot.views.item_answers import Edited, parse_item
from storage.tables import ActionItem, Aim, Horizon, ItemKind, Proposal, Source, Theme
from tests.bot.filled import sent
from tests.bot.test_action_command import a_new_item
from tests.bot.values import HARD_WORDS, accepted_view, an_unsaved_incident
from tests.builders import NOON
from workflows.commands import AddActionItem, AssignItem, ChangeItem

FRIDAY = date(2026, 3, 6)
THEMES = [Theme(id=n, name=f"Theme {n}", owner="UANN", created_by="UANN", created_at=NOON) for n in range(1, 150)]
SAID = Draft(title="Rotate the keys", owner="UBO", due_on=FRIDAY)


def _add(draft: Draft = SAID, **changed: Any) -> AddActionItem:
    asked = parse_item(sent(item_form(an_unsaved_incident(), draft, asked_in="CINC7", themes=THEMES), **changed))
    assert isinstance(asked, AddActionItem)
    return asked


def _full(**values: Any) -> ActionItem:
    return a_new_item(
        why="They are old",
        aim=Aim.PREVENT,
        kind=ItemKind.CODE,
        impact=4,
        feasibility=5,
        priority=25,
        priority_reason="The auditors",
        links=["https://a.example/1", "https://a.example/2"],
        success_measure="No key is older than a year",
        vendor_contact="Vera",
        proposal=Proposal.TOOL,
        theme_id=3,
        **values,
    )


def _edited_form(item: ActionItem) -> View:
    return item_form(an_unsaved_incident(), draft_of(item), item=item, asked_in="CINC7", themes=THEMES)


def _edit(item: ActionItem | None = None, **changed: Any) -> Edited:
    asked = parse_item(sent(_edited_form(item or _full()), **changed))
    assert isinstance(asked, Edited)
    return asked


def test_a_new_item_is_read_with_everything_that_was_said_of_it() -> None:
    command = _add(
        why="They are old",
        horizon="now",
        aim="prevent",
        kind="vendor",
        impact="4",
        feasibility="5",
        links="https://a.example/1\n\n https://a.example/1 https://a.example/2",
        success_measure="No key is older than a year",
        vendor_contact="Vera",
        proposal="escalation",
        theme_id="3",
    )

    assert command == AddActionItem(
        by="UANN",
        request_id="form/VFORM",
        incident_id=7,
        asked_in="CINC7",
        title="Rotate the keys",
        why="They are old",
        owner="UBO",
        due_on=FRIDAY,
        horizon=Horizon.NOW,
        aim=Aim.PREVENT,
        kind=ItemKind.VENDOR,
        proposal=Proposal.ESCALATION,
        impact=4,
        feasibility=5,
        links=("https://a.example/1", "https://a.example/2"),
        success_measure="No key is older than a year",
        vendor_contact="Vera",
        theme_id=3,
        source=Source.FORM,
    )


def test_where_it_came_from_goes_with_a_new_item() -> None:
    command = _add(Draft(title="x y", owner="UBO", due_on=FRIDAY, source=Source.CHECK, source_ref="4", follows=9))

    assert (command.source, command.source_ref, command.follows) == (Source.CHECK, "4", 9)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"title": None}, {"title"}),
        ({"title": "  "}, {"title"}),
        ({"owner": None}, {"owner"}),
        ({"due_on": None}, {"due_on"}),
        ({"title": None, "owner": None, "due_on": None}, {"title", "owner", "due_on"}),
    ],
)
def test_without_a_title_an_owner_or_a_day_it_is_refused_at_that_field(
    changed: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(InvalidInput) as told:
        _add(**changed)

    assert told.value.fields.keys() == fields


def test_a_task_of_the_response_needs_no_day() -> None:
    assert _add(due_on=None, horizon="now").due_on is None


def test_an_item_that_nobody_touched_is_not_changed() -> None:
    assert _edit() == Edited(
        ChangeItem(by="UANN", request_id="form/VFORM", item_id=7, asked_in="CINC7", changes={}), None
    )


@pytest.mark.parametrize(
    ("changed", "changes"),
    [
        ({"title": " Rotate   the keys "}, {"title": "Rotate the keys"}),
        ({"why": None}, {"why": ""}),
        ({"due_on": "2026-03-20"}, {"due_on": date(2026, 3, 20)}),
        ({"kind": "vendor", "aim": None}, {"kind": ItemKind.VENDOR, "aim": None}),
        ({"horizon": "now", "due_on": None}, {"horizon": Horizon.NOW, "due_on": None}),
        ({"impact": "5"}, {"impact": 5}),
        ({"priority": None, "priority_reason": None}, {"priority": None, "priority_reason": ""}),
        ({"links": "https://a.example/1"}, {"links": ("https://a.example/1",)}),
        ({"proposal": "workflow"}, {"proposal": Proposal.WORKFLOW}),
        ({"theme_id": "5"}, {"theme_id": 5}),
    ],
)
def test_what_was_changed_is_in_the_command_and_nothing_else(changed: dict[str, Any], changes: dict[str, Any]) -> None:
    assert _edit(**changed).change.changes == changes


def test_another_owner_is_given_the_item() -> None:
    edited = _edit(owner="UCHIDI")

    assert edited.change.changes == {}
    assert edited.assign == AssignItem(
        by="UANN", request_id="form/VFORM/owner", item_id=7, asked_in="CINC7", to="UCHIDI"
    )


def test_only_who_edits_can_overrule_the_priority() -> None:
    added = {
        block["block_id"] for block in accepted_view(item_form(an_unsaved_incident(), SAID, themes=THEMES))["blocks"]
    }
    edited = {block["block_id"] for block in accepted_view(_edited_form(_full()))["blocks"]}

    assert edited - added == {"priority", "priority_reason"}


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_the_form_takes_whatever_people_have_typed(words: str) -> None:
    item = _full(title=words[:200])
    item.why = item.success_measure = item.vendor_contact = item.priority_reason = words
    item.links = [f"https://a.example/{'x' * 1500}{n}" for n in range(20)]

    accepted_view(_edited_form(item))
    view = item_form(
        an_unsaved_incident(), draft_of(item), themes=THEMES, notice=words, below={"item": 7, "below": {"page": 1}}
    )
    assert len(accepted_view(view)["private_metadata"]) < 3000


def test_text_longer_than_its_field_stays_as_it_is_unless_somebody_writes_another() -> None:
    item = _full()
    item.success_measure = "word " * 900

    assert _edit(item).change.changes == {}
