"""Trackers outside: action items put there, followed, and looked at."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
from pydantic import SecretStr

from bot.messenger.github import GitHub
from bot.messenger.issue import Issue, Tracked, issue_of, looked_for_since
from bot.messenger.roads import NEXT_TURN, Busy, NotYet, Refused, fingerprint
from bot.messenger.tracker_webhook import TrackerWebhook
from bot.messenger.work import Work
from storage.tables.columns import JsonObject
from workflows.process_parts import Tracker
from workflows.reminders import Standing
from workflows.trackers import CREATE

AT_ONCE = 4
"""Calls of one tracker under way at the same time: one that hangs keeps few places from everything else."""
APART = timedelta(seconds=0.5)
"""Between the turns of those that find no place: a crowd that is turned away asks for it one by one."""
LOOKS_AT_ONCE = 2
"""Looks under way at the same time, at all trackers: they and everybody's mornings share the few places of what is
patient (`bot.messenger.pace`)."""
LOOKS_APART = timedelta(seconds=2)
REST = timedelta(seconds=5)
"""A tracker that could not be reached for one item is left alone for so long with the others too."""


class Outside(Protocol):
    """One tracker; each call raises NotYet or Refused."""

    async def create(self, issue: Issue, *, made_since: datetime | None, now: datetime) -> Tracked:
        """Make an issue once; `made_since` where an earlier attempt may have made it."""
        ...

    async def follow(self, issue: Issue, *, now: datetime) -> Tracked:
        """Close or reopen it, as the item is."""
        ...

    async def look(self, issue: Issue, *, now: datetime) -> Tracked:
        """How it stands."""
        ...

    async def knock(self, *, now: datetime) -> str:
        """Whether it can be used, without using it; where it is."""
        ...


KINDS: Mapping[str, Callable[[aiohttp.ClientSession, str, Tracker, SecretStr], Outside]] = {
    "github": GitHub,
    "webhook": TrackerWebhook,
}


class Room:
    """So many places; who finds none is given a turn, each another."""

    def __init__(self, places: int, *, apart: timedelta) -> None:
        self._free = places
        self._apart = apart
        self._last_turn_at: datetime | None = None

    @contextmanager
    def place(self, *, now: datetime) -> Iterator[None]:
        """A place for as long as it is used. Raises Busy."""
        if not self._free:
            raise Busy(self._next_turn(now) - now)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    def _next_turn(self, now: datetime) -> datetime:
        first = now + NEXT_TURN
        turn_at = max(first, self._last_turn_at + self._apart) if self._last_turn_at else first
        self._last_turn_at = turn_at
        return turn_at


class Trackers:
    """The trackers of sitrep.toml, each with its own secret, and what they can take just now."""

    def __init__(
        self, session: aiohttp.ClientSession, trackers: Mapping[str, Tracker], secrets: Mapping[str, SecretStr]
    ) -> None:
        self._all: Mapping[str, Outside] = {
            key: KINDS[tracker.kind](session, key, tracker, secrets[key]) for key, tracker in trackers.items()
        }
        self._rooms = {key: Room(AT_ONCE, apart=APART) for key in trackers}
        self._looks = Room(LOOKS_AT_ONCE, apart=LOOKS_APART)
        self._resting: dict[str, datetime] = {}

    @asynccontextmanager
    async def using(self, key: str, *, now: Callable[[], datetime], look: bool = False) -> AsyncIterator[Outside]:
        """A tracker, while it can take another call. Raises Refused, NotYet and Busy."""
        if key not in self._all:
            raise Refused(f"the tracker {key} is not in sitrep.toml any more", "Put it back, then try again.")
        rests = self._resting.get(key, now()) - now()
        if rests > timedelta():
            raise NotYet(f"the tracker {key} could not be reached a moment ago", wait=rests)
        room = self._looks if look else self._rooms[key]
        with room.place(now=now()):
            try:
                yield self._all[key]
            except NotYet as fault:
                self._resting[key] = now() + max(fault.wait, REST)
                raise


async def track(work: Work) -> JsonObject:
    """Put an action item into its tracker, or have its issue follow it; nothing of a private incident."""
    standing, payload = _standing(work), work.payload
    if not _may_leave(standing, payload["tracker"]):
        return {}
    issue = await _issue(work, standing)
    since = looked_for_since(payload["since"]) if work.claim.look_first else None
    now = work.slack.now()
    async with _trackers(work).using(payload["tracker"], now=work.slack.now) as tracker:
        if payload["do"] == CREATE:
            found = await tracker.create(issue, made_since=since, now=now)
        else:
            found = await tracker.follow(issue, now=now)
    return {**found.to_json(), "incidents": [standing.about.incident.number]}


async def look_up_tracked(work: Work) -> JsonObject:
    """How an item's issue stands; whatever keeps us from seeing it, we look again later. Raises Busy."""
    standing, payload = _standing(work), work.payload
    if not _may_leave(standing, payload["tracker"]):
        return {}
    issue = await _issue(work, standing)
    try:
        async with _trackers(work).using(payload["tracker"], now=work.slack.now, look=True) as tracker:
            found = await tracker.look(issue, now=work.slack.now())
    except (NotYet, Refused):
        return {"incidents": [standing.about.incident.number]}
    return {**found.to_json(), "incidents": [standing.about.incident.number]}


def _standing(work: Work) -> Standing:
    if not isinstance(work.briefing, Standing):
        raise TypeError("a call of a tracker was claimed without its briefing")
    return work.briefing


async def _issue(work: Work, standing: Standing) -> Issue:
    team_url = (await work.slack.identity()).team_url
    return issue_of(standing, team_url=team_url, call=fingerprint(work.claim.dedupe_key))


def _may_leave(standing: Standing, tracker: str) -> bool:
    """Whether it concerns this tracker still, and its incident is none that is kept from others."""
    item = standing.item
    return item is not None and item.tracker in (None, tracker) and not standing.about.incident.private


def _trackers(work: Work) -> Trackers:
    if work.trackers is None:
        raise Refused("sitrep.toml has no trackers any more", "Put it back, then try again.")
    return work.trackers
