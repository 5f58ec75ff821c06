"""What a channel that is archived or gone cannot hear about action items."""

import pytest

from storage.deliveries import finish
from storage.engine import Database
from storage.tables import DeliveryKind, DeliveryOutcome, Horizon, ItemState, Status
from tests.builders import NOON
from tests.workflows.asking import opened, waiting
from tests.workflows.item_asking import an_item, an_item_of, do_item, moved, of_item, told_at_once
from workflows.commands import AskForHelp
from workflows.faults import gave_up


async def _cannot(database: Database, kind: DeliveryKind, because: str) -> list[str]:
    """Everything of this kind that waits gives up; the kinds of what is owed instead."""
    async with database.transaction() as session:
        before = await waiting(session)
        for delivery in before:
            if delivery.kind is kind:
                finish(delivery, DeliveryOutcome.GAVE_UP, now=NOON)
                await gave_up(session, delivery, because=because, hint="Unarchive it.", now=NOON)
        return [row.kind.value for row in await waiting(session) if row not in before]


@pytest.mark.parametrize("because", ["is_archived", "channel_not_found"])
async def test_a_call_for_help_that_the_channel_cannot_hear_goes_to_the_lead(database: Database, because: str) -> None:
    item = await an_item(database)
    await do_item(database, of_item(AskForHelp, item, words="Which team?"))

    assert await _cannot(database, DeliveryKind.TELL_CHANNEL, because) == ["tell_of_item"]

    assert (await told_at_once(database))[-1] == ("help", "UANN")


async def test_a_lead_who_asks_for_help_in_an_archived_channel_hears_that_nobody_did(sqlite: Database) -> None:
    item = await an_item(sqlite, owner="UANN")
    await do_item(sqlite, of_item(AskForHelp, item))

    assert await _cannot(sqlite, DeliveryKind.TELL_CHANNEL, "is_archived") == ["report_fault"]


async def test_any_other_fault_is_reported(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await do_item(sqlite, of_item(AskForHelp, item))

    assert await _cannot(sqlite, DeliveryKind.TELL_CHANNEL, "missing_scope") == ["report_fault"]


async def test_what_an_archived_channel_misses_about_its_items_is_reported_to_nobody(sqlite: Database) -> None:
    item = await an_item(sqlite)
    await moved(sqlite, item, ItemState.DONE)

    assert await _cannot(sqlite, DeliveryKind.TELL_THREAD, "is_archived") == []


@pytest.mark.parametrize(("status", "reported"), [(Status.RESOLVED, []), (Status.MITIGATING, ["report_fault"])])
async def test_the_card_in_an_archived_channel_is_missed_only_while_it_is_worked_on(
    sqlite: Database, status: Status, reported: list[str]
) -> None:
    item = await an_item_of(sqlite, await opened(sqlite, status=status), horizon=Horizon.NOW)
    await moved(sqlite, item, ItemState.DONE)

    assert await _cannot(sqlite, DeliveryKind.REFRESH_CARD, "is_inactive") == reported
