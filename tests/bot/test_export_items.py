"""`sitrep export actions`: every action item as it stands, for spreadsheets, programs and people."""

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.export_items import items_in_csv, items_in_markdown
from storage.engine import Database
from storage.schema import migrate
from storage.tables import ActionItem, ItemState, Person
from tests.bot.values import HARD_WORDS
from tests.builders import NOON
from tests.workflows.asking import opened
from tests.workflows.item_asking import an_item_of, do_item, of_item
from workflows.commands import MoveItem
from workflows.item_export import FIELDS


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own, with nothing else set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///sitrep.db")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", "actions", *arguments])


def _fill() -> None:
    """An item of INC-1, which is open to all, and one of INC-2, which is private."""

    async def run() -> None:
        database = Database("sqlite:///sitrep.db")
        await migrate(database)
        async with database.transaction() as session:
            session.add(Person(user_id="UBO", name="bo", seen_at=NOON))
        for private in (False, True):
            incident = await opened(database, private=private)
            await an_item_of(database, incident, by="UANN", owner="UANN" if private else "UBO", impact=4, feasibility=5)
        await database.close()

    asyncio.run(run())


def _close_the_first() -> None:
    async def run() -> None:
        database = Database("sqlite:///sitrep.db")
        item = ActionItem(id=1, owner="UBO")
        await do_item(database, of_item(MoveItem, item, state=ItemState.DONE))
        await database.close()

    asyncio.run(run())


def _row(**changes: Any) -> dict[str, Any]:
    return {**dict.fromkeys(FIELDS), "ref": "ACT-7", "title": "Alert", "state": "open", "links": [], **changes}


def test_every_item_is_written_with_its_id_and_the_state_it_is_in_now() -> None:
    _fill()
    before = json.loads(_run("--format", "json").stdout)
    _close_the_first()
    after = json.loads(_run("--format", "json").stdout)

    assert [(row["ref"], row["incident"], row["state"]) for row in before] == [
        ("ACT-1", "INC-1", "open"),
        ("ACT-2", "INC-2", "open"),
    ]
    assert (before[0]["owner"], before[0]["priority"], before[0]["due_on"]) == ("bo", 20, "2026-03-20")
    assert (after[0]["state"], after[0]["done_by"]) == ("done", "bo")


def test_the_items_of_one_incident_can_be_had_alone() -> None:
    _fill()

    rows = list(csv.DictReader(io.StringIO(_run("--incident", "INC-2").stdout)))

    assert [row["ref"] for row in rows] == ["ACT-2"]


@pytest.mark.parametrize("arguments", [("--format", "pdf"), ("--incident", "INC-x")])
def test_what_cannot_be_written_is_named(arguments: tuple[str, str]) -> None:
    _fill()

    assert "Write sitrep export actions" in _run(*arguments).output


def test_an_incident_that_is_not_there_is_named() -> None:
    _fill()

    assert "There is no INC-9." in _run("--incident", "INC-9").output


@pytest.mark.parametrize("typed", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_nothing_that_people_typed_is_a_formula_in_a_spreadsheet(typed: str) -> None:
    written = items_in_csv([_row(title=typed, links=[typed])])

    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["title"] == row["links"] == f"'{typed}".replace("\r", "\n")


@pytest.mark.parametrize("words", HARD_WORDS.values(), ids=HARD_WORDS)
def test_nothing_that_people_typed_is_markup_in_a_document(words: str) -> None:
    written = items_in_markdown([_row(title=words, why=words, links=[words, words], evidence=words)])

    tokens = MarkdownIt().enable("table").parse(written)
    inline = [child.type for token in tokens for child in token.children or ()]
    assert {token.tag for token in tokens if token.type == "heading_open"} == {"h1", "h2"}
    assert set(inline) <= {"text", "text_special", "softbreak", "hardbreak", "html_inline"}
    assert {child.content for token in tokens for child in token.children or () if child.type == "html_inline"} <= {
        "<br>"
    }
