"""Trackers outside: action items put there, followed, and looked at."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
from pydantic import SecretStr

from bot.messenger.github import GitHub
from bot.messenger.issue import Issue, Tracked, issue_of, looked_for_since
from bot.messenger.roads import Busy, NotYet, Refused, fingerprint
from bot.messenger.tracker_webhook import TrackerWebhook
from bot.messenger.work import Work
from storage.tables.columns import JsonObject
from workflows.process_parts import Tracker
from workflows.reminders import Standing
from workflows.trackers import CREATE

AT_ONCE = 4
"""Calls of one tracker under way at the same time: one that hangs keeps few places from everything else."""
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


class Trackers:
    """The trackers of sitrep.toml, each with its own secret, and what they can take just now."""

    def __init__(
        self, session: aiohttp.ClientSession, trackers: Mapping[str, Tracker], secrets: Mapping[str, SecretStr]
    ) -> None:
        self._all: Mapping[str, Outside] = {
            key: KINDS[tracker.kind](session, key, tracker, secrets[key]) for key, tracker in trackers.items()
        }
        self._under_way: Counter[str] = Counter()
        self._resting: dict[str, datetime] = {}

    @asynccontextmanager
    async def using(self, key: str, *, now: Callable[[], datetime]) -> AsyncIterator[Outside]:
        """A tracker, while it can take another call. Raises Refused, NotYet and Busy."""
        if key not in self._all:
            raise Refused(f"the tracker {key} is not in sitrep.toml any more", "Put it back, then try again.")
        rests = self._resting.get(key, now()) - now()
        if rests > timedelta():
            raise NotYet(f"the tracker {key} could not be reached a moment ago", wait=rests)
        if self._under_way[key] >= AT_ONCE:
            raise Busy
        self._under_way[key] += 1
        try:
            yield self._all[key]
        except NotYet as fault:
            self._resting[key] = now() + max(fault.wait, REST)
            raise
        finally:
            self._under_way[key] -= 1


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
    """How an item's issue stands; whatever keeps us from seeing it, we look again later."""
    standing, payload = _standing(work), work.payload
    if not _may_leave(standing, payload["tracker"]):
        return {}
    issue = await _issue(work, standing)
    try:
        async with _trackers(work).using(payload["tracker"], now=work.slack.now) as tracker:
            found = await tracker.look(issue, now=work.slack.now())
    except (NotYet, Refused, Busy):
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
