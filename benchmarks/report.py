"""What was measured as tables: ours, the floor of the same run, what we aim at, and what is known from elsewhere."""

import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.measure import AT_ONCE, IN_A_ROW, PER_SECOND, ROUNDS, STARTS, Figures, R

R_MS = R * 1000
KNOWN_BOT = "best-known open bot"

TITLES = {
    "start": f"Start-up on a fresh database, and again on the same: median of {STARTS}, its two calls included",
    "one": f"One declaration: after the submission of the form, median of {IN_A_ROW}",
    "twenty": f"{AT_ONCE} declarations submitted at the same moment, {ROUNDS} times",
    "capture": "Messages of an incident's channel, kept in the database before they are acknowledged",
    "timeline": "The first page of a timeline of 10,000 entries",
    "notices": "An update with 200 recipients, and 50 commands a second meanwhile",
    "reminders": "10,000 reminders of 500 people due in the same minute, rate limits on, and 50 commands a second",
    "waiting": "Finding what is due with 1,000,000 deliveries waiting for another day: median of 200",
    "page": "The page in Chromium: a channel with 5,000 messages and 500 members",
    "load": f"Commands (/incident list) and events (somebody joined or left), {PER_SECOND} a second",
}
_BARE_APP = "Floor: a Bolt app built the same way that only acknowledges, measured in the same run."
FLOORS = {
    "start": _BARE_APP,
    "one": "Floor: what the calls alone take, R each: create and post for the card, one more for what follows.",
    "twenty": (
        "Floor: as for one declaration. The sandbox's rate limits (Slack's tiers, each with a burst of one minute's"
        " budget) are off unless a line says so."
    ),
    "load": _BARE_APP,
    "capture": _BARE_APP,
    "timeline": "",
    "notices": "Floor: 200 posts, 64 at the same time, R each.",
    "reminders": (
        "Floor: what the sandbox's ceiling of 300 posts a minute allows after a burst of 300. They are sent at 3 a"
        " second after a burst of 60, so that an incident's own posts always find room."
    ),
    "waiting": "Floor: the same with 1,000 waiting, in the same run.",
    "page": (
        "Floor: a channel with one message and one member; frames in which nothing is done; and round trips over a bare"
        " WebSocket in the same window."
    ),
}


@dataclass(frozen=True)
class Mark:
    """What a figure is held against."""

    aim: str = ""
    known: str = ""
    floor: float | None = None


MARKS: dict[tuple[str, str], Mark] = {
    ("start", "ready"): Mark("1,500", f"{KNOWN_BOT}: 2,100"),
    ("start", "ready, started again"): Mark("1,500"),
    ("start", "memory when ready"): Mark("120", f"{KNOWN_BOT}: 111"),
    ("one", "acknowledged"): Mark("", f"{KNOWN_BOT}: 12"),
    ("one", "card"): Mark(
        f"2 R + 50 = {2 * R_MS + 50:.0f}",
        f"first message: {KNOWN_BOT} 417, bare sketch without a database 205",
        2 * R_MS,
    ),
    ("one", "done"): Mark(f"3 R + 100 = {3 * R_MS + 100:.0f}", f"{KNOWN_BOT}: 835", 3 * R_MS),
    ("one", "calls"): Mark("", f"{KNOWN_BOT}: 8 in a row"),
    ("one", "memory after"): Mark("120", ""),
    ("twenty", "acknowledged, p99"): Mark("100", f"{KNOWN_BOT}: 2,650"),
    ("twenty", "card, worst"): Mark("", "", 2 * R_MS),
    ("twenty", "all done, first time since the start"): Mark("1,000"),
    ("twenty", "all done, median"): Mark("1,000", f"{KNOWN_BOT}: 3,500", 3 * R_MS),
    ("twenty", "memory after"): Mark("120", ""),
    ("capture", "acknowledged, p99 at 100/s (SQLite)"): Mark("20"),
    ("capture", "acknowledged, p99 at 100/s (PostgreSQL)"): Mark("20"),
    ("capture", "messages, most a second with 100 under way (SQLite)"): Mark("half the floor"),
    ("capture", "messages, most a second with 100 under way (PostgreSQL)"): Mark("half the floor"),
    ("capture", "500 marks at once, processed (SQLite)"): Mark("3,000", f"{KNOWN_BOT}: 33,000"),
    ("capture", "500 marks at once, processed (PostgreSQL)"): Mark("3,000", f"{KNOWN_BOT}: 33,000"),
    ("capture", "a command in their midst, acknowledged (SQLite)"): Mark("200"),
    ("capture", "a command in their midst, acknowledged (PostgreSQL)"): Mark("200"),
    ("timeline", "first page, from the command to the call"): Mark("100"),
    ("notices", "all 200 recipients told"): Mark("", "", 4 * R_MS),
    ("load", "memory after"): Mark("120", ""),
    ("page", "newest message drawn"): Mark("1,000"),
    ("page", "on the page after the call, p99"): Mark("100"),
    ("page", "a frame while scrolling, p95"): Mark("100"),
}


def machine() -> dict[str, str]:
    """Where the figures come from."""
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "platform": platform.platform(),
        "python": platform.python_version(),
        "load average before the run (1/5/15 min)": load,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def show(console: Console, part: str, figures: Figures) -> None:
    """Print one part."""
    table = Table("figure", "ours", "floor", "aim", "known from elsewhere", title=TITLES[part], title_justify="left")
    for column in ("ours", "floor", "aim"):
        next(c for c in table.columns if c.header == column).justify = "right"
    for name, ours in figures.ours.items():
        mark = MARKS.get((part, name), Mark())
        floor = figures.floor.get(name, mark.floor)
        table.add_row(f"{name} ({unit(name)})", _number(ours), _number(floor), mark.aim, mark.known)
    console.print(table)
    console.print(FLOORS[part] + "\n", style="dim")


def as_json(found: dict[str, Figures], ran_on: dict[str, str]) -> dict[str, Any]:
    """Everything for programs; times in milliseconds, memory in MB."""
    aims = {f"{part}: {name}": asdict(mark) for (part, name), mark in MARKS.items()}
    return {"machine": ran_on, "R": R_MS, "parts": {part: asdict(f) for part, f in found.items()}, "marks": aims}


def unit(name: str) -> str:
    """What a figure counts, which its name tells."""
    endings = {"memory": "MB", "calls": "number", "a second": "number", "share": "%"}
    return next((said for word, said in endings.items() if word in name), "ms")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.1f}" if value < 10 else f"{value:,.0f}"
