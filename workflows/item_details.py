"""Everything about one action item, for somebody who may see it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_item
from storage.incidents import find_incident
from storage.item_lists import list_following, list_history
from storage.tables import ActionItem, LedgerEntry, Theme
from storage.themes import find_theme
from workflows.access import may_see
from workflows.item_errors import ItemNotFound
from workflows.item_lists import Listed, list_listed, today_of
from workflows.process import Process
from workflows.situation import list_situations

HISTORY = 10


@dataclass(frozen=True)
class ItemDetails:
    """An item, what came before and after it, and what happened to it."""

    listed: Listed
    today: date
    """On the viewer's calendar."""
    viewer: str
    history: Sequence[LedgerEntry] = ()
    """Newest first."""
    follows: ActionItem | None = None
    """The item it goes on with, where the viewer may see it."""
    following: Sequence[ActionItem] = ()
    theme: Theme | None = None
    similar: frozenset[int] = frozenset()
    """Incidents that its checks name and the viewer may see."""


async def look_at_item(
    session: AsyncSession, item_id: int, *, viewer: str, asked_in: str | None, process: Process, now: datetime
) -> ItemDetails:
    """The item as it is now. Raises ItemNotFound, also where it is there and they may not see it."""
    item = await find_seen(session, item_id, viewer=viewer, asked_in=asked_in)
    if item is None:
        raise ItemNotFound(item_id)
    following = await list_following(session, item_id)
    listed = (await list_listed(session, [item], viewer=viewer, process=process))[0]
    return ItemDetails(
        listed=listed,
        today=await today_of(session, viewer, process=process, now=now),
        viewer=viewer,
        history=await list_history(session, item, limit=HISTORY),
        follows=await find_seen(session, item.follows, viewer=viewer) if item.follows else None,
        following=[one for one in following if await find_seen(session, one.number, viewer=viewer)],
        theme=await find_theme(session, item.theme_id) if item.theme_id else None,
        similar=await _seen(session, {number for check in listed.standing.checks for number in check.similar}, viewer),
    )


async def _seen(session: AsyncSession, incident_ids: Collection[int], viewer: str) -> frozenset[int]:
    situations = await list_situations(session, incident_ids)
    return frozenset(number for number, about in situations.items() if about.visible_to(viewer))


async def find_seen(
    session: AsyncSession, item_id: int, *, viewer: str, asked_in: str | None = None
) -> ActionItem | None:
    """An item by its number, for somebody who may see it."""
    item = await find_item(session, item_id)
    incident = await find_incident(session, item.incident_id) if item else None
    return item if incident and await may_see(session, incident, viewer, asked_in=asked_in) else None
