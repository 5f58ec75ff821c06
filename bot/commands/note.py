"""`/incident note|did|decision|theory|workaround|evidence|concern [text]`: a fact for the timeline."""

import re

from bot.blocks.categories import category_emoji, category_name
from bot.blocks.text import escape
from bot.commands.ask import Ask
from bot.commands.timeline import open_timeline
from bot.views.note import note_modal
from storage.tables import Incident
from workflows.categories import ACTION, CONCERN, CONTAINMENT, DECISION, EVIDENCE, NOTE, THEORY, WORKAROUND
from workflows.commands import AddNote
from workflows.look import Showing
from workflows.timeline import add_note

_CONTAINS = re.compile(r"^(?:containment|contained)(?:\s*[:–-]\s*|\s+|$)", re.IGNORECASE)


async def on_note(ask: Ask, incident: Incident) -> None:
    """Put the text on the timeline, or ask for it."""
    await _add(ask, incident, NOTE, ask.words)


async def on_did(ask: Ask, incident: Incident) -> None:
    """What was done; `did containment …` for what keeps the harm from spreading."""
    contains = _CONTAINS.match(ask.words)
    await _add(ask, incident, CONTAINMENT if contains else ACTION, ask.words[contains.end() if contains else 0 :])


async def on_decision(ask: Ask, incident: Incident) -> None:
    """What was decided."""
    await _add(ask, incident, DECISION, ask.words)


async def on_theory(ask: Ask, incident: Incident) -> None:
    """What may be the cause; without words the theories so far."""
    await _add_or_show(ask, incident, THEORY, Showing.THEORIES)


async def on_workaround(ask: Ask, incident: Incident) -> None:
    """How people get by meanwhile; without words the workarounds so far."""
    await _add_or_show(ask, incident, WORKAROUND, Showing.WORKAROUNDS)


async def on_evidence(ask: Ask, incident: Incident) -> None:
    """What shows how it was: a link, an observation; without words what there is."""
    await _add_or_show(ask, incident, EVIDENCE, Showing.EVIDENCE)


async def on_concern(ask: Ask, incident: Incident) -> None:
    """What worries somebody, also after it is over; without words the concerns so far."""
    await _add_or_show(ask, incident, CONCERN, Showing.CONCERNS)


async def _add_or_show(ask: Ask, incident: Incident, category: str, showing: Showing) -> None:
    if ask.words:
        await _add(ask, incident, category, ask.words)
    else:
        await open_timeline(ask, incident, showing=showing)


async def _add(ask: Ask, incident: Incident, category: str, text: str) -> None:
    """Put it on the timeline; without words the form asks for them."""
    process = ask.services.process
    if not text:
        await ask.open(note_modal(incident, process=process, asked_in=ask.channel_id, category=category))
        return
    command = AddNote(
        **ask.request(), incident_id=incident.number, asked_in=ask.channel_id, text=text, category=category
    )
    async with ask.services.transaction() as session:
        await add_note(session, command, process=process, now=ask.services.now())
    if category == NOTE:
        await ask.answer(f":memo: Noted on the timeline of {incident.ref}.")
        return
    stays = " It stays on the card until another takes its place." if category == WORKAROUND else ""
    name = escape(category_name(category, process))
    await ask.answer(f"{category_emoji(category, process)} On the timeline of {incident.ref}: *{name}*.{stays}")
