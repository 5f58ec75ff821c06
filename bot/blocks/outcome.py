"""What somebody is told who asked a question."""

from typing import Any

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot.blocks.text import SECTION_LIMIT, channel_link, clip, mention, prose, quoted
from storage.tables import Incident

QUESTION_LIMIT = 700
"""The answer is what they wait for, so it gets the most room."""


def outcome_message(incident: Incident, data: dict[str, Any]) -> tuple[str, list[Block]]:
    """The question, and its answer or why there is none."""
    done = "answers your question" if data["state"] == "answered" else "cannot answer your question"
    where = f" · {channel_link(incident.channel_id)}" if incident.channel_id else ""
    lines = [
        f"*{incident.ref}*: {mention(data['by'])} {done}{where}",
        clip(quoted(prose(data["question"])), QUESTION_LIMIT),
        prose(data["outcome"]),
    ]
    text = clip("\n".join(lines), SECTION_LIMIT)
    return text, [SectionBlock(text=MarkdownTextObject(text=text))]
