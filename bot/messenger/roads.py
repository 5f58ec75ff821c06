"""The roads beside Slack, mail and webhooks: how it goes on after something went wrong on them."""

import hashlib
import re
from datetime import datetime, timedelta

from storage.deliveries import Claim
from workflows.ports import GiveUp, Outcome, TryAgain

KEEPS_TRYING = timedelta(hours=24)
"""How long after it was due something is tried."""
TROUBLE_AFTER = timedelta(minutes=10)
"""How long it may go wrong before a person is told."""
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
NEXT_TURN = timedelta(seconds=1)
WORDS_KEPT = 200
"""Characters of what a server answered."""

_UNPRINTED = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


class NotYet(Exception):
    """It did not work this time, because of this; `wait` is how long the other side asks us to wait."""

    def __init__(
        self, because: str, *, in_doubt: bool = False, needs_person: bool = False, wait: timedelta = timedelta()
    ) -> None:
        self.because = because
        self.in_doubt = in_doubt
        self.needs_person = needs_person
        """It does not pass by itself, so a person is told at once."""
        self.wait = wait
        super().__init__(because)


class Refused(Exception):
    """It will never work like this; `hint` says what to do about it."""

    def __init__(self, because: str, hint: str) -> None:
        self.because = because
        self.hint = hint
        super().__init__(because)


class Busy(Exception):
    """As much is under way on this road as may be; `wait` is how long until the next turn."""

    def __init__(self, wait: timedelta = NEXT_TURN) -> None:
        self.wait = wait
        super().__init__("busy")


def outcome_on_road(fault: NotYet | Refused | Busy, claim: Claim, *, now: datetime) -> Outcome:
    """How it goes on: the older it is the rarer it is tried, and a day after it was due no more."""
    match fault:
        case Refused():
            return GiveUp(fault.because, f"{_sentence(fault.because)} {fault.hint}", code="refused")
        case Busy():
            return TryAgain(now + fault.wait, "it waits for its turn", in_doubt=claim.look_first)
    age, ends_at = now - claim.due_at, claim.due_at + KEEPS_TRYING
    if now >= ends_at:
        hint = f"I tried for 24 hours: {fault.because}. When that is mended, try again."
        return GiveUp(fault.because, hint, code="tried_for_24_hours")
    wait = max(fault.wait, min(max(age / 4, SHORTEST_WAIT), LONGEST_WAIT))
    return TryAgain(
        min(now + wait, ends_at),
        fault.because,
        in_doubt=fault.in_doubt or claim.look_first,
        trouble=fault.because if fault.needs_person or age >= TROUBLE_AFTER else "",
    )


def _sentence(clause: str) -> str:
    return f"{clause[0].upper()}{clause[1:]}."


def one_line(text: str, limit: int) -> str:
    """Text without line breaks and other signs that are not printed, and not longer than that."""
    line = _UNPRINTED.sub(" ", text).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def fingerprint(key: str) -> str:
    """A name for a delivery outside, the same at every attempt."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
