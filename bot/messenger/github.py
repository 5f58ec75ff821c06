"""GitHub: issues of one repository, made once, closed and opened again, and looked at."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from pydantic import SecretStr

from bot.messenger.caller import LONGEST_ASKED_WAIT, PASSES, PATIENCE, asked_wait, reaching
from bot.messenger.issue import Issue, Tracked, read_tracked
from bot.messenger.roads import WORDS_KEPT, NotYet, Refused, one_line
from storage.tables import ItemState
from workflows.process_parts import Tracker

PAGE = 100
BODY_LIMIT = 12_000
"""Of what somebody wrote: GitHub takes 65,536 characters in all, and a sign may become five."""
UNSAID_WAIT = timedelta(minutes=1)
DELETED = "deleted"
"""The state of an issue that is gone for good."""
_SPECIAL = re.compile(r"[\\`*\[\]|~]")
_NAMES_SOMETHING = re.compile(r"[@#](?=\w)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


class GitHub:
    """One repository, through its REST API (docs.github.com/en/rest/issues/issues, version 2022-11-28)."""

    def __init__(self, session: aiohttp.ClientSession, key: str, tracker: Tracker, token: SecretStr) -> None:
        self._session = session
        self._tracker = tracker
        self._token = token
        self._setting = f"trackers.{key} of sitrep.toml"
        self._issues = f"/repos/{tracker.repository}/issues"

    async def create(self, issue: Issue, *, made_since: datetime | None, now: datetime) -> Tracked:
        """Make it; with `made_since`, unless an earlier attempt has made it from then on. Raises NotYet or Refused."""
        found = await self._find(issue, made_since, now=now) if made_since else None
        if found is None:
            words = {"title": issue.title, "body": body_of(issue)}
            found, _ = await self._ask("POST", self._issues, json=words, now=now)
        return _tracked(found)

    async def follow(self, issue: Issue, *, now: datetime) -> Tracked:
        """Close it, as done or as not planned, or open it again; doing so twice changes nothing."""
        why = "reopened" if issue.is_open else "not_planned" if issue.state is ItemState.WONT_DO else "completed"
        state = {"state": "open" if issue.is_open else "closed", "state_reason": why}
        return await self._of_one("PATCH", issue, json=state, now=now)

    async def look(self, issue: Issue, *, now: datetime) -> Tracked:
        """How it stands."""
        return await self._of_one("GET", issue, now=now)

    async def knock(self, *, now: datetime) -> str:
        """See whether issues can be made there, and make none; the repository's name."""
        repository, _ = await self._ask("GET", f"/repos/{self._tracker.repository}", now=now)
        if not repository.get("has_issues"):
            raise self._without_issues()
        return str(repository["full_name"])

    async def _of_one(self, method: str, issue: Issue, *, now: datetime, **what: Any) -> Tracked:
        number = (issue.at or "").lstrip("#")
        try:
            answer, _ = await self._ask(method, f"{self._issues}/{number}", now=now, **what)
        except Gone:
            return Tracked(url=None, ref=None, state=DELETED)
        return _tracked(answer)

    async def _find(self, issue: Issue, since: datetime, *, now: datetime) -> dict[str, Any] | None:
        """The issue that carries our marker, the newest first; older ones than `since` cannot."""
        async for one in self._list(since, now=now):
            if datetime.fromisoformat(one["created_at"]) < since:
                return None
            if marker(issue) in (one.get("body") or ""):
                return one
        return None

    async def _list(self, since: datetime, *, now: datetime) -> AsyncIterator[dict[str, Any]]:
        page, more = 1, True
        asked = {"state": "all", "sort": "created", "direction": "desc", "per_page": str(PAGE)}
        asked["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        while more:
            issues, more = await self._ask("GET", self._issues, params={**asked, "page": str(page)}, now=now)
            for one in issues:
                yield one
            page += 1

    async def _ask(self, method: str, path: str, *, now: datetime, **what: Any) -> tuple[Any, bool]:
        """What GitHub answers, and whether there is another page of it."""
        with reaching("GitHub", correct=self._correct):
            async with self._call(method, path, **what) as response:
                await self._judge(response, now=now)
                try:
                    return await response.json(), "next" in response.links
                except ValueError:
                    raise NotYet("GitHub answers what cannot be read", in_doubt=True) from None

    def _call(self, method: str, path: str, **what: Any) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Without redirects: the token is for this address only."""
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token.get_secret_value()}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "Sitrep",
        }
        url = self._tracker.url.rstrip("/") + path
        return self._session.request(method, url, headers=headers, timeout=PATIENCE, allow_redirects=False, **what)

    async def _judge(self, response: aiohttp.ClientResponse, *, now: datetime) -> None:
        status = response.status
        if 200 <= status < 300:
            return
        wait = _rate_limit(response, now=now)
        if wait is not None:
            raise NotYet("GitHub asks us to wait", wait=wait)
        if status >= 500 or status in PASSES:
            raise NotYet(f"GitHub answers {status}", in_doubt=status >= 500, wait=_wait(response, now=now))
        message = await _message(response)
        if status == 403 and "rate limit" in message.lower():  # the secondary one may come without a header
            raise NotYet("GitHub asks us to wait", wait=UNSAID_WAIT)
        raise self._refused(status, message)

    @property
    def _correct(self) -> str:
        return f"Correct {self._setting} and start Sitrep again, then try again."

    def _refused(self, status: int, message: str) -> Refused:
        """What is wrong for good, and what to do about it."""
        where, token = self._tracker.repository, self._tracker.secret_env
        match status:
            case 401:
                return Refused("GitHub does not accept the token", f"Put a new one into {token}, then {_AGAIN}")
            case 403:
                return Refused(
                    f"GitHub does not let the token in {token} write issues in {where}",
                    "Give it the permission to read and write issues there, then try again.",
                )
            case 404:
                return Refused(
                    f"GitHub shows the token in {token} no {where}",
                    f"Give it access there, or correct {self._setting}, then {_AGAIN}",
                )
            case 410:
                return self._without_issues()
            case 422:
                return Refused(f"GitHub does not take it ({message})", "Shorten or reword it, then try again.")
            case _ if 300 <= status < 400:
                return Refused(f"{where} has moved on GitHub", self._correct)
        return Refused(f"GitHub answers {status} ({message})", self._correct)

    def _without_issues(self) -> "Gone":
        where = self._tracker.repository
        return Gone(f"there are no issues in {where}", "Switch them on in the repository’s settings, then try again.")


class Gone(Refused):
    """The issue was deleted, or the repository has none."""


_AGAIN = "start Sitrep again and try again."


def marker(issue: Issue) -> str:
    """What tells our issue from all others, and nobody sees."""
    return f"<!-- sitrep:{issue.key} -->"


def body_of(issue: Issue) -> str:
    """What and why, who, until when, and where it comes from."""
    came_from = f"[{issue.incident}]({issue.link})" if issue.link else issue.incident
    facts = f"Owner: {plain(issue.owner)}. Due: {issue.due}. {issue.ref} of {came_from}."
    return "\n\n".join(filter(None, (plain(issue.why[:BODY_LIMIT]), facts, marker(issue))))


def plain(words: str) -> str:
    """Words as they are: no markup of GitHub's, and nobody and nothing is mentioned by them."""
    escaped = "".join(_ENTITIES.get(sign, sign) for sign in words)
    escaped = _SPECIAL.sub(lambda sign: f"\\{sign.group()}", escaped)
    return _NAMES_SOMETHING.sub(lambda sign: f"{sign.group()}\u200b", escaped)


def _tracked(issue: Mapping[str, Any]) -> Tracked:
    said = {"url": issue["html_url"], "ref": f"#{issue['number']}", "state": issue["state"]}
    return read_tracked(said)


def _rate_limit(response: aiohttp.ClientResponse, *, now: datetime) -> timedelta | None:
    """How long GitHub asks us to wait, where that is what it says: 403 or 429 with one of its headers
    (docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api)."""
    if response.status not in (403, 429):
        return None
    if "Retry-After" in response.headers:
        return _wait(response, now=now)
    if response.headers.get("X-RateLimit-Remaining") == "0":
        reset = response.headers.get("X-RateLimit-Reset", "")
        seconds = int(reset) - now.timestamp() if reset.isdecimal() else UNSAID_WAIT.total_seconds()
        return timedelta(seconds=min(max(seconds, 0), LONGEST_ASKED_WAIT.total_seconds()))
    return UNSAID_WAIT if response.status == 429 else None


def _wait(response: aiohttp.ClientResponse, *, now: datetime) -> timedelta:
    return asked_wait(response.headers.get("Retry-After", ""), now=now)


async def _message(response: aiohttp.ClientResponse) -> str:
    try:
        answer = await response.json()
    except (ValueError, aiohttp.ClientError):
        return "no reason given"
    said = answer.get("message") if isinstance(answer, dict) else None
    return one_line(str(said or "no reason given"), WORDS_KEPT)
