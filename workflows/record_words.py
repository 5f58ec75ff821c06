"""Timeline entries in plain words, for a record that is read elsewhere. People are `{@U1}`."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from storage.tables import EntryKind, TimelineEntry
from workflows.effects import US
from workflows.errors import person
from workflows.item_words import ITEM_WORDS
from workflows.process import Process

_PERSON_ID = re.compile(r"[UW][A-Z0-9]+")


def who(by: str, data: Mapping[str, Any]) -> str:
    """Whose an entry is: a person, another app by its name, or ourselves."""
    name = data.get("author_name")
    if name:
        return str(name)
    return "Sitrep" if by == US else person(by) if _PERSON_ID.fullmatch(by) else by


def words_of(entry: TimelineEntry, process: Process) -> str:
    """What an entry says as it stands now."""
    if entry.words is not None:
        return entry.words
    return _WORDS[entry.kind](entry.data, process)


def _assigned(data: Mapping[str, Any], process: Process) -> str:
    before = f", from {person(data['from'])}" if data.get("from") else ""
    return f"{process.role_name(data['role'])} is {person(data['to'])}{before}"


def _joined(data: Mapping[str, Any], process: Process) -> str:
    return f"Joined as {' and '.join(process.role_name(role) for role in data['roles'])}"


def _severity(data: Mapping[str, Any], process: Process) -> str:
    before, after = process.severity_name(data["from"]), process.severity_name(data["to"])
    way = f"{after} confirmed" if before == after else f"{before} → {after}"
    return f"Severity {way}: {data['reason']}"


def _status(data: Mapping[str, Any], _: Process) -> str:
    reason = f": {data['reason']}" if data["reason"] else ""
    return f"{str(data['from']).capitalize()} → {str(data['to']).capitalize()}{reason}"


def _facts(data: Mapping[str, Any], _: Process) -> str:
    changes = (
        f"{field.replace('_', ' ')}: {_fact(field, old)} → {_fact(field, new)}" for field, (old, new) in data.items()
    )
    return f"Facts: {'; '.join(changes)}"


def _fact(field: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "not said"
    if value and field.endswith("_at"):
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M} UTC"
    return str(value or "not said")


def _note(data: Mapping[str, Any], _: Process) -> str:
    objections = f"Objections: {data['objections']}" if data.get("objections") else ""
    return "\n".join(filter(None, [data["text"], data.get("link"), objections]))


def _message(data: Mapping[str, Any], _: Process) -> str:
    text = "(deleted by its author)" if data.get("deleted") else data["text"]
    files = ", ".join(file["name"] for file in data.get("files", ()))
    return "\n".join(filter(None, [text, f"Files: {files}" if files else ""]))


def _update(data: Mapping[str, Any], _: Process) -> str:
    asked = f" (asked: {person(data['needed'])})" if data.get("needed") else ""
    parts = {"Actions": data.get("actions"), "Needs": data.get("needs") and f"{data['needs']}{asked}"}
    return "\n".join([f"Update: {data['words']}", *(f"{label}: {said}" for label, said in parts.items() if said)])


def _resolved(data: Mapping[str, Any], _: Process) -> str:
    lines = [
        f"Resolved; verified by {person(data['verified_by'])}: {data['verification']}",
        f"Temporary fix that stays: {data['temporary_fix'] or 'none'}",
        f"Left to do: {data['remaining'] or 'nothing'}",
        f"Not watched first: {data['reason']}" if data["reason"] else "",
    ]
    return "\n".join(filter(None, lines))


def _merged(data: Mapping[str, Any], _: Process) -> str:
    if "merged" in data:
        return f"INC-{data['merged']} was merged into this one"
    return f"Merged into INC-{data['into']}" + (f": {data['reason']}" if data["reason"] else "")


_WORDS: dict[EntryKind, Callable[[Mapping[str, Any], Process], str]] = {
    EntryKind.DECLARED: lambda data, process: f"Declared as {process.severity_name(data['severity'])}: {data['title']}",
    EntryKind.ADOPTED: lambda _, __: "Made a channel that was there before the incident's",
    EntryKind.ROLE_ASSIGNED: _assigned,
    EntryKind.ROLE_RELEASED: lambda data, process: (
        f"{process.role_name(data['role'])} is nobody, it was {person(data['from'])}"
    ),
    EntryKind.SEVERITY_CHANGED: _severity,
    EntryKind.STATUS_CHANGED: _status,
    EntryKind.FACTS_CHANGED: _facts,
    EntryKind.NOTE: _note,
    EntryKind.MESSAGE: _message,
    EntryKind.JOINED: _joined,
    EntryKind.QUESTION: lambda data, _: f"Asked {person(data['to'])}: {data['text']}",
    EntryKind.UPDATE: _update,
    EntryKind.PUBLIC_TEXT: lambda data, _: f"Told people outside: {data['text']}",
    EntryKind.RESOLVED: _resolved,
    EntryKind.REOPENED: lambda data, _: f"Reopened: {data['reason']}",
    EntryKind.DECLINED: lambda data, _: f"Declined: {data['reason']}",
    EntryKind.MERGED: _merged,
    **ITEM_WORDS,
}
