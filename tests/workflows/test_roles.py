import asyncio
from typing import Any

import pytest

from storage.engine import Database
from storage.tables import EntryKind, Status
from tests.builders import PROCESS
from tests.workflows.asking import ask, do, holders, newest_entry, opened, owed_by, refused
from workflows.commands import AssignRole, ClaimRole
from workflows.errors import AlreadyEnded, NoSuchRole, NothingToChange, RoleTaken


async def test_a_role_that_nobody_holds_is_taken(database: Database) -> None:
    incident = await opened(database)

    await do(database, ask(ClaimRole, incident, role="scribe", by="UBOB"))

    assert await holders(database) == {"lead": "UANN", "scribe": "UBOB"}
    entry = await newest_entry(database)
    assert (entry.kind, entry.by) == (EntryKind.ROLE_ASSIGNED, "UBOB")
    assert entry.data == {"role": "scribe", "from": None, "to": "UBOB"}


@pytest.mark.parametrize(("role", "redrawn"), [("scribe", []), ("lead", ["set_topic"])])
async def test_whoever_gets_a_role_is_invited_met_and_named_under_the_card(
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
    ]
    assert owed[0].payload == owed[-1].payload == {"user_id": "UBOB"}


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
