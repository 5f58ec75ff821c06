"""How an incident stands now: its row, and who holds which role."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import list_incidents, list_roles
from storage.tables import Incident
from workflows.process import Process


@dataclass(frozen=True)
class Situation:
    """Everything a card, a digest entry or a gap is drawn from."""

    incident: Incident
    roles: Mapping[str, str]
    """Who holds which role, by role."""

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
    """How this incident stands."""
    return Situation(incident, {role.role: role.user_id for role in await list_roles(session, [incident.number])})


async def list_situations(session: AsyncSession, incident_ids: Collection[int]) -> dict[int, Situation]:
    """How these incidents stand, by their number, in two statements however many they are."""
    if not incident_ids:
        return {}
    incidents = await list_incidents(session, incident_ids)
    roles: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for role in await list_roles(session, incident_ids):
        roles[role.incident_id][role.role] = role.user_id
    return {incident.number: Situation(incident, roles[incident.number]) for incident in incidents}
