"""Who hears on a morning when the people around an item have changed since it was planned."""

from datetime import UTC, date, datetime, timedelta

from storage.engine import Database
from storage.incidents import add_participant
from storage.tables import Incident, ReminderKind, Status
from tests.builders import NOON, PROCESS, an_opened_incident
from tests.workflows.item_asking import an_item_of, do_item, of_item, somebody
from tests.workflows.mornings import Mornings
from workflows.commands import ChangeItem
from workflows.process import Process

SATURDAY = datetime(2026, 3, 21, 12, tzinfo=UTC)
"""The day after the due date."""
MONTH = NOON + timedelta(days=30)
LATER_DUE = date(2026, 4, 17)
EVE = "eve@example.com"
BY_ADDRESS = PROCESS.model_copy(
    update={"severities": {k: one.model_copy(update={"accountable": [EVE]}) for k, one in PROCESS.severities.items()}}
)


async def _told(database: Database, kind: ReminderKind, *, until: datetime, process: Process = PROCESS) -> list[str]:
    """Who hears of this sort until then."""
    mornings = Mornings(database, process)
    await mornings.pass_until(until, start=NOON)
    return [one.to for one in mornings.said for _, what in one.rows if what is kind]


async def _private(database: Database) -> Incident:
    """A private incident that Ann declared, Dee leads, and Bo has something to do in."""
    async with database.transaction() as session:
        incident = await an_opened_incident(session, status=Status.RESOLVED, private=True, lead="UDEE")
        for person in ("UANN", "UBO"):
            await add_participant(session, incident.number, person, at=NOON, present=True)
    await an_item_of(database, incident, by="UDEE")
    return incident


async def test_a_lead_who_has_left_a_private_incident_is_not_told_of_silence_in_it(sqlite: Database) -> None:
    incident = await _private(sqlite)
    mornings = Mornings(sqlite, PROCESS)
    await mornings.pass_until(SATURDAY, start=NOON)
    async with sqlite.transaction() as session:
        await add_participant(session, incident.number, "UDEE", at=SATURDAY, present=False)

    await mornings.pass_until(SATURDAY + timedelta(days=7), start=SATURDAY)

    assert [one.to for one in mornings.said for _, what in one.rows if what is ReminderKind.SILENT_LEAD] == ["UANN"]


async def test_who_was_told_by_their_address_is_not_told_again_when_they_become_known(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        incident = await an_opened_incident(session, status=Status.RESOLVED)
    item = await an_item_of(sqlite, incident, process=BY_ADDRESS)
    before = await _told(sqlite, ReminderKind.SILENT_ABOVE, until=MONTH, process=BY_ADDRESS)
    await somebody(sqlite, "UEVE", email=EVE)

    await do_item(sqlite, of_item(ChangeItem, item, changes={"due_on": LATER_DUE}), now=MONTH, process=BY_ADDRESS)

    mornings = Mornings(sqlite, BY_ADDRESS)
    await mornings.pass_until(MONTH + timedelta(days=60), start=MONTH)
    above = [one.to for one in mornings.said for _, what in one.rows if what is ReminderKind.SILENT_ABOVE]
    assert (before, above) == ([EVE], [])


async def test_somebody_who_becomes_known_before_their_morning_is_told_once(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        incident = await an_opened_incident(session, status=Status.RESOLVED)
    item = await an_item_of(sqlite, incident, process=BY_ADDRESS)
    await somebody(sqlite, "UEVE", email=EVE)
    await do_item(
        sqlite, of_item(ChangeItem, item, changes={"title": "Alert on refused gift cards"}), process=BY_ADDRESS
    )

    told = await _told(sqlite, ReminderKind.SILENT_ABOVE, until=MONTH, process=BY_ADDRESS)

    assert told == ["UEVE"]
