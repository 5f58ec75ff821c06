"""What somebody is told who has got a role."""

from typing import Any

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.blocks.text import SECTION_LIMIT, channel_link, clip, escape, mention
from workflows.process import Process
from workflows.situation import Situation


def duties_message(situation: Situation, data: dict[str, Any], *, process: Process) -> tuple[str, list[Block]]:
    """The role, whose it was, its duties, and where the incident is worked on."""
    incident = situation.incident
    name, before = process.role_name(data["role"]), data.get("from")
    role = process.roles.get(data["role"])
    lines = [
        f"You hold *{escape(name)}* of *{incident.ref}* now, {process.severity_name(incident.severity)}: "
        f"{clip(escape(incident.title), 500)}",
        escape(role.duties) if role else "",
        f"{mention(before)} held it before you." if before else "",
        f"It is worked on in {channel_link(incident.channel_id)}." if incident.channel_id else "",
    ]
    text = "\n".join(filter(None, lines))
    return text, [SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)))]
