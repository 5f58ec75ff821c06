"""Buttons about what somebody follows."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.commands.ask import ask_of_button
from bot.commands.subscribe import follow_incident
from bot.events.home import show_home
from bot.services import Services
from bot.views.subscribe import subscribe_modal
from workflows.access import see_incident
from workflows.subscriptions import Unsubscribe, unsubscribe


async def on_subscribe_clicked(slack: AsyncArgs, services: Services) -> None:
    """Subscribe was pressed on a digest entry."""
    ask = ask_of_button(slack, services)
    async with services.read() as session:
        incident = await see_incident(session, int(slack.body["actions"][0]["value"]), ask.user_id)
    await follow_incident(ask, incident)


async def on_open_subscribe_clicked(slack: AsyncArgs, services: Services) -> None:
    """Subscribe was pressed in the App Home."""
    await ask_of_button(slack, services).open(subscribe_modal(process=services.process, from_home=True))


async def on_unsubscribe_clicked(slack: AsyncArgs, services: Services) -> None:
    """Unsubscribe was pressed, in the App Home or under an answer."""
    ask = ask_of_button(slack, services)
    number = int(slack.body["actions"][0]["value"])
    command = Unsubscribe(**ask.request(), number=number, asked_in=ask.channel_id)
    async with services.transaction() as session:
        ended = await unsubscribe(session, command, now=services.now())
    await ask.answer("You hear no more of it." if ended else "That had ended before.")
    if slack.body.get("view", {}).get("type") == "home":
        await show_home(services, ask.user_id)
