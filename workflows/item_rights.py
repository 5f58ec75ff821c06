"""Who may settle an action item; everybody who may see it may change its words or take it over."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem
from workflows.item_errors import NotTheirItem
from workflows.process import Process
from workflows.reminders import Standing
from workflows.standings import list_standings


async def standing_of(session: AsyncSession, item: ActionItem, *, process: Process) -> Standing:
    """How one item stands."""
    return (await list_standings(session, [item.number], process=process))[0]


def refuse_if_not_theirs(standing: Standing, item: ActionItem, *, by: str, process: Process) -> None:
    """Raise NotTheirItem unless they may settle it."""
    if not may_settle(standing, item, by=by, process=process):
        raise NotTheirItem(item)


def may_settle(standing: Standing, item: ActionItem, *, by: str, process: Process) -> bool:
    """Whether they own it, gave it, lead its incident or are accountable for its severity."""
    return by in {item.owner, item.assigned_by, standing.about.lead, standing.lead, *standing.accountable(process)}
