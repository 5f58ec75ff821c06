"""The routes of the control API over one sandbox."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.control.deeds import DEEDS, form_json, message_json
from sandbox.control.others import add_usergroup, bot_does, change_usergroup, unfurl
from sandbox.link.connection import DisconnectReason
from sandbox.link.http import UrlNotVerified
from sandbox.link.socket import AppNeverConnected
from sandbox.people.changes import NeverCame
from sandbox.people.person import Person
from sandbox.state.errors import SlackError
from sandbox.state.model import Json
from sandbox.travel import moment_of

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
# NotVisible and KeyError are LookupErrors; a TimeoutError comes from waiting for events to settle.
_REFUSALS = (
    *(SlackError, NeverCame, AppNeverConnected, UrlNotVerified),
    *(LookupError, ValueError, TypeError, TimeoutError),
)
LOOPBACK = ("127.0.0.1", "::1")


def control_routes(sandbox: "Sandbox") -> list[web.RouteDef]:
    """Every route of the control API."""
    control = Control(sandbox)
    return [
        web.get("/control", _json(control.about)),
        web.get("/control/calls", _json(control.calls)),
        web.get("/control/complaints", _json(control.complaints)),
        web.post("/control/clock", _json(control.clock)),
        web.post("/control/faults", _json(control.faults)),
        web.post("/control/app", _json(control.app)),
        web.post("/control/deliver", _json(control.deliver)),
        web.post("/control/connected", _json(control.connected)),
        web.post("/control/settled", _json(control.settled)),
        web.post("/control/retries_over", _json(control.retries_over)),
        web.post("/control/refresh", _json(control.refresh)),
        web.post("/control/socket_mode", _json(control.socket_mode)),
        web.post("/control/scopes", _json(control.scopes)),
        web.post("/control/rate_limits", _json(control.rate_limits)),
        web.post("/control/users", _json(control.users)),
        web.post("/control/users/{name}/deactivate", _json(control.deactivate)),
        web.post("/control/usergroups", _json(control.usergroups)),
        web.post("/control/usergroups/{handle}", _json(control.usergroup)),
        web.post("/control/bots/{name}/{what}", _json(control.other_bot)),
        web.post("/control/unfurl", _json(control.unfurl)),
        web.get("/control/people/{name}/{what}", _json(control.sees)),
        web.post("/control/people/{name}/{what}", _json(control.does)),
    ]


class Control:
    """The sandbox behind the control API."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox

    async def about(self, request: web.Request) -> Json:
        """Addresses, tokens and people."""
        return self._sandbox.describe() | {"people": self._sandbox.people()}

    async def calls(self, request: web.Request) -> Json:
        """The app's calls from a number on."""
        since = int(request.query.get("since", 1))
        return {"calls": [asdict(call) for call in self._sandbox.calls.log if call.number >= since]}

    async def complaints(self, request: web.Request) -> Json:
        """What Slack would have accepted with a warning."""
        return {"complaints": self._sandbox.complaints}

    async def clock(self, request: web.Request) -> Json:
        """Move time forward, by so many seconds or until a moment."""
        body, clock = await _body(request), self._sandbox.clock
        if "to" in body:
            await self._sandbox.travel.to(moment_of(str(body["to"]), now=clock.now()))
        else:
            await self._sandbox.travel.by(float(body["advance"]))
        return {"now": clock.now()}

    async def faults(self, request: web.Request) -> Json:
        """Set the switches named in the body, in their order."""
        for switch, setting in (await _body(request)).items():
            self._switch(switch, setting)
        return {}

    async def app(self, request: web.Request) -> Json:
        """Kill the app's process, or start it again, where somebody runs it for us."""
        await self._sandbox.trouble.change({"app": (await _body(request))["do"]})
        return {"state": self._sandbox.trouble.shown()["app"]}

    async def deliver(self, request: web.Request) -> Json:
        """Deliver over HTTP from now on, or over Socket Mode again."""
        body = await _body(request)
        if body.get("socket"):
            await self._sandbox.deliver_over_socket()
        else:
            await self._sandbox.deliver_over_http(**body)
        return {}

    async def connected(self, request: web.Request) -> Json:
        """Wait for the app."""
        await self._sandbox.app_connected(timeout=float((await _body(request)).get("timeout", 5)))
        return {}

    async def refresh(self, request: web.Request) -> Json:
        """Ask the app to reconnect."""
        body = await _body(request)
        reason = DisconnectReason(body.get("reason", DisconnectReason.WARNING))
        await self._sandbox.refresh_connections(reason, grace=float(body.get("grace", 10)))
        return {}

    async def settled(self, request: web.Request) -> Json:
        """Wait until the app has every event so far, or has let it go."""
        await self._sandbox.events_settled(timeout=float((await _body(request)).get("timeout", 5)))
        return {"given_up": len(self._sandbox.feed.given_up), "waiting": self._sandbox.feed.waiting}

    async def retries_over(self, request: web.Request) -> Json:
        """Let time pass until Slack has given up what it cannot deliver."""
        await self._sandbox.retries_over(timeout=float((await _body(request)).get("timeout", 5)))
        return {"given_up": len(self._sandbox.feed.given_up)}

    async def socket_mode(self, request: web.Request) -> Json:
        """Switch Socket Mode off for the app, or on again."""
        if (await _body(request))["enabled"]:
            self._sandbox.enable_socket_mode()
        else:
            await self._sandbox.refresh_connections(DisconnectReason.LINK_DISABLED)
        return {}

    async def scopes(self, request: web.Request) -> Json:
        """Install the app again with these scopes."""
        self._sandbox.workspace.grant(frozenset((await _body(request))["bot"]))
        return {}

    async def rate_limits(self, request: web.Request) -> Json:
        """Answer 429 as Slack's tiers demand, or never."""
        self._sandbox.server.ratelimits.enabled = bool((await _body(request))["enabled"])
        return {}

    async def users(self, request: web.Request) -> Json:
        """Bring someone into the workspace."""
        return {"id": self._sandbox.workspace.add_user(**await _body(request)).id}

    async def deactivate(self, request: web.Request) -> Json:
        """Switch someone's account off."""
        self._sandbox.workspace.deactivate(self._person(request).user)
        return {}

    async def usergroups(self, request: web.Request) -> Json:
        """Make a user group."""
        return add_usergroup(self._sandbox, await _body(request))

    async def usergroup(self, request: web.Request) -> Json:
        """Change a user group."""
        return change_usergroup(self._sandbox, request.match_info["handle"], await _body(request))

    async def other_bot(self, request: web.Request) -> Json:
        """Another app does something."""
        name, what = request.match_info["name"], request.match_info["what"]
        return await bot_does(self._sandbox, name, what, await _body(request))

    async def unfurl(self, request: web.Request) -> Json:
        """Slack puts a preview under a message."""
        return unfurl(self._sandbox, await _body(request))

    async def does(self, request: web.Request) -> Json:
        """A person does something."""
        deed = DEEDS.get(request.match_info["what"])
        if deed is None:
            raise web.HTTPNotFound
        return await deed(self._person(request), await _body(request))

    async def sees(self, request: web.Request) -> Json:
        """A person looks at something."""
        look = _LOOKS.get(request.match_info["what"])
        if look is None:
            raise web.HTTPNotFound
        return look(self._person(request), dict(request.query))

    def _person(self, request: web.Request) -> Person:
        return self._sandbox.person(request.match_info["name"])

    def _switch(self, name: str, setting: Any) -> None:
        faults = self._sandbox.faults
        if name == "deliver_twice":
            faults.deliver_twice = bool(setting)
        elif name == "latency":
            faults.latency(**setting) if isinstance(setting, dict) else faults.latency(float(setting))
        elif name == "down":
            faults.down(**(setting if isinstance(setting, dict) else {})) if setting else faults.up()
        elif name == "clear":
            faults.clear()
        elif name in ("reorder", "lose_events", "throttle"):
            getattr(faults, name)(setting)
        elif name == "cut_connections":
            faults.cut_connections()
        elif name in ("fail", "ratelimit", "drop", "lose_answer"):
            getattr(faults, name)(**setting)
        else:
            raise KeyError(name)


def _thread(person: Person, query: dict[str, str]) -> Json:
    message = person.screen.at(query["channel"], query["ts"])
    return {"messages": [message_json(reply) for reply in message.replies()]}


_LOOKS: dict[str, Callable[[Person, dict[str, str]], Json]] = {
    "channels": lambda person, query: {"channels": person.channels()},
    "messages": lambda person, query: {"messages": [message_json(m) for m in person.sees(query["channel"])]},
    "thread": _thread,
    "dm": lambda person, query: {"messages": [message_json(m) for m in person.dm()]},
    "home": lambda person, query: {"blocks": person.home()},
    "form": lambda person, query: {"form": form_json(person.open_form())},
    "topic": lambda person, query: {"topic": person.topic(query["channel"])},
    "members": lambda person, query: {"members": person.members(query["channel"])},
    "pins": lambda person, query: {"messages": [message_json(m) for m in person.pins(query["channel"])]},
    "bookmarks": lambda person, query: {"bookmarks": [asdict(b) for b in person.bookmarks(query["channel"])]},
}


def _json(handle: Callable[[web.Request], Awaitable[Json]]) -> Handler:
    """A handler that answers in JSON, refusals included, and serves this machine alone."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.remote not in LOOPBACK:
            raise web.HTTPForbidden
        try:
            content: Json = {"ok": True} | await handle(request)
        except _REFUSALS as refusal:
            error = getattr(refusal, "code", None) or f"{type(refusal).__name__}: {refusal}"
            return web.json_response({"ok": False, "error": error}, status=400)
        return web.json_response(content, dumps=lambda value: json.dumps(value, default=str))

    return answer


async def _body(request: web.Request) -> Json:
    # A JSON content type keeps web pages elsewhere from posting here unasked.
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    body = await request.json()
    if not isinstance(body, dict):
        raise web.HTTPBadRequest
    return body
