"""The mail server that SMTP_URL names."""

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

EXAMPLE = "smtp://user:password@host:587/?from=incidents@example.com"

_PORTS = {"smtp": 587, "smtps": 465}
_STARTTLS = {"": None, "required": True, "off": False}
_ADDRESS = re.compile(r"[!-;=?A-~]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in, as whom, and from which address."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls_at_once: bool = False
    starttls: bool | None = None
    """Whether the connection must, or must not, turn to TLS; None: where the server offers it."""

    @property
    def domain(self) -> str:
        """The sender's domain, in which our messages have their ids."""
        return self.sender.rpartition("@")[2]


def parse_smtp_url(url: str) -> MailServer:
    """The server of an address such as smtp://user:password@host:587/?from=incidents@example.com.

    Raises ValueError with a sentence that does not repeat the address, which may hold a password.
    """
    parts, port = _split(url)
    options = _options(parts.query)
    sender = options.get("from", "")
    if not _ADDRESS.fullmatch(sender):
        raise ValueError(f"it does not say from which address mail is sent; end it with ?from=…, as in {EXAMPLE}")
    if options.get("starttls", "") not in _STARTTLS:
        raise ValueError("starttls is required or off; without it STARTTLS is used where the server offers it")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("it has a user or a password only; give both, or neither")
    return MailServer(
        host=parts.hostname or "",
        port=port or _PORTS[parts.scheme],
        sender=sender,
        user=user,
        password=password,
        tls_at_once=parts.scheme == "smtps",
        starttls=_STARTTLS[options.get("starttls", "")],
    )


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its text quotes a part of the address
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(f"it is not a mail server's address; write {EXAMPLE}, with signs such as @ or / as %40 or %2F")
    return parts, port


def _options(query: str) -> dict[str, str]:
    """What stands after the question mark; a plus is a plus, because addresses have them."""
    pairs = [part.partition("=") for part in query.split("&") if part]
    options = {name: unquote(value) for name, _, value in pairs}
    if unknown := options.keys() - {"from", "starttls"}:
        raise ValueError(f"{', '.join(sorted(unknown))[:40]} is not known; there are from and starttls")
    return options
