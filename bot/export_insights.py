"""Insights as a document: CSV for a spreadsheet, or JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.csv_table import in_csv
from storage.engine import Database
from workflows.insights import Count, read_insights
from workflows.process import Process

HEADINGS = ("of", "by", "value", "count")


class InsightsFormat(StrEnum):
    """What insights may be written as."""

    CSV = "csv"
    JSON = "json"


async def export_insights(database: Database, *, form: InsightsFormat, since: date | None, process: Process) -> str:
    """Incidents and action items counted, from that day of the process's calendar on, or all of them."""
    begins_at = datetime.combine(since, datetime.min.time(), ZoneInfo(process.timezone)) if since else None
    async with database.read() as session:
        counts = await read_insights(session, process=process, since=begins_at)
    return insights_in_csv(counts) if form is InsightsFormat.CSV else in_json(counts)


def in_json(counts: Sequence[Count]) -> str:
    """As a list of objects."""
    return json.dumps([asdict(count) for count in counts], indent=2, ensure_ascii=False)


def insights_in_csv(counts: Sequence[Count]) -> str:
    """As a table with headings, in which nothing is a formula."""
    return in_csv(HEADINGS, map(astuple, counts))
