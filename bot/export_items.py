"""Action items as a document, each as it stands now: CSV for a spreadsheet, JSON, or Markdown to read."""

import json
from collections.abc import Sequence
from enum import StrEnum

from bot.csv_table import in_csv
from bot.export import NoSuchIncident, render
from storage.engine import Database
from storage.incidents import find_incident
from storage.tables.columns import JsonObject
from workflows.item_export import FIELDS, export_rows
from workflows.process import Process


class ItemsFormat(StrEnum):
    """What action items may be written as."""

    CSV = "csv"
    JSON = "json"
    MD = "md"


async def export_items(database: Database, *, form: ItemsFormat, incident: int | None, process: Process) -> str:
    """Every action item, or those of one incident, for an operator: nothing is left out. Raises NoSuchIncident."""
    async with database.read() as session:
        if incident is not None and await find_incident(session, incident) is None:
            raise NoSuchIncident
        rows = await export_rows(session, incident, process=process)
    return _WRITTEN[form](rows)


def items_in_json(rows: Sequence[JsonObject]) -> str:
    """As a list of objects."""
    return json.dumps(rows, indent=2, ensure_ascii=False)


def items_in_csv(rows: Sequence[JsonObject]) -> str:
    """As a table with headings, in which nothing is a formula; several links are one a line in their cell."""
    return in_csv(FIELDS, ([_in_cell(row[field]) for field in FIELDS] for row in rows))


def items_in_markdown(rows: Sequence[JsonObject]) -> str:
    """To read: how each stands, in which nothing that people typed is markup."""
    return render("items.md", {"items": rows})


def _in_cell(value: object) -> object:
    return "\n".join(map(str, value)) if isinstance(value, list) else value


_WRITTEN = {ItemsFormat.CSV: items_in_csv, ItemsFormat.JSON: items_in_json, ItemsFormat.MD: items_in_markdown}
