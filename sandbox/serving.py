"""Serving a workspace in a process of its own, until it is told to stop."""

import asyncio
import json
import signal
import sys

from sandbox.sandbox import Sandbox


async def serve_until_stopped(sandbox: Sandbox) -> None:
    """Serve it until SIGINT or SIGTERM, after one JSON line on stdout that says where it is."""
    stopped = asyncio.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(stop, stopped.set)
    async with sandbox:
        sys.stdout.write(json.dumps(sandbox.describe()) + "\n")
        sys.stdout.flush()
        await stopped.wait()
