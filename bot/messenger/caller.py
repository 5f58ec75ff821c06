"""Calls of webhooks: signed, not redirected, and judged by their answers."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp
from pydantic import SecretStr

from bot.messenger.roads import NotYet, Refused
from workflows.process_parts import Webhook

PATIENCE = aiohttp.ClientTimeout(total=10)
PASSES = frozenset({408, 425, 429})
"""Answers below 500 that mean: later."""
LONGEST_ASKED_WAIT = timedelta(hours=1)
_CORRECT = "Correct it in sitrep.toml or at its receiver, then try again."


class Caller:
    """Calls the webhooks of sitrep.toml, each with its own secret."""

    def __init__(
        self, session: aiohttp.ClientSession, webhooks: Mapping[str, Webhook], secrets: Mapping[str, SecretStr]
    ) -> None:
        self._session = session
        self._webhooks = webhooks
        self._secrets = secrets

    async def call(self, key: str, body: bytes, *, delivery: str, now: datetime) -> int:
        """Post this to a webhook; the status it answered.

        Raises NotYet or Refused.
        """
        if key not in self._webhooks:
            raise Refused(f"the webhook {key} is not in sitrep.toml any more", "Put it back, then try again.")
        headers = signed_headers(body, secret=self._secrets[key].get_secret_value(), delivery=delivery, now=now)
        with reaching(f"the webhook {key}", correct=_CORRECT):
            async with self._session.post(
                self._webhooks[key].url, data=body, headers=headers, timeout=PATIENCE, allow_redirects=False
            ) as response:
                return judge(response, f"the webhook {key}", now=now)


@contextmanager
def reaching(what: str, *, correct: str) -> Iterator[None]:
    """Say in our words why a server outside could not be called; raises NotYet or Refused for what the connection
    raises."""
    try:
        yield
    except aiohttp.ClientConnectorCertificateError:
        raise NotYet(f"the certificate of {what} is not trusted here", needs_person=True) from None
    except aiohttp.ClientConnectorError:
        raise NotYet(f"{what} cannot be reached") from None
    except aiohttp.InvalidURL:
        raise Refused(f"the address of {what} is none", correct) from None
    except TimeoutError:
        raise NotYet(f"{what} does not answer", in_doubt=True) from None
    except aiohttp.ClientError:
        raise NotYet(f"the connection to {what} broke", in_doubt=True) from None


def signed_headers(body: bytes, *, secret: str, delivery: str, now: datetime) -> dict[str, str]:
    """What tells a receiver that this is ours, new, and which one it is."""
    timestamp = str(int(now.timestamp()))
    signature = hmac.new(secret.encode(), b"v1:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "Sitrep",
        "X-Sitrep-Timestamp": timestamp,
        "X-Sitrep-Signature": f"v1={signature}",
        "X-Sitrep-Delivery": delivery,
    }


def judge(response: aiohttp.ClientResponse, what: str, *, now: datetime) -> int:
    """The status with which a receiver took a call; raises NotYet or Refused where it did not."""
    status = response.status
    if 200 <= status < 300:
        return status
    because = f"{what} answers {status}"
    if status >= 500 or status in PASSES:
        raise NotYet(because, wait=asked_wait(response.headers.get("Retry-After", ""), now=now))
    raise Refused(because, _CORRECT)


def asked_wait(retry_after: str, *, now: datetime) -> timedelta:
    """How long a receiver asks us to wait, in seconds or until a date; no longer than an hour."""
    try:
        wait = timedelta(seconds=int(retry_after))
    except (ValueError, OverflowError):
        wait = _until(retry_after, now=now)
    return min(max(wait, timedelta()), LONGEST_ASKED_WAIT)


def _until(date: str, *, now: datetime) -> timedelta:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return timedelta()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
