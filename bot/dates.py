"""Days as people write them: “by friday”, “next tuesday”, “dec 5”, “in a fortnight”."""

from datetime import date


def parse_day(words: str, *, today: date) -> date | None:
    """The day somebody means by these words; None where they are no day, or not surely one."""
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        return None


def split_day(words: str, *, today: date) -> tuple[str, date | None]:
    """A sentence without the day at its end, and that day; the whole sentence and None where none is there."""
    rest, _, said = words.rpartition(" by ")
    day = parse_day(said, today=today) if rest else None
    return (rest, day) if day else (words, None)
