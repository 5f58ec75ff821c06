"""Looking at a timeline: a page of it, for somebody who may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from storage.people import find_person
from storage.tables import Incident, TimelineEntry
from storage.timeline import Place, list_page
from workflows import categories as c
from workflows.access import see_incident
from workflows.kudos import without_unwanted_thanks

PAGE = 15


class Showing(StrEnum):
    """Which entries are shown."""

    ALL = "all"
    ACTIONS = "actions"
    DECISIONS = "decisions"
    THEORIES = "theories"
    WORKAROUNDS = "workarounds"
    EVIDENCE = "evidence"
    CONCERNS = "concerns"
    HIDDEN = "hidden"


_CATEGORIES = {
    Showing.ACTIONS: c.ACTIONS,
    Showing.DECISIONS: (c.DECISION,),
    Showing.THEORIES: (c.THEORY,),
    Showing.WORKAROUNDS: (c.WORKAROUND,),
    Showing.EVIDENCE: (c.EVIDENCE, c.FILE),
    Showing.CONCERNS: (c.CONCERN,),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who looks at which part of which timeline."""

    incident_id: int
    asked_in: str | None = None
    showing: Showing = Showing.ALL
    before: Place | None = None
    """None: the newest."""


@dataclass(frozen=True)
class Page:
    """Entries, newest first, and whether there are more on either side."""

    incident: Incident
    showing: Showing
    entries: Sequence[TimelineEntry]
    before: Place | None
    """Where it begins; none for the newest."""
    older: bool
    zone: str | None
    """The reader's, where we know it."""
    found: Sequence[TimelineEntry] = ()
    """The same with what is not shown, thanks to who does not want to be thanked by name: places are counted in it."""

    @property
    def newer(self) -> bool:
        """Whether something may lie above."""
        return self.before is not None

    @property
    def top(self) -> Place | None:
        """Its first entry's place."""
        return _place(self._counted[0]) if self._counted else self.before

    @property
    def bottom(self) -> Place | None:
        """Its last entry's place."""
        return _place(self._counted[-1]) if self._counted else self.before

    @property
    def _counted(self) -> Sequence[TimelineEntry]:
        return self.found or self.entries


def _place(entry: TimelineEntry) -> Place:
    return Place(entry.happened_at, entry.sequence)


async def look(session: AsyncSession, asked: Look, *, viewer: str) -> Page:
    """The page that begins there, in one statement however long the timeline is.

    Raises IncidentNotFound.
    """
    incident = await see_incident(session, asked.incident_id, viewer, asked_in=asked.asked_in)
    entries = await list_page(
        session,
        asked.incident_id,
        limit=PAGE + 1,
        before=asked.before,
        categories=_CATEGORIES.get(asked.showing, ()),
        hidden=asked.showing is Showing.HIDDEN,
    )
    person = await find_person(session, viewer)
    zone = person.zone if person else None
    found = entries[:PAGE]
    shown = await without_unwanted_thanks(session, found)
    return Page(incident, asked.showing, shown, asked.before, len(entries) > PAGE, zone, found)


async def look_above(session: AsyncSession, asked: Look, above: Place, *, viewer: str) -> Page:
    """The page above a place; the newest page where there is no more than a page above it.

    Raises IncidentNotFound.
    """
    await see_incident(session, asked.incident_id, viewer, asked_in=asked.asked_in)
    entries = await list_page(
        session,
        asked.incident_id,
        limit=PAGE + 1,
        after=above,
        categories=_CATEGORIES.get(asked.showing, ()),
        hidden=asked.showing is Showing.HIDDEN,
    )
    begins = Place(entries[1].happened_at, entries[1].sequence + 1) if len(entries) > PAGE else None
    return await look(
        session,
        Look(incident_id=asked.incident_id, asked_in=asked.asked_in, showing=asked.showing, before=begins),
        viewer=viewer,
    )
