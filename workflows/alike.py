"""Incidents that look alike: by what they touch, and by the words of their titles that few others have."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_visible_since
from storage.tables import Incident

MOST_COMPARED = 300
"""The newest: what a morning says is read while it is claimed, and must not take long."""
WORDS_NEEDED = 2
_WORD = re.compile(r"[^\W_]{3,}")
_COMMON_WORDS = """
and are but can cannot for from has have into its not now off our out some the that their then there they this was were
when with down error errors fail failed failing fails failure incident issue issues outage problem problems slow broken
user users customer customers server service
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that most titles could have."""


async def list_candidates(session: AsyncSession, *, since: datetime, viewer: str) -> Sequence[Incident]:
    """Incidents declared after that which this reader may see, newest first."""
    return await list_visible_since(session, viewer, since=since, limit=MOST_COMPARED)


def alike(incident: Incident, candidates: Sequence[Incident]) -> Sequence[Incident]:
    """Those that share a service, or two words that are rare among them; most alike first, then newest."""
    candidates = [one for one in candidates if one.number != incident.number]
    ours, services = _words(incident.title), _services(incident.services)
    used_in = Counter(word for one in candidates for word in _words(one.title))
    rare = {word for word in ours if used_in[word] <= max(3, len(candidates) // 5)}
    found = []
    for one in candidates:
        shared_words, shared_services = len(rare & _words(one.title)), len(services & _services(one.services))
        if shared_services or shared_words >= WORDS_NEEDED:
            found.append((-shared_services, -shared_words, -one.number, one))
    return [one for *_, one in sorted(found, key=lambda each: each[:3])]


def _words(title: str) -> set[str]:
    return {word for word in _WORD.findall(title.casefold()) if word not in _COMMON}


def _services(services: Iterable[str]) -> set[str]:
    return {service.strip().casefold() for service in services}
