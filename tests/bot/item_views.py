"""Plain values for lists of action items, their own views and the home tab, with as much in them as there may be."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.views import View

from bot import ids
from bot.blocks.home import home_view
from bot.blocks.item_list import MOST_THEMES, item_list_blocks
from bot.views.item_details import item_view
from storage.item_lists import ABOUT_ITEMS, Count
from storage.tables import (
    ActionItem,
    Aim,
    CheckState,
    EffectivenessCheck,
    Horizon,
    ItemKind,
    ItemState,
    LedgerEntry,
    Proposal,
    Theme,
)
from tests.bot.item_values import item_entries_data
from tests.bot.reminding import TODAY, a_standing, an_item_row
from tests.bot.stakeholder_views import what_is_followed
from tests.bot.values import a_situation, full_of
from tests.builders import NOON
from workflows.boards import MOST_OF_OTHERS, MOST_OF_THEIRS, Board, Part
from workflows.item_details import HISTORY, ItemDetails
from workflows.item_lists import PAGE, ItemList, ItemPage, ListAsked, Listed
from workflows.left_over import LeftOver
from workflows.process import Process
from workflows.process_parts import Tracker
from workflows.reminders import People, Standing
from workflows.situation import Situation


def listed(item: ActionItem, about: Situation | None = None, *, is_theirs: bool = True) -> Listed:
    """An item as somebody sees it who may settle it, or not."""
    return Listed(item, a_standing(item, about), is_theirs)


def a_page(*rows: Listed, **changes: Any) -> ItemPage:
    """Bo's own items."""
    values: dict[str, Any] = {"asked": ListAsked(ItemList.MINE), "today": TODAY, "count": Count(len(rows), 0)}
    return ItemPage(**{"rows": rows, **values, **changes})


def a_list(page: ItemPage) -> View:
    """The page as a modal, without what it remembers."""
    return View(type="modal", callback_id=ids.ITEMS_VIEW, title="Action items", blocks=item_list_blocks(page))


def details_of(item: ActionItem, *, viewer: str = "UBO", **changes: Any) -> ItemDetails:
    """Everything about an item, for somebody."""
    values: dict[str, Any] = {"listed": listed(item), "today": TODAY, "viewer": viewer}
    return ItemDetails(**{**values, **changes})


def a_detail_view(details: ItemDetails, process: Process) -> View:
    """Its modal."""
    return item_view(details, {"item": 7, "asked_in": None, "below": None}, process=process)


def a_part(which: ItemList, *rows: Listed, total: int | None = None, overdue: int = 0) -> Part:
    """A part of a board."""
    return Part(which, rows, Count(len(rows) if total is None else total, overdue))


def item_views(words: str, process: Process) -> Iterator[View]:
    """Every list, an item in every state for its owner and for others, and the home tab, full of these words."""
    about = full_of(words, process=process)
    themes = [Theme(id=n, name=words, owner="UBO", created_by="UBO", created_at=NOON) for n in range(MOST_THEMES + 5)]
    rows = [listed(_full(words, state, n), about) for n in range(2) for state in ItemState]
    for which in ItemList:
        asked = ListAsked(which, incident_id=7, person="U0123456789", theme_id=3, page=3, asked_in="C0123456789")
        full = {"asked": asked, "count": Count(9999, 999), "themes": themes, "theme": themes[3], "has_team": True}
        left = [LeftOver("tasks", "Finish the tasks", [row.item for row in rows] * 9)] * 2
        yield a_list(a_page(*rows[:PAGE], incident=about.incident, lacks_prevention=True, left_over=left, **full))
        yield a_list(a_page(asked=ListAsked(which, person="UBO")))
    for state in ItemState:
        for viewer in ("UBO", "UANN", "UDEE"):
            for horizon in Horizon:
                yield a_detail_view(_full_details(words, state, viewer, horizon, about), process)
    for count in (1, 10):
        outside = process.model_copy(update={"trackers": {f"t{n}": _tracker(n) for n in range(count)}})
        yield a_detail_view(details_of(an_item_row(title=words)), outside)
    yield home_view([about] * 200, what_is_followed(words, process) * 10, a_full_board(words, about), **_of(process))
    yield home_view([], [], Board(TODAY, [a_part(ItemList.MINE)]), **_of(process))


def a_full_board(words: str, about: Situation | None = None) -> Board:
    """All that a board may show, of more than it shows."""
    item = listed(_full(words, ItemState.BLOCKED, 1), about or a_situation())
    parts = [
        a_part(which, *[item] * (MOST_OF_THEIRS if which is ItemList.MINE else MOST_OF_OTHERS), total=1000, overdue=999)
        for which in (ItemList.MINE, ItemList.TEAM, ItemList.OVERDUE, ItemList.ASSIGNED)
    ]
    return Board(TODAY, parts)


def _tracker(number: int) -> Tracker:
    return Tracker(name=f"{number}{'t' * 39}", kind="webhook", url="https://x.example/hook", secret_env="SECRET")


def _of(process: Process) -> dict[str, Any]:
    return {"viewer": "U0123456789", "process": process}


def _full(words: str, state: ItemState, number: int, **changes: Any) -> ActionItem:
    values: dict[str, Any] = {
        "title": words,
        "why": words,
        "state": state,
        "aim": Aim.PREVENT,
        "kind": ItemKind.DOCUMENTATION,
        "proposal": Proposal.ESCALATION,
        "due_on": date(2025, 1, 1),
        "impact": 5,
        "feasibility": 5,
        "priority": 1,
        "priority_reason": words,
        "links": [words] * 20,
        "success_measure": words,
        "vendor_contact": words,
        "theme_id": 3,
        "blocked_on": words,
        "done_at": NOON,
        "done_by": "UANN",
        "evidence": words,
        "verified_at": NOON,
        "verified_by": "UDEE",
        "dropped_because": words,
        "snoozed_until": TODAY + timedelta(days=400),
        "approved": False,
        "decided_by": "UANN",
    }
    return an_item_row(number, **{**values, **changes})


def _full_details(words: str, state: ItemState, viewer: str, horizon: Horizon, about: Situation) -> ItemDetails:
    url = f"https://desk.example.com/{'x' * 270}"
    outside = {"tracker_url": url, "tracker_ref": words[:40], "tracker_state": words[:40]}
    tracked = {"tracker": "t0", **outside} if horizon is Horizon.NOW else {}
    item = _full(words, state, 7, horizon=horizon, **tracked)
    standing = Standing(about, People({}), item=item, checks=[_check(words, days) for days in range(10)])
    data = [(kind, values) for kind, values in item_entries_data(words).items() if kind in ABOUT_ITEMS]
    history = [
        LedgerEntry(
            incident_id=7,
            sequence=n,
            kind=kind,
            happened_at=NOON,
            recorded_at=NOON,
            by="UANN",
            data=values,
            previous_hash="",
            hash="",
        )
        for n, (kind, values) in enumerate(data)
    ]
    return ItemDetails(
        listed=Listed(item, standing, viewer != "UDEE"),
        today=TODAY,
        viewer=viewer,
        history=history[: HISTORY + 1],
        follows=item,
        following=[item] * 20,
        theme=Theme(id=3, name=words, owner="UBO", created_by="UBO", created_at=NOON),
        similar=frozenset(range(1000)),
    )


def _check(words: str, days: int) -> EffectivenessCheck:
    return EffectivenessCheck(
        id=days,
        item_id=7,
        days=days,
        done_at=NOON,
        due_at=NOON,
        state=CheckState.ANSWERED,
        answer="partly",
        side_effects=words,
        similar=list(range(1000)),
        answered_by="UANN",
        answered_at=NOON,
    )
