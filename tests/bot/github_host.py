"""Issues of one repository behind GitHub's REST API, as its pages describe it, with faults that a test orders."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.builders import NOON
from workflows.process_parts import Tracker

REPOSITORY = "example/operations"
TOKEN = "ghp_secret"
LOST, DOWN = "lost", "down"
"""Done and the answer lost; not done, and no answer."""


def in_words(at: datetime) -> str:
    """A moment as GitHub writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class GitHubHost:
    """The repository; `faults` are used up one a call."""

    now: Callable[[], datetime] = lambda: NOON
    has_issues: bool = True
    issues: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[str | web.Response] = field(default_factory=list)
    hold: asyncio.Event | None = None
    url: str = ""
    _answers: int | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def refuse_after(self, calls: int | None) -> None:
        """Answer no more after so many calls from now on; nothing: answer all of them."""
        self._answers = None if calls is None else len(self.calls) + calls

    def tracker(self, **changes: Any) -> Tracker:
        """As sitrep.toml names it."""
        values = {"name": "GitHub", "kind": "github", "repository": REPOSITORY, "secret_env": "GITHUB_TOKEN"}
        return Tracker.model_validate({**values, "url": self.url, **changes})

    def app(self) -> web.Application:
        """The server."""
        app = web.Application(middlewares=[self._guard])
        app.router.add_get(f"/repos/{REPOSITORY}", self._repository)
        app.router.add_get(f"/repos/{REPOSITORY}/issues", self._list)
        app.router.add_post(f"/repos/{REPOSITORY}/issues", self._create)
        app.router.add_get(f"/repos/{REPOSITORY}/issues/{{number}}", self._get)
        app.router.add_patch(f"/repos/{REPOSITORY}/issues/{{number}}", self._update)
        return app

    def add(self, **changes: Any) -> dict[str, Any]:
        """An issue that is there."""
        number, now = len(self.issues) + 1, in_words(self.now())
        issue = {
            "number": number,
            "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
            "title": "Something else",
            "body": None,
            "state": "open",
            "state_reason": None,
            "created_at": now,
            "updated_at": now,
        }
        self.issues.append({**issue, **changes})
        return self.issues[-1]

    async def called(self, call: str, *, times: int = 1) -> None:
        """Wait until this was called so often."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: self.calls.count(call) >= times)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Who may call, and what goes wrong."""
        self.calls.append(f"{request.method} {request.path.removeprefix(f'/repos/{REPOSITORY}')}")
        async with self._news:
            self._news.notify_all()
        if self.hold is not None:
            await self.hold.wait()
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, web.Response):
            return fault
        if fault == DOWN or (self._answers is not None and len(self.calls) > self._answers):
            return self._hang_up(request)
        if not request.headers.get("User-Agent"):
            return _said(403, "Request forbidden by administrative rules.")
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _said(401, "Bad credentials")
        answer: web.StreamResponse = await handler(request)
        return self._hang_up(request) if fault == LOST else answer

    def _hang_up(self, request: web.Request) -> web.Response:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _repository(self, _request: web.Request) -> web.Response:
        return web.json_response({"full_name": REPOSITORY, "has_issues": self.has_issues})

    async def _create(self, request: web.Request) -> web.Response:
        said = await request.json()
        if not self.has_issues:
            return _said(410, "Issues are disabled for this repo")
        if not said.get("title") or len(said["title"]) > 256 or len(said.get("body") or "") > 65_536:
            return _said(422, "Validation Failed")
        issue = self.add(title=said["title"], body=said.get("body"))
        return web.json_response(issue, status=201, headers={"Location": issue["html_url"]})

    async def _list(self, request: web.Request) -> web.Response:
        """Open ones unless asked otherwise, the newest first; `since` is when they were last changed."""
        query = request.query
        found = [one for one in self.issues if query.get("state", "open") in ("all", one["state"])]
        found = [one for one in found if one["updated_at"] >= query.get("since", "")]
        by = "updated_at" if query.get("sort") == "updated" else "created_at"
        found.sort(key=lambda one: (one[by], one["number"]), reverse=query.get("direction", "desc") == "desc")
        size, page = min(int(query.get("per_page", "30")), 100), int(query.get("page", "1"))
        headers = {}
        if len(found) > page * size:
            headers["Link"] = f'<{request.url.update_query(page=page + 1)}>; rel="next"'
        return web.json_response(found[(page - 1) * size : page * size], headers=headers)

    async def _get(self, request: web.Request) -> web.Response:
        issue = self._find(request)
        return web.json_response(issue) if issue else _said(410, "This issue was deleted")

    async def _update(self, request: web.Request) -> web.Response:
        """`state_reason` means nothing unless the state changes."""
        issue, said = self._find(request), await request.json()
        if issue is None:
            return _said(410, "This issue was deleted")
        if said["state"] != issue["state"]:
            issue |= {"state": said["state"], "state_reason": said.get("state_reason")}
        issue["updated_at"] = in_words(self.now())
        return web.json_response(issue)

    def _find(self, request: web.Request) -> dict[str, Any] | None:
        number = int(request.match_info["number"])
        return next((one for one in self.issues if one["number"] == number), None)


def _said(status: int, message: str) -> web.Response:
    return web.json_response({"message": message, "documentation_url": "https://docs.github.com/rest"}, status=status)


@asynccontextmanager
async def a_github_host(**how: Any) -> AsyncIterator[GitHubHost]:
    """The server, as long as it is needed."""
    host = GitHubHost(**how)
    server = TestServer(host.app())
    await server.start_server()
    host.url = str(server.make_url("")).rstrip("/")
    try:
        yield host
    finally:
        if host.hold is not None:
            host.hold.set()
        await server.close()
