"""Texts for people outside: proposed by one person, let out by another, and nothing of ours beside them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import find_entry, find_newest_entry, record
from storage.tables import EntryKind, Incident, LedgerEntry, PromptKind, Status
from workflows.access import begin_change
from workflows.changes import changed
from workflows.commands import ApprovePublicText, DraftPublicText
from workflows.effects import US, owe_message, owe_shown_state
from workflows.errors import AlreadyEnded, NotPublic, OwnText, TextReplaced
from workflows.masking import mask
from workflows.notices import Transition
from workflows.process import Process
from workflows.process_parts import Audience, AudienceKind
from workflows.prompts import ask_now, let_go
from workflows.recipients import matching_rules

STAGE = {
    Status.TRIAGE: "investigating",
    Status.INVESTIGATING: "investigating",
    Status.MITIGATING: "identified",
    Status.MONITORING: "monitoring",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "resolved",
}
"""The template that usually fits a status."""


async def draft_public_text(
    session: AsyncSession, command: DraftPublicText, *, process: Process, now: datetime
) -> Incident:
    """Propose words for people outside; nothing leaves before they are approved, where the settings ask for that.

    An earlier proposal is replaced. Raises NotPublic for a private one, AlreadyEnded for what was declined or merged.
    """
    incident = await begin_change(session, command, now=now)
    refuse_if_not_public(incident)
    await propose_public_text(session, incident, command.stage, command.text, by=command.by, process=process, now=now)
    return incident


async def propose_public_text(
    session: AsyncSession, incident: Incident, stage: str, text: str, *, by: str, process: Process, now: datetime
) -> None:
    """Propose words for people outside; the caller holds the incident, which is not private."""
    entry = await _propose(session, incident, stage, mask(text), by=by, now=now)
    if process.public.approval:
        _ask_for_approval(session, incident, entry, now=now)
        await changed(session, incident, entry, process=process, now=now)
    else:
        await _let_out(session, incident, entry, by=by, process=process, now=now)


def refuse_if_not_public(incident: Incident) -> None:
    """Raise NotPublic for a private one, AlreadyEnded for what was declined or merged."""
    if incident.private:
        raise NotPublic(incident)
    if incident.status in (Status.DECLINED, Status.MERGED):
        raise AlreadyEnded(incident, so="nobody outside waits for news of it")


async def _propose(
    session: AsyncSession, incident: Incident, stage: str, text: str, *, by: str, now: datetime
) -> LedgerEntry:
    data = {"stage": stage, "text": text}
    entry = record(session, incident, EntryKind.PUBLIC_DRAFTED, by=by, at=now, data=data)
    await let_go(session, incident, PromptKind.PUBLIC_DRAFT, because=entry, now=now)
    return entry


def _ask_for_approval(session: AsyncSession, incident: Incident, entry: LedgerEntry, *, now: datetime) -> None:
    data = {"entry": entry.sequence, "by": entry.by, **entry.data}
    ask_now(session, incident, PromptKind.PUBLIC_DRAFT, name=str(entry.sequence), data=data, now=now)


async def approve_public_text(
    session: AsyncSession, command: ApprovePublicText, *, process: Process, now: datetime
) -> Incident:
    """Let a proposed text out, to the audiences of people outside.

    Raises OwnText for its author where somebody else has to approve it, TextReplaced when it is not the newest.
    """
    incident = await begin_change(session, command, now=now)
    refuse_if_not_public(incident)
    newest = await find_newest_entry(session, incident.number, [EntryKind.PUBLIC_DRAFTED, EntryKind.PUBLIC_TEXT])
    draft = await find_entry(session, incident.number, command.draft)
    if draft is None or newest is None or draft.sequence != newest.sequence:
        raise TextReplaced(incident)
    if process.public.approval and draft.by == command.by:
        raise OwnText(incident)
    await _let_out(session, incident, draft, by=command.by, process=process, now=now)
    return incident


async def _let_out(
    session: AsyncSession, incident: Incident, draft: LedgerEntry, *, by: str, process: Process, now: datetime
) -> None:
    incident.public_text, incident.public_text_at = draft.data["text"], now
    data = {**draft.data, "draft": draft.sequence, "author": draft.by}
    entry = record(session, incident, EntryKind.PUBLIC_TEXT, by=by, at=now, data=data)
    owe_message(session, incident, entry, in_thread=True)
    owe_shown_state(session, incident, at=now)
    await changed(session, incident, entry, process=process, now=now, transition=Transition.PUBLIC)


async def draft_when_resolved(session: AsyncSession, incident: Incident, *, process: Process, now: datetime) -> None:
    """Propose the closing words, where people outside may be waiting for them; the caller holds the incident."""
    if incident.private or not outside(incident, process):
        return
    text = from_template(incident, STAGE[Status.RESOLVED], process)
    if text:
        entry = await _propose(session, incident, STAGE[Status.RESOLVED], text, by=US, now=now)
        _ask_for_approval(session, incident, entry, now=now)


def outside(incident: Incident, process: Process) -> Sequence[Audience]:
    """The audiences of people outside that would get a text about it."""
    rules = matching_rules(incident, (Transition.PUBLIC,), severity=incident.severity, process=process)
    audiences = [process.audiences[key] for key in rules]
    return [audience for audience in audiences if audience.kind is AudienceKind.EXTERNAL]


def from_template(incident: Incident, stage: str, process: Process) -> str:
    """A template with what is affected filled in; empty where there is no such template."""
    return process.public.templates.get(stage, "").replace("{services}", _in_words(incident.services))


def _in_words(names: Sequence[str]) -> str:
    """“a, b and c”; people outside need not know that nobody has said which yet."""
    if not names:
        return "our service"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
