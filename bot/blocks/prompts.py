"""What we ask, with its buttons; and how it ended, in their place."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot import ids
from bot.blocks.entries import named
from bot.blocks.text import (
    DAY_AND_TIME,
    SECTION_LIMIT,
    channel_link,
    clip,
    escape,
    mention,
    moment,
    prose,
    quoted,
)
from storage.tables import EntryKind, PromptKind, Status
from storage.tables.columns import JsonObject
from workflows.choices import CHOICES, UPDATES, Choice, choice_of
from workflows.process import Process
from workflows.schedule import IN_PERSON, missing_facts
from workflows.situation import Situation

TITLE_LIMIT = 200
CONTEXT_LIMIT = 2000
"""Slack's limit for the text of a context block."""


def prompt_text(
    kind: PromptKind, situation: Situation, data: JsonObject, *, process: Process, has_thread: bool = True
) -> str:
    """The question in words; one that reaches a person says which incident it is about, and where.

    `has_thread`: replies to it are under it, and nothing else is.
    """
    words = _WORDS[kind](situation, data, process)
    if kind in UPDATES and has_thread:
        words += " Reply here with its words, or press a button."
    return clip(f"{_about(situation)}\n{words}" if kind in IN_PERSON else words, SECTION_LIMIT)


def prompt_blocks(
    kind: PromptKind, words: str, key: str, *, ended: str | None = None, is_open: bool = False
) -> list[Block]:
    """The question with its buttons; or with how it ended, and only what can still be done."""
    blocks: list[Block] = [SectionBlock(text=MarkdownTextObject(text=clip(words, SECTION_LIMIT)))]
    if ended:
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=clip(ended, CONTEXT_LIMIT))]))
    choices = [choice for choice in CHOICES[kind] if ended is None or (is_open and choice.ends)]
    if choices:
        blocks.append(_buttons(choices, key))
    return blocks


def _buttons(choices: Sequence[Choice], key: str) -> Block:
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=PlainTextObject(text=choice.label),
                action_id=f"{ids.PROMPT}:{choice.key}",
                value=key,
                style="primary" if choice.is_main else None,
            )
            for choice in choices
        ]
    )


def ended_line(kind: PromptKind, ended: JsonObject, *, process: Process) -> str:
    """How it ended: who answered what, or what has happened in between, and when."""
    at = moment(datetime.fromisoformat(ended["at"]))
    if "choice" in ended:
        choice = choice_of(kind, ended["choice"])
        return f"{mention(ended['by'])}: {choice.label if choice else 'done'}, {at}"
    if "entry" not in ended:
        return f"No longer asked, {at}"
    said = _HAPPENED.get(EntryKind(ended["entry"]))
    words = said(mention(ended["by"]), ended["data"], process) if said else f"{mention(ended['by'])} changed something"
    return f"{words}, {at}"


def _about(situation: Situation) -> str:
    incident = situation.incident
    where = f" · {channel_link(incident.channel_id)}" if incident.channel_id else ""
    return f"*{incident.ref}* · {clip(escape(incident.title), TITLE_LIMIT)}{where}"


def _time(data: JsonObject, name: str) -> str:
    return moment(datetime.fromisoformat(data[name]), form=DAY_AND_TIME)


def _update_soon(_: Situation, data: JsonObject, __: Process) -> str:
    return f":hourglass_flowing_sand: The next update is promised for {_time(data, 'due_at')}."


def _update_due(_: Situation, data: JsonObject, __: Process) -> str:
    return f":alarm_clock: The update promised for {_time(data, 'due_at')} is due."


def _update_overdue(situation: Situation, data: JsonObject, process: Process) -> str:
    role = "communications" if "communications" in situation.roles else "lead"
    return (
        f":alarm_clock: The update promised for {_time(data, 'due_at')} is not there yet, and you hold "
        f"{process.role_name(role)}."
    )


def _update_escalated(situation: Situation, data: JsonObject, _: Process) -> str:
    lead = f"Lead: {mention(situation.lead)}." if situation.lead else "Nobody leads."
    return f":rotating_light: The update promised for {_time(data, 'due_at')} is not there yet. {lead}"


def _draft(_: Situation, data: JsonObject, __: Process) -> str:
    return f"Publish this as an update?\n{quoted(prose(data['words']))}"


def _no_lead(_: Situation, data: JsonObject, __: Process) -> str:
    return f":raising_hand: Nobody leads this since {_time(data, 'since')}. Who does?"


_FACT = {
    "description": "what is happening",
    "severity": "how bad it is",
    "impact": "who is hit",
    "services": "which services are affected",
}
"""The facts we ask for, by name."""


def _facts(situation: Situation, _: JsonObject, __: Process) -> str:
    missing = [_FACT[name] for name in missing_facts(situation)] or ["nothing any more"]
    return f":mag: Still unknown: {', '.join(missing)}."


def _triage(_: Situation, data: JsonObject, __: Process) -> str:
    return f":thinking_face: In Triage since {_time(data, 'since')}. Is it an incident?"


def _watch(_: Situation, data: JsonObject, __: Process) -> str:
    return f":eyes: Watched since {_time(data, 'since')}. Still good?"


def _silent(_: Situation, data: JsonObject, __: Process) -> str:
    return f":zzz: Nothing was said here since {_time(data, 'since')}. How does it stand?"


def _question(_: Situation, data: JsonObject, __: Process) -> str:
    asks = f":question: {mention(data['to'])}, {mention(data['by'])} asks, for {_time(data, 'due_at')}:"
    return f"{asks}\n{quoted(prose(data['text']))}"


def _question_due(_: Situation, data: JsonObject, __: Process) -> str:
    return f":question: {mention(data['by'])} waits for your answer:\n{quoted(prose(data['text']))}"


def _question_unanswered(_: Situation, data: JsonObject, __: Process) -> str:
    waits = f":question: {mention(data['to'])} has not answered {mention(data['by'])}"
    return f"{waits}, due {_time(data, 'due_at')}:\n{quoted(prose(data['text']))}"


def _public(data: JsonObject, verb: str) -> str:
    which = "first" if data["first"] else "next"
    return f":loudspeaker: The {which} message to people outside {verb} due {_time(data, 'due_at')}."


def _public_draft(_: Situation, data: JsonObject, __: Process) -> str:
    by = named(data["by"])
    return f":loudspeaker: {by} proposes this for people outside; nothing has left yet.\n{quoted(prose(data['text']))}"


_WORDS: dict[PromptKind, Callable[[Situation, JsonObject, Process], str]] = {
    PromptKind.UPDATE_SOON: _update_soon,
    PromptKind.UPDATE_DUE: _update_due,
    PromptKind.UPDATE_OVERDUE: _update_overdue,
    PromptKind.UPDATE_ESCALATED: _update_escalated,
    PromptKind.DRAFT: _draft,
    PromptKind.NO_LEAD: _no_lead,
    PromptKind.FACTS: _facts,
    PromptKind.TRIAGE: _triage,
    PromptKind.WATCH: _watch,
    PromptKind.SILENT: _silent,
    PromptKind.QUESTION: _question,
    PromptKind.QUESTION_DUE: _question_due,
    PromptKind.QUESTION_UNANSWERED: _question_unanswered,
    PromptKind.PUBLIC_SOON: lambda _, data, __: _public(data, "will be"),
    PromptKind.PUBLIC_DUE: lambda _, data, __: _public(data, "is"),
    PromptKind.PUBLIC_DRAFT: _public_draft,
}


def _became(by: str, data: dict[str, Any], _: Process) -> str:
    return f"{by}: now {Status(data['to']).capitalize()}"


def _role(by: str, data: dict[str, Any], process: Process) -> str:
    holder = mention(data["to"])
    name = process.role_name(data["role"])
    return f"{holder} takes {name}" if by == holder else f"{by} gives {name} to {holder}"


def _settled(by: str, data: dict[str, Any], _: Process) -> str:
    outcome = data.get("outcome")
    return f"{by}: {prose(outcome)}" if outcome else f"{by} has settled it"


_HAPPENED: dict[EntryKind, Callable[[str, dict[str, Any], Process], str]] = {
    EntryKind.UPDATE: lambda by, _, __: f"{by} published an update",
    EntryKind.PROMISE_MOVED: lambda by, _, __: f"{by} moved the promise",
    EntryKind.STATUS_CHANGED: _became,
    EntryKind.ROLE_ASSIGNED: _role,
    EntryKind.SEVERITY_CHANGED: lambda by, _, __: f"{by} changed the severity",
    EntryKind.FACTS_CHANGED: lambda by, _, __: f"{by} filled in what was known",
    EntryKind.ENTRY_STATE: _settled,
    EntryKind.RESOLVED: lambda by, _, __: f"{by} resolved it",
    EntryKind.DECLINED: lambda by, _, __: f"{by} declined it",
    EntryKind.MERGED: lambda by, _, __: f"{by} merged it into another",
    EntryKind.PUBLIC_DRAFTED: lambda by, _, __: f"{by} proposed another text",
    EntryKind.PUBLIC_TEXT: lambda by, _, __: f"{by} let a text out",
    EntryKind.PROMPT_ANSWERED: lambda by, _, __: f"{by} has answered",
}
"""What has made a question idle, in words."""
