"""Reactions that are marks."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.events.messages import mark_of, moment_of
from bot.services import Services
from workflows.heard import Marked


async def on_reaction_added(slack: AsyncArgs, services: Services) -> None:
    """Somebody reacted to a message."""
    await _keep(slack, services, is_set=True)


async def on_reaction_removed(slack: AsyncArgs, services: Services) -> None:
    """Somebody took a reaction away."""
    await _keep(slack, services, is_set=False)


async def _keep(slack: AsyncArgs, services: Services, *, is_set: bool) -> None:
    """Keep a mark; any other reaction is none of our business, and so are our own."""
    event = slack.body["event"]
    mark = mark_of(event["reaction"], services.process)
    if mark is not None and event["item"]["type"] == "message" and event["user"] != slack.context.bot_user_id:
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
    await slack.ack()
