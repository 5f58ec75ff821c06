"""Brings a database to the newest schema, and says whether it is there."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.engine import Database
from storage.migrations import HEAD

if TYPE_CHECKING:
    from alembic.config import Config


async def current_revision(database: Database) -> str | None:
    """The revision the database is at; None when it has no schema yet.

    Raises what the driver raises when the database cannot be reached.
    """
    async with database.engine.connect() as connection:
        try:
            return (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
        except DBAPIError:
            if connection.invalidated:
                raise
            return None


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
