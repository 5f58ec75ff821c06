"""Prompts: what is asked when, planned anew with every change; what was asked, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import cancel_planned, move_planned, plan_again
from storage.engine import write_late_rows
from storage.ledger import record
from storage.prompts import add_prompt, find_prompt, list_live_or_named
from storage.tables import DeliveryKind, EntryKind, Incident, LedgerEntry, Prompt, PromptKind, PromptState, Status
from storage.tables.columns import JsonObject
from workflows.effects import US, owe_for
from workflows.happened import Happened
from workflows.process import Process
from workflows.quiet import posted
from workflows.schedule import IN_PERSON, Wanted, wanted
from workflows.situation import Situation, situation_of

STANDING = frozenset({PromptKind.DRAFT, PromptKind.PUBLIC_DRAFT})
"""Kinds that somebody's deed has brought up, not the schedule; they stay until they are answered or overtaken."""


async def replan(
    session: AsyncSession,
    incident: Incident,
    *,
    process: Process,
    now: datetime,
    because: LedgerEntry | None = None,
) -> None:
    """Plan what will be asked of this incident, which the caller holds, and let go of what need not be asked.

    `because` is what has changed; it is said where something was asked already.
    """
    await write_late_rows(session)
    situation = await situation_of(session, incident)
    by_key = {key_of(incident, one): one for one in wanted(situation, process=process, now=now)}
    known = await list_live_or_named(session, incident.number, by_key.keys())
    live = [prompt for prompt in known if prompt.state in (PromptState.PLANNED, PromptState.ASKED)]
    quiet = next((prompt for prompt in live if prompt.kind is PromptKind.SILENT and _is_early(prompt, by_key)), None)
    over = [prompt for prompt in live if prompt is not quiet and not _stays(prompt, by_key, incident)]
    await _let_go(session, incident, over, because=because, now=now)
    for prompt in known:
        if prompt not in over:
            await _bring_up_to_date(session, prompt, by_key.get(prompt.key))
    named = {prompt.key for prompt in known}
    for key, one in by_key.items():
        if key not in named and not (quiet and one.kind is PromptKind.SILENT):
            _plan(session, incident, one)


def plan_first(
    session: AsyncSession, incident: Incident, *, roles: Mapping[str, str], process: Process, now: datetime
) -> None:
    """Plan what will be asked of an incident that was just declared: nothing is known of it that has to be read."""
    for one in wanted(Situation(incident, roles), process=process, now=now):
        _plan(session, incident, one)


def ask_now(
    session: AsyncSession,
    incident: Incident,
    kind: PromptKind,
    *,
    name: str,
    data: JsonObject,
    now: datetime,
    to: str | None = None,
) -> None:
    """Ask something that somebody's deed brings up, once by its name; the caller holds the incident."""
    _plan(session, incident, Wanted(kind, name, now, to=to, data=data))


async def let_go(
    session: AsyncSession, incident: Incident, kind: PromptKind, *, because: LedgerEntry, now: datetime
) -> None:
    """What of this kind is planned or asked has been overtaken; the caller holds the incident."""
    live = await list_live_or_named(session, incident.number, ())
    await _let_go(session, incident, [prompt for prompt in live if prompt.kind is kind], because=because, now=now)


async def take_back(session: AsyncSession, incident: Incident, names: Collection[str], *, now: datetime) -> None:
    """Drafts by these names are not published any more, and their words not shown: their author has deleted them."""
    keys = {f"{incident.marker}/{DeliveryKind.ASK}/{PromptKind.DRAFT}/{name}" for name in names}
    live = await list_live_or_named(session, incident.number, ())
    over = [prompt for prompt in live if prompt.key in keys]
    for prompt in over:
        prompt.data = {**prompt.data, "words": "", "asked": "A draft of an update; its author has deleted it."}
    await _let_go(session, incident, over, because=None, now=now)


def key_of(incident: Incident, one: Wanted) -> str:
    """What a prompt is known by, and the delivery that asks it."""
    return f"{incident.marker}/{DeliveryKind.ASK}/{one.tail}"


def is_wanted(situation: Situation, kind: PromptKind, key: str, *, process: Process, now: datetime) -> bool:
    """Whether this is still to be asked, as things stand when it is its time."""
    if kind in STANDING:
        return situation.incident.status not in (Status.DECLINED, Status.MERGED)
    return any(key_of(situation.incident, one) == key for one in wanted(situation, process=process, now=now))


async def asked(it: Happened) -> JsonObject:
    """The question is asked: keep where; or it had become idle by its time, and something else may be due."""
    session, incident, now = it.session, it.incident, it.now
    prompt = await find_prompt(session, it.delivery.dedupe_key)
    if prompt is None:
        return it.answer
    if it.answer.get("idle"):
        prompt.state = PromptState.MOOT if prompt.state is PromptState.PLANNED else prompt.state
        await replan(session, incident, process=it.process, now=now)
        return it.answer
    prompt.asked_at, prompt.channel_id, prompt.ts = now, it.answer["channel_id"], it.answer["ts"]
    prompt.to, prompt.data = it.answer["to"], {**prompt.data, "asked": it.answer["words"]}
    await posted(it)
    if prompt.state is not PromptState.PLANNED:
        redraw(session, incident, prompt, _ended(prompt, at=now), now=now)
        return {"ts": prompt.ts}
    prompt.state = PromptState.ASKED
    _record_breach(it, prompt)
    await replan(session, incident, process=it.process, now=now)
    return {"ts": prompt.ts}


def _record_breach(it: Happened, prompt: Prompt) -> None:
    """That a target was missed is a fact, and kept once: with the nudge that it brings."""
    target = {PromptKind.NO_LEAD: "lead", PromptKind.TRIAGE: "triage", PromptKind.UPDATE_DUE: "first_update"}
    if prompt.kind not in target or (prompt.kind is PromptKind.UPDATE_DUE and it.incident.last_update_at):
        return
    data = {
        "target": target[prompt.kind],
        "severity": it.incident.severity,
        "due_at": prompt.due_at.isoformat(),
    }
    record(it.session, it.incident, EntryKind.TARGET_MISSED, by=US, at=it.now, data=data, happened_at=prompt.due_at)


def redraw(
    session: AsyncSession, incident: Incident, prompt: Prompt, ended: JsonObject, *, now: datetime, name: str = "ended"
) -> None:
    """Owe the message that asks a drawing without buttons that says how it ended; nothing where it is not there yet."""
    if prompt.ts is None:
        return
    payload: JsonObject = {
        "prompt": prompt.key,
        "kind": prompt.kind,
        "to": prompt.to,
        "channel_id": prompt.channel_id,
        "ts": prompt.ts,
        "words": prompt.data.get("asked", ""),
        "ended": ended,
    }
    tail = prompt.key.split("/", 2)[2]
    owe_for(
        session,
        incident,
        DeliveryKind.REFRESH_PROMPT,
        lane=f"prompt/{tail}",
        at=now,
        name=f"{tail}/{name}",
        payload=payload,
    )


def ended_by(by: str, choice: str, *, at: datetime, is_open: bool = False) -> JsonObject:
    """How a question ended: somebody chose this; `is_open` where it can be answered further."""
    return {"by": by, "choice": choice, "at": at.isoformat(), "open": is_open}


def _ended(prompt: Prompt, *, at: datetime) -> JsonObject:
    """How a question ended that was answered or overtaken before we knew that it stands."""
    if prompt.answered_by and prompt.answered_at:
        return ended_by(prompt.answered_by, prompt.answer or "", at=prompt.answered_at)
    return {"at": at.isoformat()}


def _plan(session: AsyncSession, incident: Incident, one: Wanted) -> None:
    payload: JsonObject = {"kind": one.kind, "to": one.to, "data": one.data}
    key = key_of(incident, one)
    add_prompt(
        session, incident_id=incident.number, key=key, kind=one.kind, due_at=one.due_at, to=one.to, data=one.data
    )
    lane = f"prompt/{one.tail}" if one.kind in IN_PERSON else "messages"
    owe_for(session, incident, DeliveryKind.ASK, lane=lane, at=one.due_at, name=one.tail, payload=payload)


def _is_early(prompt: Prompt, by_key: Mapping[str, Wanted]) -> bool:
    """A look at whether it is silent that comes before it can be: it is left, and looks again when it is its time.

    So that what people do all the time costs no writing.
    """
    return prompt.state is PromptState.PLANNED and any(
        one.kind is PromptKind.SILENT and prompt.due_at <= one.due_at for one in by_key.values()
    )


def _stays(prompt: Prompt, by_key: Mapping[str, Wanted], incident: Incident) -> bool:
    if prompt.kind not in STANDING:
        return prompt.key in by_key
    if incident.status in (Status.DECLINED, Status.MERGED):
        return False
    overtaken = incident.last_update_at is not None and incident.last_update_at > prompt.due_at
    return not (prompt.kind is PromptKind.DRAFT and overtaken)


async def _let_go(
    session: AsyncSession, incident: Incident, over: Sequence[Prompt], *, because: LedgerEntry | None, now: datetime
) -> None:
    """What was planned is not asked, and what was asked says what has happened."""
    ended: JsonObject = {"at": now.isoformat()}
    if because is not None:
        said = {name: because.data[name] for name in ("role", "to", "state", "outcome") if name in because.data}
        ended |= {"entry": because.kind, "by": because.by, "data": said}
    planned = [prompt.key for prompt in over if prompt.state is PromptState.PLANNED]
    if planned:
        await cancel_planned(session, planned, now=now)
    for prompt in over:
        prompt.state = PromptState.MOOT
        redraw(session, incident, prompt, ended, now=now)


async def _bring_up_to_date(session: AsyncSession, prompt: Prompt, one: Wanted | None) -> None:
    """The same question at another time, as a worse severity brings it; or wanted again after it was let go of."""
    if one is None:
        return
    if prompt.state is PromptState.PLANNED and prompt.due_at != one.due_at:
        prompt.due_at = one.due_at
        await move_planned(session, prompt.key, due_at=one.due_at)
    elif prompt.state is PromptState.MOOT and await plan_again(session, prompt.key, due_at=one.due_at):
        prompt.state, prompt.due_at = PromptState.PLANNED, one.due_at
