"""What people say and mark, taken before Bolt looks for a listener: looking for one costs as much as keeping it."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.events.messages import on_message
from bot.events.reactions import on_reaction_added, on_reaction_removed
from bot.services import Services

log = structlog.get_logger()

HEARD: dict[str, Callable[[Mapping[str, Any], Services], Awaitable[None]]] = {
    "message": on_message,
    "reaction_added": on_reaction_added,
    "reaction_removed": on_reaction_removed,
}
"""Who takes which event; what returns is committed."""


class Hearing(AsyncMiddleware):
    """Comes after Slack's signature was checked and before everything else; other requests it lets pass."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  # Bolt's name
    ) -> BoltResponse | None:
        """Acknowledge what was kept; what could not be is answered with an error, so that Slack sends it again."""
        event = req.body.get("event") if req.body.get("type") == "event_callback" else None
        on_event = HEARD.get(event["type"]) if event else None
        if event is None or on_event is None:
            return await next()
        with self._services.requests.one(), self._services.metrics.time_to_answer():
            try:
                await on_event(event, self._services)
            except Exception as fault:  # the one place where an event that cannot be kept ends
                self._services.metrics.faults.inc()
                reference = secrets.token_hex(4)
                log.error("an event could not be kept", reference=reference, event_type=event["type"], exc_info=fault)
                return BoltResponse(status=500)
        return BoltResponse(status=200, body="")
