"""Lists of action items, for somebody: only of incidents they may see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import find_incident, find_incident_of_channel
from storage.item_lists import Count, Criteria, Order, count_items, list_item_page, look_at_plan
from storage.people import find_person, list_ids_of_addresses
from storage.tables import ActionItem, Incident, Status, Theme
from storage.themes import find_theme, list_open_themes
from workflows.access import may_see, see_incident
from workflows.calendars import calendar_in
from workflows.item_rights import may_settle
from workflows.left_over import LeftOver, has_no_prevention, keep_from_closing
from workflows.process import Process
from workflows.reminders import Standing
from workflows.standings import list_standings

PAGE = 10
DONE_FOR = timedelta(days=30)
"""How long what was done is listed as done lately."""


class ItemList(StrEnum):
    """Which items are listed."""

    HERE = "here"
    """Of one incident, whatever their state."""
    MINE = "mine"
    TEAM = "team"
    """Of the people the viewer shares a team of sitrep.toml with."""
    OVERDUE = "overdue"
    ASSIGNED = "assigned"
    """What the viewer gave to others."""
    OF = "of"
    """Somebody's."""
    ALL = "all"
    DONE = "done"
    """Lately."""
    THEME = "theme"


@dataclass(frozen=True)
class ListAsked:
    """A page of a list, and where it was asked for."""

    which: ItemList
    asked_in: str | None = None
    incident_id: int | None = None
    """The incident in whose channel it was asked for, also while others' items are listed."""
    person: str | None = None
    theme_id: int | None = None
    page: int = 0


@dataclass(frozen=True)
class Listed:
    """An item as it stands, and whether the viewer may settle it."""

    item: ActionItem
    standing: Standing
    is_theirs: bool


@dataclass(frozen=True)
class ItemPage:
    """A page, and what can be looked at instead."""

    asked: ListAsked
    today: date
    """On the viewer's calendar; it decides what is overdue."""
    rows: Sequence[Listed]
    count: Count
    incident: Incident | None = None
    """Whose items can be listed as those here."""
    theme: Theme | None = None
    themes: Sequence[Theme] = ()
    has_team: bool = False
    lacks_prevention: bool = False
    """The incident has items, and none is to prevent it from happening again; nobody has said why."""
    left_over: Sequence[LeftOver] = ()
    """What keeps a resolved incident from being closed."""

    @property
    def is_last(self) -> bool:
        """Whether there is nothing after it."""
        return (self.asked.page + 1) * PAGE >= self.count.total


async def look_at_items(
    session: AsyncSession, asked: ListAsked, *, viewer: str, process: Process, now: datetime
) -> ItemPage:
    """The page as it is now; the last one where it lies behind the end.

    Raises IncidentNotFound where the items of an incident are asked for that is not theirs to see.
    """
    incident = await _incident_of(session, asked, viewer)
    today = await today_of(session, viewer, process=process, now=now)
    team = await team_of(session, viewer, process=process)
    criteria = _criteria(asked, viewer=viewer, team=team, today=today, now=now)
    count = await count_items(session, criteria, today=today)
    asked = replace(asked, page=min(asked.page, max(0, count.total - 1) // PAGE))
    order = Order.DONE if asked.which is ItemList.DONE else Order.RANK
    items = await list_item_page(session, criteria, order=order, limit=PAGE, offset=asked.page * PAGE)
    plan, goes_without = await look_at_plan(session, incident.number) if incident and _is_here(asked) else ([], False)
    return ItemPage(
        asked=asked,
        today=today,
        rows=await list_listed(session, items, viewer=viewer, process=process),
        count=count,
        incident=incident,
        theme=await find_theme(session, asked.theme_id) if asked.theme_id else None,
        themes=await list_open_themes(session),
        has_team=bool(team),
        lacks_prevention=has_no_prevention(plan) and not goes_without,
        left_over=keep_from_closing(plan) if incident and incident.status is Status.RESOLVED else (),
    )


async def list_listed(
    session: AsyncSession, items: Sequence[ActionItem], *, viewer: str, process: Process
) -> list[Listed]:
    """These items as they stand for the viewer, in their order."""
    found = await list_standings(session, [item.number for item in items], process=process)
    by_number = {one.item.number: one for one in found if one.item}
    return [
        Listed(item, standing, may_settle(standing, item, by=viewer, process=process))
        for item, standing in ((item, by_number[item.number]) for item in items)
    ]


async def today_of(session: AsyncSession, viewer: str, *, process: Process, now: datetime) -> date:
    """Which day it is for somebody."""
    person = await find_person(session, viewer)
    return calendar_in(person.zone if person else None, process).today(now)


async def team_of(session: AsyncSession, viewer: str, *, process: Process) -> frozenset[str]:
    """The others who stand in a team of sitrep.toml together with somebody, by id."""
    if not process.teams:
        return frozenset()
    person = await find_person(session, viewer)
    themselves = {viewer.lower(), (person.email if person and person.email else viewer).lower()}
    named = {
        name
        for team in process.teams.values()
        if any(name.lower() in themselves for name in team.people)
        for name in team.people
    }
    ids = await list_ids_of_addresses(session, {name for name in named if "@" in name})
    return frozenset(ids.get(name.lower(), name) for name in named) - {viewer}


async def incident_here(session: AsyncSession, channel_id: str | None, viewer: str) -> Incident | None:
    """The incident whose channel this is, for somebody who may see it."""
    incident = await find_incident_of_channel(session, channel_id) if channel_id else None
    return incident if incident and await may_see(session, incident, viewer, asked_in=channel_id) else None


async def _incident_of(session: AsyncSession, asked: ListAsked, viewer: str) -> Incident | None:
    if asked.incident_id is None:
        return None
    if asked.which is ItemList.HERE:
        return await see_incident(session, asked.incident_id, viewer, asked_in=asked.asked_in)
    incident = await find_incident(session, asked.incident_id)
    return incident if incident and await may_see(session, incident, viewer, asked_in=asked.asked_in) else None


def _is_here(asked: ListAsked) -> bool:
    return asked.which is ItemList.HERE


def _criteria(asked: ListAsked, *, viewer: str, team: frozenset[str], today: date, now: datetime) -> Criteria:
    match asked.which:
        case ItemList.HERE:
            return Criteria(viewer=viewer, incident_id=asked.incident_id, settled=True)
        case ItemList.MINE:
            return Criteria(viewer=viewer, owners=(viewer,))
        case ItemList.OF:
            return Criteria(viewer=viewer, owners=(asked.person or viewer,))
        case ItemList.TEAM:
            return Criteria(viewer=viewer, owners=team)
        case ItemList.OVERDUE:
            return Criteria(viewer=viewer, due_before=today)
        case ItemList.ASSIGNED:
            return Criteria(viewer=viewer, given_by=viewer)
        case ItemList.DONE:
            return Criteria(viewer=viewer, done_since=now - DONE_FOR)
        case ItemList.THEME:
            return Criteria(viewer=viewer, theme_id=asked.theme_id, settled=True)
        case ItemList.ALL:
            return Criteria(viewer=viewer)
