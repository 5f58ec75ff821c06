"""`python -m benchmarks`: measure the bot on this machine, and print what came of it."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.measure import Figures, LeftOut, R
from benchmarks.parts import PARTS
from benchmarks.report import as_json, machine, show

LONGEST = 600
"""Seconds that one part may take."""
PREFACE = f"""
Each Web API call and each use of a response URL takes R = {R * 1000:.0f} ms in the sandbox, half of it before the deed,
half after it. Sandbox and bot are processes of their own; the bot is `sitrep serve` over Socket Mode on a fresh SQLite
file. A card counts from when the app was told that it is posted; all is done when no call is under way or owed any
more. Whatever else runs on the machine shows in the times, but hardly in the processor time.
"""


def main(
    only: Annotated[str | None, typer.Option(help=f"Run one part: {', '.join(PARTS)}.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file, too.")] = None,
) -> None:
    """Measure the bot against a sandbox in which each call takes 100 ms; ten minutes, nothing leaves the machine."""
    if only is not None and only not in PARTS:
        raise typer.BadParameter(f"there is {', '.join(PARTS)}", param_hint="--only")
    console = Console(width=max(Console().width, 120))
    ran_on = machine()
    _introduce(console, ran_on)
    found: dict[str, Figures] = {}
    for part in [only] if only else PARTS:
        try:
            found[part] = asyncio.run(_measure(part))
        except LeftOut as reason:
            console.print(f"{part} is left out: {reason}\n", highlight=False)
        else:
            show(console, part, found[part])
    if json_file is not None:
        json_file.write_text(json.dumps(as_json(found, ran_on), indent=2) + "\n", "utf-8")


async def _measure(part: str) -> Figures:
    async with asyncio.timeout(LONGEST):
        return await PARTS[part]()


def _introduce(console: Console, ran_on: dict[str, str]) -> None:
    for name, value in ran_on.items():
        console.print(f"{name}: {value}", highlight=False)
    console.print(PREFACE, highlight=False)


if __name__ == "__main__":
    typer.run(main)
