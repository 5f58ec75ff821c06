"""What the channel is told of an entry: the words of that moment, whatever has changed since."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.blocks.text import SECTION_LIMIT, clip, mention, moment, prose, quoted
from storage.tables import EntryKind, Status
from workflows.process import Process


def entry_message(kind: EntryKind, *, by: str, data: dict[str, Any], process: Process) -> list[Block]:
    """The message for one entry."""
    text = entry_text(kind, by=by, data=data, process=process)
    return [SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)))]


def entry_text(kind: EntryKind, *, by: str, data: dict[str, Any], process: Process) -> str:
    """The words for one entry; raises KeyError for a kind nobody is told of."""
    return _WORDS[kind](mention(by), data, process)


def _role(by: str, data: dict[str, Any], process: Process) -> str:
    name, to = process.role_name(data["role"]), mention(data["to"])
    if by == to:
        return f"{to} takes *{name}*"
    return f"{by} gives *{name}* to {to}"


def _severity(by: str, data: dict[str, Any], process: Process) -> str:
    before, after = data["from"], data["to"]
    emoji = process.severities[after].emoji if after in process.severities else ""
    return f"{emoji} Severity {_way(before, after, process)} by {by}\n{quoted(prose(data['reason']))}"


def _way(before: str, after: str, process: Process) -> str:
    if before == after:
        return f"*{process.severity_name(after)}* confirmed"
    way = "raised" if process.rank(after) < process.rank(before) else "lowered"
    return f"{way} from {process.severity_name(before)} to *{process.severity_name(after)}*"


def _status(by: str, data: dict[str, Any], _process: Process) -> str:
    reason = f"\n{quoted(prose(data['reason']))}" if data["reason"] else ""
    return f"{by}: {_name(data['from'])} → *{_name(data['to'])}*{reason}"


def _note(by: str, data: dict[str, Any], _process: Process) -> str:
    return f":memo: {by} notes\n{quoted(prose(data['text']))}"


def _update(by: str, data: dict[str, Any], _process: Process) -> str:
    changed = f"{_name(data['from'])} → *{_name(data['to'])}*" if data["from"] != data["to"] else _name(data["to"])
    due = data["next_update_due_at"]
    promise = f" · next update by {moment(datetime.fromisoformat(due))}" if due else ""
    return f":mega: *Update* by {by} · {changed}{promise}\n{prose(data['words'])}"


def _resolved(by: str, data: dict[str, Any], _process: Process) -> str:
    lines = [
        f":white_check_mark: *Resolved* by {by}",
        f"Verified by {mention(data['verified_by'])}: {prose(data['verification'])}",
        f"Temporary fix that stays: {prose(data['temporary_fix']) or 'none'}",
        f"Left to do: {prose(data['remaining']) or 'nothing'}",
    ]
    if data["reason"]:
        lines.append(f"Not watched first: {prose(data['reason'])}")
    return "\n".join(lines)


def _reopened(by: str, data: dict[str, Any], _process: Process) -> str:
    return f":leftwards_arrow_with_hook: *Reopened* by {by}\n{quoted(prose(data['reason']))}"


def _declined(by: str, data: dict[str, Any], _process: Process) -> str:
    return f":no_entry_sign: *Declined* by {by}: not an incident\n{quoted(prose(data['reason']))}"


def _name(status: str) -> str:
    return Status(status).capitalize()


_WORDS: dict[EntryKind, Callable[[str, dict[str, Any], Process], str]] = {
    EntryKind.ROLE_ASSIGNED: _role,
    EntryKind.SEVERITY_CHANGED: _severity,
    EntryKind.STATUS_CHANGED: _status,
    EntryKind.NOTE: _note,
    EntryKind.UPDATE: _update,
    EntryKind.RESOLVED: _resolved,
    EntryKind.REOPENED: _reopened,
    EntryKind.DECLINED: _declined,
}
