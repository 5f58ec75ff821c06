import asyncio
from datetime import timedelta
from typing import Any

import pytest

from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import DeliveryKind, EntryKind, Status
from tests.bot.values import a_situation
from tests.builders import NOON, PROCESS, a_declaration
from tests.workflows.asking import (
    ask,
    do,
    holders,
    incident_now,
    newest_entry,
    opened,
    owed_by,
    refused,
)
from workflows.commands import AddNote, AssignRole, ClaimRole, ReleaseRole
from workflows.errors import AlreadyEnded, NoSuchRole, NothingToChange, RoleTaken
from workflows.roles import doubled


async def test_a_role_that_nobody_holds_is_taken(database: Database) -> None:
    incident = await opened(database)

    await do(database, ask(ClaimRole, incident, role="scribe", by="UBOB"))

    assert await holders(database) == {"lead": "UANN", "scribe": "UBOB"}
    entry = await newest_entry(database)
    assert (entry.kind, entry.by) == (EntryKind.ROLE_ASSIGNED, "UBOB")
    assert entry.data == {"role": "scribe", "from": None, "to": "UBOB"}


@pytest.mark.parametrize(("role", "redrawn"), [("scribe", []), ("lead", ["set_topic"])])
async def test_whoever_gets_a_role_is_invited_met_told_its_duties_and_named_under_the_card(
    sqlite: Database, role: str, redrawn: list[str]
) -> None:
    incident = await opened(sqlite)

    owed = await owed_by(sqlite, ask(AssignRole, incident, role=role, to="UBOB"))

    assert [row.kind.value for row in owed] == [
        "invite",
        "tell_thread",
        "refresh_card",
        *redrawn,
        "digest_entry",
        "look_up_person",
        "tell_person",
    ]
    assert owed[0].payload == owed[-2].payload == {"user_id": "UBOB"}
    assert (owed[-1].lane, owed[-1].payload["role"]) == ("person/UBOB", role)


async def test_a_role_is_given_over_whoever_holds_it(sqlite: Database) -> None:
    incident = await opened(sqlite)

    await do(sqlite, ask(AssignRole, incident, role="lead", to="UCAT", by="UBOB"))

    assert await holders(sqlite) == {"lead": "UCAT"}
    assert (await newest_entry(sqlite)).data == {"role": "lead", "from": "UANN", "to": "UCAT"}


async def test_a_role_that_somebody_holds_is_not_taken_from_them(sqlite: Database) -> None:
    incident = await opened(sqlite)

    said = await refused(sqlite, ask(ClaimRole, incident, role="lead", by="UBOB"), RoleTaken)

    assert said == (
        "{@UANN} already holds Lead of INC-1, so nothing was changed. "
        "To take over, ask them, or have the role given to you."
    )


@pytest.mark.parametrize(
    "command",
    [
        lambda incident: ask(ClaimRole, incident, role="lead"),
        lambda incident: ask(AssignRole, incident, role="lead", to="UANN"),
    ],
    ids=["claimed", "given"],
)
async def test_a_role_that_is_theirs_already_stays_so(sqlite: Database, command: Any) -> None:
    said = await refused(sqlite, command(await opened(sqlite)), NothingToChange)

    assert said == "INC-1 is in the hands of {@UANN} as Lead already, so nothing was changed."


@pytest.mark.parametrize("kind", [ClaimRole, AssignRole])
async def test_a_role_that_is_not_known_is_refused_with_those_that_are(sqlite: Database, kind: type[Any]) -> None:
    changes = {"to": "UBOB"} if kind is AssignRole else {}

    said = await refused(sqlite, ask(kind, await opened(sqlite), role="pilot", **changes), NoSuchRole)

    assert said == "There is no role “pilot”. The roles are: Lead, Communications, Operations, Scribe."


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.DECLINED, Status.MERGED])
async def test_the_roles_of_what_has_ended_stay_as_they_are(sqlite: Database, status: Status) -> None:
    incident = await opened(sqlite, status=status)

    for command in (ask(ClaimRole, incident, role="scribe"), ask(AssignRole, incident, role="scribe", to="UBOB")):
        said = await refused(sqlite, command, AlreadyEnded)
        assert said.startswith(f"INC-1 is already {status}, so its roles stay as they are.")


async def test_of_two_who_claim_a_role_at_once_one_has_it_and_the_other_hears_who(database: Database) -> None:
    incident = await opened(database)

    answers = await asyncio.gather(
        *(do(database, ask(ClaimRole, incident, role="operations", by=by)) for by in ("UBOB", "UCAT")),
        return_exceptions=True,
    )

    holder = (await holders(database))["operations"]
    (loss,) = (answer for answer in answers if isinstance(answer, BaseException))
    assert isinstance(loss, RoleTaken)
    assert loss.holder == holder
    assert str(loss).startswith(f"{{@{holder}}} already holds Operations of INC-1")
    assert (await newest_entry(database)).sequence == 3


async def test_one_person_may_take_every_role_at_one_moment(database: Database) -> None:
    incident = await opened(database)

    await asyncio.gather(
        *(do(database, ask(ClaimRole, incident, role=role, by="UBOB")) for role in PROCESS.roles if role != "lead")
    )

    assert await holders(database) == {
        "lead": "UANN",
        "communications": "UBOB",
        "operations": "UBOB",
        "scribe": "UBOB",
    }


async def test_a_role_is_released_and_nobody_leads_from_then_on(database: Database) -> None:
    incident = await opened(database)
    later = NOON + timedelta(minutes=3)

    await do(database, ask(ReleaseRole, incident, role="lead", by="UBOB"), now=later)

    assert await holders(database) == {}
    entry = await newest_entry(database)
    assert (entry.kind, entry.by, entry.data) == (EntryKind.ROLE_RELEASED, "UBOB", {"role": "lead", "from": "UANN"})
    now = await incident_now(database)
    assert (now.lead_vacant_since, now.lead_assigned_at) == (later, NOON)


async def test_a_role_that_was_released_can_be_taken_and_the_vacancy_ends(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(ReleaseRole, incident, role="lead"))

    await do(sqlite, ask(ClaimRole, incident, role="lead", by="UBOB"))

    assert await holders(sqlite) == {"lead": "UBOB"}
    assert (await incident_now(sqlite)).lead_vacant_since is None


async def test_a_role_that_nobody_holds_is_not_released(sqlite: Database) -> None:
    said = await refused(sqlite, ask(ReleaseRole, await opened(sqlite), role="scribe"), NothingToChange)

    assert said == "INC-1 is without Scribe already, so nothing was changed."


async def test_the_declarer_leads_unless_they_say_that_nobody_does(sqlite: Database) -> None:
    declared = await do(sqlite, a_declaration(nobody_leads=True))

    assert await holders(sqlite) == {}
    assert (declared.lead_assigned_at, declared.lead_vacant_since) == (None, NOON)
    async with sqlite.read() as session:
        assert [entry.kind for entry in await list_entries(session, 1)] == [EntryKind.DECLARED]


async def test_when_somebody_leads_at_last_the_time_of_it_is_kept(sqlite: Database) -> None:
    declared = await do(sqlite, a_declaration(nobody_leads=True))
    later = NOON + timedelta(minutes=4)

    await do(sqlite, ask(ClaimRole, declared, role="lead", by="UBOB"), now=later)

    assert (await incident_now(sqlite)).lead_assigned_at == later


async def test_who_leads_without_having_asked_is_told_the_duties_and_who_declares_and_leads_is_not(
    sqlite: Database,
) -> None:
    given = await owed_by(sqlite, a_declaration(lead="UBOB"))
    taken = await owed_by(sqlite, a_declaration())

    (told,) = [row.payload for row in given if row.kind is DeliveryKind.TELL_PERSON]
    assert told == {"role": "lead", "to": "UBOB", "told": None}
    assert [row for row in taken if row.kind is DeliveryKind.TELL_PERSON] == []


async def test_who_takes_over_from_somebody_is_told_what_happened_so_far(sqlite: Database) -> None:
    incident = await opened(sqlite)
    await do(sqlite, ask(AddNote, incident, text="Rolled back to 41", category="action"))

    over = await owed_by(sqlite, ask(AssignRole, incident, role="lead", to="UBOB"))
    new = await owed_by(sqlite, ask(AssignRole, incident, role="scribe", to="UBOB"))

    told = [row.payload["told"] for row in (*over, *new) if row.kind is DeliveryKind.TELL_PERSON]
    assert told == [{"tried": [{"words": "Rolled back to 41", "state": None}], "decided": [], "theories": []}, None]


@pytest.mark.parametrize(
    ("severity", "operations", "warned"),
    [("sev1", "UANN", True), ("sev2", "UANN", True), ("sev3", "UANN", False), ("sev1", "UBOB", False)],
)
def test_who_leads_and_fixes_something_bad_is_warned_of(severity: str, operations: str, warned: bool) -> None:
    situation = a_situation(roles={"lead": "UANN", "operations": operations}, severity=severity)

    said = doubled(situation, PROCESS)

    assert bool(said) is warned
    assert said in (
        "",
        f"{{@UANN}} now holds Lead and Operations of INC-7, which is {severity.upper()}. That works better with two "
        "people: who fixes loses the overview. Ask somebody to take one of them.",
    )
