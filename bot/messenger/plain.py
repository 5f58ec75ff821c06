"""Notices for readers outside Slack: people by name."""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.messenger.work import CannotWork, Work
from workflows.notices import Notice

_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")


def notice_of(work: Work) -> Notice:
    """The notice of a delivery, with people by name.

    Raises CannotWork where the incident is private and nobody who may see it is known to read at the other end.
    """
    reader = work.payload.get("reader")
    if work.incident.private and (reader is None or not work.about.visible_to(reader)):
        raise CannotWork("private")
    return in_plain_words(Notice.from_json(work.payload["notice"]))


def in_plain_words(notice: Notice) -> Notice:
    """The same notice with names where its words have `{@U1}`."""
    names = notice.names
    return replace(
        notice,
        headline=_named(notice.headline, names),
        facts=tuple(_named(fact, names) for fact in notice.facts),
        parts=tuple(replace(part, text=_named(part.text, names)) for part in notice.parts),
        next=_named(notice.next, names),
    )


def _named(text: str, names: Mapping[str, str]) -> str:
    return _PERSON.sub(lambda match: names.get(match.group(1), "somebody"), text)
