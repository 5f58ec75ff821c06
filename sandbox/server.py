"""The workspace over HTTP: the Web API, response URLs, and the addresses files are sent to and fetched from."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.api.dispatch import Answer, WebApi, ratelimited
from sandbox.calls import Call, Calls
from sandbox.contract.messages import check_message
from sandbox.faults import Fault, Faults
from sandbox.ratelimits import RateLimits
from sandbox.reaching import address, by_loopback_names, listen, refuse_other_pages
from sandbox.reading import bearer_token, read_call, read_json_object, read_upload
from sandbox.state.errors import SlackError
from sandbox.state.model import Json
from sandbox.state.shapes import mimetype
from sandbox.workspace import Workspace

# The names under which uses of response URLs and the addresses of files are logged and made to fail.
RESPONSE_URL, UPLOAD_URL, DOWNLOAD_URL = "response_url", "upload_url", "download_url"
_SIGN_IN = "/signin"
_SIGN_IN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"
_LARGEST_BODY = 100 * 1024 * 1024


@dataclass
class Reply:
    """What goes over the wire, and what the log keeps of it."""

    text: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/plain"
    logged: Json | None = None
    content: bytes | None = None  # a file's, instead of text


class Server:
    """Serves one workspace; add routes to `app` before `start`."""

    def __init__(self, workspace: Workspace, *, faults: Faults | None = None) -> None:
        self.workspace = workspace
        self.faults = faults or Faults()
        self.ratelimits = RateLimits(workspace.clock)
        self.calls = Calls(workspace.clock)
        self.web_api = WebApi(workspace, self.ratelimits)
        self.url = ""
        self._host = ""
        guards = [by_loopback_names(lambda: self._host), refuse_other_pages]
        self.app = web.Application(client_max_size=_LARGEST_BODY, middlewares=guards)
        self.app.add_routes(
            [
                web.route("*", "/api/{method}", self._api),
                web.post("/response/{id}", self._response),
                web.post("/upload/{id}", self._upload),
                web.get("/files-pri/{team}-{id}/{name}", self._download),
                web.get("/files-pri/{team}-{id}/download/{name}", self._download),
                web.get(_SIGN_IN, self._sign_in),
            ]
        )
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.5)

    @property
    def open_socket_url(self) -> Callable[[], str] | None:
        """What makes the address that apps.connections.open gives out; None refuses Socket Mode."""
        return self.web_api.open_socket_url

    @open_socket_url.setter
    def open_socket_url(self, make: Callable[[], str] | None) -> None:
        self.web_api.open_socket_url = make

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; with port 0 on any free port, which `url` then names. Nothing has begun where the port is taken."""
        listening = listen(host, port)
        self._host, self.url = host, address(host, listening.getsockname()[1])
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        self.web_api.base_url = self.url
        self.workspace.url = f"{self.url}/"

    async def stop(self) -> None:
        """Close every connection and forget every timer."""
        await self._runner.cleanup()
        self.workspace.clock.stop()

    def response_url(self, url_id: str) -> str:
        """The address of a response URL that the workspace issued."""
        return f"{self.url}/response/{url_id}"

    async def _api(self, request: web.Request) -> web.StreamResponse:
        incoming = await read_call(request)

        def perform() -> Reply:
            wait = self.faults.wait(incoming.method, now=self.workspace.clock.timestamp())
            return _json_reply(ratelimited(wait) if wait else self.web_api.answer(incoming))

        return await self._serve(request, incoming.method, dict(incoming.arguments), perform)

    async def _response(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await read_json_object(request)
        except ValueError:
            return web.Response(text="invalid_payload", status=400)
        url_id = request.match_info["id"]
        return await self._serve(request, RESPONSE_URL, body, lambda: self._use_response_url(url_id, body))

    async def _serve(
        self, request: web.Request, method: str, arguments: Json, perform: Callable[[], Reply]
    ) -> web.StreamResponse:
        """Answer one call, with whatever faults are planned for it."""
        call = self.calls.begin(method, arguments)
        await self.calls.tell(call, "arrived")
        fault = None if self.faults.is_down else self.faults.next(method)
        if fault is not None and fault.effect == "drop":
            return self._hang_up(request, call)
        delay = self.faults.delay(method) / 2
        if delay:
            await asyncio.sleep(delay)
        reply = self._mishap(fault)
        if reply is None:
            reply = perform()
            await self.calls.tell(call, "done")
        if delay:
            await asyncio.sleep(delay)
        if fault is not None and fault.effect == "lose_answer":
            return self._hang_up(request, call)
        return await self._send(request, call, reply)

    def _mishap(self, fault: Fault | None) -> Reply | None:
        if self.faults.is_down:
            return Reply("Service Unavailable", 503)
        if fault is None or fault.effect == "lose_answer":
            return None
        if fault.effect == "ratelimit":
            return _json_reply(ratelimited(fault.retry_after))
        if fault.error is not None:
            return _json_reply(Answer({"ok": False, "error": fault.error}))
        return Reply("Internal Server Error", fault.status)

    async def _send(self, request: web.Request, call: Call, reply: Reply) -> web.StreamResponse:
        body = reply.text.encode() if reply.content is None else reply.content
        charset = "utf-8" if reply.content is None else None
        response = web.Response(
            body=body, status=reply.status, headers=reply.headers, content_type=reply.content_type, charset=charset
        )
        retry_after = reply.headers.get("Retry-After")
        self.calls.end(call, status=reply.status, answer=reply.logged, retry_after=retry_after)
        with suppress(ConnectionError):  # an app may be gone before it is answered
            await response.prepare(request)
            await response.write_eof()
            await self.calls.tell(call, "answered")
        return response

    def _hang_up(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Close the connection without a word."""
        self.calls.cut(call)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _use_response_url(self, url_id: str, body: Json) -> Reply:
        try:
            if not body.get("delete_original"):
                self._check_content(body)
            self.workspace.response_urls.use(url_id, body)
        except SlackError as refusal:
            gone = refusal.code in ("invalid_url", "expired_url", "used_url")
            return Reply(refusal.code, 404 if gone else 400, logged={"ok": False, "error": refusal.code})
        return Reply("ok", logged={"ok": True})

    def _check_content(self, body: Json) -> None:
        checked = check_message(body)
        if checked.code:
            raise SlackError(checked.code, messages=checked.errors)
        for warning in checked.warnings:
            self.workspace.complain(f"response_url: {warning.removeprefix('[WARN] ')}")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content, file_id = await read_upload(request), request.match_info["id"]
        arguments: Json = {"file": file_id, "length": len(content)}
        return await self._serve(request, UPLOAD_URL, arguments, lambda: self._receive(file_id, content))

    def _receive(self, file_id: str, content: bytes) -> Reply:
        announced = self.workspace.files.get(file_id)
        if announced is not None and announced.size != len(content):
            told = f"announced {announced.size} bytes of {announced.name} and sent {len(content)}"
            self.workspace.complain(f"files.getUploadURLExternal: {told}")
        try:
            self.workspace.file_store.receive(file_id, content)
        except SlackError as refusal:
            return Reply(refusal.code, 404, logged={"ok": False, "error": refusal.code})
        return Reply(f"OK - {len(content)}", logged={"ok": True})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file_id, token = request.match_info["id"], bearer_token(request)
        return await self._serve(request, DOWNLOAD_URL, {"file": file_id}, lambda: self._fetch(file_id, token))

    def _fetch(self, file_id: str, token: str | None) -> Reply:
        """The bytes of a file that the bot may see; whoever has no right to files is sent to sign in."""
        app = self.workspace.app
        if token != app.bot_token or "files:read" not in app.scopes:
            return Reply("", 302, {"Location": _SIGN_IN}, logged={"ok": False, "error": "not_authed"})
        try:
            file = self.workspace.file_store.get(file_id, app.bot_user_id)
        except SlackError as refusal:
            return Reply(refusal.code, 404, logged={"ok": False, "error": refusal.code})
        return Reply("", content_type=mimetype(file), logged={"ok": True}, content=file.content)

    async def _sign_in(self, request: web.Request) -> web.Response:
        return web.Response(text=_SIGN_IN_PAGE, content_type="text/html")


def _json_reply(answer: Answer) -> Reply:
    return Reply(json.dumps(answer.body), answer.status, answer.headers, "application/json", answer.body)
