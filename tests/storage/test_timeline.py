"""The timeline is the ledger folded, whatever happens; and a page of it is read by index, however long it is."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, text
from sqlmodel import select

from storage.engine import Database
from storage.incidents import lock_incident
from storage.ledger import list_entries, record, verify
from storage.tables import Delivery, DeliveryKind, EntryKind, TimelineEntry
from storage.timeline import Place, fold, list_page
from tests.builders import NOON, PROCESS, an_opened_incident, request
from workflows.categories import STATES
from workflows.commands import (
    AcceptQuestion,
    AddNote,
    AnswerQuestion,
    AskQuestion,
    ChangeSeverity,
    EditEntry,
    MarkMessage,
    RefuseQuestion,
)
from workflows.errors import Declined
from workflows.files import file_fetched
from workflows.happened import Happened
from workflows.heard import Deleted, Heard, Marked, Said, SaidFile
from workflows.incidents import change_severity
from workflows.marking import mark_message
from workflows.questions import accept_question, answer_question, ask_question, refuse_question
from workflows.timeline import add_note, edit_entry
from workflows.transcript import capture

LATER = NOON + timedelta(hours=2)
MANY = 10_000

_words = st.sampled_from(["one", "two", "Bearer abcdef0123456789", "{@UBO} 決済"])
_minutes = st.integers(0, 90)
_which = st.integers(0, 30)
_changes = st.one_of(
    st.tuples(st.just("note"), st.sampled_from(["timeline", "action", "theory", "workaround"]), _words, _minutes),
    st.tuples(st.just("edit"), _which, st.none() | _words, st.none() | _minutes, st.booleans()),
    st.tuples(st.just("state"), _which, st.sampled_from([state for each in STATES.values() for state in each])),
    st.tuples(st.just("hide"), _which, st.booleans()),
    st.tuples(st.just("say"), st.integers(1, 4), _words, st.integers(0, 2)),
    st.tuples(st.just("fetch"), st.integers(1, 4), st.sampled_from(["F0", "F1"]), st.booleans()),
    st.tuples(st.just("ask"), _words),
    st.tuples(st.just("settle"), _which, st.sampled_from(["answer", "accept", "refuse"])),
    st.tuples(st.just("react"), st.integers(1, 4), st.sampled_from(["timeline", "theory"]), st.booleans(), _minutes),
    st.tuples(st.just("mark"), st.integers(1, 4), st.sampled_from(["action", "theory"]), st.none() | _words),
    st.tuples(st.just("delete"), st.integers(1, 4)),
    st.tuples(st.just("severity"), st.sampled_from(["sev1", "sev3"])),
)


class _Story:
    """One incident to which things happen, each in a transaction of its own, a second apart."""

    def __init__(self, database: Database, number: int) -> None:
        self.database, self.number, self.channel_id = database, number, f"CINC{number}"
        self.now = LATER

    async def happens(self, what: str, *rest: Any) -> None:
        self.now += timedelta(seconds=1)
        step: Callable[..., Any] = getattr(self, f"_{what}")
        with suppress(Declined):  # a refusal changes nothing, which is compared like everything else
            await step(*rest)

    async def _do(self, workflow: Callable[..., Any], command: Any) -> None:
        async with self.database.transaction() as session:
            await workflow(session, command, process=PROCESS, now=self.now)

    async def _note(self, category: str, words: str, minute: int) -> None:
        at = NOON + timedelta(minutes=minute)
        await self._do(
            add_note, AddNote(**self._asks(), text=words, category=category, happened_at=at, link="https://x")
        )

    async def _edit(self, which: int, words: str | None, minute: int | None, stale: bool) -> None:
        at = None if minute is None else NOON + timedelta(minutes=minute)
        await self._change(which, words=words, happened_at=at, seen=0 if stale else 10_000)

    async def _state(self, which: int, state: str) -> None:
        await self._change(which, state=state, links=(f"https://{state}",))

    async def _hide(self, which: int, hidden: bool) -> None:
        await self._change(which, hidden=hidden)

    async def _change(self, which: int, **changes: Any) -> None:
        await self._do(edit_entry, EditEntry(**self._asks(), entry=which, **{"seen": 10_000, **changes}))

    async def _ask(self, words: str) -> None:
        asked = AskQuestion(**self._asks(), to="UBO", text=words, due_at=self.now + timedelta(hours=1))
        await self._do(ask_question, asked)

    async def _settle(self, which: int, how: str) -> None:
        asks = {**self._asks(), "question": which}
        match how:
            case "answer":
                await self._do(answer_question, AnswerQuestion(**asks, text="At noon"))
            case "accept":
                await self._do(accept_question, AcceptQuestion(**asks))
            case _:
                await self._do(refuse_question, RefuseQuestion(**asks, why="Away"))

    async def _fetch(self, minute: int, file_id: str, is_there: bool) -> None:
        payload = {"file_id": file_id, "ts": self._message(minute)["ts"]}
        answer = {"sha256": "ab12"} if is_there else {"because": "it was deleted"}
        async with self.database.transaction() as session:
            incident = await lock_incident(session, self.number)
            assert incident is not None
            row = Delivery(kind=DeliveryKind.FETCH_FILE, payload=payload)
            await file_fetched(Happened(session, incident, row, answer, PROCESS, self.now))

    async def _say(self, minute: int, words: str, with_files: int) -> None:
        files = tuple(SaidFile(f"F{number}", "graph.png", "image/png", 7) for number in range(with_files))
        when = f"{self.now.timestamp():.6f}"
        await self._hear(Said(**self._message(minute), text=words, files=files, edited_ts=when))

    async def _react(self, minute: int, mark: str, is_set: bool, at: int) -> None:
        when = NOON + timedelta(minutes=at)
        ts = self._message(minute)["ts"]
        await self._hear(Marked(channel_id=self.channel_id, ts=ts, user_id="UBO", mark=mark, is_set=is_set, at=when))

    async def _mark(self, minute: int, mark: str, words: str | None) -> None:
        ts = self._message(minute)["ts"]
        await self._do(mark_message, MarkMessage(**self._asks(), ts=ts, mark=mark, words=words))

    async def _delete(self, minute: int) -> None:
        await self._hear(Deleted(channel_id=self.channel_id, ts=self._message(minute)["ts"], at=self.now))

    async def _severity(self, severity: str) -> None:
        await self._do(change_severity, ChangeSeverity(**self._asks(), severity=severity, reason="because"))

    async def _hear(self, heard: Heard) -> None:
        async with self.database.transaction() as session:
            await capture(session, [heard], process=PROCESS, now=self.now)

    def _asks(self) -> dict[str, Any]:
        return {**request(), "incident_id": self.number}

    def _message(self, minute: int) -> dict[str, Any]:
        at = NOON + timedelta(minutes=minute)
        return {"channel_id": self.channel_id, "ts": f"{at.timestamp():.6f}", "posted_at": at, "author": "UBO"}


async def _after(database: Database, changes: list[tuple[Any, ...]]) -> tuple[list[Any], list[Any]]:
    """The timeline's rows, and the ledger folded, once all of this has happened to a new incident."""
    async with database.transaction() as session:
        incident = await an_opened_incident(session)
        incident.channel_id = f"CINC{incident.number}"
    story = _Story(database, incident.number)
    for change in changes:
        await story.happens(*change)
    async with database.read() as session:
        statement = select(TimelineEntry).where(TimelineEntry.incident_id == incident.number)
        rows = {row.sequence: row.model_dump() for row in (await session.execute(statement)).scalars()}
        folded = {
            number: row.model_dump() for number, row in fold(await list_entries(session, incident.number)).items()
        }
        assert (await verify(session))[1] is None
    return sorted(rows.items()), sorted(folded.items())


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_changes, max_size=14))
async def test_the_timeline_is_the_ledger_folded_after_anything(
    sqlite: Database, changes: list[tuple[Any, ...]]
) -> None:
    rows, folded = await _after(sqlite, changes)

    assert rows == folded


async def test_the_timeline_is_the_ledger_folded_on_either_database(database: Database) -> None:
    everything = [
        ("note", "workaround", "Pay by invoice", 5),
        ("note", "theory", "The cache", 3),
        ("note", "workaround", "Pay by phone", 7),
        ("say", 1, "Rolled back", 1),
        ("fetch", 1, "F0", True),
        ("react", 1, "theory", True, 10),
        ("mark", 1, "action", "Rolled back to 41"),
        ("edit", 3, "The new cache", 1, False),
        ("edit", 3, "stale", None, True),
        ("state", 5, "confirmed"),
        ("state", 4, "confirmed"),
        ("hide", 2, True),
        ("say", 1, "Rolled back!", 2),
        ("fetch", 1, "F1", True),
        ("ask", "since when?"),
        *(("settle", number, how) for number in range(12, 30) for how in ("accept", "answer")),
        ("react", 1, "theory", False, 60),
        ("delete", 1),
        ("severity", "sev1"),
    ]

    rows, folded = await _after(database, everything)

    assert rows == folded
    assert len(rows) >= 7
    files = [file for _, row in rows for file in row["data"].get("files", ())]
    assert [(file["id"], file["sha256"]) for file in files] == [("F0", "ab12"), ("F1", "ab12")]
    assert [row["state"] for _, row in rows if row["kind"] is EntryKind.QUESTION] == ["answered"]


async def _write(database: Database, incident_id: int, words: str) -> None:
    async with database.transaction() as session:
        incident = await lock_incident(session, incident_id)
        assert incident is not None
        record(session, incident, EntryKind.NOTE, by="UANN", at=NOON, data={"text": words})


async def test_a_hundred_who_write_at_once_leave_no_gap_and_no_double(database: Database) -> None:
    async with database.transaction() as session:
        await an_opened_incident(session)

    await asyncio.gather(*(_write(database, 1, f"note {number}") for number in range(100)))

    async with database.read() as session:
        entries = await list_entries(session, 1)
        notes = [entry for entry in entries if entry.kind is EntryKind.NOTE]
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert {entry.data["text"] for entry in notes} == {f"note {number}" for number in range(100)}
        assert (await verify(session))[1] is None
        assert len(await list_page(session, 1, limit=1000)) == len(entries)


async def _fill(database: Database) -> None:
    """A timeline of many entries, three at each minute, beside a second incident's."""
    async with database.transaction() as session:
        for number in (1, 2):
            await an_opened_incident(session)
            rows = [_row(number, sequence) for sequence in range(10, MANY)]
            await session.execute(insert(TimelineEntry), rows)
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


def _row(incident_id: int, sequence: int) -> dict[str, Any]:
    return {
        "incident_id": incident_id,
        "sequence": sequence,
        "kind": EntryKind.NOTE,
        "category": "timeline",
        "by": "UANN",
        "happened_at": NOON + timedelta(minutes=sequence // 3),
        "data": {"text": f"note {sequence}"},
    }


async def test_a_page_of_a_long_timeline_is_read_by_index_in_its_order(database: Database) -> None:
    await _fill(database)
    middle = Place(NOON + timedelta(minutes=1000), 3001)
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.read() as session:
        first = await list_page(session, 1, limit=3)
        older = await list_page(session, 1, limit=3, before=middle)
        newer = await list_page(session, 1, limit=3, after=middle)
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)

    assert [entry.sequence for entry in first] == [9999, 9998, 9997]
    assert [entry.sequence for entry in older] == [3000, 2999, 2998]
    assert [entry.sequence for entry in newer] == [3004, 3003, 3002]
    pages = [one for one in seen if one[0].startswith("SELECT")]
    assert len(pages) == 3
    for statement, parameters in pages:
        plan = await _plan(database, statement, parameters)
        assert any("ix_timeline_entry_order" in line for line in plan), plan
        assert not any(word in line.lower() for line in plan for word in ("sort", "temp b-tree", "seq scan")), plan


async def _plan(database: Database, statement: str, parameters: Any) -> list[str]:
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.engine.connect() as connection:
        answer = await connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return [str(row[-1]) for row in answer.all()]


async def test_marks_that_come_out_of_order_sort_by_when_it_was_said(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await an_opened_incident(session)
    story = _Story(sqlite, 1)

    for minute in (3, 1, 2):
        await story.happens("say", minute, f"minute {minute}", False)
    for minute in (2, 3, 1):
        await story.happens("react", minute, "timeline", True, 30)

    async with sqlite.read() as session:
        page = await list_page(session, 1, limit=50, categories=["timeline"])
        assert [entry.data["text"] for entry in page] == ["minute 3", "minute 2", "minute 1"]
        assert [entry.sequence for entry in page] == [4, 3, 5]


async def test_hidden_entries_are_found_where_hidden_ones_are_asked_for(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        await an_opened_incident(session)
    story = _Story(sqlite, 1)
    await story.happens("note", "timeline", "one", 1)
    await story.happens("hide", 3, True)

    async with sqlite.read() as session:
        assert 3 not in {entry.sequence for entry in await list_page(session, 1, limit=50)}
        assert [entry.sequence for entry in await list_page(session, 1, limit=50, hidden=True)] == [3]
