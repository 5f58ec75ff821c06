"""Imports point one way: bot -> workflows -> storage; the sandbox stands apart; the clock is read at the top only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "workflows", "storage", "sandbox")

SLACK = {"slack_sdk", "slack_bolt"}
WEB = {"starlette", "uvicorn", "aiohttp"}
FORBIDDEN = {
    "bot": {"sandbox", "tests", "benchmarks"},
    "workflows": {"bot", "sandbox", "tests", "benchmarks", *SLACK, *WEB},
    "storage": {"bot", "workflows", "sandbox", "tests", "benchmarks", *SLACK, *WEB},
    "sandbox": {"bot", "workflows", "storage", "tests", "benchmarks", *SLACK},
}
STARTS_BOTH = ("bot/demo.py", "bot/demo/")
"""The one place that may know the bot and the sandbox: the `demo` command."""

COMPOSITION_ROOT = ("bot/service.py", "bot/__main__.py", *STARTS_BOTH)
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}


def _modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def _imported(tree: ast.Module) -> Iterator[str]:
    """The top-level package of every import, wherever in the module it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _clock_readings(tree: ast.Module) -> Iterator[str]:
    """Readings of the clock, called or handed on, and the clocks imported by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            spelled = ".".join(ast.unparse(node).split(".")[-2:])
            if spelled in CLOCKS:
                yield f"line {node.lineno}: {spelled}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"line {node.lineno}: time.{a.name}" for a in node.names if f"time.{a.name}" in CLOCKS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_below_it(room: str) -> None:
    wrong = [
        f"{_name(path)} imports {package}"
        for path in _modules(room)
        for package in _imported(_tree(path))
        if package in FORBIDDEN[room] and not (package == "sandbox" and _name(path).startswith(STARTS_BOTH))
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ["bot", "workflows", "storage"])
def test_nothing_below_the_composition_root_reads_the_clock(room: str) -> None:
    wrong = [
        f"{_name(path)} {reading}"
        for path in _modules(room)
        if not _name(path).startswith(COMPOSITION_ROOT)
        for reading in _clock_readings(_tree(path))
    ]

    assert wrong == []


def test_the_reader_of_imports_sees_every_way_to_write_one() -> None:
    source = "import a.b\nfrom c.d import e\nfrom . import f\ndef g():\n    import h as i\n"

    assert list(_imported(ast.parse(source))) == ["a", "c", "h"]


@pytest.mark.parametrize(
    "source", ["datetime.now(UTC)", "datetime.datetime.now()", "f(clock=time.time)", "from time import time"]
)
def test_the_reader_of_clocks_sees_every_way_to_read_one(source: str) -> None:
    assert list(_clock_readings(ast.parse(source)))
