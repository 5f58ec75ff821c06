"""The `sitrep` commands as an operator runs them: what they print, and how they end."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from storage.engine import Database
from storage.schema import migrate
from tests.builders import an_incident


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own, with a database in it and nothing else set."""
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///sitrep.db")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def _fill(*statements: str) -> None:
    """Two incidents, and then these statements behind the ledger's back."""

    async def run() -> None:
        database = Database("sqlite:///sitrep.db")
        await migrate(database)
        async with database.transaction() as session:
            await an_incident(session)
            await an_incident(session)
        async with database.transaction() as session:
            for statement in statements:
                await session.execute(text(statement))
        await database.close()

    asyncio.run(run())


def test_migrate_says_from_where_to_where() -> None:
    assert _run("migrate").stdout == "Schema none → 0003.\n"
    assert _run("migrate").stdout == "Schema 0003, as before.\n"


def test_verify_counts_what_is_whole() -> None:
    _fill()

    result = _run("verify")

    assert (result.exit_code, result.stdout) == (0, "4 ledger entries, all whole.\n")


def test_verify_names_the_first_broken_entry_and_fails() -> None:
    _fill(
        "DROP TRIGGER ledger_entry_no_update",
        "UPDATE ledger_entry SET by = 'UBOB' WHERE incident_id = 2 AND sequence = 1",
    )

    result = _run("verify")

    assert result.exit_code == 1
    assert "INC-2, entry 1 is broken: its contents are not what was written." in result.output


def test_verify_names_an_entry_that_the_timeline_shows_otherwise() -> None:
    _fill("UPDATE timeline_entry SET hidden = 1 WHERE incident_id = 2 AND sequence = 2")

    result = _run("verify")

    assert result.exit_code == 1
    assert "INC-2, entry 2 is broken: the timeline shows it otherwise." in result.output


@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_what_is_not_set_is_named_without_a_traceback(command: str) -> None:
    result = _run(command)

    assert result.exit_code == 1
    assert "SLACK_BOT_TOKEN is not set" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["migrate", "verify"])
def test_a_database_nobody_speaks_is_named(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://db/x")

    result = _run(command)

    assert result.exit_code == 1
    assert "DATABASE_URL begins with 'mysql'" in result.output


@pytest.mark.parametrize("is_there", [False, True], ids=["no file", "an empty file"])
def test_verify_says_that_there_is_no_ledger_yet_and_makes_nothing(is_there: bool, tmp_path: Path) -> None:
    if is_there:
        (tmp_path / "sitrep.db").touch()

    result = _run("verify")

    assert result.exit_code == 1
    assert result.output == "There is no ledger yet: sqlite:///sitrep.db is empty. Run sitrep migrate.\n"
    assert (tmp_path / "sitrep.db").exists() is is_there


@pytest.mark.parametrize("command", ["migrate", "verify", "serve"])
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgresql://ann:secret@127.0.0.1:9/none", "postgresql://ann:***@127.0.0.1:9/none does not answer ("),
        ("sqlite:///missing/sitrep.db", "DATABASE_URL names a file in missing, and there is no such folder"),
        ("sqlite:///.", "DATABASE_URL names ., which cannot be opened: Is a directory"),
        ("sqlite:///text.db", "sqlite:///text.db does not answer (DatabaseError)"),
    ],
    ids=["nobody there", "no folder", "a folder", "no database"],
)
def test_a_database_that_cannot_be_reached_is_named_without_a_traceback_or_its_password(
    command: str, address: str, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_text("words, words, words " * 100)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")

    result = _run(command)

    assert result.exit_code == 1
    assert sentence in result.output
    assert isinstance(result.exception, SystemExit)
    assert "secret" not in result.output


def test_a_process_file_that_was_named_and_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SITREP_CONFIG", "typo.toml")

    result = _run("serve")

    assert result.exit_code == 1
    assert "typo.toml cannot be read: No such file or directory" in result.output


def test_a_bad_process_file_is_named_with_its_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    (tmp_path / "sitrep.toml").write_text('[roles.scribe]\nname = "Scribe"\n')

    result = _run("serve")

    assert result.exit_code == 1
    assert "roles.lead is missing" in result.output


def test_serve_does_not_start_with_a_webhook_whose_secret_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    webhook = '[webhooks.status]\nurl = "https://status.example/in"\nsecret_env = "STATUS_SECRET"\n'
    (tmp_path / "sitrep.toml").write_text(webhook)

    result = _run("serve")

    assert result.exit_code == 1
    assert result.stderr == "STATUS_SECRET is not set; webhooks.status of sitrep.toml is signed with it\n"


def test_the_tour_plays_to_its_end_and_ends_by_itself(tmp_path: Path) -> None:
    sitrep = Path(sys.executable).with_name("sitrep")

    done = subprocess.run(
        [sitrep, "demo", "--once", "--port", "0"], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "the record has written itself" in done.stdout
    assert "ann sees in #inc-1-checkout-is-down" in done.stdout
    assert "Action items this week" in done.stdout
    assert done.stderr == ""
