"""`python -m sandbox`: the workspace in a process of its own, one JSON line saying where it is."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from sandbox.contract.manifest import ManifestError
from sandbox.sandbox import HOST, Sandbox
from sandbox.seeds import FEW, MOST
from sandbox.serving import serve_until_stopped


def serve(
    manifest: Annotated[Path, typer.Option(metavar="FILE", help="The app's manifest, YAML or JSON.")],
    port: Annotated[int, typer.Option(help="Where its page is; 0 takes a free port.")] = 0,
    host: Annotated[str, typer.Option(help="Where to listen; this machine alone gets in by default.")] = HOST,
    people: Annotated[int, typer.Option(min=FEW, max=MOST, help="How many people are in it.")] = FEW,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the workspace here.")] = None,
    latency: Annotated[float, typer.Option(help="Seconds that each Web API call takes.")] = 0.0,
    rate_limits: Annotated[bool, typer.Option(help="Answer 429 as Slack's tiers demand.")] = True,
) -> None:
    """Serve a Slack workspace with this app installed until interrupted; /control does the rest.

    With another --host, everybody who reaches it can act as anybody in it.
    """
    try:
        asyncio.run(_serve(manifest, host, port, people, data, latency, rate_limits))
    except (OSError, ManifestError) as fault:
        typer.secho(str(fault), err=True)
        raise typer.Exit(1) from None


async def _serve(
    manifest: Path, host: str, port: int, people: int, data: Path | None, latency: float, rate_limits: bool
) -> None:
    sandbox = Sandbox(manifest, host=host, port=port, people=people, data=data)
    if sandbox.keeping and sandbox.keeping.set_aside:
        typer.secho(sandbox.keeping.notice, err=True)
    sandbox.faults.latency(latency)
    sandbox.server.ratelimits.enabled = rate_limits
    await serve_until_stopped(sandbox)


if __name__ == "__main__":
    typer.run(serve)
