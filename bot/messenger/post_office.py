"""The post office: hands mail to the server that SMTP_URL names, over a few connections at a time."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.messenger.mail_server import MailServer
from bot.messenger.roads import WORDS_KEPT, Busy, NotYet, Refused, one_line

CONNECTIONS = 3
"""At a time; some large providers allow no more."""
ROOM = 12
"""How many mails may wait or be under way here: the others leave the dispatcher free for Slack meanwhile."""
PATIENCE = 10.0
"""Seconds for each of the server's answers."""
LONGEST_VISIT = 20.0
"""Seconds for all of one mail."""
SHUT_FOR = timedelta(seconds=5)
"""A server that was not there is left alone for so long; what comes meanwhile has the same answer."""
_OPERATORS = frozenset({530, 534, 535, 538})
"""Codes that only who runs Sitrep can mend (RFC 4954)."""
_FAULTS = (SMTPException, OSError)


class PostOffice:
    """One mail server."""

    def __init__(
        self, server: MailServer, *, now: Callable[[], datetime], trusted: ssl.SSLContext | None = None
    ) -> None:
        self.server = server
        self._now = now
        self._tls = trusted or ssl.create_default_context()
        self._our_name: str | None = None
        self._counters = asyncio.Semaphore(CONNECTIONS)
        self._inside = 0
        self._shut: tuple[datetime, NotYet] | None = None

    async def send(self, message: EmailMessage, *, to: str) -> str:
        """Hand in one message; what the server said.

        Raises NotYet, Refused or Busy.
        """
        if self._inside >= ROOM:
            raise Busy
        self._inside += 1
        try:
            async with self._counters:
                return await self._hand_in(message, to)
        finally:
            self._inside -= 1

    async def knock(self) -> str:
        """Connect and log in, and send nothing; how that went.

        Raises NotYet.
        """
        async with self._visit() as client:
            secured = "TLS" if client.get_transport_info("sslcontext") else "no TLS"
        return f"{self.server.host}:{self.server.port}, {secured}, from {self.server.sender}"

    async def _hand_in(self, message: EmailMessage, to: str) -> str:
        if self._shut is not None and self._now() < self._shut[0]:
            raise NotYet(self._shut[1].because, needs_person=self._shut[1].needs_person)
        async with self._visit() as client:
            try:
                _, words = await client.send_message(message, sender=self.server.sender, recipients=[to])
            except _FAULTS as fault:
                raise self._of_sending(fault, to) from None
        return self._clipped(words)

    @contextlib.asynccontextmanager
    async def _visit(self) -> AsyncIterator[SMTP]:
        """A connection, for so long and no longer."""
        try:
            async with asyncio.timeout(LONGEST_VISIT), self._connection() as client:
                yield client
        except TimeoutError:
            raise self._shut_because(NotYet("the mail server took too long", in_doubt=True)) from None

    def _shut_because(self, fault: NotYet) -> NotYet:
        self._shut = self._now() + SHUT_FOR, fault
        return fault

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        server = self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls_at_once,
            start_tls=False if server.tls_at_once else server.starttls,
            tls_context=self._tls,
            local_hostname=self._our_name,
            timeout=PATIENCE,
        )
        try:
            await client.connect()
        except _FAULTS as fault:
            raise self._shut_because(self._of_connecting(fault)) from None
        self._our_name = client.local_hostname  # looked up by the first, which may take a name server's time
        try:
            yield client
            with contextlib.suppress(*_FAULTS):  # what was handed in is handed in
                await client.quit()
        finally:
            client.close()

    def _of_connecting(self, fault: Exception) -> NotYet:
        match fault.__cause__ or fault:
            case ssl.SSLCertVerificationError():
                return NotYet("the mail server's certificate is not trusted here", needs_person=True)
            case ssl.SSLError():
                return NotYet("the mail server does not speak TLS the way SMTP_URL says", needs_person=True)
        match fault:
            case SMTPAuthenticationError():
                because = f"the mail server does not accept the user and password of SMTP_URL ({self._said(fault)})"
                return NotYet(because, needs_person=True)
            case SMTPResponseException():
                return NotYet(f"the mail server answers {self._said(fault)}", needs_person=fault.code >= 500)
            case TimeoutError():
                return NotYet("the mail server does not answer")
            case OSError():
                return NotYet("the mail server cannot be reached")
        return NotYet(
            f"the mail server cannot do what SMTP_URL asks for ({self._clipped(str(fault))})", needs_person=True
        )

    def _of_sending(self, fault: Exception, to: str) -> NotYet | Refused:
        match fault:
            case SMTPSenderRefused():
                because = f"the mail server does not take mail from {self.server.sender} ({self._said(fault)})"
                return NotYet(because, needs_person=fault.code >= 500)
            case SMTPRecipientsRefused():
                return self._of_answer(fault.recipients[0], to)
            case SMTPResponseException():
                return self._of_answer(fault, to)
            case SMTPNotSupported():
                return Refused(
                    f"the mail server cannot send to {to}", "Give an address of plain letters, then try again."
                )
        return NotYet("the connection to the mail server broke", in_doubt=True)

    def _of_answer(self, fault: SMTPRecipientRefused | SMTPResponseException, to: str) -> NotYet | Refused:
        because = f"the mail server does not take mail for {to} ({self._said(fault)})"
        if fault.code in _OPERATORS:
            return NotYet(because, needs_person=True)
        if fault.code < 500:
            return NotYet(because)
        return Refused(because, "Correct the address, or have the server accept it, then try again.")

    def _said(self, fault: SMTPResponseException) -> str:
        return self._clipped(f"{fault.code} {fault.message}")

    def _clipped(self, words: str) -> str:
        """What the server said, without the password should it repeat that."""
        password = self.server.password
        return one_line(words.replace(password, "***") if password else words, WORDS_KEPT)
