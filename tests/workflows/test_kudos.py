"""Thanks by name, in public to whoever likes that, and in private to whoever does not."""

import json

import pytest

from bot.export import in_markdown
from storage.engine import Database
from storage.people import find_person
from storage.tables import Delivery, DeliveryKind, EntryKind, Incident, Person
from storage.tables.columns import JsonObject
from tests.builders import NOON, PROCESS, request
from tests.workflows.asking import contents, newest_entry, opened, waiting
from workflows.errors import Declined, IncidentNotFound
from workflows.kudos import (
    ChoosePraise,
    GiveKudos,
    HiddenFromThanked,
    ThanksToOneself,
    choose_praise,
    give_kudos,
)
from workflows.people import person_seen
from workflows.record import record_of


async def _thank(
    database: Database, incident: Incident, *, to: str = "UBO", by: str = "UANN", text: str = "for the graph"
) -> tuple[bool, list[Delivery]]:
    """Whether it was in public, and what it owes the world besides looking people up."""
    command = GiveKudos(**{**request(), "by": by}, incident_id=incident.number, to=to, text=text)
    async with database.transaction() as session:
        before = await waiting(session)
        in_public = await give_kudos(session, command, now=NOON)
        new = [row for row in await waiting(session) if row not in before]
        return in_public, [row for row in new if row.kind is not DeliveryKind.LOOK_UP_PERSON]


async def _choose(database: Database, who: str, *, wanted: bool) -> None:
    async with database.transaction() as session:
        await choose_praise(session, ChoosePraise(**{**request(), "by": who}, wanted=wanted), now=NOON)


async def _record(database: Database, incident: Incident) -> JsonObject:
    async with database.read() as session:
        return await record_of(session, incident, process=PROCESS)


async def test_kudos_stand_in_the_ledger_under_the_card_and_in_the_record(database: Database) -> None:
    incident = await opened(database)

    in_public, (delivery,) = await _thank(database, incident)

    assert in_public
    entry = await newest_entry(database)
    assert (entry.kind, entry.by, entry.data) == (EntryKind.KUDOS, "UANN", {"to": "UBO", "text": "for the graph"})
    assert (delivery.kind, delivery.payload["entry"]) == (DeliveryKind.TELL_THREAD, EntryKind.KUDOS)
    record = await _record(database, incident)
    assert record["thanks"] == [{"to": "UBO", "by": "UANN", "words": "for the graph"}]
    assert "## Thanks\n\n- UBO, from UANN: for the graph" in in_markdown(record)


async def test_who_asked_not_to_be_thanked_in_public_is_told_alone_and_it_is_written_down_nowhere(
    database: Database,
) -> None:
    incident = await opened(database)
    await _choose(database, "UBO", wanted=False)

    in_public, (delivery,) = await _thank(database, incident)

    assert not in_public
    assert (delivery.kind, delivery.lane) == (DeliveryKind.TELL_PERSON, "person/UBO")
    assert delivery.payload == {"to": "UBO", "by": "UANN", "kudos": "for the graph"}
    assert (await newest_entry(database)).kind is not EntryKind.KUDOS
    assert (await _record(database, incident))["thanks"] == []


async def test_who_asks_later_not_to_be_thanked_is_in_no_record_from_then_on(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await _thank(sqlite, incident)

    await _choose(sqlite, "UBO", wanted=False)

    assert "for the graph" not in json.dumps(await _record(sqlite, incident))
    await _choose(sqlite, "UBO", wanted=True)
    assert "for the graph" in json.dumps(await _record(sqlite, incident))


async def test_what_somebody_chose_about_praise_outlasts_looking_them_up(database: Database) -> None:
    await _choose(database, "UBO", wanted=False)
    async with database.transaction() as session:
        await person_seen(session, "UBO", name="Bo", email=None, zone="Asia/Tokyo", process=PROCESS, now=NOON)

    async with database.read() as session:
        bo = await find_person(session, "UBO")

    assert isinstance(bo, Person)
    assert (bo.name, bo.no_praise) == ("Bo", True)


async def _refused(database: Database, incident: Incident, refusal: type[Declined], **changes: str) -> str:
    before = await contents(database)
    with pytest.raises(refusal) as told:
        await _thank(database, incident, **changes)
    assert await contents(database) == before
    return str(told.value)


async def test_nobody_thanks_themselves(sqlite: Database) -> None:
    incident = await opened(sqlite)

    assert "somebody else" in await _refused(sqlite, incident, ThanksToOneself, to="UANN")


async def test_thanks_in_a_private_incident_are_only_for_those_in_it(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)

    assert "not in its channel" in await _refused(sqlite, incident, HiddenFromThanked)
    await _refused(sqlite, incident, IncidentNotFound, by="UCY", to="UANN")


async def test_a_secret_in_thanks_is_masked(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await _thank(sqlite, incident, text="for finding password=hunter2hunter2")

    assert "hunter2hunter2" not in str((await newest_entry(sqlite)).data)
