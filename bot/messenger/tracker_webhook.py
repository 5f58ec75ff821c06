"""A tracker behind a webhook: a signed call says what to do, and its answer may say where the issue is."""

import json
from dataclasses import asdict
from datetime import datetime

import aiohttp
from pydantic import SecretStr

from bot.messenger.caller import PATIENCE, judge, reaching, signed_headers
from bot.messenger.issue import Issue, Tracked, read_tracked
from storage.tables import ItemState
from workflows.process_parts import Tracker

ANSWER_LIMIT = 64 * 1024
_CORRECT = "Correct it in sitrep.toml or at its receiver, then try again."


class TrackerWebhook:
    """One receiver, which makes one issue of all calls with the same key."""

    def __init__(self, session: aiohttp.ClientSession, key: str, tracker: Tracker, secret: SecretStr) -> None:
        self._session = session
        self._what = f"the tracker {key}"
        self._tracker = tracker
        self._secret = secret

    async def create(self, issue: Issue, *, made_since: datetime | None, now: datetime) -> Tracked:
        """Have it made; the receiver knows by the key what it has made already. Raises NotYet or Refused."""
        return await self._call("create", issue, now=now)

    async def follow(self, issue: Issue, *, now: datetime) -> Tracked:
        """Have it closed, or opened again."""
        return await self._call("reopen" if issue.is_open else "close", issue, now=now)

    async def look(self, issue: Issue, *, now: datetime) -> Tracked:
        """Ask how it stands."""
        return await self._call("look_up", issue, now=now)

    async def knock(self, *, now: datetime) -> str:
        """There is nothing to ask that would change nothing."""
        return self._tracker.url

    async def _call(self, action: str, issue: Issue, *, now: datetime) -> Tracked:
        body = body_of(action, issue)
        headers = signed_headers(body, secret=self._secret.get_secret_value(), delivery=issue.call, now=now)
        with reaching(self._what, correct=_CORRECT):
            async with self._session.post(
                self._tracker.url, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as response:
                judge(response, self._what, now=now)
                return read_tracked(await _read(response))


def body_of(action: str, issue: Issue) -> bytes:
    """What the receiver gets."""
    item = asdict(issue)
    key, at = item.pop("key"), item.pop("at")
    del item["call"]
    reason = "not_planned" if issue.state is ItemState.WONT_DO else "completed"
    said = {"action": action, "key": key, "at": at, **({"reason": reason} if action == "close" else {}), "item": item}
    return json.dumps(said, ensure_ascii=False).encode()


async def _read(response: aiohttp.ClientResponse) -> object:
    """JSON, if that is what it is; the rest of a long answer is not read."""
    said = b""
    async for part in response.content.iter_chunked(8192):
        said += part
        if len(said) > ANSWER_LIMIT:
            return None
    try:
        found: object = json.loads(said)
    except ValueError:
        return None
    return found
