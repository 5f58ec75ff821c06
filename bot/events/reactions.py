"""Reactions that are marks."""

from collections.abc import Mapping
from typing import Any

from bot.events.messages import mark_of, moment_of
from bot.services import Services
from workflows.heard import Marked


async def on_reaction_added(event: Mapping[str, Any], services: Services) -> None:
    """Somebody reacted to a message."""
    await _keep(event, services, is_set=True)


async def on_reaction_removed(event: Mapping[str, Any], services: Services) -> None:
    """Somebody took a reaction away."""
    await _keep(event, services, is_set=False)


async def _keep(event: Mapping[str, Any], services: Services, *, is_set: bool) -> None:
    """Keep a mark; any other reaction is none of our business, and so are our own."""
    mark = mark_of(event["reaction"], services.process)
    us = (await services.slack.identity()).user_id
    if mark is not None and event["item"]["type"] == "message" and event["user"] != us:
        await services.capture.keep(
            Marked(
                channel_id=event["item"]["channel"],
                ts=event["item"]["ts"],
                user_id=event["user"],
                mark=mark,
                is_set=is_set,
                at=moment_of(event["event_ts"]),
            )
        )
