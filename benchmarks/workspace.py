"""`python -m benchmarks.workspace`: the sandbox and its crowd, in a process of their own, ordered about over HTTP."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from aiohttp import web

from benchmarks.chatter import fill_channel
from benchmarks.crowd import Crowd
from sandbox import Sandbox
from sandbox.serving import serve_until_stopped

PEOPLE = 20
MANIFEST = Path(__file__).parents[1] / "manifest.yml"


def serve(
    latency: Annotated[float, typer.Option(help="Seconds that each call of the app takes.")],
    rate_limits: Annotated[bool, typer.Option(help="Answer 429 as Slack's tiers demand.")],
) -> None:
    """Serve the workspace until terminated; one JSON line says where it is."""
    asyncio.run(_serve(latency, rate_limits))


async def _serve(latency: float, rate_limits: bool) -> None:
    sandbox = Sandbox(MANIFEST)
    sandbox.faults.latency(latency)
    sandbox.server.ratelimits.enabled = rate_limits
    crowd = Crowd(sandbox, [f"person{number}" for number in range(1, PEOPLE + 1)])
    sandbox.server.app.add_routes(_routes(crowd))
    await serve_until_stopped(sandbox)


def _routes(crowd: Crowd) -> list[web.RouteDef]:
    """The orders; the rest is in the sandbox's own control API."""

    async def declare(request: web.Request) -> web.Response:
        return web.json_response(await crowd.declare(**await _arguments(request)))

    async def load(request: web.Request) -> web.Response:
        return web.json_response(await crowd.load(**await _arguments(request)))

    async def mark(request: web.Request) -> web.Response:
        return web.json_response(await crowd.mark_at_once(**await _arguments(request)))

    async def burst(request: web.Request) -> web.Response:
        return web.json_response(await crowd.burst(**await _arguments(request)))

    async def alerts(request: web.Request) -> web.Response:
        return web.json_response(await crowd.alerts(**await _arguments(request)))

    async def form(request: web.Request) -> web.Response:
        return web.json_response(await crowd.open_form(**await _arguments(request)))

    async def readers(request: web.Request) -> web.Response:
        crowd.invite_readers(**await _arguments(request))
        return web.json_response({})

    async def people(request: web.Request) -> web.Response:
        return web.json_response({"ids": crowd.add_people(**await _arguments(request))})

    async def mornings(request: web.Request) -> web.Response:
        return web.json_response(await crowd.mornings(**await _arguments(request)))

    async def notify(request: web.Request) -> web.Response:
        return web.json_response(await crowd.notify(**await _arguments(request)))

    async def fill(request: web.Request) -> web.Response:
        return web.json_response(fill_channel(crowd.sandbox, **await _arguments(request)))

    async def alone(request: web.Request) -> web.Response:
        """Wait until no app is connected."""
        while crowd.sandbox.socket.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        return web.json_response({})

    orders = {
        "declare": declare,
        "load": load,
        "mark": mark,
        "burst": burst,
        "alerts": alerts,
        "form": form,
        "readers": readers,
        "notify": notify,
        "people": people,
        "mornings": mornings,
        "fill": fill,
        "alone": alone,
    }
    return [web.get("/bench/echo", _echo), *(web.post(f"/bench/{name}", order) for name, order in orders.items())]


async def _echo(request: web.Request) -> web.WebSocketResponse:
    """Send back what is said over a WebSocket."""
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for message in socket:
        await socket.send_str(message.data)
    return socket


async def _arguments(request: web.Request) -> dict[str, Any]:
    arguments: dict[str, Any] = await request.json()
    return arguments


if __name__ == "__main__":
    typer.run(serve)
