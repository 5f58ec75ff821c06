"""The message kept at the top of an incident's channel, and the channel's topic and purpose."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    SectionBlock,
)

from bot import ids
from bot.blocks.parts import button
from bot.blocks.standing import standing_lines
from bot.blocks.text import (
    DAY_AND_TIME,
    HEADER_LIMIT,
    MESSAGE_LIMIT,
    TOPIC_LIMIT,
    clip,
    escape,
    mention,
    moment,
    plural,
    prose,
)
from storage.tables import Incident, Status
from workflows.gaps import Place, open_gaps
from workflows.item_lists import ItemList
from workflows.lifecycle import PHASES, WORKING
from workflows.process import Process
from workflows.situation import Situation

FAR = timedelta(hours=12)
"""A promise for longer than that names its day."""
PHASE_ORDER = ("Triage", "Review", "Action", "Check", "Resolve")
SHOWN_GAPS = 3

FACT_LIMIT = 700
"""With these a card stays below the 10,000 characters that Slack is seen to refuse in one message."""
ROLES_LIMIT = 1200
DESCRIPTION_LIMIT = 2000
STANDING_LIMIT = 2000
UPDATE_LIMIT = 1800
UPDATE_LIMIT_WHEN_ENDED = 1000
"""What was verified and what stays is shown too."""


def incident_card(situation: Situation, *, process: Process) -> list[Block]:
    """The facts, the phase, who holds which role, what is missing next, and buttons."""
    incident = situation.incident
    lines = [phase_line(incident.status)]
    if incident.description:
        lines.append(prose(incident.description))
    blocks: list[Block] = [
        HeaderBlock(text=clip(f"{incident.ref} · {incident.title}", HEADER_LIMIT)),
        SectionBlock(text=MarkdownTextObject(text=clip("\n".join(lines), DESCRIPTION_LIMIT))),
        facts_block(situation, process),
    ]
    if incident.last_update and incident.last_update_at:
        limit = UPDATE_LIMIT if incident.status in WORKING else UPDATE_LIMIT_WHEN_ENDED
        blocks.append(_last_update(incident.last_update, incident.last_update_at, limit=limit))
    blocks += _standing(situation)
    blocks += _next(situation)
    blocks.append(card_buttons(incident))
    return blocks


def card_text(situation: Situation, *, process: Process) -> str:
    """The card in one line, for notifications and screen readers."""
    incident = situation.incident
    severity = process.severity_name(incident.severity)
    return clip(
        f"{incident.ref} · {severity} · {incident.status.capitalize()} · {escape(incident.title)}", MESSAGE_LIMIT
    )


def phase_line(status: Status) -> str:
    """The five phases: which are behind us, which we are in, and which are to come."""
    if status not in WORKING:
        return f"*{status.capitalize()}*"
    present = PHASE_ORDER.index(PHASES[status])
    steps = [f"✓ {phase}" for phase in PHASE_ORDER[:present]]
    steps.append(f"*▸ {PHASE_ORDER[present]}*")
    return "  ".join([*steps, *PHASE_ORDER[present + 1 :]])


def facts_block(situation: Situation, process: Process) -> Block:
    """The facts of an incident side by side."""
    facts = [clip(fact, FACT_LIMIT) for fact in _facts(situation, process)]
    facts.append(clip(_roles(situation, process), ROLES_LIMIT))
    facts += [clip(fact, FACT_LIMIT) for fact in _resolution(situation.incident)]
    return SectionBlock(fields=[MarkdownTextObject(text=fact) for fact in facts])


def _facts(situation: Situation, process: Process) -> list[str]:
    """A label and a value each; with the roles and how it ended they are at most ten, which fit in a message."""
    incident = situation.incident
    severity = process.severities.get(incident.severity)
    emoji = f"{severity.emoji} " if severity else ""
    assumed = " (assumed)" if incident.severity_assumed else ""
    listed = [
        f"*Severity*\n{emoji}{process.severity_name(incident.severity)}{assumed}",
        f"*Status*\n{incident.status.capitalize()}",
        f"*Services*\n{escape(', '.join(incident.services)) or 'not named yet'}",
        f"*Type*\n{_type_name(incident, process)}{' · private' if incident.private else ''}",
        f"*Declared*\n{moment(incident.declared_at, form=DAY_AND_TIME)} by {mention(incident.declared_by)}",
        _impact(incident),
        _next_update(incident),
    ]
    return [fact for fact in listed if fact]


def _impact(incident: Incident) -> str:
    known = [prose(words) for words in (incident.affected, incident.prevented) if words]
    return "*Impact*\n" + "\n".join(known) if known else ""


def _roles(situation: Situation, process: Process) -> str:
    """Who holds which; a vacancy matters only while there is work."""
    shown = process.roles if situation.incident.status in WORKING else situation.roles
    lines = [f"{process.role_name(role)}: {_holder(situation, role)}" for role in shown]
    return "*Roles*\n" + "\n".join(lines)


def _type_name(incident: Incident, process: Process) -> str:
    kind = process.types.get(incident.type)
    return escape(kind.name if kind else incident.type)


def _holder(situation: Situation, role: str) -> str:
    holder = situation.roles.get(role)
    return mention(holder) if holder else "_nobody yet_"


def _next_update(incident: Incident) -> str:
    if incident.next_update_due_at is None or incident.status not in WORKING:
        return ""
    return f"*Next update by*\n{moment(incident.next_update_due_at)}"


def _resolution(incident: Incident) -> list[str]:
    if incident.status is Status.DECLINED:
        return [f"*Declined because*\n{prose(incident.ended_because or '')}"]
    if incident.status is not Status.RESOLVED or incident.verification is None:
        return []
    verified = f"*Verified* by {mention(incident.verified_by or incident.declared_by)}\n{prose(incident.verification)}"
    left = [
        f"Temporary fix: {prose(incident.temporary_fix)}" if incident.temporary_fix else "",
        f"Left to do: {prose(incident.remaining)}" if incident.remaining else "",
    ]
    return [verified, "*What stays*\n" + ("\n".join(filter(None, left)) or "nothing")]


def _last_update(words: str, at: datetime, *, limit: int) -> Block:
    text = f"*Last update*, {moment(at)}\n{prose(words)}"
    return SectionBlock(text=MarkdownTextObject(text=clip(text, limit)))


def _standing(situation: Situation) -> list[Block]:
    text = "\n".join([*standing_lines(situation), *_work(situation)])
    return [SectionBlock(text=MarkdownTextObject(text=clip(text, STANDING_LIMIT)))] if text else []


def _work(situation: Situation) -> list[str]:
    """What is to be done; what is overdue is left to lists, since the card is not drawn anew when a day ends."""
    tasks, items = situation.work.tasks, situation.work.items
    counted = [
        plural(tasks, "open task") if tasks else "",
        f"{plural(items, 'action item')} for afterwards" if items else "",
    ]
    return [f"*To do*  {', '.join(filter(None, counted))}"] if any(counted) else []


_HOW = {
    "lead": "`/incident lead @someone`",
    "confirm": "`/incident status investigating` or `/incident decline`",
    "severity": "`/incident severity`",
    "description": "`/incident update`",
    "first_update": "`/incident update`",
    "mitigate": "`/incident status mitigating`",
    "watch": "`/incident status monitoring`",
    "resolve": "`/incident resolve`",
}
"""How each gap is closed here, by its name."""


def next_lines(situation: Situation) -> list[str]:
    """What is missing, most pressing first, and what to type for it."""
    gaps = open_gaps(situation, Place.CARD)
    return [f"• {gap.ask}" + (f": {_HOW[gap.name]}" if gap.name in _HOW else "") for gap in gaps]


def _next(situation: Situation) -> list[Block]:
    lines = next_lines(situation)
    if not lines:
        return []
    shown = "\n".join(lines[:SHOWN_GAPS])
    return [ContextBlock(elements=[MarkdownTextObject(text=f"*Next*\n{shown}")])]


def incident_emoji(incident: Incident, process: Process) -> str:
    """How bad it is, or how it ended."""
    if incident.status in WORKING:
        severity = process.severities.get(incident.severity)
        return severity.emoji if severity else "🔵"
    return ":no_entry_sign:" if incident.status in (Status.DECLINED, Status.MERGED) else ":white_check_mark:"


TIMELINE_BUTTON = ("Timeline", ids.OPEN_TIMELINE, None)


def card_buttons(incident: Incident) -> ActionsBlock:
    """What can be done with it now."""
    value = str(incident.number)
    if incident.status not in WORKING:
        ended = [("Reopen", ids.OPEN_REOPEN, None), ("Note", ids.OPEN_NOTE, None), TIMELINE_BUTTON]
        return _buttons(ended, value, items=items_button(incident))
    return _buttons(
        [
            ("Update", ids.OPEN_UPDATE, "primary"),
            ("Take a role", ids.OPEN_TAKE_ROLE, None),
            ("Severity", ids.OPEN_SEVERITY, None),
            ("Note", ids.OPEN_NOTE, None),
            TIMELINE_BUTTON,
            ("Resolve", ids.OPEN_RESOLVE, None),
        ],
        value,
        items=items_button(incident),
    )


def items_button(incident: Incident) -> ButtonElement:
    """The way to an incident's action items."""
    asked = {"which": ItemList.HERE, "incident_id": incident.number}
    return button("Action items", ids.OPEN_ITEMS, json.dumps(asked))


def _buttons(labels: Sequence[tuple[str, str, str | None]], value: str, *, items: ButtonElement) -> ActionsBlock:
    buttons = [button(label, action_id, value, style=style) for label, action_id, style in labels]
    return ActionsBlock(elements=[*buttons, items])


def channel_topic(situation: Situation, *, process: Process) -> str:
    """The channel's topic: how bad, how far, who leads, and when more is heard."""
    incident = situation.incident
    lead = f"Lead {mention(situation.lead)}" if situation.lead else "nobody leads"
    severity = process.severity_name(incident.severity)
    parts = [severity, incident.status.capitalize(), lead, _promise(incident, process), escape(incident.title)]
    return clip(" · ".join(filter(None, parts)), TOPIC_LIMIT)


def _promise(incident: Incident, process: Process) -> str:
    """The promise for a place that shows no moments on the reader's own clock: on that of the process."""
    due_at = incident.next_update_due_at
    if due_at is None or incident.status not in WORKING:
        return ""
    far = due_at - (incident.promise_made_at or due_at) > FAR
    return f"next update by {due_at.astimezone(ZoneInfo(process.timezone)):{'%a ' if far else ''}%H:%M %Z}"


def channel_purpose(incident: Incident) -> str:
    """The channel's purpose; its end says which incident made the channel, also after a crash."""
    mark = f" · {purpose_mark(incident)}"
    return clip(f"{incident.ref}: {escape(incident.title)}", TOPIC_LIMIT - len(mark)) + mark


def purpose_mark(incident: Incident) -> str:
    """What is written only on this incident's channel."""
    return f"sitrep:{incident.marker}"
