"""A channel becomes one incident's channel, once."""

import asyncio

import pytest

from storage.engine import Database
from storage.ledger import list_entries
from storage.tables import DeliveryKind, EntryKind
from tests.builders import a_declaration
from tests.workflows.asking import contents, do, happens, incident_now, opened, waiting
from workflows.errors import ChannelTaken

ADOPTED = {"channel_id": "COPS", "name": "ops", "private": False}


async def test_the_card_waits_for_the_channel_and_no_other_one_is_opened(database: Database) -> None:
    await do(database, a_declaration(channel_id="COPS"))

    async with database.transaction() as session:
        owed = [(row.kind, row.lane) for row in await waiting(session)]
    assert owed[:2] == [(DeliveryKind.ADOPT_CHANNEL, "INC-1/messages"), (DeliveryKind.POST_CARD, "INC-1/messages")]
    assert DeliveryKind.OPEN_CHANNEL not in [kind for kind, _ in owed]


async def test_what_follows_reads_its_past_and_leaves_its_purpose_alone(database: Database) -> None:
    await do(database, a_declaration(channel_id="COPS"))

    follows = await happens(database, DeliveryKind.ADOPT_CHANNEL, ADOPTED)

    assert {"set_topic", "digest_entry", "invite", "read_history"} <= set(follows)
    assert "set_purpose" not in follows
    incident = await incident_now(database)
    assert (incident.channel_id, incident.channel_name, incident.adopted) == ("COPS", "ops", True)
    async with database.read() as session:
        kinds = [entry.kind for entry in await list_entries(session, 1)]
    assert EntryKind.ADOPTED in kinds
    assert EntryKind.CHANNEL_OPENED not in kinds


async def test_a_channel_that_turned_private_hides_the_incident_before_anybody_is_told(database: Database) -> None:
    await do(database, a_declaration(channel_id="COPS"))

    follows = await happens(database, DeliveryKind.ADOPT_CHANNEL, {**ADOPTED, "private": True})

    assert (await incident_now(database)).private
    assert "digest_entry" not in follows
    assert "look_up_participants" in follows


@pytest.mark.parametrize("is_there", [True, False])
async def test_a_channel_of_another_incident_is_refused_also_while_it_is_on_its_way(
    database: Database, is_there: bool
) -> None:
    await do(database, a_declaration(channel_id="COPS"))
    if is_there:
        await happens(database, DeliveryKind.ADOPT_CHANNEL, ADOPTED)
    before = await contents(database)

    with pytest.raises(ChannelTaken, match="This is the channel of INC-1 already"):
        await do(database, a_declaration(channel_id="COPS", by="UBO"))

    assert await contents(database) == before


async def test_a_channel_that_was_opened_for_an_incident_is_refused(database: Database) -> None:
    incident = await opened(database)

    with pytest.raises(ChannelTaken):
        await do(database, a_declaration(channel_id=incident.channel_id))


async def test_a_private_incident_is_not_named_to_who_may_not_see_it(database: Database) -> None:
    await do(database, a_declaration(channel_id="COPS", private=True))

    with pytest.raises(ChannelTaken, match="This is the channel of another incident already"):
        await do(database, a_declaration(channel_id="COPS", by="UBO"))


async def test_of_many_at_once_one_gets_the_channel(postgres: Database) -> None:
    commands = [a_declaration(channel_id="COPS", by=f"U{number}") for number in range(5)]

    outcomes = await asyncio.gather(*(do(postgres, command) for command in commands), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChannelTaken"] * 4 + ["Incident"]
