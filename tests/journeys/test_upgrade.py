"""An incident that an earlier version left open: its timeline is there, it is asked about, its ledger is whole."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, text

from sandbox import Sandbox
from sandbox.clock import Clock
from storage.engine import Database
from storage.schema import alembic_config
from tests.builders import NOON
from tests.journeys.conftest import MANIFEST, a_bot
from tests.journeys.telling import all_done, card_of, declare, ledger_of, minutes_pass

# Whole tables are copied here, and no index.
pytestmark = pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")


async def test_an_incident_from_before_an_upgrade_goes_on(address: str, tmp_path: Path) -> None:
    async with Sandbox(manifest=MANIFEST, clock=Clock(lambda: NOON)) as slack:
        ann = slack.person("ann")
        newer = f"sqlite:///{tmp_path}/newer.db"
        async with a_bot(slack, newer, now=slack.clock.now) as bot:
            channel = await declare(slack)
            await ann.command("/incident note INC-1 rolled back to 41", channel=channel)
            await minutes_pass(slack, bot, 2)
        await leave_as_the_first_version_did(newer, address)

        async with a_bot(slack, address, now=slack.clock.now) as bot:
            await minutes_pass(slack, bot, 9)
            assert [m.text for m in ann.sees(channel) if "Still unknown" in m.text] != []
            await minutes_pass(slack, bot, 5)
            (question,) = [m for m in ann.sees(channel) if "Is it an incident?" in m.text]
            await ann.press("Confirm", question)
            await all_done(bot)
            await ann.command("/incident timeline", channel=channel)
            timeline = (await ann.form()).text()

            assert "rolled back to 41" in timeline
            assert "Declared by" in timeline
            assert "Investigating" in card_of(ann, channel).text
            checked, broken = await ledger_of(bot)
            assert broken is None
            assert checked >= 4
        assert slack.complaints == []


async def leave_as_the_first_version_did(source: str, target: str) -> None:
    """Copy what the first version kept, and nothing else, into a database of its schema."""
    databases = Database(source), Database(target)
    async with databases[0].engine.connect() as kept:
        rows = await kept.run_sync(_read)
    async with databases[1].engine.begin() as older:
        await older.run_sync(_write, rows)
    for database in databases:
        await database.close()


_NEXT_ID = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
Rows = dict[str, list[dict[str, Any]]]


def _read(connection: Connection) -> Rows:
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
        for table in metadata.sorted_tables
    }


def _write(connection: Connection, rows: Rows) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
    metadata = MetaData()
    metadata.reflect(connection)
    for table in metadata.sorted_tables:
        old = [
            {column.name: row[column.name] for column in table.columns}
            for row in rows[table.name]
            if _was_known(table.name, row)
        ]
        if old and table.name != "alembic_version":
            connection.execute(table.insert(), old)
            if connection.dialect.name == "postgresql" and "id" in table.columns:
                connection.execute(_NEXT_ID, {"table": table.name, "last": max(row["id"] for row in old)})


def _was_known(table: str, row: dict[str, Any]) -> bool:
    """The first version planned nothing, so whatever waits is not from it."""
    return table != "delivery" or row["done_at"] is not None
