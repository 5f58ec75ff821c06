"""`sitrep export`: the record as Markdown that says what people typed and nothing else, and as JSON."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.export import in_markdown
from storage.engine import Database
from storage.schema import migrate
from tests.bot.values import HARD_WORDS
from tests.builders import an_incident
from tests.workflows.asking import ask, do
from tests.workflows.telling_all import a_whole_incident
from workflows.commands import AddNote


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of its own, with nothing else set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///sitrep.db")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["export", *arguments])


def _fill(*notes: str, **declared: Any) -> None:
    async def run() -> None:
        database = Database("sqlite:///sitrep.db")
        await migrate(database)
        incident = await a_whole_incident(database, **declared)
        for text in notes:
            await do(database, ask(AddNote, incident, text=text, category="decision"))
        await database.close()

    asyncio.run(run())


def test_the_record_is_markdown_with_every_part() -> None:
    _fill()

    result = _run("INC-1")

    assert result.exit_code == 0
    for part in (
        "# INC-1: Checkout is down\n\nSEV2 · Service · Resolved\n\nCards are refused\n",
        "| Who is hit | All shops |\n",
        "| Impact began | 2026-03-04 11:50:00 UTC |\n",
        "| Impact | 50 min 00 s |\n",
        "| First update | 30 min 00 s | 20 min 00 s | yes |\n",
        "- Bob (Communications): 2 on the timeline\n",
        "## Actions, in order\n\n"
        "- **2026-03-04 12:05:00 UTC** Bob: Took shop 3 off the net\n"
        "- **2026-03-04 12:06:00 UTC** Bob: Rolled back to 41 – *worked*\n",
        "Ann: It is the cache – *ruled out*\n  Evidence: https://graphs.example/cache\n",
        "asked Cat: Did you deploy? – *answered*, after 1 h 04 min\n  Cat: No\n",
        "## Action items, as they stand\n\n"
        "- **ACT-1** Replace the workaround: Pay by invoice – *open*, Ann, due 2026-03-18\n"
        "- **ACT-2** An alert on the cache – *open*, Ann, due 2026-03-18\n",
        "Promises: 1 kept, 1 missed.\n",
        "| resolved | gone@shops.example | mail | gave up (550 no such mailbox) |",
    ):
        assert part in result.stdout


def test_the_same_is_written_as_json() -> None:
    _fill()

    record = json.loads(_run("1", "--format", "json").stdout)

    assert record["incident"]["ref"] == "INC-1"
    assert [each["words"] for each in record["actions"]] == ["Took shop 3 off the net", "Rolled back to 41"]


def test_an_operator_exports_private_incidents_too() -> None:
    async def run() -> None:
        database = Database("sqlite:///sitrep.db")
        await migrate(database)
        async with database.transaction() as session:
            await an_incident(session, private=True)
        await database.close()

    asyncio.run(run())

    assert "· private" in _run("inc-1").stdout


TYPED = {name: words for name, words in HARD_WORDS.items() if words.strip()}
TYPED |= {
    "underlined": "one\n===\ntwo\n---",
    "lists": "1. one\n2) two\n- three\n+ four\n+",
    "old line ends": "one\r# two\r\r- three\u2028- four",
}


@pytest.mark.parametrize("words", TYPED.values(), ids=TYPED)
def test_nothing_that_people_typed_is_markup(words: str) -> None:
    _fill("PLAIN", title="PLAIN", description="PLAIN", services=("PLAIN",))
    record = json.loads(_run("1", "--format", "json").stdout)

    document = in_markdown(_with_words(record, words))

    assert _structure(document) == _structure(in_markdown(record))


def _with_words(value: Any, words: str) -> Any:
    if isinstance(value, list):
        return [_with_words(each, words) for each in value]
    if isinstance(value, dict):
        return {key: _with_words(each, words) for key, each in value.items()}
    return words if value == "PLAIN" else value


def _structure(document: str) -> list[str]:
    """What a reader of Markdown makes of it, without the words."""
    found: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(document):
        found.append(token.type)
        found += [child.type for child in token.children or () if child.type not in WORDS]
    return found


WORDS = ("text", "text_special", "softbreak", "hardbreak", "html_inline")
"""Inline; a line break in a cell of a table is written as HTML."""


def test_a_number_that_people_typed_is_read_as_they_typed_it() -> None:
    _fill("1. look\n2) act\n-5 degrees")

    html = MarkdownIt("commonmark").render(_run("INC-1").stdout)

    assert "1. look<br />\n2) act<br />\n-5 degrees" in html


def test_what_a_terminal_would_obey_is_left_out() -> None:
    _fill("a\x1b]0;owned\x07b\x9b2J")

    assert r"a\]0;ownedb2J" in _run("INC-1").stdout


def test_html_that_people_typed_is_none() -> None:
    _fill("<script>alert(1)</script>\n<!-- x -->")

    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(_run("INC-1").stdout)

    assert "<script" not in html
    assert "<!--" not in html


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["INC-9"], "There is no INC-9."),
        (["checkout"], "Write sitrep export INC-3, with --format md or --format json."),
        (["INC-1", "--format", "pdf"], "Write sitrep export INC-3, with --format md or --format json."),
    ],
)
def test_what_cannot_be_exported_is_said(arguments: list[str], sentence: str) -> None:
    _fill()

    result = _run(*arguments)

    assert (result.exit_code, result.output) == (1, f"{sentence}\n")


def test_without_a_database_it_says_what_to_do() -> None:
    result = _run("INC-1")

    assert result.exit_code == 1
    assert result.output == "sqlite:///sitrep.db has not this version's schema. Run sitrep migrate.\n"
