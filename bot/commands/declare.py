"""`/incident declare [title]`."""

from bot.commands.ask import Ask
from bot.views.declare import declare_modal


async def on_declare(ask: Ask) -> None:
    """Open the declare form, with the title if one was typed."""
    await ask.open(
        declare_modal(
            process=ask.services.process, declarer=ask.user_id, title=await ask.plain_words(), answer_url=ask.answer_url
        )
    )
