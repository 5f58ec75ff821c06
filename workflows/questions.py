"""Questions: one person is asked one thing for a time, and it is followed up until it is settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.deliveries import owe
from storage.incidents import find_participant
from storage.ledger import record, record_amendment
from storage.tables import DeliveryKind, EntryKind, Incident, LedgerEntry, Status, TimelineEntry
from storage.tables.columns import JsonObject
from storage.timeline import find_timeline_entry
from workflows.access import begin_change, may_see
from workflows.categories import OPEN, QUESTION
from workflows.changes import changed
from workflows.commands import AcceptQuestion, AnswerQuestion, AskQuestion, RefuseQuestion
from workflows.effects import owe_invitation, owe_shown_state
from workflows.errors import AlreadyEnded, AlreadySettled, NoSuchEntry, NotTheirs, ReasonNeeded
from workflows.masking import mask
from workflows.people import meet
from workflows.process import Process

ACCEPTED, ANSWERED, REFUSED = "accepted", "answered", "refused"
SETTLED = (ANSWERED, REFUSED)


async def ask_question(session: AsyncSession, command: AskQuestion, *, process: Process, now: datetime) -> Incident:
    """Ask somebody something in the channel, where they are invited; what follows without an answer is in the schedule.

    Raises AlreadyEnded, and NotTheirs where it is private and they are not in its channel.
    """
    incident = await begin_change(session, command, now=now)
    entry = await put_question(
        session, incident, to=command.to, text=command.text, due_at=command.due_at, by=command.by, now=now
    )
    await _bring(session, incident, command.to, now=now)
    owe_shown_state(session, incident, at=now)
    await changed(session, incident, entry, process=process, now=now)
    return incident


async def _bring(session: AsyncSession, incident: Incident, user_id: str, *, now: datetime) -> None:
    """Invite who is asked to where the question stands: nobody is told of what stands in a channel they are not in."""
    participant = await find_participant(session, incident.number, user_id)
    if participant is None or participant.left_at is not None:
        owe_invitation(session, incident, user_id, at=now)


async def put_question(
    session: AsyncSession,
    incident: Incident,
    *,
    to: str,
    text: str,
    due_at: datetime,
    by: str,
    now: datetime,
    quietly: bool = False,
) -> LedgerEntry:
    """Record a question to somebody; the caller holds the incident, and has it planned anew.

    `quietly`: the channel reads it elsewhere, so it goes to them by direct message at once. Raises AlreadyEnded, and
    NotTheirs where it is private and they are not in its channel.
    """
    refuse_if_over(incident)
    if not await may_see(session, incident, to):
        raise NotTheirs(incident, to)
    data: JsonObject = {"category": QUESTION, "state": OPEN, "to": to, "text": mask(text), "due_at": due_at.isoformat()}
    if quietly:
        data["quietly"] = True
    entry = record(session, incident, EntryKind.QUESTION, by=by, at=now, data=data)
    await meet(session, {to}, now=now)
    return entry


def refuse_if_over(incident: Incident) -> None:
    """Raise AlreadyEnded for one that nobody comes back to; what was resolved may still be asked about."""
    if incident.status in (Status.CLOSED, Status.DECLINED, Status.MERGED):
        raise AlreadyEnded(incident, so="nothing is asked about it any more")


async def answer_question(
    session: AsyncSession, command: AnswerQuestion, *, process: Process, now: datetime
) -> Incident:
    """Settle it with an answer, from whomever it comes; who asked is told.

    Raises AlreadySettled, which names who was faster, and NoSuchEntry.
    """
    return await _change(session, command, ANSWERED, outcome=command.text, process=process, now=now)


async def accept_question(
    session: AsyncSession, command: AcceptQuestion, *, process: Process, now: datetime
) -> Incident:
    """Say that one is on it; it is still followed up at its time.

    Raises AlreadySettled, also where somebody is on it already, and NoSuchEntry.
    """
    return await _change(session, command, ACCEPTED, outcome="", process=process, now=now)


async def refuse_question(
    session: AsyncSession, command: RefuseQuestion, *, process: Process, now: datetime
) -> Incident:
    """Settle it without an answer, and say why; who asked is told.

    Raises AlreadySettled, ReasonNeeded and NoSuchEntry.
    """
    return await _change(session, command, REFUSED, outcome=command.why, process=process, now=now)


async def _change(
    session: AsyncSession,
    command: AnswerQuestion | AcceptQuestion | RefuseQuestion,
    state: str,
    *,
    outcome: str,
    process: Process,
    now: datetime,
) -> Incident:
    incident = await begin_change(session, command, now=now)
    question = await _find(session, incident, command.question)
    if question.state in (*SETTLED, state):
        raise AlreadySettled(incident, by=question.data["settled_by"], accepted=question.state == ACCEPTED)
    if state in SETTLED and not outcome:
        raise ReasonNeeded(incident, what="Answering" if state == ANSWERED else "Declining to answer")
    data = {"state": state, "outcome": mask(outcome), "settled_by": command.by}
    entry = record_amendment(session, incident, question, EntryKind.ENTRY_STATE, by=command.by, at=now, data=data)
    if state in SETTLED and question.by != command.by:
        _owe_outcome(session, incident, question, entry)
    owe_shown_state(session, incident, at=now)
    await changed(session, incident, entry, process=process, now=now)
    return incident


async def _find(session: AsyncSession, incident: Incident, sequence: int) -> TimelineEntry:
    question = await find_timeline_entry(session, incident.number, sequence)
    if question is None or question.kind is not EntryKind.QUESTION or question.hidden:
        raise NoSuchEntry(incident)
    return question


def _owe_outcome(session: AsyncSession, incident: Incident, question: TimelineEntry, entry: LedgerEntry) -> None:
    """Owe who asked the outcome, by direct message: they wait for it."""
    owe(
        session,
        DeliveryKind.TELL_PERSON,
        lane=f"person/{question.by}",
        key=f"{incident.marker}/{DeliveryKind.TELL_PERSON}/{entry.sequence}",
        due_at=entry.recorded_at,
        incident_id=incident.number,
        payload={
            "to": question.by,
            "question": question.data["text"],
            "state": entry.data["state"],
            "outcome": entry.data["outcome"],
            "by": entry.by,
        },
    )


@dataclass(frozen=True)
class Wait:
    """How long a question waited for its first sign of life, and for its end."""

    question: int
    """The sequence of its entry."""
    to: str
    asked_at: datetime
    accepted_after: timedelta | None
    settled_after: timedelta | None


def waits(ledger: Iterable[LedgerEntry]) -> list[Wait]:
    """The waiting time of every question in a ledger, in the order they were asked."""
    asked: dict[int, LedgerEntry] = {}
    first: dict[tuple[int, bool], datetime] = {}
    for entry in ledger:
        if entry.kind is EntryKind.QUESTION:
            asked[entry.sequence] = entry
        elif entry.kind is EntryKind.ENTRY_STATE and entry.data["of"] in asked:
            first.setdefault((entry.data["of"], entry.data["state"] in SETTLED), entry.happened_at)
    return [
        Wait(
            question=sequence,
            to=entry.data["to"],
            asked_at=entry.happened_at,
            accepted_after=_after(entry, first.get((sequence, False))),
            settled_after=_after(entry, first.get((sequence, True))),
        )
        for sequence, entry in asked.items()
    ]


def _after(entry: LedgerEntry, at: datetime | None) -> timedelta | None:
    return None if at is None else at - entry.happened_at
