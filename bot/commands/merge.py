"""`/incident merge [INC-n] [why]`."""

import re

from bot.commands.ask import Ask
from bot.commands.status import split
from bot.views.merge import merge_modal
from storage.incidents import list_visible_incidents
from storage.tables import Incident
from workflows.commands import MergeIncident
from workflows.merge import merge_incident, refuse_if_not_mergeable

_REF = re.compile(r"(?:INC-)?(\d{1,9})", re.IGNORECASE)
MOST_LOOKED_AT = 200


async def on_merge(ask: Ask, incident: Incident) -> None:
    """Merge it into the one that was named, or ask into which.

    Raises AlreadyEnded, StepNotAllowed, CannotMerge, IncidentNotFound.
    """
    refuse_if_not_mergeable(incident)
    named, why = split(ask.words)
    into = _REF.fullmatch(named)
    if into is None:
        await _offer(ask, incident)
        return
    command = MergeIncident(
        **ask.request(), incident_id=incident.number, asked_in=ask.channel_id, into=int(into.group(1)), reason=why
    )
    async with ask.services.transaction() as session:
        await merge_incident(session, command, process=ask.services.process, now=ask.services.now())
    await ask.done()


async def _offer(ask: Ask, incident: Incident) -> None:
    """The open ones that the same people may see."""
    async with ask.services.read() as session:
        visible = await list_visible_incidents(session, ask.user_id, only_open=True, limit=MOST_LOOKED_AT)
    others = [other for other in visible if other.number != incident.number and other.private == incident.private]
    if not others:
        await ask.answer(f"There is no other open incident that {incident.ref} could be part of; it was left as it is.")
        return
    await ask.open(merge_modal(incident, others, asked_in=ask.channel_id))
