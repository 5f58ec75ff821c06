"""What is left over of an incident's action items."""

from datetime import date
from typing import Any

import pytest

from storage.tables import ActionItem, Aim, Horizon, ItemKind, ItemState
from tests.builders import NOON
from workflows.left_over import has_no_prevention, keep_from_closing

FRIDAY = date(2026, 3, 20)


def _item(**changes: Any) -> ActionItem:
    """Work for after, given to Bo."""
    values = {
        "id": 1,
        "incident_id": 1,
        "title": "Alert on refused cards",
        "owner": "UBO",
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN,
        "kind": ItemKind.CODE,
        "due_on": FRIDAY,
        "created_at": NOON,
    }
    return ActionItem(**{**values, **changes})


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (ItemKind.VENDOR, "vendors_and_documents"),
        (ItemKind.DOCUMENTATION, "vendors_and_documents"),
        (ItemKind.OTHER, "tasks"),
    ],
)
def test_an_open_item_without_a_date_keeps_its_incident_from_being_closed(kind: ItemKind, rule: str) -> None:
    item = _item(kind=kind, horizon=Horizon.NOW, due_on=None)

    found = keep_from_closing([item, _item(id=2)])

    assert [(one.name, list(one.items)) for one in found] == [(rule, [item])]


@pytest.mark.parametrize(
    "changes",
    [{"due_on": FRIDAY}, {"state": ItemState.DONE}, {"state": ItemState.VERIFIED}, {"state": ItemState.WONT_DO}],
)
def test_what_is_settled_or_carried_over_with_a_date_keeps_nothing_open(changes: dict[str, Any]) -> None:
    item = _item(**{"kind": ItemKind.VENDOR, "horizon": Horizon.NOW, "due_on": None, **changes})

    assert keep_from_closing([item]) == []


def test_an_item_without_an_owner_keeps_it_open() -> None:
    item = _item(kind=ItemKind.DOCUMENTATION, owner="")

    assert [one.items for one in keep_from_closing([item])] == [[item]]


@pytest.mark.parametrize(
    ("plan", "lacks"),
    [
        ([], False),
        ([{"aim": Aim.DETECT}, {"aim": None}], True),
        ([{"aim": Aim.DETECT}, {"aim": Aim.PREVENT}], False),
        ([{"aim": Aim.DETECT}, {"aim": Aim.PREVENT, "state": ItemState.WONT_DO}], True),
        ([{"aim": Aim.DETECT}, {"aim": Aim.PREVENT, "state": ItemState.VERIFIED}], False),
        ([{"aim": Aim.MITIGATE, "horizon": Horizon.NOW}], False),
    ],
)
def test_a_plan_that_prevents_nothing_is_noticed(plan: list[dict[str, Any]], lacks: bool) -> None:
    assert has_no_prevention([_item(**changes) for changes in plan]) is lacks
