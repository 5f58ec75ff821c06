"""The button by which people choose whether they are thanked in public."""

from slack_bolt.kwargs_injection.async_args import AsyncArgs

from bot.blocks.praise import ON
from bot.commands.ask import ask_of_button
from bot.events.home import show_home
from bot.services import Services
from workflows.kudos import ChoosePraise, choose_praise


async def on_praise_clicked(slack: AsyncArgs, services: Services) -> None:
    """It was pressed in the App Home, which then shows the other choice."""
    ask = ask_of_button(slack, services)
    wanted = slack.body["actions"][0]["value"] == ON
    async with services.transaction() as session:
        await choose_praise(session, ChoosePraise(**ask.request(), wanted=wanted), now=services.now())
    await slack.ack()
    await show_home(services, ask.user_id)
