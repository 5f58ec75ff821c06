"""One incident in which everything happens that a record tells of."""

from datetime import timedelta
from typing import Any

from sqlmodel import select

from storage.deliveries import finish, owe
from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import Delivery, DeliveryKind, DeliveryOutcome, EntryKind, Incident, Person, Status
from tests.builders import NOON
from tests.workflows.asking import ANSWERS, ask, do, newest_entry, opened
from workflows import commands as c

MINUTE = timedelta(minutes=1)
NAMES = {"UANN": "Ann", "UBOB": "Bob", "UCAT": "Cat"}


async def a_whole_incident(database: Database, **declared: Any) -> Incident:
    """INC-1: led, found, contained, watched, resolved; with a theory, a workaround, a decision and a question."""
    incident = await opened(database, **declared)
    async with database.transaction() as session:
        session.add_all(Person(user_id=user_id, name=name, seen_at=NOON) for user_id, name in NAMES.items())
    for minutes, kind, said in _DEEDS:
        await do(database, ask(kind, incident, **said), now=NOON + minutes * MINUTE)
    await _settle(database, incident)
    return incident


_DEEDS: list[tuple[int, type[c.IncidentCommand], dict[str, Any]]] = [
    (1, c.AssignRole, {"role": "communications", "to": "UBOB"}),
    (2, c.ChangeStatus, {"status": Status.INVESTIGATING}),
    (3, c.ChangeFacts, {"facts": {"impact_started_at": NOON - 10 * MINUTE, "affected": "All shops"}}),
    (4, c.AddNote, {"text": "It is the cache", "category": "theory"}),
    (5, c.AddNote, {"text": "Took shop 3 off the net", "category": "containment", "by": "UBOB"}),
    (6, c.AddNote, {"text": "Rolled back to 41", "category": "action", "by": "UBOB"}),
    (7, c.AddNote, {"text": "We do not fail over", "category": "decision", "objections": "{@UCAT}: too slow"}),
    (8, c.AddNote, {"text": "Pay by invoice", "category": "workaround"}),
    (9, c.AskQuestion, {"to": "UCAT", "text": "Did you deploy?", "due_at": NOON + 24 * MINUTE}),
    (20, c.PublishUpdate, {"words": "Rolled back", "next_update_in": 15 * MINUTE}),
    (40, c.PublishUpdate, {"words": "Looks good", "status": Status.MONITORING, "reason": "It is plain"}),
    (70, c.ResolveIncident, {**ANSWERS, "remaining": "An alert on the cache"}),
]


async def _settle(database: Database, incident: Incident) -> None:
    """The theory is ruled out, the rollback worked, the question is answered, one mail arrives and one does not."""
    seen = (await newest_entry(database)).sequence
    entries = await _sequences(database)
    theory, action = entries["It is the cache"], entries["Rolled back to 41"]
    ruled_out = {"state": "ruled_out", "links": ("https://graphs.example/cache",)}
    await do(database, ask(c.EditEntry, incident, entry=theory, seen=seen, **ruled_out), now=NOON + 71 * MINUTE)
    await do(database, ask(c.EditEntry, incident, entry=action, seen=seen, state="worked"), now=NOON + 72 * MINUTE)
    answer = ask(c.AnswerQuestion, incident, question=entries["Did you deploy?"], text="No", by="UCAT")
    await do(database, answer, now=NOON + 73 * MINUTE)
    await _mail(database, incident, "boss@shops.example", DeliveryOutcome.SENT)
    await _mail(database, incident, "gone@shops.example", DeliveryOutcome.GAVE_UP)


async def _sequences(database: Database) -> dict[str, int]:
    """The entries that people have written, by their words."""
    async with database.read() as session:
        entries = await list_entries(session, 1)
    return {e.data["text"]: e.sequence for e in entries if e.kind in (EntryKind.NOTE, EntryKind.QUESTION)}


async def _mail(database: Database, incident: Incident, to: str, outcome: DeliveryOutcome) -> None:
    payload = {"to": to, "why": "audience", "transition": "resolved"}
    async with database.transaction() as session:
        owe(
            session,
            DeliveryKind.MAIL,
            lane=to,
            key=to,
            due_at=NOON,
            incident_id=incident.number,
            payload=payload,
        )
    async with database.transaction() as session:
        delivery = (await session.execute(select(Delivery).where(Delivery.dedupe_key == to))).scalars().one()
        finish(delivery, outcome, now=NOON + 74 * MINUTE)
        delivery.last_error = "550 no such mailbox" if outcome is DeliveryOutcome.GAVE_UP else None
