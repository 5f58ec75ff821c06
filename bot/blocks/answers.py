"""Private answers to one person: lists, help, how an incident stands. Each is its text and its blocks."""

import json
from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
)

from bot import ids
from bot.blocks.card import (
    card_buttons,
    card_text,
    facts_block,
    incident_emoji,
    next_lines,
    phase_line,
)
from bot.blocks.parts import button, section, small
from bot.blocks.text import (
    DAY_AND_TIME,
    channel_link,
    clip,
    escape,
    mention,
    moment,
    plural,
)
from storage.tables import Incident
from workflows.lifecycle import choices
from workflows.process import Process
from workflows.situation import Situation

Answer = tuple[str, list[Block]]
Usages = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""How verbs are used and what for, by heading; the most important ones first."""
TITLE_IN_LIST = 250
"""Keeps twenty lines below the 10,000 characters of blocks that Slack is seen to refuse (msg_blocks_too_long)."""
BUTTON_VALUE_LIMIT = 2000
"""Slack's limit for a button's value."""


def unknown_verb(verb: str, nearest: str | None) -> str:
    """What to say to a verb nobody knows."""
    hint = f"Did you mean `/incident {nearest}`?" if nearest else "`/incident help` shows what there is."
    return f"There is no `/incident {escape(clip(verb, 40))}`. {hint}"


def help_outside(open_incidents: int, usages: Usages) -> Answer:
    """What can be done outside an incident's channel."""
    count = plural(open_incidents, "open incident") if open_incidents else "No open incident"
    text = f"{count} that you can see. In an incident's channel every command means that incident."
    buttons = ActionsBlock(elements=[button("Declare an incident", ids.OPEN_DECLARE, style="danger")])
    return text, [section(text), buttons, *_usages(usages)]


def help_here(situation: Situation, usages: Usages, *, process: Process) -> Answer:
    """What can be done with the incident of this channel, and what is missing."""
    text = card_text(situation, process=process)
    lines = [f"*{text}*", phase_line(situation.incident.status), *next_lines(situation)]
    return text, [section("\n".join(lines)), card_buttons(situation.incident), *_usages(usages)]


def _usages(usages: Usages) -> list[Block]:
    """The first few as large as anything else, the others smaller, under what people want."""
    (_, first), *others = [(name, "\n".join(map(_usage, listed))) for name, listed in usages]
    return [section(first), *(small(f"*{name}*\n{lines}") for name, lines in others)]


def _usage(usage: tuple[str, str]) -> str:
    return "`/incident {}`  {}".format(*usage)


def how_it_stands(situation: Situation, *, process: Process) -> Answer:
    """How one incident stands, with what can be done about it."""
    text = card_text(situation, process=process)
    lines = [f"*{text}*", phase_line(situation.incident.status), *next_lines(situation)]
    blocks: list[Block] = [section("\n".join(lines)), facts_block(situation, process)]
    number = str(situation.incident.number)
    if choices(situation.incident.status):
        change = [
            button("Change status", ids.OPEN_STATUS, number, style="primary"),
            button("Facts", ids.OPEN_FACTS, number),
            button("Resolve", ids.OPEN_RESOLVE, number),
        ]
        blocks.append(ActionsBlock(elements=change))
    return text, blocks


def incident_list(situations: Sequence[Situation], *, more: int, everything: bool, process: Process) -> Answer:
    """The incidents somebody may see, in the order they come."""
    if not situations:
        text = "No incident yet." if everything else "No open incident. `/incident list all` shows earlier ones."
        return text, [section(text)]
    noun = "incident" if everything else "open incident"
    order = "newest first" if everything else "worst first"
    text = f"{plural(len(situations) + max(more, 0), noun)}, {order}"
    blocks = [section(f"*{text}*"), *(section(_line(situation, process)) for situation in situations)]
    if more > 0:
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=f"and {more} more")]))
    return text, blocks


def _line(situation: Situation, process: Process) -> str:
    incident = situation.incident
    emoji = incident_emoji(incident, process)
    where = channel_link(incident.channel_id) if incident.channel_id else "channel on its way"
    lead = f"lead {mention(situation.lead)}" if situation.lead else "nobody leads"
    declared = moment(incident.declared_at, form=DAY_AND_TIME)
    private = " :lock:" if incident.private else ""
    return (
        f"{emoji} *{incident.ref}* {clip(escape(incident.title), TITLE_IN_LIST)}{private}\n"
        f"{process.severity_name(incident.severity)} · {incident.status.capitalize()} · {lead} · {where} · {declared}"
    )


def pick_incident(situations: Sequence[Situation], *, verb: str, words: str, asker: str, process: Process) -> Answer:
    """Incidents as buttons, in the order they come."""
    if not situations:
        text = (
            f"`/incident {verb}` needs an incident, and there is none you can see. "
            "Use it in an incident's channel, or declare one with `/incident declare`."
        )
        return text, [section(text)]
    text = f"`/incident {verb}` for which incident?"
    if any(len(_picked(each.incident, verb, words)) > BUTTON_VALUE_LIMIT for each in situations):
        text += " What you wrote is too long to be carried over: keep a copy, and write it again after choosing."
        words = ""
    buttons = [
        _pick(each, number, _picked(each.incident, verb, words), process) for number, each in enumerate(situations)
    ]
    return text, [section(text), ActionsBlock(elements=buttons)]


def _picked(incident: Incident, verb: str, words: str) -> str:
    return json.dumps({"verb": verb, "incident": incident.number, "words": words}, ensure_ascii=False)


def _pick(situation: Situation, number: int, value: str, process: Process) -> ButtonElement:
    incident = situation.incident
    label = f"{incident.ref} · {process.severity_name(incident.severity)} · {incident.title}"
    return button(label, f"{ids.PICK_INCIDENT}:{number}", value)


def fault_report(what: str, ref: str, *, because: str | None, hint: str, number: int) -> Answer:
    """What could not be done outside, and what to do about it; with a button to try once more."""
    code = f" Slack says `{because}`." if because else ""
    text = f":warning: {ref}: I could not {what}.{code} {hint}"
    blocks = [section(text), ActionsBlock(elements=[button("Try again", ids.TRY_AGAIN, str(number))])]
    return text, blocks


def trouble_report(what: str, ref: str, *, because: str, since: datetime, until: datetime) -> Answer:
    """What has been waiting for long outside, and that it is still tried."""
    text = (
        f":hourglass: {ref}: {what} has been waiting since {moment(since, form=DAY_AND_TIME)}, because "
        f"{escape(because)}. I keep trying until {moment(until, form=DAY_AND_TIME)}; everything else goes on."
    )
    return text, [section(text)]
