"""The ASGI app: Slack's requests, health, and figures."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive

from bot.metrics import Metrics

Checks = Callable[[], Awaitable[Mapping[str, str]]]
"""What is wrong, by part; nothing when all is well."""

LARGEST_BODY = 1_000_000
"""Bytes; Slack's largest payload, a form of 250 KB in form encoding, stays below it."""


def web_app(app: AsyncApp | None, *, checks: Checks, metrics: Metrics) -> Starlette:
    """The endpoints; without an app (Socket Mode) Slack's requests are not taken here."""

    async def live(_request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def ready(_request: Request) -> Response:
        faults = dict(await checks())
        return JSONResponse({"ready": not faults, "faults": faults}, status_code=503 if faults else 200)

    async def figures(_request: Request) -> Response:
        return Response(metrics.render(), media_type="text/plain; version=0.0.4")

    routes = [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", figures)]
    if app is not None:
        routes.append(Route("/slack/events", _slack_requests(app), methods=["POST"]))
    return Starlette(routes=routes)


def _slack_requests(app: AsyncApp) -> Callable[[Request], Awaitable[Response]]:
    handler = AsyncSlackRequestHandler(app)

    async def take(request: Request) -> Response:
        """Bolt checks the signature and refuses what is older than five minutes."""
        if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
            return PlainTextResponse("too large\n", status_code=413)
        try:
            return await handler.handle(Request(request.scope, _no_more_than(LARGEST_BODY, request.receive)))
        except _TooLarge:
            return PlainTextResponse("too large\n", status_code=413)

    return take


class _TooLarge(Exception):
    """A body that came without its length is longer than any of Slack's."""


def _no_more_than(limit: int, receive: Receive) -> Receive:
    left = limit

    async def receive_some() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _TooLarge
        return message

    return receive_some
