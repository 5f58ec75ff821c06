"""`/incident public [words]`."""

from bot.commands.ask import Ask
from bot.views.public import TEXT_LIMIT, public_modal
from storage.tables import Incident
from workflows.public import refuse_if_not_public


async def on_public(ask: Ask, incident: Incident) -> None:
    """Open the form for a text for people outside, with the words that were typed.

    Raises NotPublic, AlreadyEnded.
    """
    refuse_if_not_public(incident)
    words = await ask.plain_words()
    if len(words) > TEXT_LIMIT:
        await ask.answer(
            f"A text for people outside holds {TEXT_LIMIT:,} characters and yours has {len(words):,}; shorten it."
        )
        return
    await ask.open(public_modal(incident, process=ask.services.process, asked_in=ask.channel_id, text=words))
