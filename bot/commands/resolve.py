"""`/incident resolve`, `/incident reopen [why]` and `/incident decline [why]`."""

from bot.commands.ask import Ask
from bot.views.decline import decline_modal
from bot.views.reopen import reopen_modal
from bot.views.resolve import resolve_modal
from storage.incidents import ENDED
from storage.tables import Incident, Status
from workflows.commands import DeclineIncident, ReopenIncident
from workflows.errors import StillOpen
from workflows.incidents import decline_incident, refuse_if_ended, reopen_incident
from workflows.resolve import NOTHING_TO_RESOLVE


async def on_resolve(ask: Ask, incident: Incident) -> None:
    """Open the resolve form.

    Raises AlreadyEnded.
    """
    refuse_if_ended(incident, so=NOTHING_TO_RESOLVE, can_reopen=False)
    await ask.open(resolve_modal(incident, asker=ask.user_id, asked_in=ask.channel_id))


async def on_reopen(ask: Ask, incident: Incident) -> None:
    """Reopen it with the reason that was typed, or ask for one.

    Raises StillOpen.
    """
    if incident.status not in ENDED:
        raise StillOpen(incident)
    if not ask.words:
        await ask.open(reopen_modal(incident, asked_in=ask.channel_id))
        return
    command = ReopenIncident(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id, reason=ask.words)
    async with ask.services.transaction() as session:
        await reopen_incident(session, command, process=ask.services.process, now=ask.services.now())
    await ask.done()


async def on_decline(ask: Ask, incident: Incident) -> None:
    """Decline it with the reason that was typed, or ask for one; the process says when it is too late for that."""
    if not ask.words and incident.status is Status.TRIAGE:
        await ask.open(decline_modal(incident, asked_in=ask.channel_id))
        return
    command = DeclineIncident(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id, reason=ask.words)
    async with ask.services.transaction() as session:
        await decline_incident(session, command, process=ask.services.process, now=ask.services.now())
    await ask.done()
