"""People who cannot be reached: what they had to do goes to whoever cares for the incident, never into the void."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import lock_incidents
from storage.item_lists import list_items_hidden_from_owners
from storage.people import find_person, list_items_of_gone_people
from storage.tables import EntryKind, Incident, Person, ReminderKind
from workflows.action_items import item_changed
from workflows.effects import US
from workflows.item_owners import give
from workflows.process import Process
from workflows.recipients import is_person
from workflows.reminders import Standing
from workflows.reminding import tell
from workflows.standings import list_standings

AT_A_TIME = 100
FEW = 20
"""How many items are handed over while Slack waits for its answer: a person with more takes longer than it does."""
MOST_TOLD = 3
"""Messages to one person at a time; the last says how many more there are."""
NAME_UNKNOWN = "Somebody who has left"


async def cannot_be_reached(session: AsyncSession, user_id: str, *, now: datetime) -> None:
    """Somebody has left the workspace, or takes no direct messages from us."""
    person = await find_person(session, user_id)
    if person is None:
        session.add(Person(user_id=user_id, name=NAME_UNKNOWN, seen_at=now, gone_at=now))
    elif person.gone_at is None:
        person.gone_at = now


async def hand_over_items(
    transaction: Callable[[], AbstractAsyncContextManager[AsyncSession]], *, process: Process, now: datetime
) -> int:
    """Give the open items of people who cannot be reached, or have left their private incident's channel, to others,
    as far as there is anybody; how many.

    In transactions of its own, which hold all their incidents from their beginning; what stays with somebody who is
    gone is looked at again the next time.
    """
    finders = (list_items_of_gone_people, list_items_hidden_from_owners)
    return sum([await _hand_over_all(transaction, find, process=process, now=now) for find in finders])


async def _hand_over_all(
    transaction: Callable[[], AbstractAsyncContextManager[AsyncSession]],
    find: Callable[..., Awaitable[Sequence[tuple[int, int]]]],
    *,
    process: Process,
    now: datetime,
) -> int:
    after, given = 0, 0
    while True:
        async with transaction() as session:
            found = await find(session, after=after, limit=AT_A_TIME)
            if not found:
                return given
            given += await _hand_over(session, found, process=process, now=now)
            after, _ = found[-1]


async def hand_over_few(session: AsyncSession, user_id: str, *, process: Process, now: datetime) -> None:
    """Give the open items of somebody who has just left to others; many are left to `hand_over_items`.

    The session is one in which nothing has been read or written yet.
    """
    found = await list_items_of_gone_people(session, of=user_id, after=0, limit=FEW + 1)
    if len(found) <= FEW:
        await _hand_over(session, found, process=process, now=now)


async def _hand_over(
    session: AsyncSession, found: Sequence[tuple[int, int]], *, process: Process, now: datetime
) -> int:
    """Give what can be given to whoever cares for its incident, and tell each of the first few; how many."""
    incidents = await lock_incidents(session, {incident_id for _, incident_id in found})
    held = {incident.number: incident for incident in incidents}
    standings = await list_standings(session, [item_id for item_id, _ in found], process=process)
    seen: Counter[str] = Counter()
    heirs = [(one, one.item, heir(one, process)) for one in standings if _is_orphan(one, held)]
    heirs_of = Counter(to for *_, to in heirs if to)
    for standing, item, to in heirs:
        if item is None or to is None:
            continue
        before, incident = item.owner, held[item.incident_id]
        await give(session, item, to, by=item.assigned_by, now=now)
        item.accepted_at = None  # nobody has asked them
        data = {"from": before, "to": to, "why": ""}
        await item_changed(session, incident, item, EntryKind.ITEM_ASSIGNED, by=US, process=process, now=now, data=data)
        seen[to] += 1
        if seen[to] <= MOST_TOLD:
            others = heirs_of[to] - MOST_TOLD if seen[to] == MOST_TOLD else 0
            is_hidden = standing.people.can_be_reached(before)
            told = {"from": before, "others": max(others, 0), "hidden": is_hidden}
            await tell(session, incident, item, ReminderKind.INHERITED, to, now=now, data=told)
    return heirs_of.total()


def _is_orphan(standing: Standing, held: Mapping[int, Incident]) -> bool:
    """Whether it is ours to give: its owner may be back by now, or its incident merged into another one."""
    item = standing.item
    return item is not None and item.is_open and item.incident_id in held and not standing.may_hear(item.owner)


def heir(standing: Standing, process: Process) -> str | None:
    """Who gets what somebody can do no more: the lead, who declared it, or the severity's accountable people."""
    item, about = standing.item, standing.about
    candidates = (about.lead, about.incident.declared_by, *standing.accountable(process))
    people = [one for one in candidates if one and is_person(one) and "@" not in one]
    return standing.first_of(*people, besides=[item.owner] if item else ())
