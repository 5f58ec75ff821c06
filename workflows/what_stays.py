"""What stays when an incident is resolved becomes action items: a temporary fix, and what is left to do."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_items_of_incident
from storage.tables import ActionItem, Incident, ItemState, Source, TimelineEntry
from workflows.action_items import add_to
from workflows.categories import WORKAROUND
from workflows.commands import AddActionItem, ResolveIncident
from workflows.item_fields import WORDS_LIMIT
from workflows.process import Process
from workflows.titles import first_sentence, with_names

FIX, GET_BY = "Replace the temporary fix: ", "Replace the workaround: "
_GOT_DONE = (ItemState.DONE, ItemState.VERIFIED)


@dataclass(frozen=True)
class _Stays:
    """One thing that stays, in the words of whoever said so."""

    words: str
    source: Source
    begins: str = ""
    """What stands before the words in a title."""

    @property
    def ref(self) -> str:
        """By which it is known again, however it is written."""
        return hashlib.sha256(" ".join(self.words.lower().split()).encode()).hexdigest()[:16]


async def add_what_stays(
    session: AsyncSession,
    incident: Incident,
    command: ResolveIncident,
    *,
    open_entries: Sequence[TimelineEntry],
    process: Process,
    now: datetime,
) -> None:
    """Make an action item of each thing that stays; what one is there for already, and not done, makes no second.

    The caller holds the incident.
    """
    known = {item.source_ref for item in await list_items_of_incident(session, incident.number) if _stands(item)}
    for stays in _what_stays(command, open_entries):
        if stays.ref in known:
            continue
        known.add(stays.ref)
        words = await with_names(session, stays.words)
        add = AddActionItem(
            by=command.by,
            request_id=command.request_id,
            incident_id=incident.number,
            title=first_sentence(stays.begins + words),
            why=words[:WORDS_LIMIT],
            source=stays.source,
            source_ref=stays.ref,
        )
        await add_to(session, incident, add, process=process, now=now)


def _stands(item: ActionItem) -> bool:
    return item.source in (Source.RESOLVE, Source.WORKAROUND) and item.state not in _GOT_DONE


def _what_stays(command: ResolveIncident, open_entries: Sequence[TimelineEntry]) -> Iterator[_Stays]:
    """What the form says, then the workarounds that are in place on the timeline."""
    if (command.temporary_fix or "").strip():
        yield _Stays(command.temporary_fix or "", Source.WORKAROUND, FIX)
    for entry in open_entries:
        if entry.category == WORKAROUND:
            yield _Stays(entry.words or entry.data["text"], Source.WORKAROUND, GET_BY)
    if (command.remaining or "").strip():
        yield _Stays(command.remaining or "", Source.RESOLVE)
