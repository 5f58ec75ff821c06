"""What is found for a check before somebody answers it."""

from datetime import timedelta

from storage.engine import Database
from storage.incidents import find_incident
from storage.tables import ItemKind
from tests.builders import NOON, an_incident, request
from tests.workflows.checking import a_done_item, asked, checks_now
from workflows.check_commands import AddFromCheck
from workflows.check_findings import find_for_checks
from workflows.checks import add_from_check


async def test_each_check_finds_what_came_after_its_item_was_done_and_what_came_out_of_it(sqlite: Database) -> None:
    await a_done_item(sqlite)
    async with sqlite.transaction() as session:
        for hours in (1, 3, 4, 5, 6):
            services = ("mail",) if hours == 4 else ("checkout",)
            await an_incident(session, now=NOON + timedelta(hours=hours), title="Cards refused", services=services)
    needed = AddFromCheck(**{**request(), "by": "UBO"}, check_id=1, kind=ItemKind.CONTROL)
    await asked(sqlite, add_from_check, needed)
    early, late = await checks_now(sqlite)
    late.done_at = NOON + timedelta(hours=2)

    async with sqlite.read() as session:
        incident = await find_incident(session, 1)
        assert incident is not None
        found = await find_for_checks(session, [(early, incident), (late, incident)], viewer="UBO")

    assert [one["incident"] for one in found[1]["similar"]] == [6, 5, 3]
    assert [one["incident"] for one in found[2]["similar"]] == [6, 5, 3]
    assert (found[1]["more"], found[2]["more"]) == (1, 0)
    assert [one["kind"] for one in found[1]["made"]] == ["control"]
    assert found[2]["made"] == []
