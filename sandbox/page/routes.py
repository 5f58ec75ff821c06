"""The route of the page: `/?as=ann&channel=general`."""

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.page.render import Look, render
from sandbox.people.seen import NotVisible

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

# Nothing on the page runs or loads anything from elsewhere.
HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'", "Cache-Control": "no-store"}


def page_routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    """The page over one sandbox."""

    async def page(request: web.Request) -> web.StreamResponse:
        names = sandbox.people()
        name = request.query.get("as", names[0])
        if name not in names:
            raise web.HTTPNotFound(text="There is no such person.")
        try:
            look = Look(sandbox.person(name), names, request.query.get("channel", ""))
            return web.Response(text=render(look), content_type="text/html", headers=HEADERS)
        except NotVisible:
            raise web.HTTPNotFound(text="There is nothing of that name that this person can see.") from None

    return [web.get("/", page)]
