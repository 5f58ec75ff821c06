"""Days as people write them: “by friday”, “next tuesday”, “dec 5”, “in a fortnight”."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LONGEST = 40
"""Characters; no day takes more, and nobody can make us look for long."""
RECENTLY = 30
"""Days: a day without a year that was so short ago is a slip, and not meant for next year."""
OTHER_LANGUAGES = ["de", "fr", "es", "it", "pt", "nl"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORTER_YET = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_WEEKDAY_NUMBERS = {name: n for names in (_WEEKDAYS, _SHORT) for n, name in enumerate(names)} | _SHORTER_YET
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FRIDAY = 4

_A_WEEKDAY = "(?P<weekday>" + "|".join(sorted(_WEEKDAY_NUMBERS, key=len, reverse=True)) + ")"
_ON_WEEKDAY = re.compile(rf"(?:(?P<which>this|next|coming) )?{_A_WEEKDAY}")
_IN_WEEK = re.compile(
    rf"{_A_WEEKDAY}(?: of)? (?P<which>this|next) week"
    rf"|(?P<which_>this|next) week(?: on)? {_A_WEEKDAY.replace('weekday', 'weekday_')}"
)
_END_OF_MONTH = re.compile(rf"end of (?P<month>{'|'.join(_MONTHS)})[a-z]*")
_ORDINAL = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)(?: of (?P<which>this|next) month)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(?P<first>\d{1,2})(?P<sign>[./-])(?P<second>\d{1,2})(?:(?P=sign)(?P<year>\d{4}|\d\d))?")
_DURATION = re.compile(r"(?:an?|\w+) (?:days?|weeks?|fortnights?|months?|years?)")
_HAS_YEAR = re.compile(r"\b\d{4}\b")
_TIME_OF_DAY = re.compile(
    r"[, ]+(?:at the latest|latest|please|(?:in the )?(?:morning|afternoon|evening)|(?:at )?noon|night"
    r"|eod|cob|end of day|(?:at |before )?\d{1,2}(?:[:.]\d\d)? ?[ap]m|(?:at )?\d{1,2}:\d\d|at \d{1,2})$"
)
_END_OF_DAY = re.compile(
    rf"^(?:eod|cob|end of(?: day)?)(?: on)? (?=(?:(?:this|next) )?{_A_WEEKDAY.replace('?P<weekday>', '?:')}$|tomorrow$)"
)
"""Before a day it says no more than the day does: “eod friday”."""
_BEFORE = re.compile(
    r"(?:^|[\s,;(–—-])"
    r"(?:due(?: (?:by|on|until))?:?|by|until|till|no later than|on(?!\s+\d+\.\d+$)|bis|avant|entro|hasta)\s+",
    re.IGNORECASE,
)
_UNMISTAKABLE = re.compile(
    rf"(?:(?:this|next) )?(?:{'|'.join(_WEEKDAYS)})|{_IN_WEEK.pattern}"
    r"|today|tonight|tomorrow|(?:the )?day after tomorrow|eod|eow|eom|cob"
    r"|(?:the )?end of (?:(?:the|this|next) )?(?:day|week|month|quarter|year)|next (?:week|month)"
    rf"|(?:in|within) {_DURATION.pattern}|\d{{4}}-\d\d-\d\d|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{2}}|\d{{4}})?"
    rf"|(?:{'|'.join(_MONTHS)})[a-z]* \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of)? (?:{'|'.join(_MONTHS)})[a-z]*(?: \d{{4}})?"
)
"""What is a day at the end of a sentence even where no “by” stands before it."""
_NO_DAY_AFTER = frozenset(
    [
        *(
            "about",
            "after",
            "at",
            "before",
            "between",
            "black",
            "during",
            "each",
            "every",
            "for",
            "from",
            "good",
            "last",
        ),
        *("and", "like", "next", "of", "on-call", "or", "past", "per", "since", "than", "the", "this", "to", "via"),
        "with",
    ]
)
"""After these words a day is part of what is to be done: “sum up what broke last friday”."""


@dataclass(frozen=True)
class SaidDay:
    """A day at the end of a sentence: the words before it, its own, and which day it is."""

    rest: str
    words: str
    day: date


def parse_day(words: str, *, today: date) -> date | None:
    """The day somebody means by these words; None where they are no day, or not surely one.

    A day that is over is given as it is: whether it may be is for the caller to say.
    """
    plain = _plain(words)
    if not plain or len(plain) > LONGEST:
        return None
    readings: tuple[Callable[[str, date], date | None], ...] = (_by_name, _by_weekday, _by_numbers, _by_library)
    return next((day for read in readings if (day := read(plain, today))), None)


def split_day(words: str, *, today: date) -> tuple[str, date | None]:
    """A sentence without the day at its end, and that day; the whole sentence and None where none is there."""
    said = find_day(words, today=today)
    return (said.rest, said.day) if said else (words.strip(), None)


def find_day(words: str, *, today: date) -> SaidDay | None:
    """The day at the end of a sentence: after “by”, “due”, “until” or “on”, or where words can mean nothing else."""
    return next(_after_by(words.strip(), today), None) or _at_the_end(words.strip(), today)


def other_reading(words: str, *, today: date) -> date | None:
    """The other day that “1/12” could be, where people write the month first."""
    found = _NUMBERS.fullmatch(_plain(words))
    if found is None or found["sign"] == "." or found["first"] == found["second"]:
        return None
    if int(found["first"]) > 12 or int(found["second"]) > 12:
        return None
    return _numbered(int(found["second"]), int(found["first"]), found["year"], today)


def _after_by(words: str, today: date) -> Iterator[SaidDay]:
    for found in _BEFORE.finditer(words, max(0, len(words) - LONGEST - 20)):
        said = words[found.end() :]
        if day := parse_day(said, today=today):
            yield SaidDay(_without_end(words[: found.start()]), said, day)


def _at_the_end(words: str, today: date) -> SaidDay | None:
    parts = words.split()
    for count in range(min(5, len(parts)), 0, -1):
        said = " ".join(parts[-count:])
        if not _UNMISTAKABLE.fullmatch(_plain(said, keep_stop=True)) or not (day := parse_day(said, today=today)):
            continue
        if count < len(parts) and parts[-count - 1].lower() in _NO_DAY_AFTER:
            return None
        return SaidDay(_without_end(" ".join(parts[:-count])), said, day)
    return None


def _without_end(words: str) -> str:
    """A sentence without the comma, dash or bracket that led over to its day."""
    return words.rstrip(" ,;:(–—-")


def _plain(words: str, *, keep_stop: bool = False) -> str:
    plain = " ".join(words.lower().replace("’", "'").split()).rstrip(" ,;:!?)").lstrip("(")
    plain = _TIME_OF_DAY.sub("", plain).removeprefix("the ").removeprefix("on ")
    plain = _END_OF_DAY.sub("", plain)
    return plain if keep_stop else plain.rstrip(".")


def _by_name(words: str, today: date) -> date | None:
    """Days and the ends of weeks, months, quarters and years, which have names."""
    name = re.sub(r"^end of (?:the |this )?", "end of ", words)
    if name in ("today", "tonight", "end of day", "eod", "cob"):
        return today
    if name in ("this week", "end of week", "eow"):
        return _next(_FRIDAY, today)
    if name in ("next week", "end of next week"):
        return _in_week(_FRIDAY, today, weeks=1)
    if found := _END_OF_MONTH.fullmatch(name):
        return _end_of_month(today, (_MONTHS.index(found["month"]) + 1 - today.month) % 12)
    ahead = {
        "this month": 0,
        "end of month": 0,
        "eom": 0,
        "next month": 1,
        "end of next month": 1,
        "end of quarter": -today.month % 3,
        "eoq": -today.month % 3,
        "end of year": 12 - today.month,
        "eoy": 12 - today.month,
    }.get(name)
    return None if ahead is None else _end_of_month(today, ahead)


def _by_weekday(words: str, today: date) -> date | None:
    """“friday” is the next one to come, “this friday” may be today, “next friday” is next week's."""
    if found := _IN_WEEK.fullmatch(words):
        weekday = _WEEKDAY_NUMBERS[found["weekday"] or found["weekday_"]]
        return _in_week(weekday, today, weeks=int((found["which"] or found["which_"]) == "next"))
    found = _ON_WEEKDAY.fullmatch(words)
    if found is None:
        return None
    weekday = _WEEKDAY_NUMBERS[found["weekday"]]
    if found["which"] == "next":
        return _in_week(weekday, today, weeks=1)
    return _next(weekday, today if found["which"] == "this" else today + timedelta(days=1))


def _by_numbers(words: str, today: date) -> date | None:
    """“2026-12-05”, “5.12.”, “5/12/26”, “5th”; the day comes first, unless only the other way round it is a day."""
    if found := _ISO.fullmatch(words):
        return _day(*map(int, found.groups()))
    if found := _ORDINAL.fullmatch(words):
        return _ordinal(int(found["day"]), found["which"], today)
    found = _NUMBERS.fullmatch(words)
    if found is None:
        return None
    first, second = int(found["first"]), int(found["second"])
    day = _numbered(first, second, found["year"], today)
    return day or (None if found["sign"] == "." else _numbered(second, first, found["year"], today))


def _numbered(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return next((one for n in range(9) if (one := _day(today.year + n, month, day)) and _is_to_come(one, today)), None)


def _is_to_come(day: date, today: date) -> bool:
    return day >= today - timedelta(days=RECENTLY)


def _ordinal(number: int, which: str | None, today: date) -> date | None:
    """That day of this month or, where it is over, of the next that has one."""
    first = today.replace(day=1)
    months = [_end_of_month(first, n) for n in range(int(which == "next"), 1 if which == "this" else 3)]
    days = (_day(month.year, month.month, number) for month in months)
    return next((day for day in days if day and day >= today), None)


def _by_library(words: str, today: date) -> date | None:
    """What else people say, in English or, where that is none, in another language."""
    if not re.search(r"[^\W\d_]{3}|^in ", words) or words == "now" or _DURATION.fullmatch(words):
        return None  # “extend the lease by 30 days” says how much, and not when
    words = words.replace("within ", "in ", 1)
    day = _read(words, today, ["en"]) or _read(words, today, OTHER_LANGUAGES)
    if day is None and words.isalpha():
        day = _read(words, today, OTHER_LANGUAGES, only_day=True)  # a day of the week
    return _not_next_year(day, words, today) if day else None


def _read(words: str, today: date, languages: list[str], *, only_day: bool = False) -> date | None:
    from dateparser.date import DateDataParser  # it takes long to load, and most never say a day in words

    noon = datetime.combine(today, time(12))
    settings = {
        "PREFER_DATES_FROM": "future",
        "RELATIVE_BASE": noon,
        "DATE_ORDER": "DMY",
        "RETURN_AS_TIMEZONE_AWARE": False,
        "REQUIRE_PARTS": [] if only_day else ["day", "month"],
    }
    try:
        found = DateDataParser(languages=languages, settings=settings).get_date_data(words)
    except (ValueError, OverflowError):
        return None
    at: datetime | None = found.date_obj
    if at is None or at.time() not in (time(), noon.time()) or (only_day and found.period != "day"):
        return None  # hours and minutes are no days
    return at.date()


def _not_next_year(day: date, words: str, today: date) -> date:
    """The library looks ahead only: on 4 March “3 march” is yesterday, and not in a year."""
    before = _day(day.year - 1, day.month, day.day)
    has_year = _HAS_YEAR.search(words) or not re.search(r"\d", words)
    return before if before and not has_year and _is_to_come(before, today) else day


def _next(weekday: int, first: date) -> date:
    """The first such day from this one on."""
    return first + timedelta(days=(weekday - first.weekday()) % 7)


def _in_week(weekday: int, today: date, *, weeks: int) -> date:
    """That day of this week, or of one to come; weeks begin on Monday."""
    return today + timedelta(days=weekday - today.weekday(), weeks=weeks)


def _end_of_month(today: date, ahead: int) -> date:
    """The last day of this month, or of one to come."""
    month = today.year * 12 + today.month + ahead
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
