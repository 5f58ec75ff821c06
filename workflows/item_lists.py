"""Lists of action items, for somebody: only of incidents they may see."""

from dataclasses import dataclass
from enum import StrEnum


class ItemList(StrEnum):
    """Which items are listed."""

    HERE = "here"
    """Of one incident, whatever their state."""
    MINE = "mine"
    TEAM = "team"
    """Of the people the viewer shares a team of sitrep.toml with."""
    OVERDUE = "overdue"
    ASSIGNED = "assigned"
    """What the viewer gave to others."""
    OF = "of"
    """Somebody's."""
    ALL = "all"
    DONE = "done"
    """Lately."""
    THEME = "theme"


@dataclass(frozen=True)
class ListAsked:
    """A page of a list, and where it was asked for."""

    which: ItemList
    asked_in: str | None = None
    incident_id: int | None = None
    person: str | None = None
    theme_id: int | None = None
    page: int = 0
