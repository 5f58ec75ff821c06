"""Who may reach the workspace: whoever is on this machine and calls it by a loopback name, unless told otherwise."""

import re
import socket
from collections.abc import Callable
from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

_LOOPBACK_NAME = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?", re.IGNORECASE)
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  what is refused to be an address
_CONTROL = "/control"
_FOR_PEOPLE = ("/page", _CONTROL)
"""What asks for no token: whoever reaches it may act as anybody."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens there."""
    name = _EVERYWHERE.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """Take a port (0: any free one); raises OSError where it is taken, or where the host is none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def by_loopback_names(host: Callable[[], str]) -> Middleware:
    """Refuse whoever calls a loopback listener by another name.

    A page elsewhere may have its own name lead to 127.0.0.1 (DNS rebinding); its browser still sends that name as Host.
    The control API serves this machine alone, wherever else the page is to be had.
    """

    @web.middleware
    async def refuse_other_names(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_guarded = is_loopback(host()) or request.path.startswith(_CONTROL)
        if is_guarded and not _LOOPBACK_NAME.fullmatch(request.headers.get("Host", "")):
            raise web.HTTPForbidden(text="This workspace is reached as localhost or 127.0.0.1, by no other name.")
        return await handler(request)

    return refuse_other_names


@web.middleware
async def refuse_other_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a page from elsewhere, which would act or listen through the browser of somebody on this machine."""
    own = f"{request.scheme}://{request.host}"
    if request.path.startswith(_FOR_PEOPLE) and request.headers.get("Origin", own) != own:
        raise web.HTTPForbidden(text="This page acts for itself only.")
    return await handler(request)
