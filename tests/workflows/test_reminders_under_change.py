"""Random changes of action items, restarts and jumps of the clock, against a model that looks at every day anew."""

import asyncio
import tempfile
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlmodel import SQLModel

from storage.engine import Database
from storage.tables import DeliveryKind, ItemState, ReminderKind, Status
from tests.builders import PROCESS, an_opened_incident
from tests.workflows.mornings import Mornings, Said, settle
from workflows import commands as c
from workflows.action_items import add_action_item, change_item
from workflows.item_owners import assign_item
from workflows.item_states import move_item
from workflows.people import person_seen
from workflows.snoozing import snooze_item

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
ZONES = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/New_York"]
OWNERS = ["UANN", "UBO", "UCY"]
LEAD = "ULEAD"
LADDER = (ReminderKind.DUE, ReminderKind.SNOOZED)
SILENCE = ReminderKind.SILENT_LEAD


@dataclass
class Known:
    """What a person with a paper calendar keeps of one item."""

    owner: str
    due: date
    planned_since: datetime
    is_open: bool = True
    reminded_on: date | None = None
    asleep_until: date | None = None
    heard_at: datetime | None = None
    told_late_on: date | None = None
    silence_told: bool = False


@dataclass
class Model:
    """Everybody's items and zones."""

    zones: dict[str, str]
    items: dict[int, Known] = field(default_factory=dict)

    def today(self, person: str, now: datetime) -> date:
        """Which day it is for somebody."""
        return now.astimezone(ZoneInfo(self.zones[person])).date()

    def nine(self, person: str, day: date) -> datetime:
        """Their morning."""
        return datetime.combine(day, time(9), ZoneInfo(self.zones[person])).astimezone(UTC)

    def mornings(self, start: datetime, end: datetime) -> list[datetime]:
        """Every morning of everybody after `start` and until `end`."""
        days = [start.date() + timedelta(days=n) for n in range(-2, (end - start).days + 3)]
        return sorted({at for person in self.zones for day in days if start < (at := self.nine(person, day)) <= end})

    def missed(self, item: Known, now: datetime) -> date | None:
        """The last day up to now on which the owner should have heard and has not."""
        asleep = _working(item.asleep_until) if item.asleep_until else date.min
        days = {_working(item.due + timedelta(days=step)) for step in (-7, -2, 0, 1, 3, *range(10, 400, 7))}
        days |= {asleep} if item.asleep_until else set()
        due = [
            day
            for day in days
            if day > (item.reminded_on or date.min)
            and day >= asleep
            and item.planned_since < self.nine(item.owner, day) <= now
        ]
        return max(due, default=None)

    def expected(self, now: datetime) -> dict[str, set[tuple[int, bool]]]:
        """By person, the items they hear of now; True where it is the owner who is reminded."""
        found: dict[str, set[tuple[int, bool]]] = {}
        for number, item in self.items.items():
            if not item.is_open:
                continue
            if self.missed(item, now):
                found.setdefault(item.owner, set()).add((number, True))
            if not item.silence_told and self.nine(LEAD, self._silence_day(item, now)) <= now:
                found.setdefault(LEAD, set()).add((number, False))
        return found

    def _silence_day(self, item: Known, now: datetime) -> date:
        since = [item.due, item.asleep_until or date.min, item.told_late_on or date.min]
        if item.heard_at:
            since.append(self.today(item.owner, item.heard_at))
        missed = self.missed(item, now)
        if missed and now - self.nine(item.owner, missed) > timedelta(hours=2):
            since.append(self.today(item.owner, now))
        return _working(max(since) + timedelta(days=3))

    def heard(self, now: datetime) -> None:
        """Everybody has heard what they were to hear."""
        expected = self.expected(now)
        for person, rows in expected.items():
            for number, is_owner in rows:
                item = self.items[number]
                if not is_owner:
                    item.silence_told = True
                    continue
                missed, today = self.missed(item, now), self.today(person, now)
                assert missed is not None
                if now - self.nine(person, missed) > timedelta(hours=2) and item.due <= today:
                    item.told_late_on = today
                item.reminded_on = today


def _working(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


class RemindersUnderChange(RuleBasedStateMachine):
    """The process on a real database beside the model; after every step both have said the same."""

    @initialize(zones=st.lists(st.sampled_from(ZONES), min_size=4, max_size=4))
    def begin(self, zones: list[str]) -> None:
        """An incident that is over, led by somebody who owns nothing."""
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.now = START
        self.requests = 0
        self.model = Model(dict(zip([*OWNERS, LEAD], zones, strict=True)))
        self.listed: dict[str, list[date]] = {}
        self.do(self._begin())

    async def _begin(self) -> None:
        self.database = Database(f"sqlite:///{self.folder.name}/sitrep.db")
        async with self.database.engine.begin() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)
        await settle(self.database, dict(self.model.zones), at=self.now)
        async with self.database.transaction() as session:
            incident = await an_opened_incident(session, status=Status.RESOLVED, now=self.now, lead=LEAD)
            self.incident_id = incident.number
        self.mornings = Mornings(self.database, PROCESS)

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """In the one event loop of this run."""
        return self.runner.run(deed)

    def about(self, number: int | None = None) -> dict[str, Any]:
        """The lead asks, each time anew."""
        self.requests += 1
        what = {"item_id": number} if number else {"incident_id": self.incident_id}
        return {"by": LEAD, "request_id": f"r{self.requests}", **what}

    @rule(owner=st.sampled_from(OWNERS), days=st.integers(0, 15))
    def add(self, owner: str, days: int) -> None:
        """There is something to do."""
        due = self.now.date() + timedelta(days=days + 1)
        command = c.AddActionItem(**self.about(), title="Alert on refused cards", owner=owner, due_on=due)
        number = self.do(self._change(add_action_item, command))
        self.model.items[number] = Known(owner, due, planned_since=self.now)
        self._all_is_said()

    @precondition(lambda self: self.open_items())
    @rule(data=st.data(), days=st.integers(1, 30))
    def move_date(self, data: st.DataObject, days: int) -> None:
        """It is due on another day."""
        number, due = self._pick(data), self.now.date() + timedelta(days=days + 1)
        if due == self.model.items[number].due:
            return
        self._edit(change_item, c.ChangeItem(**self.about(number), changes={"due_on": due}))
        self._plan_anew(self.model.items[number], due=due)
        self._all_is_said()

    @precondition(lambda self: self.open_items())
    @rule(data=st.data(), owner=st.sampled_from(OWNERS))
    def reassign(self, data: st.DataObject, owner: str) -> None:
        """Somebody else is to do it."""
        number = self._pick(data)
        if self.model.items[number].owner == owner:
            return
        self._edit(assign_item, c.AssignItem(**self.about(number), to=owner))
        self._plan_anew(self.model.items[number], owner=owner)
        self._all_is_said()

    @precondition(lambda self: self.open_items())
    @rule(data=st.data(), days=st.integers(2, 20))
    def snooze(self, data: st.DataObject, days: int) -> None:
        """Not before that day."""
        number = self._pick(data)
        until = self.model.today(self.model.items[number].owner, self.now) + timedelta(days=days)
        if self.model.items[number].asleep_until == until:
            return
        self._edit(snooze_item, c.SnoozeItem(**self.about(number), until=until, reason="We wait for a part"))
        item = self.model.items[number]
        item.asleep_until, item.heard_at = until, self.now
        self._all_is_said()

    @precondition(lambda self: self.open_items())
    @rule(data=st.data(), state=st.sampled_from([ItemState.DONE, ItemState.WONT_DO]))
    def end(self, data: st.DataObject, state: ItemState) -> None:
        """Nothing is left to do."""
        number = self._pick(data)
        self._edit(move_item, c.MoveItem(**self.about(number), state=state, reason="No more cards"))
        self.model.items[number].is_open, self.model.items[number].heard_at = False, self.now
        self._all_is_said()

    @precondition(lambda self: len(self.open_items()) < len(self.model.items))
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        """It is not done after all."""
        number = data.draw(st.sampled_from(sorted(set(self.model.items) - set(self.open_items()))))
        self._edit(move_item, c.MoveItem(**self.about(number), state=ItemState.OPEN, reason="It came back"))
        self.model.items[number].is_open = True
        self._plan_anew(self.model.items[number])
        self._all_is_said()

    @rule(person=st.sampled_from([*OWNERS, LEAD]), zone=st.sampled_from(ZONES))
    def move_house(self, person: str, zone: str) -> None:
        """Somebody is in another zone now."""
        self.do(self._move_house(person, zone))
        self.model.zones[person] = zone
        self._all_is_said()

    async def _move_house(self, person: str, zone: str) -> None:
        async with self.database.transaction() as session:
            await person_seen(session, person, name=person, email=None, zone=zone, process=PROCESS, now=self.now)

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours: int) -> None:
        """We run, and do what each morning brings."""
        end = self.now + timedelta(hours=hours)
        for at in [*self.model.mornings(self.now, end), end]:
            self.now = at
            self._all_is_said()

    @rule(hours=st.integers(1, 400))
    def we_are_away(self, hours: int) -> None:
        """We stand still meanwhile, or the clock jumps: what is overdue comes gathered, when we are back."""
        self.now += timedelta(hours=hours)
        self._all_is_said()

    @rule(minutes=st.integers(1, 120))
    def the_clock_is_set_back(self, minutes: int) -> None:
        """It was fast."""
        self.now -= timedelta(minutes=minutes)
        self._all_is_said()

    def open_items(self) -> list[int]:
        """The numbers of items with something left to do."""
        return sorted(number for number, item in self.model.items.items() if item.is_open)

    def _pick(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(self.open_items()))

    def _edit(self, workflow: Any, command: c.ItemCommand) -> None:
        self.do(self._change(workflow, command))

    async def _change(self, workflow: Any, command: c.Command) -> int:
        async with self.database.transaction() as session:
            item = await workflow(session, command, process=PROCESS, now=self.now)
            return int(item.number)

    def _plan_anew(self, item: Known, *, due: date | None = None, owner: str | None = None) -> None:
        item.due, item.owner = due or item.due, owner or item.owner
        item.planned_since = item.heard_at = self.now
        item.reminded_on = item.asleep_until = item.told_late_on = None

    def _all_is_said(self) -> None:
        """Perform what is due, and hold it against the model."""
        before, expected = len(self.mornings.said), self.model.expected(self.now)
        self.do(self.mornings.perform_due(self.now))
        new = [one for one in self.mornings.said[before:] if one.kind is DeliveryKind.MORNING]

        said = {one.to: rows for one in new if (rows := set(_rows(one)))}
        assert said == expected, (self.now, new)
        assert len({one.to for one in new}) == len(new), "two messages to one person at one moment"
        self.model.heard(self.now)
        for one in new:
            self._note_list(one)

    def _note_list(self, one: Said) -> None:
        """The weekly list is complete, and comes once a week, not before Monday's morning."""
        if one.listed is None:
            return
        mine = {number for number, item in self.model.items.items() if item.is_open and item.owner == one.to}
        assert set(one.listed) == mine
        monday = (today := self.model.today(one.to, self.now)) - timedelta(days=today.weekday())
        assert self.model.nine(one.to, monday) <= self.now
        if mine:
            assert monday not in self.listed.get(one.to, [])
            self.listed.setdefault(one.to, []).append(monday)

    def teardown(self) -> None:
        """Let go of the database."""
        if hasattr(self, "database"):
            self.do(self.database.close())
            self.runner.close()
            self.folder.cleanup()


def _rows(one: Said) -> Iterator[tuple[int, bool]]:
    for number, kind in one.rows:
        if kind in LADDER or kind is SILENCE:
            yield number, kind in LADDER


TestRemindersUnderChange = RemindersUnderChange.TestCase
TestRemindersUnderChange.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a shorter story is not worth its minutes
)
