"""What `sitrep doctor` finds, and how a fault of Slack's reads there."""

from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.messenger.slack import code_of

SLACK_FAULTS = (SlackApiError, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True)
class Finding:
    """One thing that was checked; a fault has its mend."""

    what: str
    says: str
    mend: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something is to be done."""
        return bool(self.mend)


def in_words(fault: Exception) -> str:
    """What went wrong when Slack was asked."""
    if isinstance(fault, SlackApiError):
        return f"Slack answers {code_of(fault)}"
    return f"the connection failed ({type(fault).__name__})"
