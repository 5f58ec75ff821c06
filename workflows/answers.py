"""Answers to what we ask: by a button or by a reply, once, whoever is first; the next one is told who was."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.incidents import lock_incident
from storage.ledger import record
from storage.prompts import find_prompt
from storage.tables import EntryKind, Incident, LedgerEntry, Prompt, PromptState, Status
from workflows.access import begin, may_see
from workflows.changes import changed
from workflows.choices import choice_of
from workflows.commands import AcceptQuestion, AnswerPrompt, ApprovePublicText, ChangeStatus, ClaimRole, PublishUpdate
from workflows.errors import IncidentNotFound, PromptOver, PromptUnknown
from workflows.incidents import change_status
from workflows.process import Process
from workflows.promises import move_promise, usual_promise
from workflows.prompts import ended_by, redraw
from workflows.public import approve_public_text
from workflows.questions import accept_question
from workflows.roles import claim_role
from workflows.updates import publish_update

NOTHING_NEW = "Nothing new yet; we are still working on it."


@dataclass(frozen=True)
class _Answer:
    """An answer under way: who gave it, to what, and the entry that keeps it."""

    session: AsyncSession
    incident: Incident
    prompt: Prompt
    command: AnswerPrompt
    entry: LedgerEntry
    process: Process
    now: datetime

    def about(self) -> dict[str, Any]:
        """The same person's request for what the answer brings about."""
        command = self.command
        return {
            "by": command.by,
            "request_id": f"{command.request_id}/effect",
            "incident_id": self.incident.number,
            "asked_in": command.asked_in,
        }

    def on(self) -> dict[str, Any]:
        """With which process, and when."""
        return {"process": self.process, "now": self.now}


async def answer_prompt(session: AsyncSession, command: AnswerPrompt, *, process: Process, now: datetime) -> Incident:
    """Do what was chosen, once, and have the question say so.

    Raises AlreadyReceived, PromptOver, PromptUnknown, IncidentNotFound, and what the deed itself declines: then the
    question stands as it did.
    """
    await begin(session, command, now=now)
    incident, prompt = await hold_prompt(session, command.prompt, by=command.by, asked_in=command.asked_in)
    refuse_if_over(incident, prompt)
    choice = choice_of(prompt.kind, command.choice)
    if choice is None or choice.key not in _EFFECTS:
        raise PromptUnknown
    data = {"prompt": prompt.kind, "choice": choice.key}
    entry = record(session, incident, EntryKind.PROMPT_ANSWERED, by=command.by, at=now, data=data)
    if choice.ends:
        prompt.state, prompt.answer = PromptState.ANSWERED, choice.key
        prompt.answered_by, prompt.answered_at = command.by, now
    answer = _Answer(session, incident, prompt, command, entry, process, now)
    own = await _EFFECTS[choice.key](answer)
    if own is not None:
        await changed(session, incident, own, process=process, now=now)
    ended = ended_by(command.by, choice.key, at=now, is_open=not choice.ends)
    redraw(session, incident, prompt, ended, now=now, name=f"{choice.key}-{entry.sequence}")
    return incident


async def hold_prompt(
    session: AsyncSession, key: str, *, by: str, asked_in: str | None = None
) -> tuple[Incident, Prompt]:
    """A prompt and its incident, which is held from now on.

    Raises PromptUnknown, and IncidentNotFound where it is not theirs to see.
    """
    prompt = await find_prompt(session, key)
    incident = await lock_incident(session, prompt.incident_id) if prompt else None
    if incident is None:
        raise PromptUnknown
    if not await may_see(session, incident, by, asked_in=asked_in):
        raise IncidentNotFound(incident.number)
    prompt = await find_prompt(session, key)  # it may have been answered while we waited for the incident
    if prompt is None:
        raise PromptUnknown
    return incident, prompt


def refuse_if_over(incident: Incident, prompt: Prompt) -> None:
    """Raise PromptOver for one that was answered, or that is idle because of something else."""
    if prompt.state in (PromptState.ANSWERED, PromptState.MOOT):
        choice = choice_of(prompt.kind, prompt.answer or "")
        answer = choice.label if choice else "done"
        raise PromptOver(incident, by=prompt.answered_by, at=prompt.answered_at, answer=answer)


async def _later(it: _Answer) -> LedgerEntry:
    return move_promise(it.session, it.incident, by=it.command.by, now=it.now)


async def _nothing_new(it: _Answer) -> None:
    await _publish_words(it, NOTHING_NEW)


async def _publish(it: _Answer) -> None:
    await _publish_words(it, it.prompt.data["words"])


async def _publish_words(it: _Answer, words: str) -> None:
    promise = usual_promise(it.incident, it.process)
    await publish_update(it.session, PublishUpdate(**it.about(), words=words, next_update_in=promise), **it.on())


async def _lead(it: _Answer) -> None:
    await claim_role(it.session, ClaimRole(**it.about(), role="lead"), **it.on())


async def _investigate(it: _Answer) -> None:
    await change_status(it.session, ChangeStatus(**it.about(), status=Status.INVESTIGATING), **it.on())


async def _keep_watching(it: _Answer) -> LedgerEntry:
    it.incident.watched_since = it.now
    return it.entry


async def _on_it(it: _Answer) -> None:
    command = AcceptQuestion(**it.about(), question=it.prompt.data["entry"])
    await accept_question(it.session, command, **it.on())


async def _approve(it: _Answer) -> None:
    command = ApprovePublicText(**it.about(), draft=it.prompt.data["entry"])
    await approve_public_text(it.session, command, **it.on())


async def _noted(it: _Answer) -> LedgerEntry:
    """That it was answered is all there is to it."""
    return it.entry


_EFFECTS: dict[str, Callable[[_Answer], Awaitable[LedgerEntry | None]]] = {
    "later": _later,
    "nothing_new": _nothing_new,
    "publish": _publish,
    "lead": _lead,
    "not_now": _noted,
    "confirm": _investigate,
    "keep_watching": _keep_watching,
    "is_back": _investigate,
    "still_working": _noted,
    "on_it": _on_it,
    "approve": _approve,
    "discard": _noted,
}
"""What each choice does that needs no form; an entry that comes back is the change it made."""
