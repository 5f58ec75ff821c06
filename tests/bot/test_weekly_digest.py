"""Digests as messages: names without notifying anybody, thanks, no ranking, and never longer than Slack takes."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.weekly_digest import monthly_digest, trend_report, weekly_digest
from storage.digests import Load
from storage.tables import (
    ActionItem,
    EntryKind,
    Horizon,
    ItemKind,
    ItemState,
    Person,
    Proposal,
    Source,
    Theme,
    TimelineEntry,
)
from tests.bot.values import HARD_WORDS, accepted, assert_inert
from tests.builders import NOON, PROCESS
from workflows.digest_contents import MonthlyDigest, TrendReport, WeeklyDigest
from workflows.digest_numbers import Month, MonthNumbers, Rise
from workflows.process import parse_process
from workflows.themes import RollUp

TODAY = date(2026, 3, 9)
BO, CY = Person(user_id="UBO", name="Bo", seen_at=NOON), Person(user_id="UCY", name="Cy", seen_at=NOON, no_praise=True)
TEAMS = parse_process(
    {"teams": {"web": {"name": "Web", "people": ["UBO1234"]}, "data": {"name": "Data", "groups": ["d"]}}}
)


def _item(number: int = 7, **changes: Any) -> ActionItem:
    values: dict[str, Any] = {
        "id": number,
        "incident_id": 3,
        "title": "Alert on refused cards",
        "owner": "UBO",
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN,
        "kind": ItemKind.OTHER,
        "due_on": date(2026, 3, 6),
        "created_by": "UANN",
        "created_at": NOON,
        "source": Source.COMMAND,
        "assigned_by": "UANN",
        "assigned_at": NOON,
        "state_changed_at": NOON,
        "planned_since": NOON,
    }
    return ActionItem(**{**values, **changes})


def _digest(**changes: Any) -> WeeklyDigest:
    values: dict[str, Any] = {
        "today": TODAY,
        "since": date(2026, 3, 2),
        "until": datetime(2026, 3, 9, 9, tzinfo=UTC),
        "loads": [Load("UBO", 2, 1, 0, 0, 0)],
        "people": {"UBO": BO, "UCY": CY},
    }
    return WeeklyDigest(**{**values, **changes})


def _kudos(**changes: Any) -> TimelineEntry:
    data = {"to": "UBO", "text": "for {@UCY}s graph", **changes}
    return TimelineEntry(incident_id=3, sequence=9, kind=EntryKind.KUDOS, by="UCY", happened_at=NOON, data=data)


def _text(digest: WeeklyDigest, members: dict[str, list[str]] | None = None) -> str:
    text, blocks = weekly_digest(digest, members or {}, process=TEAMS)
    sent = accepted(text, blocks)
    assert_inert(sent)
    return "\n".join(str(each.get("text", each)) for block in sent["blocks"] for each in [block.get("text", block)])


def test_the_digest_names_owners_and_notifies_nobody() -> None:
    theme = Theme(name="Fewer surprises", aim="See it first", owner="UBO", created_by="UBO", created_at=NOON)
    digest = _digest(
        overdue=[_item()],
        due=[_item(8, due_on=TODAY, owner="UCY")],
        done=[_item(9)],
        loads=[Load("UBO", 2, 1, 0, 1, 1), Load("UCY", 1, 0, 1, 0, 0)],
        oldest=[_item()],
        proposals=[_item(10, proposal=Proposal.TOOL)],
        kudos=[_kudos()],
        themes=[RollUp(theme, {}, 3, 1, 2)],
    )

    text = _text(digest)

    for line in (
        "*Overdue* (1)\n• *ACT-7* Alert on refused cards · Bo · due Fri 6 Mar · INC-3",
        "*Due this week* (1)\n• *ACT-8* Alert on refused cards · Cy · due Mon 9 Mar · INC-3",
        "*Done since Mon 2 Mar* (1)\n• *ACT-9* Alert on refused cards · Bo\n:tada: Thank you, Bo!",
        "*Oldest open* (1)\n• *ACT-7* Alert on refused cards · Bo · open for 4 days · INC-3",
        "*Proposed changes to how we work* (1)\n• *ACT-10* Alert on refused cards (tool) · Bo · due Fri 6 Mar · INC-3",
        "*Kudos* (1)\n• Bo, from Cy: for Cys graph · INC-3",
        "*Themes* (1)\n• *Fewer surprises*: See it first · Bo · 3 open, 1 overdue, 2 done",
    ):
        assert line in text
    assert "<@" not in text
    assert "<!" not in text


def test_who_asked_not_to_be_thanked_is_counted_and_not_named() -> None:
    both = _digest(
        done=[_item(), _item(8, owner="UCY")], loads=[Load("UBO", 0, 0, 0, 1, 0), Load("UCY", 0, 0, 0, 1, 0)]
    )
    alone = _digest(done=[_item(owner="UCY")], loads=[Load("UCY", 0, 0, 0, 1, 0)])

    assert "Thank you, Bo and 1 other!" in _text(both)
    assert "*Done since Mon 2 Mar* (1)\n• *ACT-7* Alert on refused cards\n:tada: Thank you!" in _text(alone)
    assert "Cy" not in _text(both) + _text(alone)


def test_people_are_never_ranked_by_what_they_failed_to_do() -> None:
    """The order of everything depends on dates and names alone: with other people's failures it is the same."""
    overdue = [_item(1, owner="UBO"), *(_item(n, owner="UCY") for n in (2, 3, 4))]
    few, many = Load("UBO", 9, 1, 0, 1, 0), Load("UCY", 9, 9, 0, 1, 0)
    swapped = [Load("UBO", 9, 9, 0, 1, 0), Load("UCY", 9, 1, 0, 1, 0)]
    members = {"web": ["UBO"], "data": ["UCY"]}

    one = _text(_digest(overdue=overdue, loads=[few, many]), members)
    other = _text(_digest(overdue=overdue, loads=swapped), members)

    assert re.findall(r"ACT-\d", one) == ["ACT-1", "ACT-2", "ACT-3", "ACT-4"]
    assert one.index("• Web:") < one.index("• Data:")
    assert re.sub(r"• (Web|Data): .*", r"\1", one) == re.sub(r"• (Web|Data): .*", r"\1", other)


def test_teams_are_counted_and_who_is_in_none_together() -> None:
    loads = [Load("UBO", 2, 1, 0, 3, 0), Load("UCY", 1, 0, 0, 0, 0)]

    text = _text(_digest(loads=loads), {"web": ["UBO"], "data": []})

    assert "*By team*\n• Web: 2 open, 1 overdue, 3 done\n• No team: 1 open, 0 overdue, 0 done" in text


def test_more_than_fits_is_counted_and_a_late_digest_says_so() -> None:
    text = _text(_digest(overdue=[_item()] * 8, loads=[Load("UBO", 30, 20, 0, 0, 0)], late=True))

    assert "*Overdue* (20)" in text
    assert "and 12 more" in text
    assert "This comes late" in text


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_the_fullest_digest_is_taken_by_slack_and_what_people_typed_is_data(words: str) -> None:
    item, until = _item(title=words, proposal=Proposal.ESCALATION), datetime(2030, 3, 9, tzinfo=UTC)
    people = {f"U{n:09}": Person(user_id=f"U{n:09}", name=words, seen_at=NOON) for n in range(30)}
    items = [item.model_copy(update={"owner": owner}) for owner in list(people)[:7]]
    theme = Theme(name=words, aim=words, owner="U000000001", created_by="UBO", created_at=NOON)
    process = parse_process({"teams": {f"t{n}": {"name": "x" * 40, "people": [f"U{n:09}"]} for n in range(100)}})
    digest = _digest(
        until=until,
        loads=[Load(owner, 999, 999, 999, 999, 999) for owner in people],
        people=people,
        overdue=items,
        due=items,
        done=items,
        oldest=items[:3],
        proposals=items,
        kudos=[_kudos(text=words, to="U000000001")] * 20,
        themes=[RollUp(theme, {}, 999, 999, 999)] * 5,
        late=True,
    )

    sent = accepted(*weekly_digest(digest, {f"t{n}": [f"U{n:09}"] for n in range(100)}, process=process))

    assert_inert(sent)


NUMBERS = MonthNumbers(4, 3, 2, 4, 0.5, 0.75, 18.0, 3, 3.6, {ItemKind.CODE: (2, 1)})
NONE = MonthNumbers(0, 0, 0, 0, None, None, None, 0, None, {})


def test_a_month_is_told_in_figures_beside_the_month_before() -> None:
    text, blocks = monthly_digest(MonthlyDigest(Month(date(2026, 2, 1), ZoneInfo("UTC")), NUMBERS, NONE))

    said = str(accepted(text, blocks))
    assert text == "Action items in February 2026: 4 made, 3 done, 2 verified"
    for words in (
        "Made *4* (0 the month before), done *3* (0), verified *2* (0)",
        "Of 4 items due, *50%* done by the end of the month (– the month before), *75%* not on time (–)",
        "Age when done: *18 days* (– the month before), the median",
        "Open now: *3*, for *3.6 days* in the median",
        "• Code: 2 made, 1 done",
    ):
        assert words in said


def test_a_month_with_nothing_due_says_so() -> None:
    said = str(accepted(*monthly_digest(MonthlyDigest(Month(date(2026, 2, 1), ZoneInfo("UTC")), NONE, NUMBERS))))

    assert "Nothing was due" in said
    assert "%" not in said
    assert "Age when done" not in said


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_what_rose_is_told_with_the_rule_and_what_people_typed_is_data(words: str) -> None:
    found = [Rise("service", words, 1, 3), Rise("type", "data", 0, 3), Rise("trigger", words, 2, 9)]

    text, blocks = trend_report(TrendReport(date(2026, 1, 1), found * 20), process=PROCESS)

    sent = accepted(text, blocks)
    assert_inert(sent)
    assert "What rose in the first quarter of 2026" in str(sent)
    assert "*of type Data*: 3 incidents, 0 in the quarter before" in str(sent)
    assert "at least twice as many" in str(sent)


def test_the_day_an_item_was_made_on_is_not_what_counts_but_how_long_it_is_open() -> None:
    old = _item(created_at=datetime(2026, 3, 9, 9, tzinfo=UTC) - timedelta(days=1, hours=3))

    assert "open for 1 day ·" in _text(_digest(oldest=[old]))
