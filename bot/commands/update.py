"""`/incident update [words]`."""

from bot.blocks.text import prose, quoted
from bot.commands.ask import Ask
from bot.views.form import WORDS_LIMIT
from bot.views.reach import reach_of_update
from bot.views.update import update_modal
from storage.tables import Incident
from workflows.updates import refuse_without_audience


async def on_update(ask: Ask, incident: Incident) -> None:
    """Open the update form, with the words that were typed.

    Raises AlreadyEnded.
    """
    refuse_without_audience(incident)
    words = await ask.plain_words()
    if len(words) > WORDS_LIMIT:
        await ask.answer(
            f"An update holds {WORDS_LIMIT:,} characters and yours has {len(words):,}. Shorten it and send it again; "
            f"here it is:\n{quoted(prose(words))}"
        )
        return
    reach = await reach_of_update(ask.services, incident)
    await ask.open(
        update_modal(incident, process=ask.services.process, asked_in=ask.channel_id, text=words, reach=reach)
    )
