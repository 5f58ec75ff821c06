"""What a home tab shows of action items: its viewer's, their team's, what is overdue, and what they assigned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.item_lists import Count, Criteria, Order, count_items, list_item_page
from workflows.item_lists import ItemList, Listed, list_listed, team_of, today_of
from workflows.process import Process

MOST_OF_THEIRS, MOST_OF_OTHERS = 8, 5


@dataclass(frozen=True)
class Part:
    """The first items of a list, those due first, and how many there are in all."""

    which: ItemList
    rows: Sequence[Listed]
    count: Count


@dataclass(frozen=True)
class Board:
    """The lists, in order; the viewer's own is always there, others only where they have something in them."""

    today: date
    """On the viewer's calendar."""
    parts: Sequence[Part]


async def board_of(session: AsyncSession, viewer: str, *, process: Process, now: datetime) -> Board:
    """The board as it is now, in a few statements however much there is."""
    today = await today_of(session, viewer, process=process, now=now)
    team = await team_of(session, viewer, process=process)
    lists = {
        ItemList.MINE: Criteria(viewer=viewer, owners=(viewer,)),
        ItemList.TEAM: Criteria(viewer=viewer, owners=team),
        ItemList.OVERDUE: Criteria(viewer=viewer, besides=viewer, due_before=today),
        ItemList.ASSIGNED: Criteria(viewer=viewer, given_by=viewer),
    }
    parts = [await _part(session, which, criteria, today=today, process=process) for which, criteria in lists.items()]
    return Board(today, [part for part in parts if part.count.total or part.which is ItemList.MINE])


async def _part(session: AsyncSession, which: ItemList, criteria: Criteria, *, today: date, process: Process) -> Part:
    count = await count_items(session, criteria, today=today)
    most = MOST_OF_THEIRS if which is ItemList.MINE else MOST_OF_OTHERS
    items = await list_item_page(session, criteria, order=Order.DUE, limit=most) if count.total else []
    return Part(which, await list_listed(session, items, viewer=criteria.viewer, process=process), count)
