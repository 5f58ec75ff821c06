"""Draws the README's picture: `python -m bot.demo.picture docs/tour.svg`."""

import asyncio
import io
import logging
import sys
from pathlib import Path

from rich.console import Console

from bot.demo.run import play_tour
from bot.log import configure_logging

WIDTH = 92
SHOWN = ("ann has a form", "ann sees in #inc-1")
"""The last form before the declaration, and the channel as it is then."""

FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""
"""Rich's drawing of a terminal, with the reader's own fonts instead of fetched ones."""


async def draw() -> str:
    """Play the tour and draw two of its panels, as SVG."""
    configure_logging(level=logging.WARNING)
    tour = await play_tour(Console(file=io.StringIO(), width=WIDTH))
    console = Console(file=io.StringIO(), width=WIDTH, record=True, highlight=False)
    forms, channels = ([panel for panel in tour.panels if str(panel.title).startswith(title)] for title in SHOWN)
    for panel in (forms[1], channels[0]):
        console.print(panel)
    return console.export_svg(title="3 a.m., one command", code_format=FORMAT)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(draw()), "utf-8")
