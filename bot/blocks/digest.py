"""The one entry an incident has in the digest channel."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot import ids
from bot.blocks.card import incident_emoji
from bot.blocks.text import DAY_AND_TIME, SECTION_LIMIT, channel_link, clip, escape, mention, moment, prose
from storage.tables import Incident, Status
from workflows.lifecycle import WORKING
from workflows.process import Process
from workflows.situation import Situation


def digest_entry(situation: Situation, *, process: Process) -> list[Block]:
    """What it is, how bad, how far, who leads, and the latest words for people outside."""
    incident = situation.incident
    emoji = incident_emoji(incident, process)
    where = f" · {channel_link(incident.channel_id)}" if incident.channel_id else ""
    lines = [
        f"{emoji} *{incident.ref} · {escape(incident.title)}*",
        f"{process.severity_name(incident.severity)} · {incident.status.capitalize()}{where}"
        f" · {_who(situation)} · {_when(incident)}",
    ]
    if incident.status is Status.MERGED:
        lines.append(f"Part of INC-{incident.merged_into}")
    if incident.status in (Status.DECLINED, Status.MERGED) and incident.ended_because:
        lines.append(prose(incident.ended_because))
    elif incident.last_update and incident.last_update_at and not _is_outdated(incident):
        lines.append(f"{moment(incident.last_update_at)}: {prose(incident.last_update)}")
    blocks: list[Block] = [SectionBlock(text=MarkdownTextObject(text=clip("\n".join(lines), SECTION_LIMIT)))]
    if incident.status in WORKING:
        button = ButtonElement(
            text=PlainTextObject(text="Subscribe"), action_id=ids.SUBSCRIBE, value=str(incident.number)
        )
        blocks.append(ActionsBlock(elements=[button]))
    return blocks


def _is_outdated(incident: Incident) -> bool:
    """Words written before it was resolved say what is no longer so."""
    return bool(incident.resolved_at and incident.last_update_at and incident.last_update_at <= incident.resolved_at)


def _who(situation: Situation) -> str:
    return f"lead {mention(situation.lead)}" if situation.lead else "nobody leads"


def _when(incident: Incident) -> str:
    if incident.resolved_at:
        return f"resolved {moment(incident.resolved_at, form=DAY_AND_TIME)}"
    return f"declared {moment(incident.declared_at, form=DAY_AND_TIME)}"
