"""Somebody changed their name, address or zone."""

from typing import Any, TypedDict

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.services import Services
from storage.people import find_person
from workflows.people import person_seen


async def on_user_changed(slack: AsyncArgs, services: Services) -> None:
    """Keep what is new about somebody we know; others are looked up when they first appear."""
    user = slack.body["event"]["user"]
    async with services.transaction() as session:
        if await find_person(session, user["id"]):
            await person_seen(session, user["id"], **read_person(user), now=services.now())
    await slack.ack()


class Seen(TypedDict):
    """What Slack shows us of somebody."""

    name: str
    email: str | None
    zone: str | None


def read_person(user: dict[str, Any]) -> Seen:
    """Name, address and zone of Slack's user object; the address is there only with its scope."""
    profile = user.get("profile", {})
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user["name"]
    return Seen(name=name, email=profile.get("email"), zone=user.get("tz"))
