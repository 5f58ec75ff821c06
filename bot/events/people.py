"""Somebody changed their name, address or zone, has left or is back."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.messenger.slack import read_person
from bot.services import Services
from storage.people import find_person
from workflows.gone import hand_over_few
from workflows.people import person_seen


async def on_user_changed(slack: AsyncArgs, services: Services) -> None:
    """Keep what is new about somebody we know; others are looked up when they first appear.

    What somebody had to do who has left is given to others at once; where it is much, within a minute.
    """
    user, now = slack.body["event"]["user"], services.now()
    seen = read_person(user)
    async with services.transaction() as session:
        if await find_person(session, user["id"]):
            await person_seen(session, user["id"], **seen, process=services.process, now=now)
    if seen["gone"]:
        async with services.transaction() as session:
            await hand_over_few(session, user["id"], process=services.process, now=now)
    await slack.ack()
