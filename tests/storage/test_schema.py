from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlmodel import SQLModel

from storage.engine import Database
from storage.migrations import HEAD
from storage.schema import alembic_config, current_revision, migrate


async def test_an_empty_database_upgraded_by_the_migrations_has_exactly_the_tables_of_the_models(
    address: str,
) -> None:
    database = Database(address)

    before = await migrate(database)

    async with database.engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    assert before is None
    assert differences == []
    assert await current_revision(database) == HEAD
    await database.close()


async def test_upgrading_an_up_to_date_database_changes_nothing(address: str) -> None:
    database = Database(address)
    await migrate(database)

    assert await migrate(database) == HEAD
    await database.close()


def test_the_newest_revision_is_the_one_written_down() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, SQLModel.metadata))
