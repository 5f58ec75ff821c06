"""Somebody has an action item put into a tracker outside."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem
from workflows.action_items import begin_item
from workflows.commands import TrackItem
from workflows.process import Process
from workflows.tracker_errors import AlreadyTracked, KeptInside, NoSuchTracker
from workflows.trackers import owe_putting


async def track_item(session: AsyncSession, command: TrackItem, *, process: Process, now: datetime) -> ActionItem:
    """Owe an item its place in a tracker, once.

    Raises AlreadyReceived, ItemNotFound, NoSuchTracker, KeptInside and AlreadyTracked.
    """
    incident, item = await begin_item(session, command, now=now)
    if command.tracker not in process.trackers:
        raise NoSuchTracker(item, command.tracker, list(process.trackers))
    if incident.private:
        raise KeptInside(incident, item)
    if item.tracker is not None:
        there = process.trackers.get(item.tracker)
        raise AlreadyTracked(item, there.name if there else item.tracker)
    await owe_putting(session, item, command.tracker, now=now)
    return item
