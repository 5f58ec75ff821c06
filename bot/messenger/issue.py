"""An action item as a tracker outside gets it, and what a tracker says of it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.blocks.item_entries import day
from bot.messenger.roads import fingerprint, one_line
from storage.tables import ItemState
from storage.tables.columns import JsonObject
from workflows.masking import mask
from workflows.reminders import Standing

TITLE_LIMIT, NAME_LIMIT = 250, 100
"""GitHub takes titles of 256 characters."""
SKEW = timedelta(minutes=5)
_URL = re.compile(r"https?://[^\s<>|]{1,290}")
_WORD_LIMIT = 40
"""Characters of a state, or of how an issue is called there."""


@dataclass(frozen=True)
class Issue:
    """An action item in words that may leave the house."""

    key: str
    """Which one it is, the same at every attempt and of no other Sitrep."""
    ref: str
    title: str
    why: str
    owner: str
    """By name."""
    due_on: str | None
    state: ItemState
    incident: str
    """INC-3."""
    link: str | None
    """To the incident's channel."""
    at: str | None
    """How it is called there, once it is there."""
    call: str
    """Which call this is, the same at every attempt."""

    @property
    def is_open(self) -> bool:
        """Whether there is still work to do."""
        return self.state in (ItemState.OPEN, ItemState.IN_PROGRESS, ItemState.BLOCKED)

    @property
    def due(self) -> str:
        """The day it is due, as people read it."""
        return day(self.due_on) if self.due_on else "no date"


@dataclass(frozen=True)
class Tracked:
    """What a tracker says of an issue; nothing where it does not."""

    url: str | None
    ref: str | None
    state: str | None

    def to_json(self) -> JsonObject:
        """As an answer that is kept."""
        return {"url": self.url, "ref": self.ref, "state": self.state}


def issue_of(standing: Standing, *, team_url: str, call: str) -> Issue:
    """What a tracker gets of an item; raises ValueError for a standing that is a risk's."""
    item, incident = standing.item, standing.about.incident
    if item is None:
        raise ValueError("only an action item is put into a tracker")
    owner = standing.people.known.get(item.owner)
    return Issue(
        key=fingerprint(f"{item.number}/{item.created_at.isoformat()}"),
        ref=item.ref,
        title=one_line(mask(item.title), TITLE_LIMIT) or item.ref,
        why=mask(item.why),
        owner=one_line(owner.name, NAME_LIMIT) if owner else "somebody",
        due_on=item.due_on.isoformat() if item.due_on else None,
        state=item.state,
        incident=incident.ref,
        link=f"{team_url}archives/{incident.channel_id}" if incident.channel_id else None,
        at=item.tracker_ref,
        call=call,
    )


def read_tracked(answer: Any) -> Tracked:
    """What another program says of an issue, as far as it can be shown."""
    said = answer if isinstance(answer, dict) else {}
    url = said.get("url")
    return Tracked(
        url=url if isinstance(url, str) and _URL.fullmatch(url) else None,
        ref=_word(said.get("ref")),
        state=_word(said.get("state")),
    )


def _word(said: Any) -> str | None:
    return one_line(str(said), _WORD_LIMIT) or None if isinstance(said, (str, int)) else None


def looked_for_since(since: str) -> datetime:
    """From when on an earlier attempt may have made it: their clock and ours may differ."""
    return datetime.fromisoformat(since) - SKEW
