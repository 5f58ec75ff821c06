"""What an action item's fields may say. No I/O."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from storage.tables import Horizon, ItemKind

TITLE_LIMIT = 200
WORDS_LIMIT = 3000
"""As much as one section of a message holds."""
SHORT_LIMIT = 300
MOST_LINKS = 20
LINK_LIMIT = 2000
FARTHEST = timedelta(days=3660)
"""A due date later than that is a slip of the pen."""

FIELDS = (
    "title",
    "why",
    "due_on",
    "horizon",
    "aim",
    "kind",
    "proposal",
    "impact",
    "feasibility",
    "priority",
    "priority_reason",
    "links",
    "success_measure",
    "vendor_contact",
    "theme_id",
)
"""What people can change; whose it is, and its state, have their own ways."""

_LENGTHS = {
    "title": TITLE_LIMIT,
    "why": WORDS_LIMIT,
    "success_measure": WORDS_LIMIT,
    "vendor_contact": SHORT_LIMIT,
    "priority_reason": SHORT_LIMIT,
}
_HIGHEST = {"impact": 5, "feasibility": 5, "priority": 25}
_LINK = re.compile(r"https?://[^\s<>|]+")


def is_link(text: str) -> bool:
    """Whether this is the address of a page and nothing else."""
    return len(text) <= LINK_LIMIT and _LINK.fullmatch(text) is not None


def shown_by_link(kind: ItemKind) -> bool:
    """Whether work of this kind leaves a page behind, so that done needs its link."""
    return kind in (ItemKind.DOCUMENTATION, ItemKind.TRAINING)


def faults_in(values: Mapping[str, Any], said: Sequence[str], *, today: date) -> dict[str, str]:
    """What is wrong with these values, by field; only of those that were said on this day."""
    faults = {name: sentence for name in said if (sentence := _fault(name, values, today=today))}
    if values["horizon"] is Horizon.AFTER and values["due_on"] is None and {"due_on", "horizon"} & set(said):
        faults["due_on"] = "Say until when; only a task of the response needs no date."
    if values["priority"] and not values["priority_reason"] and {"priority", "priority_reason"} & set(said):
        faults["priority_reason"] = "Say why its rank is not what impact and feasibility make it."
    return faults


def _fault(name: str, values: Mapping[str, Any], *, today: date) -> str | None:
    value = values[name]
    if name == "title" and not value:
        return "Say in a few words what is to be done."
    if name in _LENGTHS and len(value or "") > _LENGTHS[name]:
        return f"That has {len(value)} characters, and {_LENGTHS[name]} fit; shorten it."
    if name == "due_on" and value is not None:
        return _wrong_day(value, today)
    if name in _HIGHEST and value is not None and not 1 <= value <= _HIGHEST[name]:
        return f"That is a number from 1 to {_HIGHEST[name]}."
    if name == "links":
        return _wrong_links(value)
    return None


def _wrong_day(day: date, today: date) -> str | None:
    if day < today:
        return "That day is past; choose today or a later one."
    if day - today > FARTHEST:
        return "That is more than ten years away; choose an earlier day."
    return None


def _wrong_links(links: Sequence[str]) -> str | None:
    if len(links) > MOST_LINKS:
        return f"That is {len(links)} links, and {MOST_LINKS} fit; leave some out."
    if not all(is_link(link) for link in links):
        return "One of these is no link; each begins with https:// and stands on a line of its own."
    return None
