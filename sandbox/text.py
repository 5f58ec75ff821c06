"""Slack's message markup as a particular reader sees it (protocol: "Message formatting (mrkdwn) and escaping")."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

# The three entities, unescaped in the order the protocol gives.
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_CODE = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_SEQUENCE = re.compile(r"<([^<>\n]+)>")
_QUOTE = re.compile(r"^(?:>|&gt;) ?", re.MULTILINE)
_WHOLE = r"`[^`\n]+`|<[^<>\n]+>"  # what is one thing within styled words
_WORD = r"[^\W_]"


def _styled(name: str, mark: str) -> str:
    """Words between two of the mark, which stand at the edges of words and take nothing of another line."""
    inner = rf"{_WHOLE}|(?!{_WHOLE})[^{mark}\n]|(?<={_WORD}){mark}(?={_WORD})"
    return rf"(?<!{_WORD})(?<!{mark}){mark}(?=\S)(?P<{name}>(?:{inner})+?)(?<=\S){mark}(?!{_WORD}|{mark})"


STYLES = ("bold", "italic", "strike")
# In this order: whatever begins first in a line is read first, and nothing within code, links and emoji is a style.
_INLINE = re.compile(
    "|".join(
        [
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<sequence>[^<>\n]+)>",
            _styled("bold", r"\*"),
            _styled("italic", "_"),
            _styled("strike", "~"),
            r"(?P<url>(?<!\w)https?://[^\s<>|`]*[^\s<>|`.,;:!?'\")\]*_~])",
            r":(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):",
        ]
    )
)
_TIMESTAMP = re.compile(r"[0-9]{1,11}")  # up to the year 5138
_DATE_TOKEN = re.compile(r"\{(\w+)\}", re.ASCII)


def _unknown(_: str) -> str | None:
    return None


@dataclass(frozen=True)
class Reader:
    """Whose eyes we look through: the names they may know, their zone, and the moment."""

    zone: ZoneInfo
    now: datetime
    user_name: Callable[[str], str | None] = _unknown
    channel_name: Callable[[str], str | None] = _unknown
    group_name: Callable[[str], str | None] = _unknown


def read_mrkdwn(text: str, reader: Reader) -> str:
    """The words a reader sees where an app or a person wrote mrkdwn."""
    return "".join(
        _read_code(part, reader) if is_code else _read_inline(_QUOTE.sub("", part), reader)
        for is_code, part in fenced(text)
    )


def fenced(text: str) -> Iterator[tuple[bool, str]]:
    """What stands between ``` as (True, code), and what is around it as (False, prose)."""
    end = 0
    for code in _CODE.finditer(text):
        if code[1] is None:
            continue  # code within a line is part of it
        yield False, text[end : code.start()]
        yield True, code[1].strip("\n")
        end = code.end()
    yield False, text[end:]


def inline(text: str) -> Iterator[tuple[str, str]]:
    """What prose consists of: ("text", …), a style of STYLES with what is in it, "code", "sequence", "url", "emoji"."""
    end = 0
    for found in _INLINE.finditer(text):
        if found.start() > end:
            yield "text", text[end : found.start()]
        kind = str(found.lastgroup)
        yield kind, found[kind]
        end = found.end()
    if end < len(text):
        yield "text", text[end:]


def unescape(text: str) -> str:
    """Entities as the characters they stand for."""
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def escape(text: str) -> str:
    """Text as Slack stores what someone typed: the three characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_date(timestamp: int, form: str, fallback: str, reader: Reader) -> str:
    """A date token string in the reader's zone; the fallback where a token is not one of Slack's."""
    moment = datetime.fromtimestamp(timestamp, UTC).astimezone(reader.zone)
    if any(token not in _DATE_FORMS for token in _DATE_TOKEN.findall(form)):
        return fallback
    return _DATE_TOKEN.sub(lambda token: _DATE_FORMS[token[1]](moment, reader), form)


def _read_inline(text: str, reader: Reader) -> str:
    return "".join(_read_piece(kind, piece, reader) for kind, piece in inline(text))


def _read_piece(kind: str, piece: str, reader: Reader) -> str:
    if kind in STYLES:
        return _read_inline(piece, reader)
    if kind == "code":
        return _read_code(piece, reader)
    if kind == "sequence":
        return _read_sequence(piece, reader)
    return f":{piece}:" if kind == "emoji" else unescape(piece)


def _read_code(text: str, reader: Reader) -> str:
    """Code as it stands; only what is in angle brackets is a link or a name in it, too."""
    pieces = _SEQUENCE.split(text)
    return "".join(_read_sequence(piece, reader) if i % 2 else unescape(piece) for i, piece in enumerate(pieces))


def _read_sequence(inner: str, reader: Reader) -> str:
    target, _, label = inner.partition("|")
    label = unescape(label)
    if target.startswith("@"):
        return "@" + (reader.user_name(target[1:]) or label or target[1:])
    if target.startswith("#"):
        name = reader.channel_name(target[1:]) or label
        return f"#{name}" if name else "private channel"
    if target.startswith("!"):
        return _read_special(target[1:], label, reader)
    return label or unescape(target).removeprefix("mailto:")


def _read_special(target: str, label: str, reader: Reader) -> str:
    if target.startswith("subteam^"):
        return "@" + (reader.group_name(target.removeprefix("subteam^")) or label.removeprefix("@") or "group")
    if target.startswith("date^"):
        _, timestamp, form, *_ = [*target.split("^"), "", ""]
        return read_date(int(timestamp), unescape(form), label, reader) if _TIMESTAMP.fullmatch(timestamp) else label
    return f"@{target}"


def _ordinal(day: int) -> str:
    if day in (11, 12, 13):
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def _year(moment: datetime, reader: Reader) -> str:
    return "" if moment.year == reader.now.astimezone(reader.zone).year else f", {moment.year}"


def _date(moment: datetime, reader: Reader) -> str:
    return f"{moment:%B} {_ordinal(moment.day)}{_year(moment, reader)}"


def _short(moment: datetime, reader: Reader) -> str:
    return f"{moment:%b} {moment.day}{_year(moment, reader)}"


def _long(moment: datetime, reader: Reader) -> str:
    return f"{moment:%A}, {_date(moment, reader)}"


def _time(moment: datetime, reader: Reader) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M} {moment:%p}"


def _time_with_seconds(moment: datetime, reader: Reader) -> str:
    return f"{moment.hour % 12 or 12}:{moment:%M:%S} {moment:%p}"


def _ago(moment: datetime, reader: Reader) -> str:
    seconds = round((reader.now - moment).total_seconds())
    size, unit = next(
        (s, u) for s, u in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")) if _fits(seconds, s)
    )
    number = abs(seconds) // size
    words = f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def _fits(seconds: int, size: int) -> bool:
    return abs(seconds) >= size or size == 1


DateForm = Callable[[datetime, Reader], str]


def _pretty(form: DateForm) -> DateForm:
    def near_days_by_name(moment: datetime, reader: Reader) -> str:
        days = (moment.date() - reader.now.astimezone(reader.zone).date()).days
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days) or form(moment, reader)

    return near_days_by_name


_DATE_FORMS: dict[str, DateForm] = {
    "date_num": lambda moment, _: f"{moment:%Y-%m-%d}",
    "date_slash": lambda moment, _: f"{moment:%m/%d/%Y}",
    "date": _date,
    "date_short": _short,
    "date_long": _long,
    "date_long_full": _long,
    "date_pretty": _pretty(_date),
    "date_short_pretty": _pretty(_short),
    "date_long_pretty": _pretty(_long),
    "day_divider_pretty": _pretty(_long),
    "time": _time,
    "time_secs": _time_with_seconds,
    "ago": _ago,
}
