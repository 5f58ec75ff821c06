"""Text for Slack: escaping, limits, mentions and dates; the only code that knows Slack's markup.

Sources: Slack's "Formatting message text" and its Block Kit reference.
"""

import re
from datetime import UTC, datetime

SECTION_LIMIT = 3000
HEADER_LIMIT = 150
PLAIN_TEXT_LIMIT = 75
"""Buttons, options and their descriptions."""
MODAL_TITLE_LIMIT = 24
MESSAGE_LIMIT = 4000
TOPIC_LIMIT = 250

DAY_AND_TIME = "{date_short_pretty} {time}"
"""For `moment`: today, yesterday or a date, and the time."""

_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")
_MOMENT = re.compile(r"\{at ([0-9]{10})\}")
_CUT_INSIDE = re.compile(r"(&[a-z]{0,3}|<[^>]*)$")
_TYPED = re.compile(r"<([@#!])?([^<>|]+)(?:\|([^<>]*))?>")


def escape(text: str) -> str:
    """What people typed, so that it is read as typed: no mention, no link, no markup of Slack's own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def prose(text: str) -> str:
    """Escaped text in which `{@U1}`, our own word for somebody, is a mention, and `{at 1772625600}` a moment."""
    return _MOMENT.sub(_moment, _PERSON.sub(r"<@\1>", escape(text)))


def _moment(match: re.Match[str]) -> str:
    return moment(datetime.fromtimestamp(int(match.group(1)), UTC), form=DAY_AND_TIME)


def plain_moments(text: str) -> str:
    """The same for places that show no markup: moments in UTC."""
    return _MOMENT.sub(lambda match: f"{datetime.fromtimestamp(int(match.group(1)), UTC):%H:%M} UTC", text)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of text for Slack, cut before an entity or a mention rather than inside it."""
    if len(text) <= limit:
        return text
    return _CUT_INSIDE.sub("", text[: limit - 1]).rstrip() + "…"


def mention(user_id: str) -> str:
    """Somebody, by name and notified."""
    return f"<@{user_id}>"


def channel_link(channel_id: str) -> str:
    """A channel, as a link that shows its name to those who may see it."""
    return f"<#{channel_id}>"


def moment(at: datetime, *, form: str = "{time}") -> str:
    """A time on the reader's own clock; `form` is made of Slack's date tokens."""
    return f"<!date^{int(at.timestamp())}^{form}|{at:%Y-%m-%d %H:%M} UTC>"


def typed(text: str) -> str:
    """What somebody typed after a command, with Slack's escapes undone and people as `{@U1}`.

    A channel or group is kept by its name, a link by its address.
    """
    plain = _TYPED.sub(_typed_part, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _typed_part(match: re.Match[str]) -> str:
    sort, target, label = match.groups()
    match sort:
        case "@":
            return f"{{@{target}}}"
        case "#":
            return f"#{label or target}"
        case "!":
            return f"@{(label or target.split('^')[0]).lstrip('@')}"
        case _:
            return str(target)


def mentioned(text: str) -> str | None:
    """The first person named in text that `typed` has read."""
    found = _PERSON.search(text)
    return found.group(1) if found else None


def plural(count: int, noun: str) -> str:
    """“1 incident”, “2 incidents”."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def quoted(text: str) -> str:
    """Text for Slack as a quotation, line by line."""
    return "\n".join(f"> {line}" for line in text.splitlines())
