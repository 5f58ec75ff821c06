"""`/incident adopt [title]`."""

from bot.commands.adoptable import adoptable, refuse_taken
from bot.commands.ask import Ask
from bot.views.declare import declare_modal


async def on_adopt(ask: Ask) -> None:
    """Open the declare form for the channel in which this was typed."""
    called = ask.slack.body.get("channel_name", "")
    await refuse_taken(ask.services, ask.channel_id, asker=ask.user_id)
    existing = await adoptable(ask.services, ask.channel_id, called=called)
    await ask.open(
        declare_modal(
            process=ask.services.process, declarer=ask.user_id, title=await ask.plain_words(), existing=existing
        )
    )
