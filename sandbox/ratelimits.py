"""How often a method may be called (methods.json: rate_limit; protocol.md, section 9)."""

import math
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.contract.methods import Method

# "Hundreds of requests per minute" (methods.json: chat.getPermalink), as one SDK counts them.
_SPECIAL_PER_MINUTE = {"chat.getPermalink": 600}


@dataclass
class Bucket:
    """Tokens that refill steadily up to a capacity, the burst that is tolerated."""

    per_second: float
    capacity: float
    level: float
    filled_at: float

    def wait(self, now: float) -> float:
        """Seconds until a token is there; none are taken."""
        self.level = min(self.capacity, self.level + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.per_second


class RateLimits:
    """The budgets of one app in one workspace: per method, and for chat.postMessage per channel and altogether."""

    def __init__(self, clock: Clock, *, enabled: bool = True) -> None:
        self.enabled = enabled
        # Slack publishes neither the burst nor the ceiling ("several hundred per minute"): both can be set.
        self.post_burst = 20
        self.posts_per_minute = 300
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def take(self, method: Method, channel: str = "") -> int:
        """Spend one call; otherwise the whole seconds to wait, as Retry-After says them."""
        if not self.enabled:
            return 0
        buckets = self._buckets_of(method, channel)
        now = self._clock.timestamp()
        delay = max((bucket.wait(now) for bucket in buckets), default=0.0)
        if delay:
            return max(1, math.ceil(delay))
        for bucket in buckets:
            bucket.level -= 1
        return 0

    def _buckets_of(self, method: Method, channel: str) -> list[Bucket]:
        if method.name == "chat.postMessage":
            return [
                self._bucket(f"chat.postMessage {channel}", 60, self.post_burst),
                self._bucket("chat.postMessage", self.posts_per_minute, self.posts_per_minute),
            ]
        per_minute = method.per_minute or _SPECIAL_PER_MINUTE.get(method.name)
        return [self._bucket(method.name, per_minute, per_minute)] if per_minute else []

    def _bucket(self, key: str, per_minute: float, burst: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(per_minute / 60, burst, burst, self._clock.timestamp())
        return self._buckets[key]
