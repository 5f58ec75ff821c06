"""An entry in words: for the channel those of that moment, on the timeline those it has now."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.blocks.categories import category_emoji, category_name
from bot.blocks.item_entries import ITEM_WORDS
from bot.blocks.text import DAY_AND_TIME, SECTION_LIMIT, channel_link, clip, escape, mention, moment, prose, quoted
from storage.tables import EntryKind, Status
from workflows import categories as c
from workflows.effects import US
from workflows.process import Process

_PERSON_ID = re.compile(r"[UW][A-Z0-9]+")


def entry_message(kind: EntryKind, *, by: str, data: dict[str, Any], process: Process) -> list[Block]:
    """The message for one entry; an update's actions and needs stand in sections of their own, where they fit."""
    update = kind is EntryKind.UPDATE
    texts = _update_sections(named(by), data) if update else [entry_text(kind, by=by, data=data, process=process)]
    return [SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT))) for text in texts]


def entry_text(kind: EntryKind, *, by: str, data: dict[str, Any], process: Process) -> str:
    """The words for one entry; raises KeyError for a kind nobody is told of."""
    return _WORDS[kind](named(by, data.get("author_name")), data, process)


def named(by: str, name: str | None = None) -> str:
    """Who did it: a person as a mention, another app by its name, ourselves as what we are."""
    if name:
        return escape(clip(name, 80))
    if _PERSON_ID.fullmatch(by):
        return mention(by)
    return "Sitrep" if by == US else "somebody"


def _declared(by: str, data: dict[str, Any], process: Process) -> str:
    return f":rotating_light: Declared by {by} as *{process.severity_name(data['severity'])}*: {escape(data['title'])}"


def _adopted(by: str, _data: dict[str, Any], _process: Process) -> str:
    return f":anchor: {by} made this channel the incident's"


def _role(by: str, data: dict[str, Any], process: Process) -> str:
    name, to = escape(process.role_name(data["role"])), mention(data["to"])
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


def _released(by: str, data: dict[str, Any], process: Process) -> str:
    before = mention(data["from"]) if data.get("from") else by
    name = escape(process.role_name(data["role"]))
    return f"{by} gives up *{name}*" if before == by else f"{by} releases {before} from *{name}*"


def _joined(by: str, data: dict[str, Any], process: Process) -> str:
    names = " and ".join(escape(process.role_name(role)) for role in data["roles"])
    return f":wave: {by} joins as *{names}*"


_NOTED = {
    c.NOTE: ":memo: {by} notes",
    c.ACTION: "{emoji} {by} did this",
    c.CONTAINMENT: "{emoji} {by} did this to contain it",
    c.DECISION: "{emoji} *Decision*, says {by}",
    c.THEORY: "{emoji} {by} has a theory",
    c.WORKAROUND: "{emoji} *Workaround*, says {by}",
    c.EVIDENCE: "{emoji} Evidence from {by}",
}
"""How an entry of a category begins in the channel."""


def _note(by: str, data: dict[str, Any], process: Process) -> str:
    category = data.get("category") or c.NOTE
    begins = _NOTED.get(category, "{emoji} *{name}*, says {by}").format(
        by=by, emoji=category_emoji(category, process), name=escape(category_name(category, process))
    )
    earlier = data.get("earlier")
    when = f" ({moment(datetime.fromisoformat(earlier), form=DAY_AND_TIME)})" if earlier else ""
    to = f", for {mention(data['to'])}" if data.get("to") else ""
    return f"{begins}{to}{when}\n{quoted(noted_words(data))}"


def noted_words(data: Mapping[str, Any], words: str | None = None) -> str:
    """What somebody put on the timeline, with its link and the objections to it; `words` are those in its place."""
    text = words if words is not None else data["text"]
    lines = [prose(text), escape(data.get("link", ""))]
    if data.get("objections"):
        lines.append(f"Objections: {prose(data['objections'])}")
    return "\n".join(filter(None, lines))


def _message(by: str, data: dict[str, Any], _process: Process) -> str:
    return f":speech_balloon: {by}\n{quoted(prose(data['text']))}"


def _question(by: str, data: dict[str, Any], _process: Process) -> str:
    due = data.get("due_at")
    until = f", until {moment(datetime.fromisoformat(due))}" if due else ""
    return f":question: {by} asks {mention(data['to'])}{until}\n{quoted(prose(data['text']))}"


def _facts(by: str, data: dict[str, Any], _process: Process) -> str:
    lines = [
        f"{_FACTS.get(name, name.replace('_', ' ').capitalize())}: {_fact(name, new)}"
        for name, (_, new) in _pairs(data)
    ]
    return "\n".join([f":pencil2: {by} says what is known", *(f"> {line}" for line in lines)])


def _pairs(data: Mapping[str, Any]) -> list[tuple[str, tuple[Any, Any]]]:
    """What was and what is, by fact."""
    return [(name, (change[0], change[1])) for name, change in data.items() if isinstance(change, list)]


_FACTS = {
    "location": "Where",
    "affected": "Who is affected",
    "prevented": "What they cannot do",
    "cost": "Money or agreements",
    "trigger": "What set it off",
    "detected_by": "Noticed by",
    "detected_at": "Noticed",
    "impact_started_at": "Began",
    "impact_ended_at": "Ended",
}


def _fact(name: str, value: Any) -> str:
    if isinstance(value, list):
        return clip(escape(", ".join(map(str, value))), 300)
    if value and name.endswith("_at"):
        return moment(datetime.fromisoformat(value), form=DAY_AND_TIME)
    return clip(" ".join(prose(str(value or "not said any more")).split()), 300)


def _public(by: str, data: dict[str, Any], _process: Process) -> str:
    return f":globe_with_meridians: Public text, approved by {by}\n{quoted(prose(data['text']))}"


def _update(by: str, data: dict[str, Any], _process: Process) -> str:
    return "\n".join(_update_sections(by, data))


def _update_sections(by: str, data: dict[str, Any]) -> list[str]:
    changed = f"{_name(data['from'])} → *{_name(data['to'])}*" if data["from"] != data["to"] else _name(data["to"])
    due = data["next_update_due_at"]
    promise = f" · next update by {moment(datetime.fromisoformat(due))}" if due else ""
    sections = [f":mega: *Update* by {by} · {changed}{promise}\n{prose(data['words'])}"]
    if data.get("actions"):
        sections.append(f"*Actions*\n{prose(data['actions'])}")
    if data.get("needs"):
        sections.append(f"*Needs*: {mention(data['needed'])}, please\n{prose(data['needs'])}")
    return sections


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


def _merged(by: str, data: dict[str, Any], _process: Process) -> str:
    """In the one that ends: where it goes on; in the one that goes on: what has become part of it."""
    where = f" ({channel_link(data['channel_id'])})" if data.get("channel_id") else ""
    if "merged" in data:
        title = f": {escape(data['title'])}" if data["title"] else ""
        return f":twisted_rightwards_arrows: INC-{data['merged']}{where} was merged into this one by {by}{title}"
    reason = f"\n{quoted(prose(data['reason']))}" if data["reason"] else ""
    return f":twisted_rightwards_arrows: Merged into INC-{data['into']}{where} by {by}; it goes on there{reason}"


def _name(status: str) -> str:
    return Status(status).capitalize()


_WORDS: dict[EntryKind, Callable[[str, dict[str, Any], Process], str]] = {
    EntryKind.DECLARED: _declared,
    EntryKind.ADOPTED: _adopted,
    EntryKind.ROLE_ASSIGNED: _role,
    EntryKind.ROLE_RELEASED: _released,
    EntryKind.SEVERITY_CHANGED: _severity,
    EntryKind.STATUS_CHANGED: _status,
    EntryKind.FACTS_CHANGED: _facts,
    EntryKind.NOTE: _note,
    EntryKind.MESSAGE: _message,
    EntryKind.JOINED: _joined,
    EntryKind.QUESTION: _question,
    EntryKind.UPDATE: _update,
    EntryKind.PUBLIC_TEXT: _public,
    EntryKind.RESOLVED: _resolved,
    EntryKind.REOPENED: _reopened,
    EntryKind.DECLINED: _declined,
    EntryKind.MERGED: _merged,
    **ITEM_WORDS,
}
