"""What is to be said about an action item or a risk as it stands, to whom, and on which of their mornings. No I/O."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import chain, count

from storage.tables import (
    AcceptedRisk,
    ActionItem,
    CheckState,
    EffectivenessCheck,
    Horizon,
    ItemKind,
    ItemState,
    Person,
    ReminderKind,
)
from storage.tables.columns import JsonObject
from workflows.calendars import Calendar, calendar_in
from workflows.process import Process
from workflows.situation import Situation

LATE = timedelta(hours=2)
"""How long after its time a reminder says that it is late: a crowd's mornings may take an hour to go out."""
ASKED_TIMES = 3
"""How often a question about an item is asked, a week apart, before we let it rest."""
WEEK = timedelta(days=7)
QUESTIONS = (ReminderKind.VERIFY, ReminderKind.CHECK, ReminderKind.RISK, ReminderKind.DECISION)


@dataclass(frozen=True)
class Wanted:
    """One thing that one person is to hear on a morning; the same key is the same thing, and is sent once."""

    key: str
    kind: ReminderKind
    to: str
    on: date
    due_at: datetime
    data: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class People:
    """Whom we know, and whom the addresses of sitrep.toml stand for."""

    known: Mapping[str, Person]
    by_address: Mapping[str, str] = field(default_factory=dict)
    """Ids by address in small letters."""
    _calendars: dict[str, Calendar] = field(default_factory=dict, compare=False)

    def calendar(self, user_id: str, process: Process) -> Calendar:
        """Somebody's days."""
        if user_id not in self._calendars:
            person = self.known.get(user_id)
            self._calendars[user_id] = calendar_in(person.zone if person else None, process)
        return self._calendars[user_id]

    def can_be_reached(self, user_id: str) -> bool:
        """Whether we may still write to them, as far as we know."""
        person = self.known.get(user_id)
        return person is None or person.gone_at is None

    def id_of(self, named: str) -> str:
        """Somebody named in sitrep.toml, by id where we know it."""
        return self.by_address.get(named.lower(), named)


@dataclass(frozen=True)
class Standing:
    """An action item or a risk, and everything that decides who hears of it and when."""

    about: Situation
    people: People
    item: ActionItem | None = None
    risk: AcceptedRisk | None = None
    checks: Sequence[EffectivenessCheck] = ()

    def first_of(self, *candidates: str | None, besides: Iterable[str | None] = ()) -> str | None:
        """The first of these who can be reached, may know of the incident, and is none of those."""
        others = set(besides)
        return next((one for one in candidates if one and one not in others and self.may_hear(one)), None)

    def may_hear(self, user_id: str) -> bool:
        """Whether somebody can be told: they are here, and the incident is not kept from them."""
        return self.people.can_be_reached(user_id) and self.about.visible_to(user_id)

    @property
    def lead(self) -> str | None:
        """Who cares for the incident: its lead, or else who declared it."""
        return self.first_of(self.about.lead, self.about.incident.declared_by)

    def accountable(self, process: Process) -> list[str]:
        """The severity's accountable people who may know, by id where we know it."""
        return [one for one in dict.fromkeys(self._named(process).values()) if self.may_hear(one)]

    def name_of(self, person: str, process: Process) -> str:
        """What somebody is called in keys: as sitrep.toml has it, which stays when their address becomes known."""
        return next((name for name, known in self._named(process).items() if known == person), person)

    def _named(self, process: Process) -> dict[str, str]:
        """The severity's accountable people, by what sitrep.toml calls them."""
        severity = process.severities.get(self.about.incident.severity)
        names = severity.accountable if severity else []
        return {one.lower() if "@" in one else one: self.people.id_of(one) for one in names}

    def verifier(self, process: Process) -> str | None:
        """Who is asked whether a done item is done: never its owner, nor who said so."""
        item = self.item
        if item is None:
            return None
        candidates = (self.about.lead, item.assigned_by, item.created_by, *self.accountable(process), self.lead)
        return self.first_of(*candidates, besides=(item.owner, item.done_by))


def wanted(standing: Standing, *, process: Process, now: datetime) -> list[Wanted]:
    """Everything that is or will be to be said while nothing changes; what was sent already may be in it too."""
    return _once_a_question(_all_wanted(standing, process, now), now)


def _all_wanted(standing: Standing, process: Process, now: datetime) -> list[Wanted]:
    if standing.risk is not None:
        return list(_of_risk(standing, standing.risk, process))
    item = standing.item
    if item is None:
        return []
    if item.is_open:
        ladder = list(_ladder(standing, item, process, now))
        not_before = now if any(now - one.due_at > LATE for one in ladder) else None
        silence = _silence(standing, item, process, not_before=not_before)
        return [*ladder, *silence, *_decision(standing, process)]
    found = [*_checks(standing, item, process)] if item.done_at else []
    if item.state is ItemState.DONE and item.horizon is Horizon.AFTER:
        found += _verification(standing, item, process)
    return found


def steps(item: ActionItem, calendar: Calendar, process: Process) -> Iterator[tuple[date, int]]:
    """The ladder of an item, without end: the working day each step falls on, and how many days from its due date it
    is."""
    if item.due_on is None:
        return
    ladder, every = process.reminders.ladder, process.reminders.every
    for step in chain(ladder, count(ladder[-1] + every, every)):
        yield calendar.working_day(item.due_on + timedelta(days=step)), step


def _ladder(standing: Standing, item: ActionItem, process: Process, now: datetime) -> Iterator[Wanted]:
    """The owner's next step; of those that were missed while we were away, the last."""
    if not standing.may_hear(item.owner):
        return
    calendar = standing.people.calendar(item.owner, process)
    found = None
    for on, kind, name in _days(item, calendar, process):
        if on <= (item.reminded_on or date.min) or calendar.morning(on) <= item.planned_since:
            continue
        is_missed = calendar.morning(on) <= now
        if is_missed or found is None:
            found = on, kind, name
        if not is_missed:
            break
    if found is not None:
        on, kind, name = found
        yield _wanted(standing, f"{kind}/{item.owner}/{name}", kind, item.owner, on, process)


def _days(item: ActionItem, calendar: Calendar, process: Process) -> Iterator[tuple[date, ReminderKind, str]]:
    """The days on which the owner may hear, in order: what was put off comes on its day, and the ladder after it."""
    rungs = ((on, ReminderKind.DUE, f"{item.due_on}/{step:+d}") for on, step in steps(item, calendar, process))
    if item.snoozed_until is None:
        return rungs
    until = calendar.working_day(item.snoozed_until)
    later = (rung for rung in rungs if rung[0] >= until)
    return merge(later, [(until, ReminderKind.SNOOZED, str(item.snoozed_until))])


def _silence(
    standing: Standing, item: ActionItem, process: Process, *, not_before: datetime | None
) -> Iterator[Wanted]:
    """It is overdue and nobody has done anything about it: each hears once an item.

    `not_before` is now while its owner has not even heard, because we were away.
    """
    if item.due_on is None:
        return
    calendar = standing.people.calendar(item.owner, process)
    moments = (item.heard_at, not_before)
    since = max(
        item.due_on,
        item.snoozed_until or date.min,
        item.told_late_on or date.min,
        *(calendar.today(moment) for moment in moments if moment),
    )
    lead = standing.lead
    if lead and lead != item.owner:
        yield _on_working_day(
            standing,
            "silent_lead",
            ReminderKind.SILENT_LEAD,
            lead,
            since + timedelta(process.reminders.lead_after),
            process,
        )
    for person in standing.accountable(process):
        if person != item.owner:
            day = since + timedelta(process.reminders.accountable_after)
            name = f"silent_above/{standing.name_of(person, process)}"
            yield _on_working_day(standing, name, ReminderKind.SILENT_ABOVE, person, day, process)


def _decision(standing: Standing, process: Process) -> Iterator[Wanted]:
    """An investment that nobody has decided on."""
    item = standing.item
    if item is None or item.kind is not ItemKind.INVESTMENT or item.approved is not None:
        return
    for person in deciders(standing, process):
        day = standing.people.calendar(person, process).today(item.created_at) + timedelta(
            process.reminders.decision_after
        )
        name = f"decision/{standing.name_of(person, process)}"
        yield from _repeatedly(standing, name, ReminderKind.DECISION, person, day, process)


def deciders(standing: Standing, process: Process) -> list[str]:
    """Who decides on an investment, or signs for a risk: the accountable people, or else who cares for the incident."""
    lead = standing.lead
    return standing.accountable(process) or ([lead] if lead else [])


def _verification(standing: Standing, item: ActionItem, process: Process) -> Iterator[Wanted]:
    """Somebody else is asked whether it is done, from the morning after on."""
    verifier = standing.verifier(process)
    if verifier is None or item.done_at is None:
        return
    day = standing.people.calendar(verifier, process).next_morning(item.done_at)
    name = f"verify/{item.done_at:%Y-%m-%dT%H%M%S}"
    yield from _repeatedly(standing, name, ReminderKind.VERIFY, verifier, day, process)


def _checks(standing: Standing, item: ActionItem, process: Process) -> Iterator[Wanted]:
    """Whether it worked: the owner and the lead are asked, some time after it was done."""
    for check in standing.checks:
        if check.state is not CheckState.PLANNED:
            continue
        asked = dict.fromkeys((standing.first_of(item.owner), standing.lead))
        for person in filter(None, asked):
            day = standing.people.calendar(person, process).today(check.due_at)
            name, data = f"check/{check.number}/{person}", {"check": check.number}
            yield from _repeatedly(standing, name, ReminderKind.CHECK, person, day, process, data=data)


def _of_risk(standing: Standing, risk: AcceptedRisk, process: Process) -> Iterator[Wanted]:
    """A risk nobody has signed for; and on its review date whoever looks after it is asked, signed or not."""
    if risk.ended_at is not None:
        return
    if risk.signed_at is None:
        for person in deciders(standing, process):
            day = standing.people.calendar(person, process).next_morning(risk.created_at)
            name = f"sign/{standing.name_of(person, process)}"
            yield from _repeatedly(standing, name, ReminderKind.DECISION, person, day, process)
    owner = standing.first_of(risk.owner, standing.lead)
    if owner:
        name = f"review/{risk.review_on}"
        yield from _repeatedly(standing, name, ReminderKind.RISK, owner, risk.review_on, process)


def _repeatedly(
    standing: Standing,
    name: str,
    kind: ReminderKind,
    to: str,
    day: date,
    process: Process,
    *,
    data: JsonObject | None = None,
) -> Iterator[Wanted]:
    """A question, and the same a week later while it has no answer."""
    for time in range(ASKED_TIMES):
        yield _on_working_day(standing, f"{name}/{time}", kind, to, day + time * WEEK, process, data=data)


def _once_a_question(found: Sequence[Wanted], now: datetime) -> list[Wanted]:
    """Of a question that came up several times while we were away, the last time."""
    asked = {_question(one): one for one in found if one.kind in QUESTIONS and one.due_at <= now}
    return [one for one in found if asked.get(_question(one), one) is one or one.due_at > now]


def _question(one: Wanted) -> str:
    return one.key.rpartition("/")[0]


def _on_working_day(
    standing: Standing,
    name: str,
    kind: ReminderKind,
    to: str,
    day: date,
    process: Process,
    *,
    data: JsonObject | None = None,
) -> Wanted:
    on = standing.people.calendar(to, process).working_day(day)
    return _wanted(standing, name, kind, to, on, process, data=data)


def _wanted(
    standing: Standing,
    name: str,
    kind: ReminderKind,
    to: str,
    on: date,
    process: Process,
    *,
    data: JsonObject | None = None,
) -> Wanted:
    what = f"item/{standing.item.number}" if standing.item else f"risk/{standing.risk.number if standing.risk else 0}"
    due_at = standing.people.calendar(to, process).morning(on)
    return Wanted(f"{what}/{name}", kind, to, on, due_at, data or {})
