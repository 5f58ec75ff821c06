"""A real mail server on this machine, whose answers a test writes down."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import aiosmtpd
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from bot.messenger.mail_server import MailServer

_CERTIFICATES = Path(aiosmtpd.__file__).parent / "tests" / "certs"
USER, PASSWORD = "sitrep", "p@ss word"
HANGS_UP = "hangs up"
"""Instead of an answer to `data`."""


@dataclass
class MailHost:
    """What came in, and what is answered; the port stays when it goes down and comes up."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    """By recipient, sender or `data`: an answer for each time, then all is well."""
    options: dict[str, Any] = field(default_factory=dict)
    tls_at_once: bool = False
    port: int = 0
    connections: int = 0
    most_at_once: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    hold: asyncio.Event | asyncio.Barrier | None = None
    _server: asyncio.Server | None = None
    _taking: int = 0

    async def up(self) -> None:
        """Listen."""
        loop = asyncio.get_running_loop()
        context = server_tls() if self.tls_at_once else None
        self._server = await loop.create_server(self._greet, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def _greet(self) -> SMTP:
        self.connections += 1
        return SMTP(self, hostname="mail.test", authenticator=self._login, **self.options)

    def _login(self, _server: object, _session: object, _envelope: object, _mechanism: str, auth: Any) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        self.logins.append(auth.login.decode())
        return AuthResult(success=(auth.login, auth.password) == (USER.encode(), PASSWORD.encode()), handled=False)

    def _answer(self, to: str) -> str | None:
        waiting = self.answers.get(to)
        return waiting.pop(0) if waiting else None

    async def handle_MAIL(  # noqa: N802  # the library's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """A sender."""
        envelope.mail_from = address
        return self._answer(address) or "250 OK"

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """A recipient."""
        refusal = self._answer(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the library's name
        """A message."""
        self._taking += 1
        self.most_at_once = max(self.most_at_once, self._taking)
        if self.hold is not None:
            await self.hold.wait()
        self._taking -= 1
        refusal = self._answer("data")
        if refusal == HANGS_UP:
            server.transport.abort()
        if refusal is not None:
            return refusal
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.over_tls.append(session.ssl is not None or self.tls_at_once)
        return "250 taken as 42"

    def server(self, **changes: Any) -> MailServer:
        """How the bot is told of it."""
        values: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "sender": "incidents@example.com"}
        return MailServer(**{**values, **changes})


@asynccontextmanager
async def a_mail_host(*, tls_at_once: bool = False, **options: Any) -> AsyncIterator[MailHost]:
    """A mail server that is up; `options` are the library's."""
    host = MailHost(options=options, tls_at_once=tls_at_once)
    await host.up()
    try:
        yield host
    finally:
        await host.down()


def server_tls() -> ssl.SSLContext:
    """What a server with a certificate that nobody has signed speaks."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_CERTIFICATES / "server.crt", _CERTIFICATES / "server.key")
    return context


def trusting() -> ssl.SSLContext:
    """What somebody speaks who was given that certificate; it names no host."""
    context = ssl.create_default_context(cafile=str(_CERTIFICATES / "server.crt"))
    context.check_hostname = False
    return context
