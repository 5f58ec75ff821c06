"""Risks that somebody decided to live with: signed for by a decision-maker, and looked at again on a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from storage.action_items import find_risk, list_visible_risks
from storage.incidents import find_incident, lock_incident
from storage.ledger import record
from storage.people import find_person
from storage.reminders import list_messages_about_risk
from storage.tables import AcceptedRisk, EntryKind, Horizon, Incident, LedgerEntry, Source
from storage.tables.columns import JsonObject
from workflows.access import begin, begin_change, may_see
from workflows.action_items import add_to, refuse_if_hidden
from workflows.calendars import calendar_in
from workflows.check_commands import AcceptRisk, Review, ReviewRisk, RiskCommand, SignRisk
from workflows.check_errors import (
    AlreadySigned,
    NotSigned,
    NotTheirDecision,
    RiskEnded,
    RiskNotFound,
    WrongReviewDate,
)
from workflows.commands import AddActionItem
from workflows.effects import owe_message
from workflows.masking import mask
from workflows.people import meet
from workflows.process import Process
from workflows.reminders import Standing, deciders
from workflows.reminding import MOST_REDRAWN, SHOWN_FOR, owe_redrawing, replan_items
from workflows.standings import list_standings

LONGEST = timedelta(days=366)
"""A risk that nobody looks at for a year is forgotten, and not accepted."""
USUAL = timedelta(days=90)
SIGNED = "signed"


async def accept_risk(session: AsyncSession, command: AcceptRisk, *, process: Process, now: datetime) -> AcceptedRisk:
    """Put a risk on the register, and plan to ask a decision-maker to sign for it.

    Raises AlreadyReceived, IncidentNotFound, HiddenFromOwner, WrongReviewDate.
    """
    incident = await begin_change(session, command, now=now)
    await refuse_if_hidden(session, incident, command.owner)
    await _refuse_wrong_date(session, command.review_on, by=command.by, process=process, now=now)
    risk = AcceptedRisk(
        incident_id=incident.number,
        title=mask(command.title),
        why=mask(command.why),
        owner=command.owner,
        review_on=command.review_on,
        created_by=command.by,
        created_at=now,
    )
    session.add(risk)
    await session.flush()
    await meet(session, [command.owner], now=now)
    await _changed(session, incident, risk, EntryKind.RISK_ACCEPTED, {"why": risk.why}, command, process, now)
    return risk


async def sign_risk(session: AsyncSession, command: SignRisk, *, process: Process, now: datetime) -> AcceptedRisk:
    """Take responsibility for it; from now on it can stay accepted on its review date.

    Raises AlreadyReceived, RiskNotFound, RiskEnded, AlreadySigned, NotTheirDecision.
    """
    incident, risk, standing = await _hold(session, command, process=process, now=now)
    refuse_signature(risk, standing, by=command.by, process=process)
    risk.signed_by, risk.signed_at = command.by, now
    await _changed(session, incident, risk, EntryKind.RISK_REVIEWED, {"answer": SIGNED}, command, process, now)
    return risk


def refuse_signature(risk: AcceptedRisk, standing: Standing, *, by: str, process: Process) -> None:
    """Raise RiskEnded, AlreadySigned, or NotTheirDecision for who may not sign."""
    if risk.ended_at is not None:
        raise RiskEnded(risk)
    if risk.signed_at is not None:
        raise AlreadySigned(risk)
    _refuse_others(f"Risk {risk.number}", standing, by=by, process=process)


async def review_risk(session: AsyncSession, command: ReviewRisk, *, process: Process, now: datetime) -> AcceptedRisk:
    """Say what becomes of it: accepted until another day, an action item, or no risk any more.

    A signature stays for as long as it is accepted.
    Raises AlreadyReceived, RiskNotFound, RiskEnded, NotSigned, NotTheirDecision, WrongReviewDate.
    """
    incident, risk, standing = await _hold(session, command, process=process, now=now)
    refuse_review(risk, standing, command.answer, by=command.by, process=process)
    risk.reviewed_at = now
    data: JsonObject = {"answer": command.answer, "why": mask(command.why)}
    if command.answer is Review.STILL:
        if command.review_on is None:
            raise WrongReviewDate
        await _refuse_wrong_date(session, command.review_on, by=command.by, process=process, now=now)
        risk.review_on = command.review_on
    else:
        risk.ended_at = now
    await _changed(session, incident, risk, EntryKind.RISK_REVIEWED, data, command, process, now)
    if command.answer is Review.ACT:
        await _act(session, incident, risk, standing, command, process=process, now=now)
    return risk


def refuse_review(risk: AcceptedRisk, standing: Standing, answer: Review, *, by: str, process: Process) -> None:
    """Raise RiskEnded; NotTheirDecision but for its owner, lead and signers; NotSigned to keep it unsigned."""
    if risk.ended_at is not None:
        raise RiskEnded(risk)
    if by != risk.owner:
        _refuse_others(f"Risk {risk.number}", standing, by=by, process=process, besides=(risk.owner, standing.lead))
    if answer is Review.STILL and risk.signed_at is None:
        raise NotSigned(risk, deciders(standing, process))


async def see_risk(
    session: AsyncSession, risk_id: int, *, by: str, process: Process, asked_in: str | None = None
) -> tuple[Incident, AcceptedRisk, Standing]:
    """A risk with its incident, and how it stands, for somebody who may see it. Raises RiskNotFound."""
    risk = await find_risk(session, risk_id)
    incident = await find_incident(session, risk.incident_id) if risk else None
    if risk is None or incident is None or not await may_see(session, incident, by, asked_in=asked_in):
        raise RiskNotFound
    (standing,) = await list_standings(session, (), risk_ids=[risk.number], process=process)
    return incident, risk, standing


async def list_register(
    session: AsyncSession, viewer: str, *, process: Process, limit: int, incident_id: int | None = None
) -> Sequence[Standing]:
    """The risks that are accepted and that this person may know of, first to be looked at first."""
    ids = await list_visible_risks(session, viewer, incident_id=incident_id, limit=limit)
    found = {
        one.risk.number: one for one in await list_standings(session, (), risk_ids=ids, process=process) if one.risk
    }
    return [found[number] for number in ids]


async def _hold(
    session: AsyncSession, command: RiskCommand, *, process: Process, now: datetime
) -> tuple[Incident, AcceptedRisk, Standing]:
    """Take on the request; the incident is held from now on."""
    await begin(session, command, now=now)
    risk = await find_risk(session, command.risk_id)
    if risk is not None:
        await lock_incident(session, risk.incident_id)
        await session.refresh(risk)  # it may have changed while we waited for its incident
    return await see_risk(session, command.risk_id, by=command.by, process=process, asked_in=command.asked_in)


async def _refuse_wrong_date(session: AsyncSession, day: date, *, by: str, process: Process, now: datetime) -> None:
    person = await find_person(session, by)
    today = calendar_in(person.zone if person else None, process).today(now)
    if not today < day <= today + LONGEST:
        raise WrongReviewDate


def _refuse_others(
    what: str, standing: Standing, *, by: str, process: Process, besides: Sequence[str | None] = ()
) -> None:
    asked = deciders(standing, process)
    if by not in (*asked, *besides):
        raise NotTheirDecision(what, asked)


async def _changed(
    session: AsyncSession,
    incident: Incident,
    risk: AcceptedRisk,
    kind: EntryKind,
    data: JsonObject,
    command: AcceptRisk | RiskCommand,
    process: Process,
    now: datetime,
) -> LedgerEntry:
    """Write it down, say it under the card, plan anew, and draw the messages anew that show it."""
    kept = {"risk": risk.number, "title": risk.title, "owner": risk.owner, "review_on": risk.review_on.isoformat()}
    entry = record(session, incident, kind, by=command.by, at=now, data={**kept, **data})
    owe_message(session, incident, entry, in_thread=True)
    await replan_items(session, (), risk_ids=[risk.number], process=process, now=now)
    for channel_id, ts in await list_messages_about_risk(
        session, risk.number, sent_after=now - SHOWN_FOR, limit=MOST_REDRAWN
    ):
        await owe_redrawing(session, channel_id, ts, now=now)
    return entry


async def _act(
    session: AsyncSession,
    incident: Incident,
    risk: AcceptedRisk,
    standing: Standing,
    command: ReviewRisk,
    *,
    process: Process,
    now: datetime,
) -> None:
    """Its owner gets an action item in its place."""
    adding = AddActionItem(
        by=command.by,
        request_id=command.request_id,
        incident_id=incident.number,
        title=risk.title,
        why=f"A risk that was accepted: {risk.why}",
        owner=standing.first_of(risk.owner, standing.lead),
        horizon=Horizon.AFTER,
        source=Source.RISK,
        source_ref=str(risk.number),
    )
    await add_to(session, incident, adding, process=process, now=now)
