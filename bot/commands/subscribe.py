"""`/incident subscribe [INC-3 | all | sev2 | checkout | security]`."""

import re
from typing import Any

from bot.blocks.subscriptions import subscribed
from bot.blocks.text import clip
from bot.commands.ask import Ask
from bot.commands.severity import find_severity
from bot.views.subscribe import subscribe_modal
from storage.incidents import find_incident_of_channel
from storage.tables import Incident
from workflows.access import may_see, see_incident
from workflows.errors import Declined, NoSuchSeverity
from workflows.process import Process
from workflows.subscriptions import Followed, Wish, subscribe

SERVICE_LIMIT = 40
_REF = re.compile(r"^INC-(\d{1,9})$", re.IGNORECASE)


class NothingLikeIt(Declined):
    """A word that is no severity, type or service of ours."""

    def __init__(self, word: str, process: Process) -> None:
        services = f" or a service: {', '.join(process.services[:20])}" if process.services else ""
        super().__init__(
            f"There is nothing called “{word}” to follow. Name a severity: "
            f"{', '.join(severity.name for severity in process.severities.values())}, a type: "
            f"{', '.join(kind.name for kind in process.types.values())}{services}, or say “all”."
        )


async def on_subscribe(ask: Ask) -> None:
    """Follow the incident that is named or whose channel this is, or all that fit; elsewhere ask in the form.

    Raises IncidentNotFound, NothingLikeIt.
    """
    incident = await _named_or_here(ask)
    if incident is not None:
        await follow_incident(ask, incident)
    elif ask.words:
        await _follow(ask, Wish(**ask.request(), **filters(ask.words, ask.services.process)), None)
    else:
        await ask.open(subscribe_modal(process=ask.services.process))


async def follow_incident(ask: Ask, incident: Incident) -> None:
    """Follow one incident, by direct message."""
    wish = Wish(**ask.request(), incident_id=incident.number, asked_in=ask.channel_id)
    await _follow(ask, wish, incident)


async def _follow(ask: Ask, wish: Wish, incident: Incident | None) -> None:
    async with ask.services.transaction() as session:
        kept, new = await subscribe(session, wish, process=ask.services.process, now=ask.services.now())
    await ask.answer(*subscribed(Followed(kept, incident), new=new, process=ask.services.process))


async def _named_or_here(ask: Ask) -> Incident | None:
    named = _REF.match(ask.words)
    async with ask.services.read() as session:
        if named:
            return await see_incident(session, int(named.group(1)), ask.user_id, asked_in=ask.channel_id)
        here = await find_incident_of_channel(session, ask.channel_id or "") if not ask.words else None
        visible = here is not None and await may_see(session, here, ask.user_id, asked_in=ask.channel_id)
    return here if visible else None


def filters(words: str, process: Process) -> dict[str, Any]:
    """What is to be followed, in words: `sev2 checkout`; nothing for `all`.

    Raises NothingLikeIt.
    """
    whole = _filter(words, process)
    if whole is not None:
        return whole
    found: dict[str, str] = {}
    others: list[str] = []
    for word in words.split():
        one = _filter(word, process)
        others += [word] if one is None else []
        found |= one or {}
    if others and process.services:
        raise NothingLikeIt(clip(others[0], 40), process)
    if others:  # where no services are listed, people name them as they like
        found["service"] = clip(" ".join(others), SERVICE_LIMIT)
    return found


def _filter(word: str, process: Process) -> dict[str, str] | None:
    wanted = word.lower()
    if wanted in ("all", "everything"):
        return {}
    try:
        return {"severity": find_severity(process, word)}
    except NoSuchSeverity:
        pass
    for key, kind in process.types.items():
        if wanted in (key, kind.name.lower()):
            return {"type": key}
    return next(({"service": name} for name in process.services if name.lower() == wanted), None)
