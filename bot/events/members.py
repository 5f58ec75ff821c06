"""Somebody came into a channel, or left it."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.services import Services
from storage.requests import receive
from workflows.participants import joined, left


async def on_member_joined(slack: AsyncArgs, services: Services) -> None:
    """Somebody came into a channel."""
    event = slack.body["event"]
    async with services.transaction() as session:
        if await receive(session, f"event/{slack.body['event_id']}", at=services.now()):
            await joined(session, event["channel"], event["user"], now=services.now())
    await slack.ack()


async def on_member_left(slack: AsyncArgs, services: Services) -> None:
    """Somebody left a channel."""
    event = slack.body["event"]
    async with services.transaction() as session:
        if await receive(session, f"event/{slack.body['event_id']}", at=services.now()):
            await left(session, event["channel"], event["user"], now=services.now())
    await slack.ack()
