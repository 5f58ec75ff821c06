"""How action items and risks stand, with everything that decides who hears of them; in a few statements for many."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_checks, list_items, list_risks
from storage.people import list_ids_of_addresses, list_people
from storage.tables import AcceptedRisk, ActionItem, EffectivenessCheck
from workflows.process import Process
from workflows.reminders import People, Standing
from workflows.situation import Situation, list_situations


async def list_standings(
    session: AsyncSession, item_ids: Collection[int], *, process: Process, risk_ids: Collection[int] = ()
) -> list[Standing]:
    """How these items and risks stand, items first, by number; the caller may have changed them and not yet written."""
    await session.flush()
    items, risks = await list_items(session, item_ids), await list_risks(session, risk_ids)
    checks = await _checks(session, items)
    incidents = {item.incident_id for item in items} | {risk.incident_id for risk in risks}
    about = await list_situations(session, incidents)
    people = await _people(session, items, risks, about, process)
    found = [Standing(about[item.incident_id], people, item=item, checks=checks.get(item.number, ())) for item in items]
    return found + [Standing(about[risk.incident_id], people, risk=risk) for risk in risks]


async def _checks(session: AsyncSession, items: Iterable[ActionItem]) -> Mapping[int, Sequence[EffectivenessCheck]]:
    found: defaultdict[int, list[EffectivenessCheck]] = defaultdict(list)
    for check in await list_checks(session, [item.number for item in items if item.done_at]):
        found[check.item_id].append(check)
    return found


async def _people(
    session: AsyncSession,
    items: Iterable[ActionItem],
    risks: Iterable[AcceptedRisk],
    about: Mapping[int, Situation],
    process: Process,
) -> People:
    """Whoever may have to hear of these."""
    severities = {one.incident.severity for one in about.values()} & process.severities.keys()
    accountable = {name for severity in severities for name in process.severities[severity].accountable}
    by_address = await list_ids_of_addresses(session, {name for name in accountable if "@" in name})
    concerned = {person for item in items for person in (item.owner, item.assigned_by, item.created_by)}
    concerned |= {risk.owner for risk in risks} | accountable | set(by_address.values())
    for one in about.values():
        concerned |= {one.incident.declared_by, *one.roles.values()}
    return People(await list_people(session, concerned), by_address)
