"""What was said while nobody listened: a channel's history is read page by page, and captured as if heard.

A reading looks back first, to learn where the pages lie, and then reads them from the oldest on, because what is made
of a message may depend on those before it: the first of many alerts, the latest link to the meeting.
"""

from collections.abc import Mapping, Sequence

import structlog

from storage.engine import is_outage, part_of
from storage.readings import count_replies, list_in_channel, list_in_thread
from storage.tables import DeliveryKind
from storage.tables.columns import JsonObject
from workflows.happened import Happened
from workflows.heard import Deleted, Heard, Said
from workflows.readings import READ_AFTER_END, owe_step
from workflows.transcript import capture

log = structlog.get_logger()


async def history_read(it: Happened) -> JsonObject:
    """A stretch of the channel was read: capture it, or read it in pages, the oldest first, if it is long."""
    if it.answer.get("outside"):
        return it.answer
    step = {**it.payload, "known_to": it.answer["seen_to"]}
    if it.answer["pages"]:
        *later, oldest = it.answer["pages"]
        next_step = {**step, "upto": oldest, "bounds": [*step["bounds"], step["upto"], *later]}
        await owe_step(it.session, it.incident, DeliveryKind.READ_HISTORY, next_step, now=it.now)
        return {"pages": len(it.answer["pages"])}
    after, upto = it.answer["after"], step["upto"] or step["known_to"]
    known = await list_in_channel(it.session, it.incident.number, after=after, upto=upto)
    replies = await count_replies(it.session, it.incident.number, after=after, upto=upto)
    kept = await _capture(it, known)
    await _owe_threads(it, step, replies)
    if step["upto"]:
        *bounds, newer = step["bounds"]
        next_step = {**step, "after": step["upto"], "upto": newer, "bounds": bounds}
        await owe_step(it.session, it.incident, DeliveryKind.READ_HISTORY, next_step, now=it.now)
    return kept


async def _capture(it: Happened, known: Sequence[str]) -> JsonObject:
    """Capture what the page shows, and as deleted what we have of the same stretch and it does not."""
    said, shown = it.answer["said"], set(it.answer["shown"])
    channel_id = it.incident.channel_id or ""
    gone = [Deleted(channel_id=channel_id, ts=ts, at=it.now) for ts in known if ts not in shown]
    heard: list[Heard] = [*map(Said.from_json, said), *gone]
    if not await _keep(it, heard):
        # One that cannot be kept harms no other, nor the pages after this one.
        await _keep_each(it, heard)
    return {"said": len(said), "gone": len(gone)}


async def _keep_each(it: Happened, heard: Sequence[Heard]) -> None:
    for one in heard:
        if not await _keep(it, [one]):
            log.error("a message of a channel's history cannot be kept", incident=it.incident.ref, ts=one.ts)


async def _keep(it: Happened, heard: Sequence[Heard]) -> bool:
    """Capture all of it, or nothing where a part cannot be kept; raises what a database in trouble raises."""
    try:
        async with part_of(it.session):
            await capture(it.session, heard, process=it.process, now=it.now)
    except Exception as fault:  # one odd message must not stop every reading of its channel
        if is_outage(fault):
            raise
        log.warning("a part of a channel's history is not kept as it came", exc_info=fault)
        await it.session.refresh(it.incident)
        return False
    return True


async def _owe_threads(it: Happened, step: JsonObject, known: Mapping[str, tuple[int, str]]) -> None:
    """Owe a reading of each thread in which something may have changed, those we know that are not shown too."""
    recent = f"{(it.now - READ_AFTER_END).timestamp():.6f}"
    shown: dict[str, tuple[int, str]] = {ts: (count, latest) for ts, count, latest in it.answer["threads"]}
    for ts in sorted({*known, *shown}):
        if shown.get(ts) != known.get(ts) or shown[ts][1] > recent:
            thread = {"reading": step["reading"], "known_to": step["known_to"], "thread_ts": ts, "after": ""}
            await owe_step(it.session, it.incident, DeliveryKind.READ_THREAD, thread, now=it.now)


async def thread_read(it: Happened) -> JsonObject:
    """A page of a thread was read: capture it, and owe the page after it."""
    step, upto = it.payload, it.answer["upto"]
    known = await list_in_thread(
        it.session, it.incident.number, step["thread_ts"], after=step["after"], upto=upto or it.answer["seen_to"]
    )
    kept = await _capture(it, known)
    if upto:
        await owe_step(it.session, it.incident, DeliveryKind.READ_THREAD, {**step, "after": upto}, now=it.now)
    return kept


async def message_found(it: Happened) -> JsonObject:
    """A message that somebody marked before we had heard it was looked for."""
    return await _capture(it, ())
