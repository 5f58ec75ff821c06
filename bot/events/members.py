"""Somebody came into an incident's channel, or left it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import Services
from storage.incidents import find_incident_of_channel
from storage.requests import receive
from workflows.catchup import greet
from workflows.participants import joined, left, owe_looking_who_is_in
from workflows.readings import owe_reading


async def on_member_joined(slack: AsyncArgs, services: Services) -> None:
    """Somebody came into a channel; where it is us, what happened there before we could not hear."""
    if slack.body["event"]["user"] == slack.context.bot_user_id:
        await _read(slack.body["event"]["channel"], services)
    await _keep(slack, services, partial(_came, services))


async def _came(services: Services, session: AsyncSession, channel_id: str, user_id: str, *, at: datetime) -> None:
    """They are in it now; who comes late is told what happened so far."""
    await joined(session, channel_id, user_id, at=at, now=services.now())
    await greet(session, channel_id, user_id, at=at, process=services.process, now=services.now())


async def on_member_left(slack: AsyncArgs, services: Services) -> None:
    """Somebody left a channel."""
    await _keep(slack, services, left)


async def _keep(slack: AsyncArgs, services: Services, workflow: Callable[..., Awaitable[None]]) -> None:
    """Keep what happened in an incident's channel; of the workspace's other channels nothing is written."""
    event = slack.body["event"]
    if event["user"] != slack.context.bot_user_id and await _is_of_an_incident(services, event["channel"]):
        async with services.transaction() as session:
            if await receive(session, f"event/{slack.body['event_id']}", at=services.now()):
                at = datetime.fromtimestamp(float(event["event_ts"]), UTC)
                await workflow(session, event["channel"], event["user"], at=at)
    await slack.ack()


async def _read(channel_id: str, services: Services) -> None:
    if await _is_of_an_incident(services, channel_id):
        async with services.transaction() as session:
            incident = await find_incident_of_channel(session, channel_id)
            if incident is not None:
                await owe_reading(session, incident, now=services.now())
                if incident.private:  # who came and went meanwhile decides who may see it
                    await owe_looking_who_is_in(session, incident, now=services.now())


async def _is_of_an_incident(services: Services, channel_id: str) -> bool:
    async with services.read() as session:
        return await find_incident_of_channel(session, channel_id) is not None
