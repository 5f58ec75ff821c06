"""The figures of the digests: pure functions over rows. No I/O."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from storage.digests import ItemDates, Load
from storage.insights import IncidentFacts
from storage.tables import OPEN_ITEM_STATES, ItemKind, ItemState

CLEARLY = 3
"""Fewer incidents of a sort in a quarter are chance, however few there were before."""
TIMES = 2
"""A sort of incident rises when it has at least so many times as many as the quarter before."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class TeamLoad:
    """What the people of one team have to do, and have done; without a key: everybody of no team."""

    key: str | None
    open: int
    overdue: int
    done: int


def by_team(loads: Iterable[Load], members: Mapping[str, Collection[str]]) -> list[TeamLoad]:
    """The teams in their order, whatever their figures, then everybody else; who has nothing is left out.

    Somebody of several teams counts in the first, so that nothing counts twice.
    """
    team_of = {person: key for key in reversed(list(members)) for person in members[key]}
    sums: dict[str | None, Counter[str]] = {key: Counter() for key in (*members, None)}
    for load in loads:
        sums[team_of.get(load.owner)] += Counter(open=load.open, overdue=load.overdue, done=load.done)
    return [TeamLoad(key, found["open"], found["overdue"], found["done"]) for key, found in sums.items() if found]


@dataclass(frozen=True)
class Month:
    """A calendar month, in the zone of the process."""

    first: date
    zone: ZoneInfo

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - DAY

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month((self.first - DAY).replace(day=1), self.zone)

    @property
    def after(self) -> "Month":
        """The month after."""
        return Month((self.first + 31 * DAY).replace(day=1), self.zone)

    @property
    def begins_at(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, datetime.min.time(), self.zone).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return self.after.begins_at

    def has(self, moment: datetime | None) -> bool:
        """Whether this was in it."""
        return moment is not None and self.begins_at <= moment < self.ends_at


@dataclass(frozen=True)
class MonthNumbers:
    """How a month went for action items; a share or an age is nothing where there was nothing to measure."""

    made: int
    done: int
    verified: int
    due: int
    """Due in the month; what will not be done is left out."""
    completion_rate: float | None
    """Of those due, the share that was done by the end of the month."""
    breach_rate: float | None
    """Of those due, the share that was not done on its day or before."""
    days_to_done: float | None
    """The median, of those done in the month."""
    open: int
    """Now."""
    days_open: float | None
    """The median, of those open now."""
    by_kind: Mapping[ItemKind, tuple[int, int]]
    """How many were made and how many were done, where there were any."""

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.made or self.done or self.verified or self.due)


def month_numbers(items: Sequence[ItemDates], month: Month, *, now: datetime) -> MonthNumbers:
    """The figures of a month, from the items that were made, done, verified or due in it, or are open."""
    made = [item for item in items if month.has(item.created_at)]
    done = [item for item in items if month.has(item.done_at)]
    due = [item for item in items if item.due_on and month.first <= item.due_on <= month.last]
    due = [item for item in due if item.state is not ItemState.WONT_DO]
    still_open = [item for item in items if item.state in OPEN_ITEM_STATES]
    return MonthNumbers(
        made=len(made),
        done=len(done),
        verified=sum(month.has(item.verified_at) for item in items),
        due=len(due),
        completion_rate=_share(due, [item for item in due if item.done_at and item.done_at < month.ends_at]),
        breach_rate=_share(due, [item for item in due if not _in_time(item, month.zone)]),
        days_to_done=_median(item.done_at - item.created_at for item in done if item.done_at),
        open=len(still_open),
        days_open=_median(now - item.created_at for item in still_open),
        by_kind=_by_kind(made, done),
    )


def _in_time(item: ItemDates, zone: ZoneInfo) -> bool:
    """A due date is a day: whatever the hour, who was done on it was in time."""
    if item.done_at is None or item.due_on is None:
        return False
    return item.done_at.astimezone(zone).date() <= item.due_on


def _by_kind(made: Iterable[ItemDates], done: Iterable[ItemDates]) -> dict[ItemKind, tuple[int, int]]:
    begun, ended = Counter(item.kind for item in made), Counter(item.kind for item in done)
    return {kind: (begun[kind], ended[kind]) for kind in ItemKind if begun[kind] or ended[kind]}


def _share(all_of_them: Sequence[object], some: Sequence[object]) -> float | None:
    return len(some) / len(all_of_them) if all_of_them else None


def _median(ages: Iterable[timedelta]) -> float | None:
    days = [age / DAY for age in ages]
    return round(median(days), 1) if days else None


@dataclass(frozen=True)
class Rise:
    """A sort of incident of which there were clearly more than in the quarter before."""

    sort: str
    """`service`, `type` or `trigger`."""
    value: str
    before: int
    now: int


def rises(before: Sequence[IncidentFacts], now: Sequence[IncidentFacts]) -> list[Rise]:
    """What rose from one quarter to the next, by sort, then most incidents first.

    It rose when there were at least three, and at least twice as many as before: a rule that everybody can check in
    their head, and that one bad week seldom meets. Without any incident in the quarter before there is nothing to
    compare with, so nothing rose: we may not have been there yet.
    """
    if not before:
        return []
    found = []
    for sort in ("service", "type", "trigger"):
        earlier, names = _count(before, sort), {value.casefold(): value for one in now for value in values(one, sort)}
        for key, count in _count(now, sort).items():
            if count >= CLEARLY and count >= TIMES * earlier[key]:
                found.append(Rise(sort, names[key], earlier[key], count))
    order = ("service", "type", "trigger")
    return sorted(found, key=lambda rise: (order.index(rise.sort), -rise.now, rise.value))


def values(incident: IncidentFacts, sort: str) -> list[str]:
    """What an incident counts under: its services, its type, or the words for what set it off."""
    match sort:
        case "service":
            return [" ".join(service.split()) for service in incident.services]
        case "trigger":
            return [" ".join(incident.trigger.split())] if incident.trigger else []
        case _:
            return [incident.type]


def _count(incidents: Iterable[IncidentFacts], sort: str) -> Counter[str]:
    """However a name is capitalised it is the same; an incident that names one twice is one."""
    return Counter(key for one in incidents for key in {value.casefold() for value in values(one, sort)})
