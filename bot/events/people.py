"""Somebody changed their name, address or zone."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.messenger.slack import read_person
from bot.services import Services
from storage.people import find_person
from workflows.people import person_seen


async def on_user_changed(slack: AsyncArgs, services: Services) -> None:
    """Keep what is new about somebody we know; others are looked up when they first appear."""
    user = slack.body["event"]["user"]
    async with services.transaction() as session:
        if await find_person(session, user["id"]):
            await person_seen(session, user["id"], **read_person(user), process=services.process, now=services.now())
    await slack.ack()
