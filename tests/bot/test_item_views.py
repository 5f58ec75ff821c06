"""Action items as people see them in lists, in their own views and on the home tab."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.home import home_view
from sandbox.people.seen import buttons_on
from storage.item_lists import Count
from storage.tables import ActionItem, CheckState, EffectivenessCheck, Horizon, ItemState, Theme
from tests.bot.item_views import a_detail_view, a_full_board, a_list, a_page, a_part, details_of, item_views, listed
from tests.bot.reminding import TODAY, a_standing, an_item_row
from tests.bot.stakeholder_views import what_is_followed
from tests.bot.values import (
    HARD_WORDS,
    LARGEST,
    PROCESSES,
    a_situation,
    accepted_view,
    an_unsaved_incident,
    assert_inert,
    full_of,
    marked_up,
)
from tests.builders import NOON, PROCESS
from workflows.boards import Board
from workflows.item_details import ItemDetails
from workflows.item_lists import ItemList, ItemPage, ListAsked, Listed
from workflows.left_over import LeftOver
from workflows.process import Process, parse_process

DAY = timedelta(days=1)
LARGEST_VIEW = 250_000
"""Slack refuses a view above 250 KB."""


def read(page: ItemPage) -> str:
    """What is read on a page."""
    return "\n".join(marked_up(accepted_view(a_list(page))))


def read_of(details: ItemDetails, process: Process = PROCESS) -> str:
    """What is read in an item's view."""
    return "\n".join(marked_up(accepted_view(a_detail_view(details, process))))


def buttons_of(details: ItemDetails, process: Process = PROCESS) -> list[str]:
    """What can be pressed in it, without the choices of menus."""
    blocks = accepted_view(a_detail_view(details, process))["blocks"]
    menus = ("1 day", "3 days", "Next week", "A date…")
    return [label for label in buttons_on(blocks) if label not in menus]


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_slack_takes_every_list_item_and_home_tab_whatever_people_typed(words: str, process: Process) -> None:
    for view in item_views(words, process):
        sent = accepted_view(view)
        assert_inert(sent)
        assert len(sent["blocks"]) <= 100
        assert len(json.dumps(sent)) < LARGEST_VIEW


def test_a_row_says_what_it_is_how_far_when_it_is_due_whose_and_what_it_counts_for() -> None:
    item = an_item_row(
        state=ItemState.BLOCKED, blocked_on="the vendor", due_on=TODAY - 3 * DAY, impact=4, feasibility=5
    )

    assert (
        "*ACT-7* Alert on refused cards\n"
        "blocked on the vendor · *3 days overdue* since Fri 13 Mar · <@UBO> · INC-7 <#CINC7> · priority 20"
    ) in read(a_page(listed(item)))


def test_an_item_that_is_merely_open_is_not_called_so() -> None:
    assert "*ACT-7* Alert on refused cards\n*due today* · <@UBO>" in read(a_page(listed(an_item_row())))


def test_a_priority_that_overrules_the_product_is_shown_with_its_reason() -> None:
    item = an_item_row(impact=2, feasibility=2, priority=25, priority_reason="An auditor asked for it")

    assert "priority 25: An auditor asked for it" in read(a_page(listed(item)))
    assert "*Priority*\n25: An auditor asked for it (instead of impact 2 × feasibility 2)" in read_of(details_of(item))


def test_a_private_incidents_item_has_a_lock() -> None:
    item = listed(an_item_row(), a_situation(private=True))

    assert "*ACT-7* Alert on refused cards :lock:" in read(a_page(item))


def test_who_may_not_settle_an_item_is_offered_no_done() -> None:
    page = a_page(listed(an_item_row()), listed(an_item_row(8), is_theirs=False))

    assert buttons_on(accepted_view(a_list(page))["blocks"]).count("Done") == 1


def test_a_list_says_how_many_there_are_how_many_are_overdue_and_which_are_shown() -> None:
    rows = [listed(an_item_row(n)) for n in range(1, 11)]
    page = a_page(*rows, count=Count(37, 4), asked=ListAsked(ItemList.MINE, page=1))

    assert "*Yours*: 37 action items, 4 overdue · 11 to 20" in read(page)
    assert buttons_on(accepted_view(a_list(page))["blocks"])[-2:] == ["Previous", "Next"]


def test_a_list_names_what_keeps_its_incident_from_being_closed() -> None:
    item = an_item_row()
    page = a_page(left_over=[LeftOver("tasks", "Finish the tasks", [item] * 12)])

    named = ", ".join(["ACT-7"] * 10)
    assert f":lock: Finish the tasks before the incident is closed: {named} and 2 more." in read(page)


def test_a_list_offers_here_team_and_themes_only_where_there_are_any() -> None:
    def offered(page: ItemPage) -> list[str]:
        menu = accepted_view(a_list(page))["blocks"][0]["elements"][0]
        return [option["text"]["text"] for option in menu["options"]]

    theme = Theme(id=3, name="Fewer pages", owner="UBO", created_by="UBO", created_at=NOON)
    lists = ["Yours", "Overdue", "Assigned by you", "All that are open", "Done in the last 30 days"]

    assert offered(a_page()) == lists
    assert offered(a_page(incident=an_unsaved_incident(), has_team=True, themes=[theme])) == [
        "Of INC-7",
        "Yours",
        "Your team’s",
        *lists[1:],
        "Theme: Fewer pages",
    ]


DONE_BY_BO: dict[str, Any] = {"state": ItemState.DONE, "done_at": NOON, "done_by": "UBO"}
SHAPES = ["Reassign", "Make it a task for now", "Edit"]


@pytest.mark.parametrize(
    ("item", "viewer", "is_theirs", "expected"),
    [
        (
            an_item_row(),
            "UBO",
            True,
            ["Accept", "Decline", "Done", "In progress", "Blocked…", "Need help", "Won’t do", *SHAPES],
        ),
        (
            an_item_row(accepted_at=NOON, state=ItemState.IN_PROGRESS),
            "UBO",
            True,
            ["Done", "Blocked…", "Need help", "Won’t do", *SHAPES],
        ),
        (
            an_item_row(accepted_at=NOON, state=ItemState.BLOCKED, horizon=Horizon.NOW),
            "UANN",
            True,
            ["Done", "In progress", "Take it over", "Won’t do", "Reassign", "Keep it for afterwards", "Edit"],
        ),
        (an_item_row(), "UDEE", False, ["Take it over", *SHAPES]),
        (an_item_row(**DONE_BY_BO), "UBO", True, ["Open it again", "Edit"]),
        (an_item_row(**DONE_BY_BO), "UANN", True, ["Verify", "Open it again", "Edit"]),
        (an_item_row(**DONE_BY_BO), "UDEE", False, ["Verify", "Edit"]),
        (an_item_row(state=ItemState.WONT_DO), "UBO", True, ["Open it again", "Edit"]),
    ],
    ids=["given", "begun", "lead", "stranger", "done, owner", "done, lead", "done, stranger", "dropped"],
)
def test_an_item_offers_what_makes_sense_for_its_state_and_its_reader(
    item: ActionItem, viewer: str, is_theirs: bool, expected: list[str]
) -> None:
    details = details_of(item, viewer=viewer, listed=listed(item, is_theirs=is_theirs))

    assert buttons_of(details) == expected


def test_an_item_shows_the_answers_of_its_checks_with_the_incidents_its_reader_may_know_of() -> None:
    item = an_item_row(**DONE_BY_BO)
    check: dict[str, Any] = {"item_id": 7, "done_at": NOON, "due_at": NOON}
    answered = EffectivenessCheck(
        id=1,
        days=30,
        state=CheckState.ANSWERED,
        answer="not",
        side_effects="Slower deploys",
        similar=[8, 9],
        answered_by="UBO",
        answered_at=NOON,
        **check,
    )
    planned = EffectivenessCheck(id=2, days=90, state=CheckState.PLANNED, similar=[], **check)
    standing = a_standing(item)
    row = Listed(item, type(standing)(standing.about, standing.people, item, checks=[answered, planned]), True)

    said = read_of(details_of(item, listed=row, similar=frozenset({9})))

    assert "After 30 days: *not effective*, says <@UBO>. Side effects: Slower deploys Alike since then: INC-9." in said
    assert "After 90 days: asked on <!date^" in said
    assert "INC-8" not in said


def test_an_item_says_to_whom_it_was_given_and_that_they_have_not_taken_it_on() -> None:
    said = read_of(details_of(an_item_row(why="Nobody noticed", links=["https://x.example/1"])))

    assert "*Owner*\n<@UBO>, not accepted yet" in said
    assert "*Assigned*\nby <@UANN>, " in said
    assert "Nobody noticed" in said
    assert "• https://x.example/1" in said


def test_the_home_tab_shows_each_list_with_its_count_and_the_way_to_the_rest() -> None:
    mine = listed(an_item_row(due_on=TODAY - DAY))
    given = listed(an_item_row(8, owner="UDEE"))
    board = Board(TODAY, [a_part(ItemList.MINE, mine, total=12, overdue=3), a_part(ItemList.ASSIGNED, given)])

    view = accepted_view(home_view([], [], board, viewer="UBO", process=PROCESS))

    headings = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert headings[:2] == ["Your action items · 12, 3 overdue", "What you have assigned · 1"]
    assert "*1 day overdue* since Sun 15 Mar" in str(view)
    labels = buttons_on(view["blocks"])
    assert "All 12" in labels
    assert (labels.count("Done"), labels.count("Open")) == (1, 2)


def test_the_home_tab_does_not_count_twice_what_is_all_overdue() -> None:
    board = Board(TODAY, [a_part(ItemList.MINE, listed(an_item_row(due_on=TODAY - DAY)), total=4, overdue=4)])

    view = accepted_view(home_view([], [], board, viewer="UBO", process=PROCESS))

    assert "Your action items · 4, all overdue" in str(view)


def test_the_home_tab_of_the_biggest_workspace_stays_within_slacks_limits() -> None:
    words = HARD_WORDS["ampersands"]
    about = full_of(words, process=LARGEST)
    view = home_view(
        [about] * 200,
        what_is_followed(words, LARGEST) * 10,
        a_full_board(words, about),
        viewer="U0123456789",
        process=LARGEST,
    )

    sent = accepted_view(view)

    assert len(sent["blocks"]) < 100
    assert len(json.dumps(sent)) < LARGEST_VIEW
    assert "All 1000" in buttons_on(sent["blocks"])


def test_a_row_links_to_an_items_issue_and_says_that_it_is_closed_there_while_it_is_open_here() -> None:
    there = {"tracker": "github", "tracker_ref": "#12", "tracker_url": "https://github.com/example/ops/issues/12"}
    link = "<https://github.com/example/ops/issues/12|#12>"

    assert f"{link} closed" in read(a_page(listed(an_item_row(**there, tracker_state="closed"))))
    assert f"{link} closed" not in read(a_page(listed(an_item_row(**there, tracker_state="open"))))
    done = an_item_row(**there, tracker_state="closed", state=ItemState.DONE)
    assert f"{link} closed" not in read(a_page(listed(done)))


def test_an_item_can_be_sent_to_a_tracker_unless_it_is_in_one_or_its_incident_is_private() -> None:
    one = {"name": "GitHub", "kind": "github", "repository": "example/ops", "secret_env": "GITHUB_TOKEN"}
    process = parse_process({"trackers": {"github": one}})
    send = "Send to GitHub"

    assert send in buttons_of(details_of(an_item_row()), process)
    assert send not in buttons_of(details_of(an_item_row()))
    assert send not in buttons_of(details_of(an_item_row(tracker="github", tracker_state="on its way")), process)
    private = details_of(an_item_row(), listed=listed(an_item_row(), a_situation(private=True)))
    assert send not in buttons_of(private, process)
