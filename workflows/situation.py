"""How an incident stands now: its row, who holds which role, what is open, and who may see it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_incidents, list_roles, list_viewers
from storage.item_lists import NOTHING, OpenWork, count_open_work
from storage.tables import Incident, TimelineEntry
from storage.timeline import list_open
from workflows.process import Process


@dataclass(frozen=True)
class Situation:
    """Everything a card, a digest entry or a gap is drawn from."""

    incident: Incident
    roles: Mapping[str, str]
    """Who holds which role, by role."""
    open_entries: Sequence[TimelineEntry] = ()
    """Open theories and questions, and workarounds in place, first begun first."""
    viewers: frozenset[str] | None = None
    """Who may see it; nothing where everybody may."""
    work: OpenWork = NOTHING
    """What is to be done, where that was asked for."""

    def visible_to(self, user_id: str) -> bool:
        """Whether this person may know of it at all."""
        return self.viewers is None or user_id in self.viewers

    @property
    def lead(self) -> str | None:
        """Who leads."""
        return self.roles.get("lead")


def by_priority(situations: Iterable[Situation], process: Process) -> list[Situation]:
    """Worst severity first, then oldest first."""
    return sorted(
        situations,
        key=lambda situation: (process.rank(situation.incident.severity), situation.incident.declared_at),
    )


async def situation_of(session: AsyncSession, incident: Incident) -> Situation:
    """How this incident stands; the caller may have changed it and not yet written it."""
    return (await _situations(session, [incident]))[incident.number]


async def list_situations(
    session: AsyncSession, incident_ids: Collection[int], *, with_work: bool = False
) -> dict[int, Situation]:
    """How these incidents stand, by their number, in a few statements however many they are."""
    if not incident_ids:
        return {}
    return await _situations(session, await list_incidents(session, incident_ids), with_work=with_work)


async def _situations(
    session: AsyncSession, incidents: Sequence[Incident], *, with_work: bool = False
) -> dict[int, Situation]:
    ids = [incident.number for incident in incidents]
    roles: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for role in await list_roles(session, ids):
        roles[role.incident_id][role.role] = role.user_id
    open_entries: defaultdict[int, list[TimelineEntry]] = defaultdict(list)
    for entry in await list_open(session, ids):
        open_entries[entry.incident_id].append(entry)
    private = [incident for incident in incidents if incident.private]
    viewers = await list_viewers(session, private) if private else {}
    work = await count_open_work(session, ids) if with_work else {}
    return {
        number: Situation(incident, roles[number], open_entries[number], viewers.get(number), work.get(number, NOTHING))
        for number, incident in zip(ids, incidents, strict=True)
    }
