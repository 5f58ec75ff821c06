"""Quiet by design: in its first minutes an incident costs its channel only a few messages of ours."""

from datetime import datetime, timedelta

from storage.tables import Incident
from workflows.happened import Happened

FIRST_MINUTES = timedelta(minutes=10)
MOST_POSTS = 3
"""At the channel's top level in the first minutes; updates are people's own words, and always have room."""


def has_room(incident: Incident, *, now: datetime) -> bool:
    """Whether a message that can as well stand under the card may stand by itself."""
    return now - incident.declared_at > FIRST_MINUTES or incident.early_posts < MOST_POSTS


async def posted(it: Happened) -> None:
    """A message of ours is in the channel: count it, if it stands by itself and it is early."""
    if it.answer.get("top_level") and it.now - it.incident.declared_at <= FIRST_MINUTES:
        it.incident.early_posts += 1
