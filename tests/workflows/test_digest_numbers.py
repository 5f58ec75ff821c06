from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from storage.digests import ItemDates, Load
from storage.insights import IncidentFacts
from storage.tables import ItemKind, ItemState
from tests.builders import NOON
from workflows.digest_numbers import Month, MonthNumbers, Rise, TeamLoad, by_team, month_numbers, rises

BERLIN = ZoneInfo("Europe/Berlin")
FEBRUARY = Month(date(2026, 2, 1), BERLIN)


def _at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def _item(
    created_at: datetime,
    due_on: date | None = None,
    *,
    kind: ItemKind = ItemKind.CODE,
    state: ItemState = ItemState.OPEN,
    done_at: datetime | None = None,
    verified_at: datetime | None = None,
) -> ItemDates:
    return ItemDates(kind, state, created_at, due_on, done_at, verified_at)


DONE, VERIFIED = ItemState.DONE, ItemState.VERIFIED
ITEMS = [
    # Made in January, due and done in February: in time, a day late, and after the month.
    _item(_at(1, 10), date(2026, 2, 6), state=VERIFIED, done_at=_at(2, 5), verified_at=_at(2, 9)),
    _item(_at(1, 20), date(2026, 2, 6), kind=ItemKind.TRAINING, state=DONE, done_at=_at(2, 7)),
    _item(_at(1, 20), date(2026, 2, 20), state=DONE, done_at=_at(3, 2)),
    # Due in February: never done, and not to be done.
    _item(_at(2, 2), date(2026, 2, 27), kind=ItemKind.MONITORING),
    _item(_at(2, 2), date(2026, 2, 27), state=ItemState.WONT_DO),
    # Done in February before it was due in March; verified, and made, in February.
    _item(_at(2, 3), date(2026, 3, 13), kind=ItemKind.TRAINING, state=DONE, done_at=_at(2, 13)),
    _item(_at(1, 2), date(2026, 1, 9), state=VERIFIED, done_at=_at(1, 8), verified_at=_at(2, 1, 0)),
    _item(_at(2, 28, 22), None),
    # On Berlin's clock this one is March's.
    _item(_at(2, 28, 23), date(2026, 3, 31)),
]


def test_the_figures_of_a_month_are_those_counted_by_hand() -> None:
    assert month_numbers(ITEMS, FEBRUARY, now=NOON) == MonthNumbers(
        made=4,
        done=3,
        verified=2,
        due=4,
        completion_rate=2 / 4,
        breach_rate=3 / 4,
        days_to_done=18.0,  # 26, 18 and 10 days
        open=3,
        days_open=3.6,  # 30, 3.58 and 3.54 days
        by_kind={ItemKind.CODE: (2, 1), ItemKind.MONITORING: (1, 0), ItemKind.TRAINING: (1, 2)},
    )


def test_a_month_without_anything_due_has_no_shares_and_none_done_no_age() -> None:
    numbers = month_numbers([], FEBRUARY, now=NOON)

    assert numbers.is_silent
    assert (numbers.completion_rate, numbers.breach_rate, numbers.days_to_done, numbers.days_open) == (None,) * 4


def test_who_is_done_in_the_last_hour_of_the_day_it_is_due_is_in_time() -> None:
    at_night = datetime(2026, 2, 6, 22, 59, tzinfo=UTC)

    def breach_rate(done_at: datetime) -> float | None:
        item = _item(_at(2, 1), date(2026, 2, 6), state=DONE, done_at=done_at)
        return month_numbers([item], FEBRUARY, now=NOON).breach_rate

    assert breach_rate(at_night) == 0
    assert breach_rate(at_night.replace(hour=23)) == 1


def test_a_month_begins_and_ends_on_the_clock_of_the_process() -> None:
    assert FEBRUARY.begins_at == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert FEBRUARY.ends_at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert (FEBRUARY.last, FEBRUARY.before.first) == (date(2026, 2, 28), date(2026, 1, 1))
    assert Month(date(2026, 12, 1), BERLIN).after.first == date(2027, 1, 1)


def _load(owner: str, *, overdue: int = 0, done: int = 0, open_: int = 1) -> Load:
    return Load(owner, open_, overdue, 0, done, 0)


def test_what_people_have_to_do_is_counted_once_by_their_first_team_in_the_order_of_the_settings() -> None:
    loads = [_load("UANN"), _load("UBO", overdue=1, done=2), _load("UCY", overdue=1), _load("UDEE", open_=0, done=1)]

    teams = by_team(loads, {"web": ["UANN", "UCY"], "data": ["UBO", "UANN"], "empty": ["UEVE"]})

    assert teams == [TeamLoad("web", 2, 1, 0), TeamLoad("data", 1, 1, 2), TeamLoad(None, 0, 0, 1)]


def test_teams_stand_in_the_same_order_whatever_their_figures() -> None:
    members = {"a": ["UANN"], "b": ["UBO"]}

    for late, punctual in [("UANN", "UBO"), ("UBO", "UANN")]:
        teams = by_team([_load(late, overdue=9), _load(punctual)], members)
        assert [team.key for team in teams] == ["a", "b"]


def _incidents(
    count: int, *services: str, sort: str = "service", trigger: str | None = None, month: int = 2
) -> list[IncidentFacts]:
    return [IncidentFacts(_at(month, 1 + n), False, "sev2", sort, list(services), None, trigger) for n in range(count)]


@pytest.mark.parametrize(
    ("before", "now", "rose"), [(0, 3, True), (1, 3, True), (3, 6, True), (4, 7, False), (0, 2, False), (5, 5, False)]
)
def test_a_service_has_risen_when_there_were_three_and_twice_as_many(before: int, now: int, rose: bool) -> None:
    others = _incidents(5, "search", sort="data")

    found = rises([*others, *_incidents(before, "checkout", sort="data")], [*others, *_incidents(now, "checkout")])

    assert [one for one in found if one.sort == "service"] == (
        [Rise("service", "checkout", before, now)] if rose else []
    )


def test_what_rises_is_found_however_it_is_written_and_once_an_incident() -> None:
    before = _incidents(1, "search", sort="data")
    now = [
        *_incidents(2, "Checkout", "checkout ", sort="data", trigger="A deploy"),
        *_incidents(1, "checkout", sort="data", trigger="a  deploy"),
    ]

    assert rises(before, now) == [
        Rise("service", "checkout", 0, 3),
        Rise("type", "data", 1, 3),
        Rise("trigger", "a deploy", 0, 3),
    ]


def test_nothing_rises_out_of_a_quarter_of_which_nothing_is_known() -> None:
    assert rises([], _incidents(9, "checkout")) == []
