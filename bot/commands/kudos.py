"""`/incident kudos [@someone why]` and `/incident kudos on|off`."""

import re

from bot.blocks.praise import praise_answer, thanked_answer
from bot.blocks.text import mentioned
from bot.commands.ask import Ask
from bot.views.kudos import WHY_LIMIT, kudos_modal
from storage.tables import Incident
from workflows.kudos import ChoosePraise, GiveKudos, choose_praise, give_kudos

_PERSON_FIRST = re.compile(r"^\{@[UW][A-Z0-9]+\}[\s,:–-]*(?:for\s+)?", re.IGNORECASE)


async def on_kudos(ask: Ask, incident: Incident) -> None:
    """Thank the person who was named, or ask in the form whom and for what.

    Raises ThanksToOneself, HiddenFromThanked, NotAPerson.
    """
    to, text = read_thanks(ask.words)
    await ask.services.refuse_ourselves(to, cannot="be thanked")
    if to is None or not text or len(text) > WHY_LIMIT:
        words = await ask.services.with_names(text, sign="@")
        await ask.open(kudos_modal(incident, asked_in=ask.channel_id, to=to, text=words))
        return
    command = GiveKudos(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id, to=to, text=text)
    async with ask.services.transaction() as session:
        in_public = await give_kudos(session, command, now=ask.services.now())
    await ask.answer(thanked_answer(incident, to, in_public=in_public))


def read_thanks(words: str) -> tuple[str | None, str]:
    """Whom, and what for; who is named in the middle of a sentence stays in it."""
    to, text = mentioned(words), _PERSON_FIRST.sub("", words).strip()
    return to, "" if text == f"{{@{to}}}" else text


async def on_kudos_on(ask: Ask) -> None:
    """Be thanked in public from now on."""
    await _choose(ask, wanted=True)


async def on_kudos_off(ask: Ask) -> None:
    """Not be thanked in public any more."""
    await _choose(ask, wanted=False)


async def _choose(ask: Ask, *, wanted: bool) -> None:
    async with ask.services.transaction() as session:
        await choose_praise(session, ChoosePraise(**ask.request(), wanted=wanted), now=ask.services.now())
    await ask.answer(praise_answer(wanted=wanted))
