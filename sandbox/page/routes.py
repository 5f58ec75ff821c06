"""The routes of the page.

GET  /                       the page; `?as=ann` says through whose eyes, `&in=` a conversation's id
GET  /page/static/…          its script and style
GET  /page/emoji.json        the emoji by category (contract/emoji.json)
GET  /page/picture/U….svg    somebody's picture
GET  /page/socket   ?as=     a WebSocket that tells what is new (`hub.py`); the page sends {"watch": ["wire"]}
GET  /page/messages ?as=&channel=&before=&limit=
                             a stretch of a conversation, oldest first, and whether there is `more` before it
GET  /page/thread   ?as=&channel=&ts=
                             a message and its replies
GET  /page/file/F…  ?as=     the bytes of a file
POST /page/do/{deed} ?as=    {…}: what somebody does (`deeds.py`)
POST /page/upload   ?as=     multipart: each `file`, into `channel` (`thread_ts`, `text`), or kept for a form
POST /page/clock    ?as=     {by: seconds}, {next: "morning" | "monday"} or {to: "2026-03-09T09:00"}: moves time
POST /page/trouble           {slow, throttle, down, lose_answer, twice, reorder, app, clear}: see `trouble.py`
GET  /page/wire              what went over the wire lately; a socket that watches "wire" is told of more
GET  /page/wire/{number}     what was asked and answered
"""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.contract.facts import FOLDER
from sandbox.page import files
from sandbox.page.deeds import DEEDS
from sandbox.page.hub import Hub
from sandbox.page.moments import moment_wanted
from sandbox.page.pictures import picture
from sandbox.page.shown import is_for, message_shown
from sandbox.page.stretches import in_words, stretch
from sandbox.people.person import Person
from sandbox.people.seen import NotVisible
from sandbox.state.errors import SlackError
from sandbox.state.model import Json
from sandbox.state.shapes import mimetype

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Nothing on the page runs or loads anything from elsewhere, and no words on it can become script.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}
FEW, MOST = 50, 5000


def page_routes(sandbox: "Sandbox", hub: Hub) -> list[web.RouteDef]:
    """The page over one sandbox."""
    return _Page(sandbox, hub).routes()


class _Page:
    def __init__(self, sandbox: "Sandbox", hub: Hub) -> None:
        self._sandbox = sandbox
        self._workspace = sandbox.workspace
        self._hub = hub
        hub.add_stream("clock", self._clock)
        sandbox.travel.on_moved = lambda: hub.refresh("clock")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.index),
            web.get("/page/static/{path:.+}", self.static),
            web.get("/page/emoji.json", self.emoji),
            web.get("/page/picture/{id}.svg", self.picture),
            web.get("/page/socket", _in_words(self.socket)),
            web.get("/page/messages", _in_words(self.messages)),
            web.get("/page/thread", _in_words(self.thread)),
            web.get("/page/file/{id}", _in_words(self.file)),
            web.post("/page/do/{deed}", _in_words(self.do)),
            web.post("/page/upload", _in_words(self.upload)),
            web.post("/page/clock", _in_words(self.clock)),
            web.post("/page/trouble", _in_words(self.trouble)),
            web.get("/page/wire", _in_words(self.wire)),
            web.get("/page/wire/{number}", _in_words(self.wire_details)),
            web.post("/page/guide", _in_words(self.guide)),
        ]

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The page; where it is asked for somebody who is not here, it is looked at as whoever comes first."""
        if request.query.get("as", "") not in ("", *self._sandbox.people()):
            raise web.HTTPFound("/", headers=HEADERS)
        return files.index(HEADERS)

    async def static(self, request: web.Request) -> web.StreamResponse:
        return files.static(request, request.match_info["path"])

    async def emoji(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(FOLDER / "emoji.json", headers={"Cache-Control": "no-cache"})

    async def picture(self, request: web.Request) -> web.StreamResponse:
        user = self._workspace.users.get(request.match_info["id"])
        if user is None:
            raise web.HTTPNotFound
        return web.Response(text=picture(user), content_type="image/svg+xml", headers=FILE_HEADERS)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        return await self._hub.serve(request, self._person(request).name, self._hello())

    async def messages(self, request: web.Request) -> web.StreamResponse:
        person, query = self._person(request), request.query
        channel = self._workspace.channel(query["channel"], person.id)
        before, limit = query.get("before", ""), min(max(int(query.get("limit", FEW)), 1), MOST)
        found, more = stretch(channel, person, before=before, limit=limit)
        words = await in_words(self._workspace, channel, found, person)
        text = f'{{"ok": true, "more": {json.dumps(more)}, "messages": {words}}}'
        return web.Response(text=text, content_type="application/json", headers={"Cache-Control": "no-store"})

    async def thread(self, request: web.Request) -> web.StreamResponse:
        person, ts = self._person(request), request.query["ts"]
        channel = self._workspace.channel(request.query["channel"], person.id)
        parent = channel.messages.get(ts)
        if parent is None:
            raise SlackError("thread_not_found")
        replies = [channel.messages[reply] for reply in parent.replies]
        whispers = [m for m in channel.ephemerals if m.thread_ts == ts and is_for(m, person)]
        found = [parent, *sorted([*replies, *whispers], key=lambda message: message.ts)]
        return _json({"messages": [message_shown(self._workspace, channel, m, person) for m in found]})

    async def file(self, request: web.Request) -> web.StreamResponse:
        person = self._person(request)
        file = self._workspace.file_store.get(request.match_info["id"], person.id)
        kind = mimetype(file)
        shown = kind if kind.startswith(("image/", "text/plain")) else "application/octet-stream"
        return web.Response(body=file.content or b"", content_type=shown, headers=FILE_HEADERS)

    async def do(self, request: web.Request) -> web.StreamResponse:
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound(text="There is no such deed.")
        return _json(await deed(self._person(request), await request.json()))

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Files sent as `file`, shared in `channel` (in `thread_ts`, with `text`), or kept for a form without one."""
        person, form = self._person(request), await request.post()
        given = [part for part in form.getall("file", []) if isinstance(part, web.FileField)]
        contents = [(part.filename, part.file.read()) for part in given]
        channel = str(form.get("channel", ""))
        if not channel:
            return _json({"files": person.uploads_for_form(contents)})
        thread = person.screen.at(channel, str(form["thread_ts"])) if form.get("thread_ts") else None
        await person.uploads_all(contents, channel=channel, words=str(form.get("text", "")), thread=thread)
        return _json({})

    async def clock(self, request: web.Request) -> web.StreamResponse:
        zone, now = ZoneInfo(self._person(request).user.tz), self._sandbox.clock.now()
        await self._sandbox.travel.to(moment_wanted(await request.json(), now=now, zone=zone))
        return _json({})

    async def trouble(self, request: web.Request) -> web.StreamResponse:
        await self._sandbox.trouble.change(await request.json())
        return _json({})

    async def wire(self, _: web.Request) -> web.StreamResponse:
        return _json({"entries": self._sandbox.wire.entries()})

    async def wire_details(self, request: web.Request) -> web.StreamResponse:
        return _json(self._sandbox.wire.details(int(request.match_info["number"])))

    async def guide(self, request: web.Request) -> web.StreamResponse:
        """Have the guide played, paused, led on or begun again: {do}."""
        if self._sandbox.guide is None:
            raise LookupError("There is no guide through this workspace.")
        self._sandbox.guide.do(str((await request.json())["do"]))
        return _json({})

    def _clock(self) -> Json:
        heading = self._sandbox.travel.heading
        return {"ahead": self._sandbox.clock.ahead(), "heading": heading.timestamp() if heading else None}

    def _person(self, request: web.Request) -> Person:
        names = self._sandbox.people()
        name = request.query.get("as") or names[0]
        if name not in names:
            raise NotVisible(f"There is nobody called {name} in this workspace.")
        return self._sandbox.person(name)

    def _hello(self) -> Json:
        manifest, workspace = self._sandbox.manifest, self._workspace
        return {
            "team": {"id": workspace.team.id, "name": workspace.team.name},
            "app": {
                "id": workspace.app.id,
                "name": manifest.name,
                "description": manifest.description,
                "bot": workspace.bot.id,
                "home_tab": manifest.home_tab_enabled,
                "messages_tab": manifest.messages_tab_enabled,
                "commands": [
                    {"name": one.command, "description": one.description, "usage_hint": one.usage_hint}
                    for one in manifest.slash_commands.values()
                ],
                "shortcuts": [
                    {"name": one.name, "kind": one.type, "description": one.description} for one in manifest.shortcuts
                ],
            },
            "names": self._sandbox.people(),
        }


def _in_words(handler: Handler) -> Handler:
    """The same handler with its refusals as JSON: a code and, where there are some, words."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except SlackError as refusal:
            return _json({"error": refusal.code}, status=409)
        except web.HTTPRequestEntityTooLarge:
            return _json({"error": "too_large", "words": "That is too large: 100 MB at once are the most."}, status=413)
        except (LookupError, ValueError, TypeError, AttributeError) as fault:
            return _json({"error": "invalid", "words": str(fault)}, status=400)

    return answer


def _json(body: Json, *, status: int = 200) -> web.Response:
    return web.json_response({"ok": status == 200} | body, status=status, headers={"Cache-Control": "no-store"})
