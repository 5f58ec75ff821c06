"""What a channel cannot hear any more about action items, because it is archived or gone: mostly nobody has to."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_item
from storage.incidents import ENDED
from storage.tables import Delivery, DeliveryKind, EntryKind, Incident, ReminderKind
from workflows.reminding import tell

CHANNEL_GONE = frozenset({"is_archived", "is_inactive", "channel_not_found", "not_in_channel"})
"""Slack's words for it: the third for a channel that was deleted, or made private without us."""
AFTERWARDS = frozenset(
    {
        EntryKind.ITEM_ADDED,
        EntryKind.ITEM_STATE,
        EntryKind.ITEM_NEEDS_HELP,
        EntryKind.ITEM_DECIDED,
        EntryKind.CHECK_ANSWERED,
        EntryKind.RISK_ACCEPTED,
        EntryKind.RISK_REVIEWED,
        EntryKind.NO_PREVENTION,
        EntryKind.KUDOS,
    }
)
"""What happens long after an incident is over, and is told in its channel for those who are still there."""


async def nobody_has_to_hear(
    session: AsyncSession, incident: Incident, delivery: Delivery, *, because: str, now: datetime
) -> bool:
    """Whether this needs no report, since who has to know is told otherwise; a call for help goes to the lead."""
    if because not in CHANNEL_GONE:
        return False
    if delivery.kind is DeliveryKind.REFRESH_CARD:
        return incident.status in ENDED
    if delivery.kind not in (DeliveryKind.TELL_CHANNEL, DeliveryKind.TELL_THREAD):
        return False
    if delivery.payload["entry"] == EntryKind.ITEM_NEEDS_HELP:
        return await _ask_the_lead(session, incident, delivery, now=now)
    return delivery.payload["entry"] in AFTERWARDS


async def _ask_the_lead(session: AsyncSession, incident: Incident, delivery: Delivery, *, now: datetime) -> bool:
    """Tell the lead directly; False where the one who asks is the lead."""
    said, by = delivery.payload["data"], delivery.payload["by"]
    item = await find_item(session, said["item"])
    if item is None or said["asked"] is None:
        return False
    told = {"by": by, "words": said["words"]}
    await tell(session, incident, item, ReminderKind.HELP, said["asked"], now=now, data=told)
    return True
