"""Quiet by design: in its first minutes an incident costs its channel only a few messages of ours."""

from datetime import datetime, timedelta

from storage.tables import Incident
from workflows.happened import Happened

FIRST_MINUTES = timedelta(minutes=10)
MOST_POSTS = 3
"""At the channel's top level in the first minutes; updates are people's own words, and always have room."""


def has_room(incident: Incident, *, due_at: datetime) -> bool:
    """Whether a message that was due then, and can as well stand under the card, may stand by itself."""
    return not _is_early(incident, due_at) or incident.early_posts < MOST_POSTS


async def posted(it: Happened) -> None:
    """A message of ours is in the channel: count it, if it stands by itself and it is early."""
    if it.answer.get("top_level") and _is_early(it.incident, it.delivery.due_at):
        it.incident.early_posts += 1


def _is_early(incident: Incident, due_at: datetime) -> bool:
    return due_at - incident.declared_at <= FIRST_MINUTES
