"""Somebody opened our App Home."""

import structlog
from aiohttp import ClientError
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.blocks.home import home_view
from bot.messenger.slack import Held
from bot.services import Services
from storage.incidents import list_visible_incidents
from storage.people import find_person
from workflows.boards import board_of
from workflows.situation import by_priority, list_situations
from workflows.subscriptions import list_followed

log = structlog.get_logger()

MOST_LOOKED_AT = 200


async def on_home_opened(slack: AsyncArgs, services: Services) -> None:
    """Show the home tab as it is now; the other tab is the conversation with us."""
    event = slack.body["event"]
    if event["tab"] == "home":
        await show_home(services, event["user"])
    await slack.ack()


async def show_home(services: Services, user_id: str) -> None:
    """Publish somebody's tab; where Slack does not take it now, they see it anew when they open it again.

    One after the other for each person: what was read first must not be published last, over something newer.
    """
    async with services.homes.of(user_id):
        view = await _home_of(services, user_id)
        try:
            await services.slack.call("views.publish", user_id=user_id, view=view.to_dict())
        except (SlackApiError, ClientError, TimeoutError, Held) as fault:
            log.warning("a home tab could not be published", exc_info=fault)


async def _home_of(services: Services, user_id: str) -> View:
    async with services.read() as session:
        incidents = await list_visible_incidents(session, user_id, only_open=True, limit=MOST_LOOKED_AT)
        situations = await list_situations(session, [incident.number for incident in incidents])
        followed = await list_followed(session, user_id)
        reader = await find_person(session, user_id)
        board = await board_of(session, user_id, process=services.process, now=services.now())
    ordered = by_priority(situations.values(), services.process)
    return home_view(ordered, followed, board, viewer=user_id, process=services.process, reader=reader)
