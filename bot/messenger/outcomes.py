"""From what Slack or the connection answered to how a delivery went on."""

from datetime import datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.messenger.faults import hint
from bot.messenger.slack import OUR_TOKEN, UNREADABLE, DigestChannelHidden, Held, retry_after
from storage.tables import DeliveryKind
from workflows.ports import GiveUp, Outcome, TryAgain

LONGEST_WAIT = timedelta(minutes=1)
"""However long an outage lasts, we look again this often."""

MAYBE_DONE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable", UNREADABLE})
"""Slack's own troubles; its pages say that part of the work may have been done."""


class SlackBusy(Exception):
    """A response URL did not take our words just now."""


def outcome_of(fault: Exception, *, attempt: int, now: datetime, kind: DeliveryKind | None = None) -> Outcome:
    """What to make of a failed attempt; `attempt` counts from 1.

    Raises the fault again when it is a mistake of ours.
    """
    later = now + back_off(attempt)
    match fault:
        case Held():
            return TryAgain(fault.until, "ratelimited", in_doubt=False)
        case DigestChannelHidden():
            return GiveUp("digest_channel_hidden", hint("digest_channel_hidden"))
        case SlackApiError():
            return _of_slack(fault, later=later, now=now, kind=kind)
        case SlackBusy():
            return TryAgain(later, "the response URL did not answer", in_doubt=False)
        case aiohttp.ClientConnectorError():
            return TryAgain(later, "Slack could not be reached", in_doubt=False)
        case aiohttp.ClientError() | TimeoutError():
            return TryAgain(later, "the connection broke before Slack answered", in_doubt=True)
    raise fault


def _of_slack(fault: SlackApiError, *, later: datetime, now: datetime, kind: DeliveryKind | None) -> Outcome:
    wait = retry_after(fault)
    if wait is not None:
        return TryAgain(now + wait, "ratelimited", in_doubt=False)
    status = getattr(fault.response, "status_code", 200)
    code = str(fault.response.get("error") or f"HTTP {status}")
    if code in OUR_TOKEN:
        return TryAgain(later, code, in_doubt=False)
    if code in MAYBE_DONE or status >= 500:
        return TryAgain(later, code, in_doubt=True)
    return GiveUp(code, hint(code, kind=kind, needed=fault.response.get("needed")))


def back_off(attempt: int) -> timedelta:
    """Half a second, doubled with every attempt, up to a minute."""
    return min(timedelta(seconds=0.5 * 2 ** min(attempt - 1, 10)), LONGEST_WAIT)
