"""`/incident status [new status] [why]`."""

import re

from bot.blocks.answers import how_it_stands
from bot.blocks.text import clip, escape
from bot.commands.ask import Ask
from bot.views.status import status_modal
from storage.tables import Incident, Status
from workflows.commands import ChangeStatus
from workflows.incidents import change_status
from workflows.lifecycle import WORKING, Step, step
from workflows.situation import situation_of


async def on_status(ask: Ask, incident: Incident) -> None:
    """Answer how it stands, or move it; a jump without a reason is asked for one in the form."""
    word, why = split(ask.words)
    if not word:
        async with ask.services.read() as session:
            situation = await situation_of(session, incident)
        await ask.answer(*how_it_stands(situation, process=ask.services.process))
        return
    status = next((known for known in WORKING if known.startswith(word.lower())), None)
    if status is None:
        status = next((known for known in Status if known == word.lower()), None)
    if status is None:
        names = ", ".join(WORKING)
        await ask.answer(f"There is no status “{escape(clip(word, 40))}” to go to. {incident.ref} can be: {names}.")
        return
    if step(incident.status, status) is Step.JUMP and not why:
        await ask.open(status_modal(incident, asked_in=ask.channel_id, chosen=status))
        return
    command = ChangeStatus(
        **ask.request(), incident_id=incident.number, asked_in=ask.channel_id, status=status, reason=why
    )
    async with ask.services.transaction() as session:
        await change_status(session, command, process=ask.services.process, now=ask.services.now())
    await ask.answer(f"{incident.ref} is {status.capitalize()} now.")


def split(words: str) -> tuple[str, str]:
    """The first word, and the reason after it, with or without “because” between them."""
    first, _, rest = words.strip().partition(" ")
    return first, re.sub(r"^(because|since|as|:|-)\s+", "", rest.strip(), flags=re.IGNORECASE)
