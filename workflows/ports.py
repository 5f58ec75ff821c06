"""What the process needs from outside: somebody who performs what it owes, and says how it went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.deliveries import Claim
from storage.tables.columns import JsonObject
from workflows.situation import Situation


@dataclass(frozen=True)
class Sent:
    """It is so in the world; `answer` is what the world said."""

    answer: JsonObject


@dataclass(frozen=True)
class TryAgain:
    """It did not work this time. `in_doubt`: it may have, so look before repeating it."""

    at: datetime
    because: str
    in_doubt: bool
    trouble: str = ""
    """What keeps it, where a person should know by now; they are told once."""


@dataclass(frozen=True)
class GiveUp:
    """It will never work like this; `hint` tells a person what to do."""

    because: str
    hint: str
    code: str = ""
    """What the log says, where `because` may quote somebody; nothing: `because` itself."""


Outcome = Sent | TryAgain | GiveUp


class Messenger(Protocol):
    """Performs deliveries; the real one does it in the world, a test's keeps them in a list."""

    async def deliver(self, claim: Claim, situation: Situation | None, briefing: object = None) -> Outcome:
        """Perform one; `situation` is how its incident stood when it was claimed, `briefing` what it says. Raises
        nothing."""
        ...
