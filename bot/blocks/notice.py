"""The message a channel or a person gets for a transition: the words of that moment."""

from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject

from bot.blocks.parts import section
from bot.blocks.text import DAY_AND_TIME, MESSAGE_LIMIT, SECTION_LIMIT, channel_link, clip, moment, prose
from workflows.notices import Notice, Part, Transition
from workflows.recipients import SUBSCRIPTION

WORDS_IN_ALL = 8000
"""Keeps a notice below the 10,000 characters of blocks that Slack is seen to refuse (msg_blocks_too_long)."""
HEADLINE_LIMIT = 700
FACTS_LIMIT = 500
NEXT_LIMIT = 600
_EMOJI = {
    Transition.DECLARED: ":rotating_light:",
    Transition.SEVERITY_RAISED: ":small_red_triangle:",
    Transition.SEVERITY_LOWERED: ":small_red_triangle_down:",
    Transition.UPDATE: ":mega:",
    Transition.RESOLVED: ":white_check_mark:",
    Transition.CLOSED: ":white_check_mark:",
    Transition.REOPENED: ":leftwards_arrow_with_hook:",
    Transition.DECLINED: ":no_entry_sign:",
    Transition.MERGED: ":twisted_rightwards_arrows:",
    Transition.PUBLIC: ":loudspeaker:",
}


def notice_message(notice: Notice, *, why: str) -> tuple[str, list[Block]]:
    """Its text and blocks: what is so, what it means, and what comes next."""
    emoji = _EMOJI.get(notice.transition, ":arrow_forward:")
    text = clip(prose(notice.headline), MESSAGE_LIMIT)
    if notice.is_external:  # paragraphs, which bold type would not hold together
        return text, [section(clip(f"{emoji} {prose(notice.headline)}", SECTION_LIMIT))]
    headline = f"{emoji} *{clip(prose(notice.headline), HEADLINE_LIMIT)}*"
    if notice.facts:
        headline += f"\n{clip(prose(' · '.join(notice.facts)), FACTS_LIMIT)}"
    blocks: list[Block] = [section(headline)]
    limit = WORDS_IN_ALL // max(len(notice.parts), 3)
    blocks += [section(clip(_words(part), limit)) for part in notice.parts]
    ending = _ending(notice, why)
    if ending:
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=ending)]))
    return text, blocks


def _words(part: Part) -> str:
    at = moment(part.moment, form=DAY_AND_TIME) if part.moment else ""
    return f"*{part.label}*\n" + " · ".join(filter(None, (at, prose(part.text))))


def _ending(notice: Notice, why: str) -> str:
    lines = [
        f"*Next*: {clip(prose(notice.next), NEXT_LIMIT)}" if notice.next else "",
        f"Worked on in {channel_link(notice.channel_id)}" if notice.channel_id else "",
        "You subscribed to this; `/incident unsubscribe` ends it." if why == SUBSCRIPTION else "",
    ]
    return "\n".join(filter(None, lines))
