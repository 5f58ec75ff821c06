"""What an entry of the timeline stands for, and the states it can be in."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from storage.tables import Incident, TimelineEntry

NOTE = "timeline"
ACTION = "action"
CONTAINMENT = "containment"
"""An action that keeps the harm from spreading."""
DECISION = "decision"
THEORY = "theory"
WORKAROUND = "workaround"
EVIDENCE = "evidence"
CONCERN = "concern"
"""What worries somebody, until it was addressed."""
QUESTION = "question"
FILE, ALERT, MEETING = "file", "alert", "meeting"

NO_MARKS = frozenset({QUESTION, FILE, ALERT, MEETING})
"""What no mark can be called: these say more than that somebody put a message there."""

ACTIONS = (ACTION, CONTAINMENT)

OPEN, CONFIRMED, RULED_OUT = "open", "confirmed", "ruled_out"
IN_PLACE, REPLACED = "in_place", "replaced"
NEW, REVIEWED = "new", "reviewed"
ADDRESSED = "addressed"
WORKED, NO_EFFECT, WORSE = "worked", "no_effect", "worse"

STATES: Mapping[str, tuple[str, ...]] = {
    THEORY: (OPEN, CONFIRMED, RULED_OUT),
    WORKAROUND: (IN_PLACE, REPLACED),
    EVIDENCE: (NEW, REVIEWED),
    FILE: (NEW, REVIEWED),
    CONCERN: (OPEN, ADDRESSED),
    **dict.fromkeys(ACTIONS, (WORKED, NO_EFFECT, WORSE)),
}
"""By category; of an action it is the result, which nobody may have said yet. Questions have their own ways."""

ON_CARD = (THEORY, WORKAROUND, QUESTION, CONCERN)
"""Categories whose open entries the card shows."""


def first_containment(entries: Iterable[TimelineEntry]) -> datetime | None:
    """When something was first done that contains the harm; None while nothing was."""
    return min((entry.happened_at for entry in entries if _contains(entry)), default=None)


def _contains(entry: TimelineEntry) -> bool:
    return entry.category == CONTAINMENT or CONTAINMENT in entry.data.get("why", ())


def time_to_containment(incident: Incident, entries: Iterable[TimelineEntry]) -> timedelta | None:
    """From when it was noticed to the first containment; nothing is contained in less than no time."""
    contained_at = first_containment(entries)
    if contained_at is None:
        return None
    return max(contained_at - (incident.detected_at or incident.declared_at), timedelta(0))


def unfounded(entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The theories that somebody holds, or has confirmed, without anything that shows them; in their order."""
    return [entry for entry in entries if entry.category == THEORY and has_no_evidence(entry)]


def has_no_evidence(entry: TimelineEntry) -> bool:
    """Whether nothing shows that it is so; a theory that was ruled out needs nothing."""
    return entry.state != RULED_OUT and not (entry.data.get("links") or entry.data.get("files"))
