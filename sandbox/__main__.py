"""`python -m sandbox`: the workspace in a process of its own, one JSON line saying where it is."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from sandbox.sandbox import Sandbox
from sandbox.serving import serve_until_stopped


def serve(
    manifest: Annotated[Path, typer.Option(help="The app's manifest, YAML or JSON.")],
    port: Annotated[int, typer.Option(help="Loopback port; 0 takes a free one.")] = 0,
    latency: Annotated[float, typer.Option(help="Seconds that each Web API call takes.")] = 0.0,
    rate_limits: Annotated[bool, typer.Option(help="Answer 429 as Slack's tiers demand.")] = True,
) -> None:
    """Serve a Slack workspace with this app installed until interrupted; /control does the rest."""
    asyncio.run(_serve(manifest, port, latency, rate_limits))


async def _serve(manifest: Path, port: int, latency: float, rate_limits: bool) -> None:
    sandbox = Sandbox(manifest, port=port)
    sandbox.faults.latency(latency)
    sandbox.server.ratelimits.enabled = rate_limits
    await serve_until_stopped(sandbox)


if __name__ == "__main__":
    typer.run(serve)
