"""The App Home: what somebody has to do, the open incidents they may see, and what they follow."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.board import board_blocks
from bot.blocks.card import incident_emoji
from bot.blocks.parts import button, small
from bot.blocks.praise import praise_block
from bot.blocks.subscriptions import followed_lines
from bot.blocks.text import channel_link, clip, escape
from storage.tables import Person
from workflows.boards import Board
from workflows.process import Process
from workflows.situation import Situation
from workflows.subscriptions import Followed

MOST_INCIDENTS = 25
"""With action items and what is followed the tab stays below Slack's 100 blocks."""
TITLE_LIMIT = 250


def home_view(
    situations: Sequence[Situation],
    followed: Sequence[Followed],
    board: Board,
    *,
    viewer: str,
    process: Process,
    reader: Person | None = None,
) -> View:
    """The tab; incidents come in order, those first in which the viewer has a role."""
    mine = sorted(situations, key=lambda situation: viewer not in situation.roles.values())
    blocks: list[Block] = [
        ActionsBlock(
            elements=[
                button("Declare an incident", ids.OPEN_DECLARE, style="danger"),
                button("Subscribe", ids.OPEN_SUBSCRIBE),
            ]
        ),
        *board_blocks(board),
        DividerBlock(),
        HeaderBlock(text="Open incidents"),
        *_incidents(mine, viewer, process),
        DividerBlock(),
        HeaderBlock(text="What you follow"),
        *(
            followed_lines(followed, process)
            or [small("Nothing yet. Subscribe, and you hear of it by direct message.")]
        ),
        DividerBlock(),
        praise_block(reader),
    ]
    return View(type="home", blocks=blocks)


def _incidents(situations: Sequence[Situation], viewer: str, process: Process) -> list[Block]:
    if not situations:
        return [small("None that you can see.")]
    lines: list[Block] = [
        SectionBlock(text=MarkdownTextObject(text=_line(situation, viewer, process)))
        for situation in situations[:MOST_INCIDENTS]
    ]
    if len(situations) > MOST_INCIDENTS:
        lines.append(small(f"and {len(situations) - MOST_INCIDENTS} more: `/incident list`"))
    return lines


def _line(situation: Situation, viewer: str, process: Process) -> str:
    incident = situation.incident
    roles = [process.role_name(role) for role, holder in situation.roles.items() if holder == viewer]
    facts = [
        process.severity_name(incident.severity),
        incident.status.capitalize(),
        f"you are {escape(', '.join(roles))}" if roles else "",
        channel_link(incident.channel_id) if incident.channel_id else "channel on its way",
    ]
    private = " :lock:" if incident.private else ""
    title = clip(escape(incident.title), TITLE_LIMIT)
    return f"{incident_emoji(incident, process)} *{incident.ref}* {title}{private}\n{' · '.join(filter(None, facts))}"
