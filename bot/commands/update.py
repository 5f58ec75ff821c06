"""`/incident update [words]`."""

from bot.commands.ask import Ask
from bot.views.update import update_modal
from storage.tables import Incident
from workflows.updates import refuse_without_audience


async def on_update(ask: Ask, incident: Incident) -> None:
    """Open the update form, with the words that were typed.

    Raises AlreadyEnded.
    """
    refuse_without_audience(incident)
    await ask.open(update_modal(incident, process=ask.services.process, asked_in=ask.channel_id, text=ask.words))
