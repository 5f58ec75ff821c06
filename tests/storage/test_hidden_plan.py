"""Items that their owners cannot see any more are found every minute, so that must stay cheap with many items."""

from sqlalchemy import insert, text

from storage.engine import Database
from storage.incidents import add_participant
from storage.item_lists import list_items_hidden_from_owners
from storage.tables import ActionItem
from tests.builders import NOON, an_opened_incident
from tests.storage.plans import plan, statements
from tests.workflows.item_asking import an_item_of

MANY = 20_000


async def _fill(database: Database) -> None:
    """Many items that everybody may see, and one whose owner has left its private channel."""
    async with database.transaction() as session:
        public = await an_opened_incident(session)
        private = await an_opened_incident(session, private=True)
        for person in ("UANN", "UBO"):
            await add_participant(session, private.number, person, at=NOON, present=True)
    await an_item_of(database, public)
    await an_item_of(database, private, by="UANN", owner="UBO")
    async with database.transaction() as session:
        item = await session.get(ActionItem, 1)
        assert item is not None
        await session.execute(insert(ActionItem), [item.model_dump(exclude={"id"}) for _ in range(MANY)])
        await session.execute(text("UPDATE participant SET left_at = joined_at WHERE user_id = 'UBO'"))
    async with database.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        await connection.commit()


async def test_items_hidden_from_their_owners_are_found_without_reading_all(database: Database) -> None:
    await _fill(database)

    with statements(database) as seen:
        async with database.read() as session:
            assert await list_items_hidden_from_owners(session, after=0, limit=100) == [(2, 2)]

    lines = [line for statement in seen for line in await plan(database, *statement)]
    (read,) = [line for line in lines if " action_item" in line]
    assert "ix_action_item_incident" in read or "ix_action_item_open" in read
