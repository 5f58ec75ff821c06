"""Messages marked as work to do: each becomes one action item, whoever marks it and however often."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import list_items_of_messages
from storage.messages import AnyMessage
from storage.tables import ActionItem, EntryKind, Horizon, Incident, ItemState, Mark, Source
from workflows.action_items import add_to, item_changed
from workflows.commands import AddActionItem
from workflows.effects import US
from workflows.item_fields import WORDS_LIMIT
from workflows.process import Process
from workflows.titles import first_sentence, with_names

ACTION_ITEM = "action_item"
"""The mark's key."""
UNMARKED = "The mark was taken off its message."
NO_WORDS = "Follow up on a message without words"

MarksOf = Mapping[str, Mapping[tuple[str, str], Mark]]
"""Marks by message, then by mark and person."""


def marked_as_work(messages: Sequence[AnyMessage], marks: MarksOf) -> list[AnyMessage]:
    """Those of these messages that somebody marks as work to do, or did."""
    return [message for message in messages if any(mark == ACTION_ITEM for mark, _ in marks.get(message.ts, ()))]


async def keep_items_of(
    session: AsyncSession,
    incident: Incident,
    messages: Sequence[AnyMessage],
    *,
    marks: MarksOf,
    process: Process,
    now: datetime,
) -> None:
    """Bring the items of these messages in line with their marks and words; the caller holds the incident.

    An item that somebody wrote or has done anything about is theirs, and left alone.
    """
    known = await list_items_of_messages(session, incident, [message.ts for message in messages])
    for message in messages:
        held = [mark for (key, _), mark in marks[message.ts].items() if key == ACTION_ITEM and mark.is_set]
        item = known.get(message.ts)
        if item is None:
            if held and not message.deleted_at:
                first = min(held, key=lambda mark: (mark.changed_at, mark.user_id))
                await _add(session, incident, message, first, process=process, now=now)
        elif item.source is Source.MARK and item.incident_id == incident.number and item.heard_at is None:
            await _follow(session, incident, item, message, is_marked=bool(held), process=process, now=now)


async def _add(
    session: AsyncSession, incident: Incident, message: AnyMessage, mark: Mark, *, process: Process, now: datetime
) -> None:
    text = await with_names(session, message.text)
    command = AddActionItem(
        by=mark.user_id,
        request_id="",
        incident_id=incident.number,
        title=first_sentence(text) or NO_WORDS,
        why=text[:WORDS_LIMIT],
        horizon=Horizon.AFTER,
        source=Source.MARK,
        source_ref=message.ts,
    )
    await add_to(session, incident, command, process=process, now=now)


async def _follow(
    session: AsyncSession,
    incident: Incident,
    item: ActionItem,
    message: AnyMessage,
    *,
    is_marked: bool,
    process: Process,
    now: datetime,
) -> None:
    """It goes and comes back with the mark, and says what the message says; nobody needs to be told of that."""
    text = (await with_names(session, message.text))[:WORDS_LIMIT]
    dropped = item.state is ItemState.WONT_DO
    if dropped is is_marked:
        await _drop_or_take_back(session, incident, item, is_marked=is_marked, process=process, now=now)
    elif is_marked and text != item.why and not message.dropped_at:
        title = first_sentence(text) or NO_WORDS
        changes = {"title": [item.title, title], "why": [item.why, text]}
        item.title, item.why = title, text
        await _keep(session, incident, item, EntryKind.ITEM_CHANGED, {"changes": changes}, process=process, now=now)


async def _drop_or_take_back(
    session: AsyncSession, incident: Incident, item: ActionItem, *, is_marked: bool, process: Process, now: datetime
) -> None:
    before, item.state_changed_at = item.state, now
    item.state = ItemState.OPEN if is_marked else ItemState.WONT_DO
    item.dropped_because, item.dropped_by = (None, None) if is_marked else (UNMARKED, US)
    reason = "Its message is marked again." if is_marked else UNMARKED
    data = {"from": before, "to": item.state, "owner": item.owner, "reason": reason, "evidence": None}
    await _keep(session, incident, item, EntryKind.ITEM_STATE, data, process=process, now=now)


async def _keep(
    session: AsyncSession,
    incident: Incident,
    item: ActionItem,
    kind: EntryKind,
    data: Mapping[str, object],
    *,
    process: Process,
    now: datetime,
) -> None:
    await item_changed(session, incident, item, kind, by=US, process=process, now=now, data=data, by_itself=True)
