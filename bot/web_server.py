"""The web server: listens at once, serves, and ends when we say so."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import uvicorn
from starlette.applications import Starlette


class PortTaken(Exception):
    """Something else listens on our port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken; set SITREP_PORT to another one.")


class WebServer:
    """One address that an app is served at."""

    def __init__(self, app: Starlette) -> None:
        self._server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        self._serving: asyncio.Task[None] | None = None

    async def start(self, host: str, port: int) -> int:
        """Serve; the port, which is a free one for 0.

        Raises PortTaken, or OSError for a host that is not ours.
        """
        listening = _listen(host, port)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.has_started.wait()
        return int(listening.getsockname()[1])

    async def stop(self) -> None:
        """Take no more, and return when what was taken is answered."""
        if self._serving is not None:
            self._server.should_exit = True
            await self._serving


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket; bound by us, because uvicorn ends the process where it cannot bind.

    Raises PortTaken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as fault:
        listening.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken(port) from None
        raise
    return listening


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: we stop it when the rest can be stopped too."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.has_started = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.has_started.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
