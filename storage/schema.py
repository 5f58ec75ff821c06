"""Brings a database to the newest schema, and says whether it is there."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.engine import Database, DatabaseUnreachable, database_url
from storage.migrations import HEAD

if TYPE_CHECKING:
    from alembic.config import Config


async def current_revision(database: Database) -> str | None:
    """The revision the database is at; None when it has no schema yet.

    Raises DatabaseUnreachable.
    """
    try:
        connection = await database.engine.connect()
    except Exception as fault:  # each driver has its own, and asyncpg's are not SQLAlchemy's here
        raise DatabaseUnreachable(database.url, fault) from fault
    try:
        return (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    except DBAPIError as fault:
        if connection.invalidated:
            raise DatabaseUnreachable(database.url, fault) from fault
        return None
    finally:
        await connection.close()


async def find_revision(address: str) -> str | None:
    """The same by the database's address; a SQLite file that is not there has none, and is not made.

    Raises BadDatabaseAddress, DatabaseUnreachable.
    """
    url = database_url(address)
    if url.get_backend_name() == "sqlite" and url.database and _is_to_be_made(Path(url.database)):
        return None
    database = Database(address)
    try:
        return await current_revision(database)
    finally:
        await database.close()


def _is_to_be_made(file: Path) -> bool:
    """Whether opening this database would make its file; where its folder is missing, opening it says so."""
    return file.parent.is_dir() and not file.exists()


async def migrate(database: Database) -> str | None:
    """Upgrade to the newest schema; the revision it was at before, or None for an empty database.

    An empty SQLite file gets its tables at once; that they are those of the migrations is tested. Replicas on
    PostgreSQL may start together, so there the migrations, which wait for each other, make them.
    """
    before = await current_revision(database)
    if before == HEAD:
        return before
    async with database.engine.begin() as connection:
        await connection.run_sync(_bring_up_to_date)
    return before


def _bring_up_to_date(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and not inspect(connection).get_table_names():
        _create(connection)
    else:
        run_migrations(connection)


def _create(connection: Connection) -> None:
    SQLModel.metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def run_migrations(connection: Connection) -> None:
    """Run every migration that has not been run, in the caller's transaction."""
    from alembic import command  # loaded only when there is something to do: it costs a third of a second

    config = alembic_config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":
        # Replicas that start together upgrade one after the other; the number only has to be ours.
        connection.execute(text("SELECT pg_advisory_xact_lock(7473467)"))
    command.upgrade(config, "head")


def alembic_config() -> "Config":
    """Alembic's settings: our migrations, no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
