"""What of an incident's action items is left over: what keeps it from being closed, and what its plan lacks. No I/O."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.tables import ActionItem, Aim, Horizon, ItemKind, ItemState

PENDING_ELSEWHERE = (ItemKind.VENDOR, ItemKind.DOCUMENTATION)
"""Work that is easily forgotten once the incident is over, because others have it."""


@dataclass(frozen=True)
class LeftOver:
    """Action items that keep an incident from being closed, and what to do about it."""

    name: str
    ask: str
    items: Sequence[ActionItem]


@dataclass(frozen=True)
class _Rule:
    name: str
    ask: str
    keeps_open: Callable[[ActionItem], bool]


_RULES = (
    _Rule(
        "vendors_and_documents",
        "Finish what vendors and documents wait for, or carry it over with an owner and a date",
        lambda item: item.kind in PENDING_ELSEWHERE and not _is_carried_over(item),
    ),
    _Rule(
        "tasks",
        "Finish the tasks, or carry them over with a date",
        lambda item: item.kind not in PENDING_ELSEWHERE and not _is_carried_over(item),
    ),
)


def keep_from_closing(items: Sequence[ActionItem]) -> list[LeftOver]:
    """What is neither settled nor carried over, by rule; empty where nothing keeps the incident from being closed."""
    found = [
        LeftOver(rule.name, rule.ask, [item for item in items if item.is_open and rule.keeps_open(item)])
        for rule in _RULES
    ]
    return [one for one in found if one.items]


def _is_carried_over(item: ActionItem) -> bool:
    return bool(item.owner) and item.due_on is not None


def has_no_prevention(items: Sequence[ActionItem]) -> bool:
    """Whether there is a plan for afterwards and nothing in it keeps the same from happening again."""
    plan = [item for item in items if item.horizon is Horizon.AFTER and item.state is not ItemState.WONT_DO]
    return bool(plan) and all(item.aim is not Aim.PREVENT for item in plan)
