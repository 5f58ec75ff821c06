"""Merging: one of two goes on, both say so, and nobody learns of what they may not see."""

import asyncio
from typing import Any

import pytest

from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import DeliveryKind, EntryKind, Incident, Status
from tests.workflows.asking import ask, do, incident_now, opened, owed_by, refused
from workflows.commands import ChangeSeverity, MergeIncident, ReopenIncident
from workflows.errors import AlreadyEnded, CannotMerge, IncidentNotFound, StepNotAllowed


async def _two(database: Database, *, into: dict[str, Any] | None = None, **changes: Any) -> Incident:
    """INC-1 that may become part of INC-2."""
    incident = await opened(database, **changes)
    await opened(database, **(into or {}))
    return incident


def _merge(incident: Incident, into: int = 2, **changes: Any) -> MergeIncident:
    return ask(MergeIncident, incident, into=into, **{"reason": "The same outage", **changes})


async def test_one_becomes_part_of_the_other_and_both_ledgers_say_so(database: Database) -> None:
    await do(database, _merge(await _two(database)))

    merged = await incident_now(database)
    assert (merged.status, merged.merged_into, merged.ended_because) == (Status.MERGED, 2, "The same outage")
    assert merged.next_update_due_at is None
    assert (await incident_now(database, 2)).status is Status.TRIAGE
    async with database.read() as session:
        here, there = [(await list_entries(session, number))[-1] for number in (1, 2)]
    assert (here.kind, here.data) == (
        EntryKind.MERGED,
        {"into": 2, "channel_id": "CINC2", "reason": "The same outage"},
    )
    assert (there.kind, there.data) == (
        EntryKind.MERGED,
        {"merged": 1, "title": "Checkout is down", "channel_id": "CINC1"},
    )


async def test_of_two_merged_into_each_other_at_once_one_goes_on(database: Database) -> None:
    first = await _two(database)
    second = await incident_now(database, 2)

    ended = await asyncio.gather(
        do(database, _merge(first)), do(database, _merge(second, into=1)), return_exceptions=True
    )

    (refusal,) = [end for end in ended if isinstance(end, BaseException)]
    assert isinstance(refusal, CannotMerge)
    assert str(refusal).endswith("Nothing is left to do.")
    stand = [(await incident_now(database, number)).status for number in (1, 2)]
    assert sorted(stand) == [Status.MERGED, Status.TRIAGE]


async def test_both_channels_hear_of_it_and_what_shows_them_is_drawn_anew(sqlite: Database) -> None:
    owed = await owed_by(sqlite, _merge(await _two(sqlite)))

    told = [
        (row.incident_id, row.kind)
        for row in owed
        if row.kind not in (DeliveryKind.ANNOUNCE, DeliveryKind.ASK, DeliveryKind.REFRESH_PROMPT)
    ]
    assert told == [
        (1, DeliveryKind.TELL_CHANNEL),
        (1, DeliveryKind.REFRESH_CARD),
        (1, DeliveryKind.SET_TOPIC),
        (1, DeliveryKind.DIGEST_ENTRY),
        (2, DeliveryKind.TELL_THREAD),
        (2, DeliveryKind.REFRESH_CARD),
        (2, DeliveryKind.DIGEST_ENTRY),
    ]


async def test_what_was_merged_is_not_reopened(sqlite: Database) -> None:
    incident = await _two(sqlite)
    await do(sqlite, _merge(incident))

    await refused(sqlite, ask(ChangeSeverity, incident, severity="sev1", reason="x"), AlreadyEnded)
    await refused(sqlite, ask(ReopenIncident, incident, reason="x"), StepNotAllowed)


async def test_what_was_taken_for_real_is_not_merged(sqlite: Database) -> None:
    incident = await _two(sqlite, status=Status.INVESTIGATING)

    said = await refused(sqlite, _merge(incident), StepNotAllowed)

    assert said == (
        "INC-1 is investigating and cannot become merged from there. "
        "It was taken for real; resolve it, and say there where it goes on."
    )


@pytest.mark.parametrize(
    ("into", "said"),
    [
        ({"status": Status.RESOLVED}, "INC-2 is already resolved, so INC-1 was left as it is. "),
        ({"status": Status.DECLINED}, "INC-2 is already declined, so INC-1 was left as it is. "),
        ({"private": True}, "INC-2 is private and everybody would learn of it here, so INC-1 was left as it is. "),
    ],
    ids=["resolved", "declined", "private"],
)
async def test_it_is_merged_only_into_one_that_goes_on_for_the_same_people(
    sqlite: Database, into: dict[str, Any], said: str
) -> None:
    incident = await _two(sqlite, into=into)

    assert (await refused(sqlite, _merge(incident), CannotMerge)).startswith(said)


async def test_it_is_not_merged_into_itself(sqlite: Database) -> None:
    said = await refused(sqlite, _merge(await _two(sqlite), into=1), CannotMerge)

    assert said == "It cannot be part of itself, so INC-1 was left as it is. Name the other one."


async def test_a_chain_is_refused_with_the_one_that_goes_on(sqlite: Database) -> None:
    incident = await _two(sqlite)
    second, third = await incident_now(sqlite, 2), await opened(sqlite)
    await do(sqlite, _merge(second, into=third.number))

    said = await refused(sqlite, _merge(incident), CannotMerge)

    assert said == "INC-2 was merged into another one, so INC-1 was left as it is. Merge it into INC-3."


async def test_a_private_one_is_not_merged_where_everybody_would_read_of_it(sqlite: Database) -> None:
    said = await refused(sqlite, _merge(await _two(sqlite, private=True)), CannotMerge)

    assert said.startswith("It is private and everybody can see INC-2, so INC-1 was left as it is.")


async def test_of_two_private_ones_only_the_number_goes_over(sqlite: Database) -> None:
    await do(sqlite, _merge(await _two(sqlite, private=True, into={"private": True})))

    async with sqlite.read() as session:
        entry = (await list_entries(session, 2))[-1]
    assert entry.data == {"merged": 1, "title": None, "channel_id": "CINC1"}


@pytest.mark.parametrize("into", [2, 9], ids=["hidden", "absent"])
async def test_one_they_may_not_see_is_as_if_it_were_not_there(sqlite: Database, into: int) -> None:
    incident = await _two(sqlite, into={"private": True})

    said = await refused(sqlite, _merge(incident, into=into, by="UBOB"), IncidentNotFound)

    assert said == f"There is no INC-{into} that you can see; the list shows the ones you can."
