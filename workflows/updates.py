"""Updates: words for people outside the response, with a promise of the next ones."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.ledger import record
from storage.tables import EntryKind, Incident, Status, Update
from workflows.access import begin_change
from workflows.changes import changed
from workflows.commands import PublishUpdate
from workflows.effects import owe_message, owe_shown_state
from workflows.errors import AlreadyEnded, PersonNeeded
from workflows.incidents import move
from workflows.masking import mask
from workflows.notices import Transition
from workflows.process import Process
from workflows.promises import A_LITTLE
from workflows.public import STAGE, propose_public_text, refuse_if_not_public
from workflows.questions import put_question


async def publish_update(session: AsyncSession, command: PublishUpdate, *, process: Process, now: datetime) -> Incident:
    """Publish words, a new status if there is one, and when the next words come: one message in the channel.

    Also after it was resolved. Raises AlreadyEnded for one that was declined or merged, PersonNeeded for needs that
    nobody is asked for, and what a change of status raises.
    """
    incident = await begin_change(session, command, now=now)
    refuse_without_audience(incident)
    if command.needs and not command.needed:
        raise PersonNeeded(incident)
    if command.public_text:
        refuse_if_not_public(incident)
    command = _masked(command)
    before = incident.status
    if command.status is not None:
        move(session, incident, command.status, reason=command.reason, by=command.by, now=now)
    promised_at = incident.next_update_due_at
    _remember(session, incident, command, now=now)
    due_at = incident.next_update_due_at
    data = {
        "words": command.words,
        "actions": command.actions,
        "needs": command.needs,
        "needed": command.needed,
        "affected": incident.affected,
        "from": before,
        "to": incident.status,
        "next_update_due_at": due_at.isoformat() if due_at else None,
    }
    entry = record(session, incident, EntryKind.UPDATE, by=command.by, at=now, data=data)
    owe_message(session, incident, entry)
    owe_shown_state(session, incident, at=now, topic=before is not incident.status or due_at != promised_at)
    if command.needs and command.needed:
        await _ask(session, incident, command, to=command.needed, now=now)
    await changed(session, incident, entry, process=process, now=now, transition=Transition.UPDATE)
    if command.public_text:
        stage = STAGE[incident.status]
        await propose_public_text(
            session, incident, stage, command.public_text, by=command.by, process=process, now=now
        )
    return incident


def _masked(command: PublishUpdate) -> PublishUpdate:
    affected = command.affected if command.affected is None else mask(command.affected)
    words, actions, needs = mask(command.words), mask(command.actions), mask(command.needs)
    return replace(command, words=words, actions=actions, needs=needs, affected=affected, reason=mask(command.reason))


async def _ask(session: AsyncSession, incident: Incident, command: PublishUpdate, *, to: str, now: datetime) -> None:
    """What is needed is a question to somebody; the channel has read it in the update."""
    due_at = now + (command.next_update_in or A_LITTLE)
    await put_question(
        session, incident, to=to, text=command.needs, due_at=due_at, by=command.by, now=now, quietly=True
    )


@dataclass(frozen=True)
class Promises:
    """How many updates came by the time that had been promised, and how many later."""

    kept: int
    missed: int

    @property
    def kept_rate(self) -> float | None:
        """From 0 to 1; None where nothing was promised."""
        total = self.kept + self.missed
        return self.kept / total if total else None


def promises_kept(updates: Iterable[Update]) -> Promises:
    """Which of these updates kept the promise they answered; those that answered none do not count."""
    kept = [update.published_at <= update.promised_at for update in updates if update.promised_at]
    return Promises(kept.count(True), kept.count(False))


def refuse_without_audience(incident: Incident) -> None:
    """Raise AlreadyEnded for one that was declined or merged."""
    if incident.status in (Status.DECLINED, Status.MERGED):
        raise AlreadyEnded(incident, so="nobody waits for news of it")


def _remember(session: AsyncSession, incident: Incident, command: PublishUpdate, *, now: datetime) -> None:
    due_at = now + command.next_update_in if command.next_update_in else None
    promised_at = incident.next_update_due_at
    if command.affected is not None:
        incident.affected = command.affected or None
    incident.last_update, incident.last_update_at = command.words, now
    incident.next_update_due_at, incident.promise_made_at = due_at, now
    session.add(
        Update(
            incident_id=incident.number,
            words=command.words,
            actions=command.actions or None,
            needs=command.needs or None,
            needed=command.needed,
            promised_at=promised_at,
            status=incident.status,
            next_update_due_at=due_at,
            published_by=command.by,
            published_at=now,
        )
    )
