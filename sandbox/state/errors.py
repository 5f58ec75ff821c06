"""How Slack says no."""

from typing import Any


class SlackError(Exception):
    """A refusal with one of Slack's error codes, and what the answer carries besides it."""

    def __init__(self, code: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra
