"""Serving a workspace in a process of its own, until it is told to stop."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from sandbox.sandbox import Sandbox

T = TypeVar("T")


async def serve_until_stopped(sandbox: Sandbox) -> None:
    """Serve it until SIGINT or SIGTERM, after one JSON line on stdout that says where it is."""
    await until_stopped(_serve(sandbox))


async def until_stopped(work: Coroutine[Any, Any, T]) -> T | None:
    """What this work comes to; None where SIGINT or SIGTERM came first, once it has let go of all it held."""
    task = asyncio.create_task(work)
    for stop in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # on Windows, where Ctrl-C simply ends it
            asyncio.get_running_loop().add_signal_handler(stop, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        return None


async def _serve(sandbox: Sandbox) -> None:
    async with sandbox:
        sys.stdout.write(json.dumps(sandbox.describe()) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
