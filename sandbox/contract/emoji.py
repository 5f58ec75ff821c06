"""The names of emoji (emoji.json)."""

import re
from functools import cache

from sandbox.contract.facts import facts

_TONE = re.compile(r"::skin-tone-[2-6]$")


def is_emoji(name: str) -> bool:
    """Whether every workspace has an emoji of this name; `wave::skin-tone-3` is one in another tone."""
    return _TONE.sub("", name) in _names()


@cache
def _names() -> frozenset[str]:
    categories: dict[str, list[list[str]]] = facts("emoji.json")["categories"]
    return frozenset(name for rows in categories.values() for _, *names in rows for name in names)
