from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.engine import Database
from storage.incidents import find_incident, list_visible_incidents
from storage.tables import Participant, RoleAssignment, Status
from tests.builders import NOON, an_incident, an_opened_incident
from tests.workflows.asking import ask, do, opened, refused
from workflows.access import may_see, see_incident
from workflows.commands import AddNote, AssignRole
from workflows.errors import IncidentNotFound
from workflows.participants import joined, left

UNSEEN = "There is no INC-1 that you can see; the list shows the ones you can."


async def test_everybody_may_see_an_incident_that_is_not_private(sqlite: Database) -> None:
    await opened(sqlite, private=False)

    async with sqlite.read() as session:
        assert (await see_incident(session, 1, "USTRANGER")).number == 1


@pytest.mark.parametrize(
    ("viewer", "asked_in", "sees"),
    [
        ("UANN", None, True),
        ("ULEAD", None, True),
        ("UHERE", None, True),
        ("UGONE", None, False),
        ("USTRANGER", None, False),
        ("USTRANGER", "CINC1", True),
        ("USTRANGER", "CELSEWHERE", False),
        ("UGONE", "CINC1", False),
    ],
    ids=[
        "declarer",
        "role",
        "in its channel",
        "has left",
        "stranger",
        "asks from within",
        "asks from elsewhere",
        "left after asking from within",
    ],
)
async def test_a_private_incident_is_for_those_who_take_part(
    database: Database, viewer: str, asked_in: str | None, sees: bool
) -> None:
    await opened(database, private=True, lead="ULEAD")
    async with database.transaction() as session:
        await joined(session, "CINC1", "UHERE", at=NOON, now=NOON)
        await joined(session, "CINC1", "UGONE", at=NOON, now=NOON)
        await session.flush()
        await left(session, "CINC1", "UGONE", at=NOON)

    async with database.read() as session:
        incident = await find_incident(session, 1)
        assert incident is not None
        assert await may_see(session, incident, viewer, asked_in=asked_in) is sees


async def test_a_private_incident_without_a_channel_is_not_opened_by_asking_from_nowhere(sqlite: Database) -> None:
    async with sqlite.transaction() as session:
        incident = await an_incident(session, private=True)

        assert await may_see(session, incident, "USTRANGER", asked_in=None) is False


async def test_a_stranger_cannot_tell_a_private_incident_from_none(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)

    private = await refused(sqlite, ask(AddNote, incident, text="x", by="USTRANGER"), IncidentNotFound)
    missing = await refused(sqlite, ask(AddNote, incident, text="x", by="USTRANGER", incident_id=7), IncidentNotFound)

    assert private == UNSEEN
    assert missing == UNSEEN.replace("INC-1", "INC-7")
    async with sqlite.read() as session:
        with pytest.raises(IncidentNotFound, match="There is no INC-1"):
            await see_incident(session, 1, "USTRANGER")


async def test_who_is_given_a_role_in_a_private_incident_sees_it_until_it_is_taken_over(sqlite: Database) -> None:
    incident = await opened(sqlite, private=True)
    await do(sqlite, ask(AssignRole, incident, role="scribe", to="UBOB"))
    await do(sqlite, ask(AddNote, incident, text="I am here", by="UBOB"))

    await do(sqlite, ask(AssignRole, incident, role="scribe", to="UCAT"))

    assert await refused(sqlite, ask(AddNote, incident, text="x", by="UBOB"), IncidentNotFound) == UNSEEN


async def test_the_list_has_the_newest_first_and_no_more_than_asked_for(sqlite: Database) -> None:
    await opened(sqlite, impact="low")
    await opened(sqlite, impact="high")
    await opened(sqlite, impact="high")
    await opened(sqlite, impact="high", status=Status.RESOLVED)

    async def numbers(*, only_open: bool, limit: int) -> list[int]:
        async with sqlite.read() as session:
            rows = await list_visible_incidents(session, "UANN", only_open=only_open, limit=limit)
            return [row.number for row in rows]

    assert await numbers(only_open=True, limit=10) == [3, 2, 1]
    assert await numbers(only_open=True, limit=2) == [3, 2]
    assert await numbers(only_open=False, limit=10) == [4, 3, 2, 1]


PEOPLE = ("UANN", "UBOB", "UCAT", "UDAN")


@dataclass(frozen=True)
class Setting:
    """An incident, and who has to do with it."""

    declared_by: str
    private: bool
    roles: Mapping[str, str] = field(default_factory=dict)
    present: Mapping[str, bool] = field(default_factory=dict)
    """Whether those who came are still there."""


_people = st.sampled_from(PEOPLE)
_settings = st.builds(
    Setting,
    declared_by=_people,
    private=st.booleans(),
    roles=st.dictionaries(st.sampled_from(["communications", "scribe"]), _people),
    present=st.dictionaries(_people, st.booleans()),
)


async def _disagreements(database: Database, settings: list[Setting]) -> list[object]:
    """Every viewer and incident on which the list and `may_see` differ; leaves nothing behind."""
    async with database.transaction() as session:
        made = []
        for setting in settings:
            incident = await an_opened_incident(session, by=setting.declared_by, private=setting.private)
            number = incident.number
            for role, holder in setting.roles.items():
                session.add(
                    RoleAssignment(incident_id=number, role=role, user_id=holder, assigned_by=holder, assigned_at=NOON)
                )
            for who, here in setting.present.items():
                left_at = None if here else NOON
                session.add(Participant(incident_id=number, user_id=who, joined_at=NOON, left_at=left_at))
            made.append(incident)
        await session.flush()
        different = []
        for viewer in (*PEOPLE, "USTRANGER"):
            listed = await list_visible_incidents(session, viewer, only_open=False, limit=100)
            different += [(viewer, one) for one in made if (one in listed) is not await may_see(session, one, viewer)]
        await session.rollback()
        return different


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_settings, min_size=1, max_size=4))
async def test_the_list_and_the_answer_to_one_agree_on_who_may_see_what(
    sqlite: Database, settings: list[Setting]
) -> None:
    assert await _disagreements(sqlite, settings) == []


@pytest.mark.parametrize("viewer", ["UANN", "ULEAD"], ids=["declarer", "role"])
async def test_who_has_left_a_private_channel_sees_it_no_more_whoever_they_were(sqlite: Database, viewer: str) -> None:
    await opened(sqlite, private=True, lead="ULEAD")
    async with sqlite.transaction() as session:
        await left(session, "CINC1", viewer, at=NOON)

    async with sqlite.read() as session:
        incident = await find_incident(session, 1)
        assert incident is not None
        assert await may_see(session, incident, viewer, asked_in="CINC1") is False
        assert await list_visible_incidents(session, viewer, only_open=True, limit=10) == []
