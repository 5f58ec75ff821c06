import pytest
from sqlmodel import select

from storage.engine import Database
from storage.ledger import verify
from storage.tables import Delivery, DeliveryKind, Status
from tests.builders import NOON, PROCESS, a_declaration
from workflows.errors import AlreadyReceived
from workflows.incidents import declare_incident


async def test_a_declared_incident_has_a_lead_a_ledger_and_is_owed_a_channel(database: Database) -> None:
    async with database.transaction() as session:
        incident = await declare_incident(session, a_declaration(), process=PROCESS, now=NOON)

    assert incident.ref == "INC-1"
    assert incident.severity == "sev2"
    assert incident.status is Status.TRIAGE
    async with database.read() as session:
        owed = (await session.execute(select(Delivery.kind).order_by(Delivery.id))).scalars().all()
        assert owed == [DeliveryKind.OPEN_CHANNEL, DeliveryKind.POST_CARD, DeliveryKind.LOOK_UP_PERSON]
        assert await verify(session) == (2, None)


async def test_the_same_form_submitted_twice_makes_one_incident(database: Database) -> None:
    declaration = a_declaration()
    async with database.transaction() as session:
        await declare_incident(session, declaration, process=PROCESS, now=NOON)

    with pytest.raises(AlreadyReceived):
        async with database.transaction() as session:
            await declare_incident(session, declaration, process=PROCESS, now=NOON)
