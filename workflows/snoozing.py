"""Snoozing: an action item's owner is reminded on the day they name, and not before."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ActionItem, EntryKind
from workflows.action_items import begin_item, calendar_of, item_changed
from workflows.calendars import Calendar
from workflows.commands import SnoozeItem
from workflows.item_errors import AlreadySo, ItemReasonNeeded, ItemSettled, WrongItem
from workflows.item_rights import refuse_if_not_theirs, standing_of
from workflows.masking import mask
from workflows.process import Process

LONGEST = timedelta(days=366)


async def snooze_item(session: AsyncSession, command: SnoozeItem, *, process: Process, now: datetime) -> ActionItem:
    """Remind its owner on that day of theirs, and not before; its due date stays.

    Raises ItemSettled, NotTheirItem, AlreadySo, WrongItem for a day that is not to come, and ItemReasonNeeded from
    the time on that `reminders.reason_after` has.
    """
    incident, item = await begin_item(session, command, now=now)
    if not item.is_open:
        raise ItemSettled(item)
    refuse_if_not_theirs(await standing_of(session, item, process=process), item, by=command.by, process=process)
    if item.snoozed_until == command.until:
        raise AlreadySo(item, f"put off until {command.until:%a} {command.until.day} {command.until:%b}")
    _refuse_day(command, await calendar_of(session, item.owner, process), now=now)
    reason = mask(command.reason.strip())
    if item.snoozes >= process.reminders.reason_after and not reason:
        raise ItemReasonNeeded(item, what="Putting it off once more")
    item.snoozed_until, item.snoozes = command.until, item.snoozes + 1
    data = {"until": command.until.isoformat(), "reason": reason, "time": item.snoozes}
    await item_changed(
        session, incident, item, EntryKind.ITEM_SNOOZED, by=command.by, process=process, now=now, data=data
    )
    return item


def _refuse_day(command: SnoozeItem, calendar: Calendar, *, now: datetime) -> None:
    today = calendar.today(now)
    if command.until <= today:
        raise WrongItem({"until": "That day is not to come for its owner; choose a later one."})
    if command.until - today > LONGEST:
        raise WrongItem({"until": "That is more than a year away; choose an earlier day, or change the due date."})
