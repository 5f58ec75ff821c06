"""The routes of the page: `/?as=ann&channel=general`, and `/clock`, where its buttons move the workspace's time."""

from datetime import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web

from sandbox.page.render import NEXT_MONDAY, STEPS, Look, render
from sandbox.people.seen import NotVisible
from sandbox.travel import next_weekday

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

# Nothing on the page runs or loads anything from elsewhere.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Cache-Control": "no-store",
}
LOOPBACK = ("127.0.0.1", "::1")
MORNING = time(9)


def page_routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    """The page over one sandbox."""

    def look_of(request: web.Request) -> Look:
        names = sandbox.people()
        name = request.query.get("as", names[0])
        if name not in names:
            raise web.HTTPNotFound(text="There is no such person.")
        return Look(sandbox.person(name), names, request.query.get("channel", ""), sandbox.clock.now())

    async def page(request: web.Request) -> web.StreamResponse:
        try:
            return web.Response(text=render(look_of(request)), content_type="text/html", headers=HEADERS)
        except NotVisible:
            raise web.HTTPNotFound(text="There is nothing of that name that this person can see.") from None

    async def clock(request: web.Request) -> web.StreamResponse:
        _refuse_strangers(request)
        look, words = look_of(request), str((await request.post()).get("move", ""))
        if words == NEXT_MONDAY:
            zone = ZoneInfo(look.person.user.tz)
            await sandbox.travel.to(next_weekday(0, MORNING, now=sandbox.clock.now(), zone=zone))
        elif words in STEPS:
            await sandbox.travel.by(STEPS[words])
        else:
            raise web.HTTPBadRequest(text="There is no such button.")
        raise web.HTTPSeeOther("/?" + urlencode({"as": look.person.name, "channel": look.channel}))

    return [web.get("/", page), web.post("/clock", clock)]


def _refuse_strangers(request: web.Request) -> None:
    """Only this page's own buttons: a page elsewhere may not press them through somebody's browser."""
    own = f"{request.scheme}://{request.host}"
    if request.remote not in LOOPBACK or request.headers.get("Origin", own) != own:
        raise web.HTTPForbidden
