"""The record of an incident as a document: Markdown to read and keep, or JSON."""

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from storage.engine import Database
from storage.incidents import find_incident
from storage.tables.columns import JsonObject
from workflows.process import Process
from workflows.record import record_of

NOT_KNOWN = "not known"

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_BEGINS_A_BLOCK = re.compile(r"(?m)^(\d+(?=[.)])|(?=[-+=]))")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""What a terminal would obey, and nobody can read."""


class Format(StrEnum):
    """What a record may be written as."""

    MD = "md"
    JSON = "json"


class NoSuchIncident(Exception):
    """There is no incident of this number."""


async def export(database: Database, number: int, *, form: Format, process: Process) -> str:
    """The record of an incident, for an operator: nothing is left out.

    Raises NoSuchIncident.
    """
    async with database.read() as session:
        incident = await find_incident(session, number)
        if incident is None:
            raise NoSuchIncident
        record = await record_of(session, incident, process=process)
    return in_json(record) if form is Format.JSON else in_markdown(record)


def in_json(record: JsonObject) -> str:
    """The record as JSON."""
    return json.dumps(record, indent=2, ensure_ascii=False)


def in_markdown(record: JsonObject) -> str:
    """The record as Markdown, in which nothing that people typed is markup."""
    return render("record.md", record)


def render(template: str, values: JsonObject) -> str:
    """A template in Markdown with these values, which cannot be markup."""
    text = _environment().get_template(template).render(values)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


class _Made(str):
    """Text of ours that is not escaped again."""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # `finalize` escapes everything, for Markdown
        finalize=_escaped,
    )
    filters = {"time": _time, "duration": _duration, "cell": _cell, "spoken": _spoken, "yes": _yes, "made": _Made}
    environment.filters.update(filters)
    return environment


def _escaped(value: Any) -> Any:
    """What people typed, in a paragraph or a list: as typed, line by line, without a blank line that would end it."""
    if not isinstance(value, str) or isinstance(value, _Made):
        return value
    lines = [_CONTROL.sub("", line).strip() for line in value.splitlines()]
    plain = _BEGINS_A_BLOCK.sub(r"\1\\", _SPECIAL.sub(r"\\\1", "\n".join(filter(None, lines))))
    return _Made(plain.replace("\n", "  \n  "))


def _cell(value: str | None) -> str:
    """The same in a cell of a table, which has one line."""
    return _Made(_escaped(value).replace("  \n  ", "<br>")) if value else _Made(NOT_KNOWN)


def _time(at: str | None, unknown: str = NOT_KNOWN) -> str:
    return _Made(f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC") if at else _Made(unknown)


def _duration(seconds: int | None, unknown: str = NOT_KNOWN) -> str:
    if seconds is None:
        return _Made(unknown)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _Made(f"{hours} h {minutes:02} min")
    return _Made(f"{minutes} min {rest:02} s" if minutes else f"{rest} s")


def _spoken(key: str) -> str:
    return _Made(_escaped(key.replace("_", " ")))


def _yes(kept: bool | None) -> str:
    return _Made("–" if kept is None else "yes" if kept else "no")
