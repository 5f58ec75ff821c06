"""Trackers outside: an action item is put into one, once; its issue follows it, and what becomes of that is shown."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_item
from storage.deliveries import find_owed, owe_unless_owed, wait_again
from storage.incidents import find_incident
from storage.ledger import record
from storage.tables import (
    ActionItem,
    Delivery,
    DeliveryKind,
    DeliveryOutcome,
    EntryKind,
    Horizon,
    Incident,
    ItemState,
)
from storage.tables.columns import JsonObject
from workflows.effects import US
from workflows.happened import Happened
from workflows.process import Process
from workflows.reminding import redraw

CREATE, FOLLOW = "create", "follow"
"""What is to be done in a tracker: put the item there, or have its issue follow it."""
ON_ITS_WAY = "on its way"
"""The state of an issue that is not there yet."""
CLOSED = "closed"
"""The one state of an issue that means something to us."""
LOOK_EVERY = timedelta(hours=6)
LOOK_FOR = timedelta(days=180)
"""How long after it was put there we look what became of it."""


async def put_automatically(
    session: AsyncSession, incident: Incident, item: ActionItem, *, process: Process, now: datetime
) -> None:
    """Owe a new item its place in the tracker that takes every one: no task, and nothing of a private incident."""
    tracker = next((key for key, one in process.trackers.items() if one.automatic), None)
    if tracker is not None and item.horizon is Horizon.AFTER and not incident.private:
        await owe_putting(session, item, tracker, now=now)


async def owe_putting(session: AsyncSession, item: ActionItem, tracker: str, *, now: datetime) -> None:
    """Owe an item its place in a tracker; one that stopped at a fault is tried again from now on."""
    item.tracker, item.tracker_ref, item.tracker_url, item.tracker_state = tracker, None, None, ON_ITS_WAY
    key = f"{DeliveryKind.TRACK}/{tracker}/{item.number}"
    payload = {"item": item.number, "tracker": tracker, "do": CREATE, "since": now.isoformat()}
    if await _owe(session, item, key, payload, now=now):
        return
    owed = await find_owed(session, key)
    if owed is not None and owed.outcome in (DeliveryOutcome.GAVE_UP, DeliveryOutcome.SENT):
        wait_again(session, owed)
        owed.due_at = now


async def follow_item(
    session: AsyncSession, incident: Incident, item: ActionItem, *, was: object, process: Process, now: datetime
) -> None:
    """An item is in another state than it was: owe its issue the same, where it is over now or goes on after all.

    An issue that somebody closed outside is not opened again while the work merely goes on.
    """
    if item.tracker is None or item.tracker not in process.trackers or item.tracker_state == ON_ITS_WAY:
        return
    over = not item.is_open and item.tracker_state != CLOSED
    goes_on = item.is_open and was in (ItemState.DONE, ItemState.VERIFIED, ItemState.WONT_DO)
    if over or goes_on:
        await _owe_following(session, incident, item, now=now)


async def _owe_following(session: AsyncSession, incident: Incident, item: ActionItem, *, now: datetime) -> None:
    key = f"{DeliveryKind.TRACK}/{item.tracker}/{item.number}/{incident.marker}/{incident.ledger_length}"
    payload = {"item": item.number, "tracker": item.tracker, "do": FOLLOW, "since": now.isoformat()}
    await _owe(session, item, key, payload, now=now)


async def _owe(session: AsyncSession, item: ActionItem, key: str, payload: JsonObject, *, now: datetime) -> bool:
    """In a lane of its own, so that one item that cannot be written there holds up no other."""
    return await owe_unless_owed(
        session,
        DeliveryKind.TRACK,
        lane=f"tracker/{payload['tracker']}/{item.number}",
        key=key,
        due_at=now,
        payload=payload,
        incident_id=item.incident_id,
    )


async def tracked(happened: Happened) -> JsonObject | None:
    """It is in the tracker, or its issue follows it: keep where and how, and plan the next look."""
    item = await find_item(happened.session, happened.payload["item"])
    if item is None:
        return None
    is_new = happened.payload["do"] == CREATE
    if "state" not in happened.answer:  # there was nothing to do, or it may not leave the house
        if is_new and item.tracker_state == ON_ITS_WAY:
            item.tracker = item.tracker_state = None
        return None
    await _keep(happened, item, is_news=is_new)
    if is_new and not item.is_open:
        await _owe_following(happened.session, happened.incident, item, now=happened.now)
    since = datetime.fromisoformat(happened.payload["since"])
    await _plan_a_look(happened.session, item, since=since, now=happened.now)
    return None


async def looked_up(happened: Happened) -> JsonObject | None:
    """We looked what became of it; nothing learnt is no news, and we look again."""
    item = await find_item(happened.session, happened.payload["item"])
    if item is None or item.tracker != happened.payload["tracker"]:
        return None
    if happened.answer.get("state"):
        await _keep(happened, item, is_news=True)
    since = datetime.fromisoformat(happened.payload["since"])
    await _plan_a_look(happened.session, item, since=since, now=happened.now)
    return None


async def _keep(happened: Happened, item: ActionItem, *, is_news: bool) -> None:
    """Where its issue is and how it stands; what others did there goes on record, what we did is there already."""
    answer, before = happened.answer, (item.tracker_url, item.tracker_ref, item.tracker_state)
    item.tracker = happened.payload["tracker"]
    item.tracker_url = answer.get("url") or item.tracker_url
    item.tracker_ref = answer.get("ref") or item.tracker_ref
    item.tracker_state = answer["state"]
    if (item.tracker_url, item.tracker_ref, item.tracker_state) == before:
        return
    incident = await find_incident(happened.session, item.incident_id)
    if is_news and incident is not None:
        data = {"item": item.number, "title": item.title, **_issue(happened, item)}
        record(happened.session, incident, EntryKind.ITEM_TRACKED, by=US, at=happened.now, data=data)
    await redraw(happened.session, item, now=happened.now)


def _issue(happened: Happened, item: ActionItem) -> JsonObject:
    tracker = happened.process.trackers.get(item.tracker or "")
    return {
        "tracker": tracker.name if tracker else item.tracker,
        "ref": item.tracker_ref,
        "url": item.tracker_url,
        "state": item.tracker_state,
    }


async def _plan_a_look(session: AsyncSession, item: ActionItem, *, since: datetime, now: datetime) -> None:
    """Until both are over, or half a year has passed; of several in the same six hours there is one."""
    is_over = not item.is_open and item.tracker_state == CLOSED
    if item.tracker_state is None or is_over or now - since > LOOK_FOR:
        return
    at = now + LOOK_EVERY
    await owe_unless_owed(
        session,
        DeliveryKind.LOOK_UP_TRACKED,
        lane=f"tracked/{item.tracker}/{item.number}",
        key=f"{DeliveryKind.LOOK_UP_TRACKED}/{item.number}/{int(at.timestamp() // LOOK_EVERY.total_seconds())}",
        due_at=at,
        payload={"item": item.number, "tracker": item.tracker, "since": since.isoformat()},
        incident_id=item.incident_id,
    )


async def putting_stopped(session: AsyncSession, delivery: Delivery) -> None:
    """It could not be put there, which somebody is told: it can be sent again."""
    item = await find_item(session, delivery.payload["item"])
    if item is not None and delivery.payload["do"] == CREATE and item.tracker_state == ON_ITS_WAY:
        item.tracker = item.tracker_state = None
