"""Lists of action items: in what order, and for whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from storage.engine import Database
from storage.tables import ActionItem, Aim, EntryKind, Horizon, Incident, ItemKind, ItemState, Person, Source, Status
from tests.builders import NOON, PROCESS
from tests.workflows.asking import ANSWERS, ask, do, opened
from tests.workflows.item_asking import an_item, an_item_of, do_item, entries_of, of_item
from workflows.boards import Board, board_of
from workflows.commands import AssignItem, ChangeItem, MoveItem, ResolveIncident
from workflows.errors import IncidentNotFound, ReasonNeeded
from workflows.item_details import look_at_item
from workflows.item_errors import ItemNotFound
from workflows.item_lists import ItemList, ItemPage, ListAsked, look_at_items
from workflows.participants import joined, left
from workflows.prevention import GoWithoutPrevention, go_without_prevention
from workflows.process import Process, parse_process
from workflows.situation import list_situations

MANY = 10_000
TEAMS = parse_process(
    {
        "teams": {
            "payments": {"name": "Payments", "people": ["UBO", "dee@example.com", "nobody@example.com"]},
            "search": {"name": "Search", "people": ["UANN"]},
        }
    }
)


async def look(
    database: Database,
    which: ItemList = ItemList.ALL,
    *,
    viewer: str = "UBO",
    process: Process = PROCESS,
    now: datetime = NOON,
    **asked: Any,
) -> ItemPage:
    """The list as somebody sees it."""
    async with database.read() as session:
        return await look_at_items(session, ListAsked(which, **asked), viewer=viewer, process=process, now=now)


def titles(page: ItemPage) -> list[str]:
    """What is on it, in order."""
    return [row.item.title for row in page.rows]


async def test_what_counts_most_comes_first_and_the_rest_by_its_due_date(database: Database) -> None:
    incident = await opened(database)
    items: dict[str, dict[str, Any]] = {
        "two by two": {"impact": 2, "feasibility": 2},
        "five by five": {"impact": 5, "feasibility": 5},
        "overruled": {"impact": 1, "feasibility": 1, "priority": 20, "priority_reason": "An auditor asked"},
        "due later": {"due_on": date(2026, 5, 1)},
        "due sooner": {"due_on": date(2026, 4, 1)},
        "five by five, sooner": {"impact": 5, "feasibility": 5, "due_on": date(2026, 3, 6)},
        "only half ranked": {"impact": 5, "due_on": date(2026, 4, 2)},
        "a task without a date": {"horizon": Horizon.NOW, "due_on": None},
    }
    for title, values in items.items():
        await an_item_of(database, incident, title=title, **values)

    assert titles(await look(database)) == [
        "five by five, sooner",
        "five by five",
        "overruled",
        "two by two",
        "due sooner",
        "only half ranked",
        "due later",
        "a task without a date",
    ]


async def test_of_an_incident_what_is_settled_comes_last(database: Database) -> None:
    incident = await opened(database)
    best = await an_item_of(database, incident, title="done", impact=5, feasibility=5)
    await an_item_of(database, incident, title="open")
    await do_item(database, of_item(MoveItem, best, state=ItemState.DONE))

    assert titles(await look(database, ItemList.HERE, incident_id=incident.number)) == ["open", "done"]
    assert titles(await look(database)) == ["open"]
    assert titles(await look(database, ItemList.DONE)) == ["done"]
    assert titles(await look(database, ItemList.DONE, now=NOON + timedelta(days=31))) == []


async def test_each_list_holds_what_its_name_says(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await an_item_of(sqlite, incident, title="bo's")
    given = await an_item_of(sqlite, incident, title="dee's", due_on=date(2026, 3, 5))
    await do_item(sqlite, of_item(AssignItem, given, by="UBO", to="UDEE"))
    friday = NOON + timedelta(days=2)

    assert titles(await look(sqlite, ItemList.MINE)) == ["bo's"]
    assert titles(await look(sqlite, ItemList.OF, person="UDEE")) == ["dee's"]
    assert titles(await look(sqlite, ItemList.ASSIGNED)) == ["dee's"]
    assert titles(await look(sqlite, ItemList.OVERDUE, now=friday)) == ["dee's"]
    assert (await look(sqlite, now=friday)).count.overdue == 1
    assert (await look(sqlite)).count.overdue == 0


async def test_what_is_overdue_is_decided_on_the_readers_calendar(sqlite: Database) -> None:
    await an_item(sqlite, due_on=date(2026, 3, 5))
    async with sqlite.transaction() as session:
        for user_id, zone in (("UEAST", "Pacific/Kiritimati"), ("UWEST", "Pacific/Pago_Pago")):
            session.add(Person(user_id=user_id, name=user_id, zone=zone, seen_at=NOON))
    evening = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)

    assert titles(await look(sqlite, ItemList.OVERDUE, viewer="UEAST", now=evening)) == ["Alert on refused cards"]
    assert titles(await look(sqlite, ItemList.OVERDUE, viewer="UWEST", now=evening)) == []


@pytest.mark.parametrize("which", [ItemList.ALL, ItemList.OF, ItemList.OVERDUE, ItemList.ASSIGNED, ItemList.MINE])
async def test_an_item_of_a_private_incident_is_in_no_list_of_who_may_not_see_it(
    database: Database, which: ItemList
) -> None:
    incident = await opened(database, private=True)
    async with database.transaction() as session:
        await joined(session, "CINC1", "UBO", at=NOON, now=NOON)
    item = await an_item_of(database, incident, by="UANN", due_on=date(2026, 3, 5))
    later = NOON + timedelta(days=30)
    viewer = "UANN" if which is ItemList.ASSIGNED else "UBO"
    assert titles(await look(database, which, viewer=viewer, person="UBO", now=later)) == ["Alert on refused cards"]

    async with database.transaction() as session:
        await joined(session, "CINC1", viewer, at=NOON, now=NOON)
        await session.flush()
        await left(session, "CINC1", viewer, at=NOON)

    for somebody in (viewer, "USTRANGER"):
        page = await look(database, which, viewer=somebody, person="UBO", now=later)
        assert (titles(page), page.count.total, page.count.overdue) == ([], 0, 0)
    with pytest.raises(IncidentNotFound):
        await look(database, ItemList.HERE, viewer=viewer, incident_id=1)
    async with database.read() as session:
        with pytest.raises(ItemNotFound):
            await look_at_item(session, item.number, viewer=viewer, asked_in=None, process=PROCESS, now=NOON)


async def test_a_page_behind_the_end_is_the_last_one(sqlite: Database) -> None:
    incident = await opened(sqlite)
    for number in range(11):
        await an_item_of(sqlite, incident, title=f"{number:02}")
    (last,) = (await look(sqlite, page=1)).rows

    await do_item(sqlite, of_item(MoveItem, last.item, state=ItemState.DONE))

    page = await look(sqlite, page=1)
    assert (page.asked.page, len(page.rows), page.is_last) == (0, 10, True)


async def test_an_incidents_list_says_when_nothing_is_to_prevent_it(sqlite: Database) -> None:
    incident = await opened(sqlite)
    assert not (await look(sqlite, ItemList.HERE, incident_id=1)).lacks_prevention

    item = await an_item_of(sqlite, incident, aim=Aim.DETECT)
    assert (await look(sqlite, ItemList.HERE, incident_id=1)).lacks_prevention

    await do_item(sqlite, of_item(ChangeItem, item, changes={"aim": Aim.PREVENT}))
    assert not (await look(sqlite, ItemList.HERE, incident_id=1)).lacks_prevention


async def test_the_warning_ends_when_somebody_says_why_nothing_prevents_it(database: Database) -> None:
    incident = await opened(database)
    await an_item_of(database, incident, aim=Aim.DETECT)
    with pytest.raises(ReasonNeeded):
        await _go_without(database, incident, reason=" ")
    assert (await look(database, ItemList.HERE, incident_id=1)).lacks_prevention

    await _go_without(database, incident, reason="AKIAIOSFODNN7EXAMPLE fails as it likes")

    assert not (await look(database, ItemList.HERE, incident_id=1)).lacks_prevention
    (entry,) = await entries_of(database, EntryKind.NO_PREVENTION)
    assert (entry.by, entry.data) == ("UANN", {"reason": "[masked: AWS key] fails as it likes"})


async def test_who_may_not_see_an_incident_says_nothing_about_its_plan(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)

    with pytest.raises(IncidentNotFound):
        await _go_without(sqlite, incident, by="UDEE", reason="So it is")


async def _go_without(database: Database, incident: Incident, **changes: str) -> None:
    async with database.transaction() as session:
        await go_without_prevention(session, ask(GoWithoutPrevention, incident, **changes), now=NOON)


async def test_a_resolved_incidents_list_says_what_keeps_it_from_being_closed(sqlite: Database) -> None:
    incident = await opened(sqlite, status=Status.MONITORING)
    task = await an_item_of(sqlite, incident, horizon=Horizon.NOW, due_on=None, kind=ItemKind.VENDOR)
    await an_item_of(sqlite, incident)
    assert not (await look(sqlite, ItemList.HERE, incident_id=1)).left_over

    await do(sqlite, ask(ResolveIncident, incident, **ANSWERS))
    (one,) = (await look(sqlite, ItemList.HERE, incident_id=1)).left_over
    assert [item.number for item in one.items] == [task.number]

    await do_item(sqlite, of_item(ChangeItem, task, changes={"horizon": Horizon.AFTER}))
    assert not (await look(sqlite, ItemList.HERE, incident_id=1)).left_over


async def test_an_item_tells_what_happened_to_it_and_to_no_other(database: Database) -> None:
    incident = await opened(database)
    item, other = await an_item_of(database, incident), await an_item_of(database, incident, title="Another")
    await do_item(database, of_item(MoveItem, item, state=ItemState.IN_PROGRESS))
    await do_item(database, of_item(MoveItem, other, state=ItemState.DONE))
    follow_on = await an_item_of(database, incident, title="And then", follows=item.number)

    async with database.read() as session:
        details = await look_at_item(session, 1, viewer="UBO", asked_in=None, process=PROCESS, now=NOON)
        after = await look_at_item(session, follow_on.number, viewer="UBO", asked_in=None, process=PROCESS, now=NOON)

    assert [entry.kind for entry in details.history] == ["item_state", "item_added"]
    assert [one.title for one in details.following] == ["And then"]
    assert after.follows is not None
    assert after.follows.number == 1


async def test_a_board_shows_three_people_what_is_theirs_their_teams_and_overdue(database: Database) -> None:
    incident = await opened(database)
    async with database.transaction() as session:
        session.add(Person(user_id="UDEE", name="dee", email="Dee@example.com", seen_at=NOON))
    overdue = date(2026, 3, 5)
    for title, owner, due_on in [("bo late", "UBO", overdue), ("dee", "UDEE", None), ("ann late", "UANN", overdue)]:
        await an_item_of(database, incident, title=title, owner=owner, due_on=due_on)
    friday = NOON + timedelta(days=2)

    boards = {}
    async with database.read() as session:
        for viewer in ("UBO", "UDEE", "UCY"):
            boards[viewer] = _read(await board_of(session, viewer, process=TEAMS, now=friday))

    assert boards == {
        "UBO": {"mine": ["bo late"], "team": ["dee"], "overdue": ["ann late"]},
        "UDEE": {"mine": ["dee"], "team": ["bo late"], "overdue": ["bo late", "ann late"]},
        "UCY": {
            "mine": [],
            "overdue": ["bo late", "ann late"],
            "assigned": ["bo late", "ann late", "dee"],
        },
    }


def _read(board: Board) -> dict[str, list[str]]:
    return {str(part.which): [row.item.title for row in part.rows] for part in board.parts}


async def test_the_work_of_incidents_is_counted_only_where_it_is_asked_for(database: Database) -> None:
    incident = await opened(database)
    await an_item_of(database, incident)
    await an_item_of(database, incident, title="Now", horizon=Horizon.NOW, due_on=None)
    done = await an_item_of(database, incident, title="Done")
    await do_item(database, of_item(MoveItem, done, state=ItemState.DONE))

    async with database.read() as session:
        counted = (await list_situations(session, [1], with_work=True))[1].work
        with _statements(database) as statements:
            assert (await list_situations(session, [1]))[1].work.items == 0

    assert (counted.tasks, counted.items) == (1, 1)
    assert [one for one, _ in statements if "action_item" in one] == []


async def test_a_page_of_ten_thousand_items_reads_only_what_it_shows(database: Database) -> None:
    await _fill(database)

    for which in (ItemList.ALL, ItemList.MINE, ItemList.OVERDUE, ItemList.ASSIGNED, ItemList.DONE, ItemList.HERE):
        with _statements(database) as statements:
            page = await look(database, which, incident_id=1)
        assert len(page.rows) == 10, which
        pages = [one for one in statements if "LIMIT" in one[0] and "action_item" in one[0]]
        assert len(pages) == 1
        reads = [line for line in await _plan(database, *pages[0]) if "action_item" in line]
        assert [line for line in reads if _reads_everything(line)] == [], which
        assert len(statements) <= 12


def _reads_everything(line: str) -> bool:
    """SQLite says SCAN for a whole table or index, PostgreSQL Seq Scan for a table; the index by rank is in order."""
    return ("SCAN action_item" in line and "ix_action_item_ranked" not in line) or "Seq Scan on action_item" in line


async def _fill(database: Database) -> None:
    """Ten thousand items, a few of each person and incident."""
    incident = await opened(database)
    values = incident.model_dump(exclude={"id", "marker", "channel_id"})
    rows = [_row(number) for number in range(MANY)]
    async with database.transaction() as session:
        for number in range(2, 201):
            session.add(Incident(**{**values, "id": number, "marker": f"m{number}"}))
        await session.flush()
        await session.execute(insert(ActionItem), rows)
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


def _row(number: int) -> dict[str, Any]:
    is_open = number % 5 > 0
    return {
        "incident_id": 1 + number % 200,
        "title": f"Item {number}",
        "why": "Because " * 20,
        "owner": "UBO" if number % 400 == 1 else f"U{number % 300}",
        "horizon": Horizon.AFTER,
        "state": ItemState.OPEN if is_open else ItemState.DONE,
        "kind": ItemKind.CODE,
        "due_on": NOON.date() + timedelta(days=number % 1000 - 20),
        "impact": 1 + number % 5,
        "feasibility": 1 + number % 4,
        "links": [],
        "success_measure": "",
        "vendor_contact": "",
        "created_by": "UANN",
        "created_at": NOON,
        "source": Source.FORM,
        "assigned_by": "UBO" if number % 300 == 2 else "UANN",
        "assigned_at": NOON,
        "done_at": None if is_open else NOON - timedelta(hours=number),
        "state_changed_at": NOON,
        "planned_since": NOON,
        "snoozes": 0,
    }


@contextmanager
def _statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Every SELECT that is sent meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def _plan(database: Database, statement: str, parameters: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.engine.connect() as connection:
        answer = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return [str(row[-1]) for row in answer.all()]
