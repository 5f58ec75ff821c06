"""Days in plain words, said on a Wednesday."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import find_day, other_reading, parse_day, split_day

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-03-04"),
        ("tonight", "2026-03-04"),
        ("EOD", "2026-03-04"),
        ("end of the day", "2026-03-04"),
        ("tomorrow", "2026-03-05"),
        ("tomorrow noon", "2026-03-05"),
        ("tomorrow morning", "2026-03-05"),
        ("the day after tomorrow", "2026-03-06"),
        ("friday", "2026-03-06"),
        ("Fri", "2026-03-06"),
        ("thurs", "2026-03-05"),
        ("friday 5pm", "2026-03-06"),
        ("friday at 17:00", "2026-03-06"),
        ("friday at the latest", "2026-03-06"),
        ("wednesday", "2026-03-11"),
        ("this wednesday", "2026-03-04"),
        ("this friday", "2026-03-06"),
        ("coming friday", "2026-03-06"),
        ("next friday", "2026-03-13"),
        ("next monday", "2026-03-09"),
        ("friday next week", "2026-03-13"),
        ("next week tuesday", "2026-03-10"),
        ("tuesday this week", "2026-03-03"),
        ("this week", "2026-03-06"),
        ("end of week", "2026-03-06"),
        ("the end of the week", "2026-03-06"),
        ("eow", "2026-03-06"),
        ("next week", "2026-03-13"),
        ("end of next week", "2026-03-13"),
        ("end of month", "2026-03-31"),
        ("end of the month", "2026-03-31"),
        ("eom", "2026-03-31"),
        ("next month", "2026-04-30"),
        ("end of april", "2026-04-30"),
        ("end of feb", "2027-02-28"),
        ("end of quarter", "2026-03-31"),
        ("end of year", "2026-12-31"),
        ("in a week", "2026-03-11"),
        ("in 3 days", "2026-03-07"),
        ("within 3 days", "2026-03-07"),
        ("in two weeks", "2026-03-18"),
        ("in a fortnight", "2026-03-18"),
        ("in a month", "2026-04-04"),
        ("2 weeks from now", "2026-03-18"),
        ("5th", "2026-03-05"),
        ("the 5th", "2026-03-05"),
        ("3rd", "2026-04-03"),
        ("31st", "2026-03-31"),
        ("1st of next month", "2026-04-01"),
        ("eod friday", "2026-03-06"),
        ("end of day tomorrow", "2026-03-05"),
        ("friday at 5", "2026-03-06"),
        ("2026-04-01", "2026-04-01"),
        ("2026/4/1", "2026-04-01"),
        ("12.12.", "2026-12-12"),
        ("5.12.26", "2026-12-05"),
        ("05.12.2026", "2026-12-05"),
        ("1/12", "2026-12-01"),
        ("12/25", "2026-12-25"),
        ("5-6-2026", "2026-06-05"),
        ("1.1.", "2027-01-01"),
        ("29.2.", "2028-02-29"),
        ("dec 5", "2026-12-05"),
        ("Dec 5th", "2026-12-05"),
        ("5 dec", "2026-12-05"),
        ("the 5th of december", "2026-12-05"),
        ("december 5, 2027", "2027-12-05"),
        ("fri 13 mar", "2026-03-13"),
        ("jan 2", "2027-01-02"),
        ("morgen", "2026-03-05"),
        ("freitag", "2026-03-06"),
        ("vendredi", "2026-03-06"),
        ("in 3 tagen", "2026-03-07"),
        ("5. märz", "2026-03-05"),
        ("mañana", "2026-03-05"),
        # What is over is read as well, so that it can be refused rather than be overlooked.
        ("yesterday", "2026-03-03"),
        ("3 march", "2026-03-03"),
        ("1.3.", "2026-03-01"),
        ("2025-12-24", "2025-12-24"),
        ("dec 24 2025", "2025-12-24"),
    ],
)
def test_a_day_in_plain_words(words: str, day: str) -> None:
    assert parse_day(words, today=WEDNESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words",
    [
        *("", " ", "now", "a", "in", "hand", "the database team", "may service", "may", "march", "sunshine", "friends"),
        *("10", "2", "3 days", "two weeks", "30 days", "2 hours", "in 2 hours", "in 5 minutes", "noon", "utc", "v2"),
        *("feb 30", "31.4.", "13/13", "32nd", "2026-02-30", "0.5", "4.2.1", "default", "the book", "friday's release"),
        *("in 99999999999 years", "9" * 39, "x" * 41, "second", "month", "the sum", "mars"),
    ],
)
def test_words_that_are_no_day(words: str) -> None:
    assert parse_day(words, today=WEDNESDAY) is None


@pytest.mark.parametrize(
    ("words", "rest", "day"),
    [
        ("alert on refused cards by friday", "alert on refused cards", "2026-03-06"),
        ("alert on refused cards, due next friday.", "alert on refused cards", "2026-03-13"),
        ("alert on refused cards (by friday)", "alert on refused cards", "2026-03-06"),
        ("rotate the keys until dec 5", "rotate the keys", "2026-12-05"),
        ("rotate the keys due on 2026-04-01", "rotate the keys", "2026-04-01"),
        ("rotate the keys due: friday", "rotate the keys", "2026-03-06"),
        ("rotate the keys by the end of next week", "rotate the keys", "2026-03-13"),
        ("rotate the keys by 12.12", "rotate the keys", "2026-12-12"),
        ("rotate the keys no later than friday", "rotate the keys", "2026-03-06"),
        ("rotate the keys by hand by friday", "rotate the keys by hand", "2026-03-06"),
        ("rotate the keys tomorrow", "rotate the keys", "2026-03-05"),
        ("rotate the keys – tomorrow!", "rotate the keys", "2026-03-05"),
        ("rotate the keys in 2 weeks", "rotate the keys", "2026-03-18"),
        ("rotate the keys next week", "rotate the keys", "2026-03-13"),
        ("rotate the keys friday next week", "rotate the keys", "2026-03-13"),
        ("rotate the keys 12.12.", "rotate the keys", "2026-12-12"),
        ("rotate the keys dec 5", "rotate the keys", "2026-12-05"),
        ("rotate the keys friday", "rotate the keys", "2026-03-06"),
        ("rotate the keys by eod friday", "rotate the keys", "2026-03-06"),
        ("rotate the keys by friday at 5", "rotate the keys", "2026-03-06"),
        ("Schlüssel tauschen bis freitag", "Schlüssel tauschen", "2026-03-06"),
        ("by friday", "", "2026-03-06"),
        ("tomorrow", "", "2026-03-05"),
        ("rotate the keys by yesterday", "rotate the keys", "2026-03-03"),
    ],
)
def test_the_day_at_the_end_of_a_sentence_is_taken_out_of_it(words: str, rest: str, day: str) -> None:
    assert split_day(words, today=WEDNESDAY) == (rest, date.fromisoformat(day))


@pytest.mark.parametrize(
    "words",
    [
        "have the schema checked by the database team",
        "restart may service",
        "rotate the keys by hand",
        "put somebody on call",
        "extend the lease by 30 days",
        "cut latency by 2",
        "sum up what broke last friday",
        "say what happened since yesterday",
        "explain what happened yesterday",
        "prepare for Black Friday",
        "read the logs from friday",
        "upgrade to 4.2",
        "run on 22.04",
        "fix node 1/12",
        "back up every sunday",
        "rotate the keys by friday or monday",
        "stop the job that runs in 5 minutes",
        "by friday restart the cache and look",
        "ship by sometime soon",
        "ask the march team",
        "page 10",
        "keep logs until they are read",
    ],
)
def test_words_that_only_look_like_a_day_stay_in_the_sentence(words: str) -> None:
    assert split_day(words, today=WEDNESDAY) == (words, None)


def test_a_weekday_said_on_that_day_is_next_weeks() -> None:
    friday = date(2026, 3, 6)

    assert parse_day("friday", today=friday) == date(2026, 3, 13)
    assert parse_day("this friday", today=friday) == friday
    assert parse_day("end of week", today=friday) == friday
    assert parse_day("end of week", today=date(2026, 3, 7)) == date(2026, 3, 13)


def test_a_day_without_a_year_is_this_years_next_one() -> None:
    assert parse_day("dec 30", today=date(2026, 12, 31)) == date(2026, 12, 30)
    assert parse_day("jan 2", today=date(2026, 12, 31)) == date(2027, 1, 2)
    assert parse_day("31st", today=date(2026, 4, 1)) == date(2026, 5, 31)


def test_numbers_that_have_two_readings_are_known() -> None:
    assert other_reading("1/12", today=WEDNESDAY) == date(2027, 1, 12)
    assert other_reading("12/25", today=WEDNESDAY) is None
    assert other_reading("3/3", today=WEDNESDAY) is None
    assert other_reading("1.12.", today=WEDNESDAY) is None


def test_the_words_of_the_day_are_kept() -> None:
    said = find_day("rotate the keys by 1/12", today=WEDNESDAY)

    assert said is not None
    assert (said.rest, said.words) == ("rotate the keys", "1/12")


@given(st.text(max_size=60), st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_whatever_is_typed_something_is_read_and_nothing_breaks(words: str, today: date) -> None:
    rest, day = split_day(words, today=today)

    assert day is not None or rest == words.strip()


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 300))
def test_a_written_date_is_read_as_that_date(today: date, days: int) -> None:
    day = today + timedelta(days=days)

    for form in (f"{day}", f"{day:%-d %B %Y}", f"{day:%B %-d, %Y}", f"{day:%-d.%-m.%Y}", f"{day:%-d %b}"):
        assert split_day(f"rotate the keys by {form}", today=today) == ("rotate the keys", day)
