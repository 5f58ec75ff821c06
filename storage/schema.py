"""Brings a database to the newest schema, and says whether it is there."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

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
    """Upgrade to the newest schema; the revision it was at before, or None for an empty database."""
    before = await current_revision(database)
    if before != HEAD:
        async with database.engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()
    return before


def _upgrade(connection: Connection) -> None:
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
