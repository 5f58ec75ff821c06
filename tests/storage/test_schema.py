import warnings

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from storage.engine import Database
from storage.migrations import HEAD
from storage.schema import alembic_config, current_revision, migrate, run_migrations


async def test_an_empty_database_upgraded_by_the_migrations_has_exactly_the_tables_of_the_models(address: str) -> None:
    database = Database(address)

    async with database.engine.begin() as connection:
        await connection.run_sync(run_migrations)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        migrated = await connection.run_sync(_guards)
        ranked = await connection.run_sync(_index_by_rank)
        ranked_by_model = await connection.run_sync(_index_by_rank_of_the_models)
    assert await current_revision(database) == HEAD
    assert migrated
    assert ranked == ranked_by_model
    await database.close()


async def test_an_empty_database_is_brought_to_the_newest_schema_with_its_guards(address: str) -> None:
    database = Database(address)

    before = await migrate(database)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        assert len(await connection.run_sync(_guards)) == (2 if database.is_sqlite else 1)
    assert before is None
    assert await current_revision(database) == HEAD
    await database.close()


async def test_upgrading_an_up_to_date_database_changes_nothing(address: str) -> None:
    database = Database(address)
    await migrate(database)

    assert await migrate(database) == HEAD
    await database.close()


async def test_a_database_half_way_is_upgraded_by_the_migrations(address: str) -> None:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))

    await migrate(database)

    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await database.close()


def test_the_newest_revision_is_the_one_written_down() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == HEAD


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "include_object": lambda _object, name, *_: name != "ix_action_item_ranked"}
    context = MigrationContext.configure(connection, opts=options)
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", ".*expression-based index"
        )  # Alembic cannot compare it: `_index_by_rank` does
        return list(compare_metadata(context, SQLModel.metadata))


def _index_by_rank_of_the_models(connection: Connection) -> str:
    """The same made from the model."""
    table = SQLModel.metadata.tables["action_item"]
    index = next(index for index in table.indexes if index.name == "ix_action_item_ranked")
    index.drop(connection)
    index.create(connection)
    return _index_by_rank(connection)


def _index_by_rank(connection: Connection) -> str:
    """How the database knows the index on an expression, which Alembic does not compare."""
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE name = 'ix_action_item_ranked'"
    else:
        query = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_action_item_ranked'"
    return str(connection.execute(text(query)).scalar_one())


def _guards(connection: Connection) -> list[str]:
    """The triggers that keep the ledger as it is."""
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    return list(connection.execute(text(query)).scalars())
