"""HTTP delivery: signed requests to the app's Request URLs, answered within three seconds."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import Clock
from sandbox.link.payload import ANSWER_WITHIN, Answer, Json, Payload
from sandbox.link.signing import signed_headers
from sandbox.strict import read_json

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
# Protocol: "Up to 2 redirects (3xx) are followed".
MAX_REDIRECTS = 2


class UrlNotVerified(Exception):
    """The Request URL did not answer the url_verification challenge."""


@dataclass(frozen=True)
class RequestUrls:
    """Where an app listens, None where nowhere; each slash command has an address of its own."""

    events: str | None
    commands: Mapping[str, str | None]
    interactivity: str | None
    options: str | None

    def address_of(self, payload: Payload) -> str | None:
        """Where this payload goes (protocol.md, section 4.5: block_suggestion has its own address)."""
        if payload.kind == "events_api":
            return self.events
        if payload.kind == "slash_commands":
            return self.commands.get(str(payload.body.get("command")))
        return self.options if payload.body.get("type") == "block_suggestion" else self.interactivity


class HttpTransport:
    """Delivers payloads as Slack's own servers would, with signature and retry headers."""

    def __init__(
        self, urls: RequestUrls, *, signing_secret: str, clock: Clock, answer_within: float = ANSWER_WITHIN
    ) -> None:
        self._urls = urls
        self._secret = signing_secret
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=answer_within)
        # No ceiling on connections: Slack's senders do not queue behind one another.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def verify_url(self, token: str) -> None:
        """Send the url_verification challenge to where events go; raises UrlNotVerified unless it comes back."""
        if self._urls.events is None:
            return
        challenge = secrets.token_urlsafe(32)
        body = {"token": token, "challenge": challenge, "type": "url_verification"}
        answer = await self._post(self._urls.events, _json_bytes(body), JSON_TYPE, {})
        if not answer.ok or challenge not in _echoes(answer.content):
            raise UrlNotVerified(f"{self._urls.events} did not echo the challenge: {answer.failure or answer.content}")

    async def deliver(self, payload: Payload) -> Answer:
        """Send one request and wait for its answer."""
        url = self._urls.address_of(payload)
        if url is None:
            return Answer(failure="connection_failed", retry_wanted=False)
        body, content_type = _request_for(payload)
        return await self._post(url, body, content_type, _retry_headers(payload))

    async def ready(self, within: float) -> bool:
        """An address given to us counts as reachable: it has answered the challenge."""
        return True

    async def close(self) -> None:
        """Close the connections kept alive towards the app."""
        await self._session.close()

    async def _post(self, url: str, body: bytes, content_type: str, extra: dict[str, str]) -> Answer:
        headers = {"Content-Type": content_type, **extra, **self._signature(body)}
        try:
            async with self._session.post(
                url, data=body, headers=headers, timeout=self._timeout, max_redirects=MAX_REDIRECTS
            ) as response:
                return await _read(response, only_200=content_type == FORM_TYPE)
        except (TimeoutError, aiohttp.TooManyRedirects, aiohttp.ClientError) as error:
            return Answer(failure=_reason(error))

    def _signature(self, body: bytes) -> dict[str, str]:
        return signed_headers(self._secret, int(self._clock.now().timestamp()), body)


def _request_for(payload: Payload) -> tuple[bytes, str]:
    """The body of the request and its type (protocol.md, section 2)."""
    if payload.kind == "events_api":
        return _json_bytes(payload.body), JSON_TYPE
    if payload.kind == "slash_commands":
        return urlencode(payload.body).encode(), FORM_TYPE
    form = urlencode({"payload": json.dumps(payload.body, separators=(",", ":"))})
    return form.encode(), FORM_TYPE


async def _read(response: aiohttp.ClientResponse, *, only_200: bool) -> Answer:
    # An event is acknowledged by any 2xx, a person's command or click by 200 alone.
    if response.status != 200 and (only_200 or not 200 <= response.status < 300):
        no_retry = response.headers.get("x-slack-no-retry") == "1"
        return Answer(failure="http_error", retry_wanted=not no_retry)
    text = await response.text()
    if response.content_type == JSON_TYPE and text:
        try:
            return Answer(content=read_json(text))
        except ValueError:
            return Answer(failure="http_error")
    return Answer(content=text or None)


def _reason(error: Exception) -> str:
    """Protocol: the values of x-slack-retry-reason."""
    if isinstance(error, TimeoutError):
        return "http_timeout"
    if isinstance(error, aiohttp.TooManyRedirects):
        return "too_many_redirects"
    if isinstance(error, aiohttp.ClientSSLError):
        return "ssl_error"
    if isinstance(error, aiohttp.ClientConnectionError):
        return "connection_failed"
    return "unknown_error"


def _retry_headers(payload: Payload) -> dict[str, str]:
    if payload.retry is None:
        return {}
    return {"x-slack-retry-num": str(payload.retry.number), "x-slack-retry-reason": payload.retry.reason}


def _echoes(content: object) -> str:
    return str(content.get("challenge", "")) if isinstance(content, dict) else str(content or "")


def _json_bytes(body: Json) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
