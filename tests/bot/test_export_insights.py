"""Insights as a spreadsheet and as JSON, from the command line."""

import csv
import io
import json

import pytest

from bot.export_insights import insights_in_csv
from tests.bot.test_command_line import _elsewhere, _fill, _run  # noqa: F401  # a folder and a database of its own
from workflows.insights import Count


def test_insights_are_a_table_with_headings() -> None:
    _fill()

    result = _run("export", "insights", "--format", "csv")

    assert result.exit_code == 0
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[:2] == [["of", "by", "value", "count"], ["incidents", "service", "checkout", "2"]]
    assert _run("export", "insights").stdout == result.stdout


def test_insights_are_json_for_other_tools_and_may_begin_on_a_day() -> None:
    _fill()

    found = json.loads(_run("export", "insights", "--format", "json", "--since", "2026-03-04").stdout)

    assert {"of": "incidents", "by": "weekday", "value": "wednesday", "count": 2} in found
    assert json.loads(_run("export", "insights", "--format", "json", "--since", "2026-03-05").stdout) == []


@pytest.mark.parametrize("arguments", [("--format", "md"), ("--since", "yesterday")])
def test_what_cannot_be_exported_is_said(arguments: tuple[str, str]) -> None:
    _fill()

    result = _run("export", "insights", *arguments)

    assert result.exit_code == 1
    assert "--format csv" in result.stderr


def test_nothing_in_the_table_is_a_formula() -> None:
    assert '\'=HYPERLINK(""x"")' in insights_in_csv([Count("incidents", "service", '=HYPERLINK("x")', 1)])
