"""The parts most messages and forms are made of, within Slack's limits."""

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ContextBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.blocks.text import PLAIN_TEXT_LIMIT, SECTION_LIMIT, clip


def section(text: str, *, beside: ButtonElement | None = None) -> Block:
    """A paragraph, with a button beside it where there is one."""
    return SectionBlock(text=MarkdownTextObject(text=clip(text, SECTION_LIMIT)), accessory=beside)


def small(text: str) -> Block:
    """A line of small print."""
    return ContextBlock(elements=[MarkdownTextObject(text=clip(text, SECTION_LIMIT))])


def button(label: str, action_id: str, value: str | None = None, *, style: str | None = None) -> ButtonElement:
    """A button."""
    text = PlainTextObject(text=clip(label, PLAIN_TEXT_LIMIT))
    return ButtonElement(text=text, action_id=action_id, value=value, style=style)
