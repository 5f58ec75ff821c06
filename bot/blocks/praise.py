"""Thanks in words: under the card, in private, and what people choose about them."""

from typing import Any

from slack_sdk.models.blocks import Block, MarkdownTextObject, SectionBlock

from bot import ids
from bot.blocks.answers import Answer
from bot.blocks.parts import button, section
from bot.blocks.text import clip, escape, mention, prose, quoted
from storage.tables import Incident, Person

TITLE_LIMIT = 250
ON, OFF = "on", "off"


def kudos_message(incident: Incident, payload: dict[str, Any]) -> Answer:
    """Thanks for one person, who asked not to be thanked in public."""
    text = (
        f":tada: {mention(payload['by'])} thanks you for *{incident.ref}* "
        f"{clip(escape(incident.title), TITLE_LIMIT)}\n{quoted(prose(payload['kudos']))}"
    )
    blocks: list[Block] = [section(f"{text}\nOnly you and they know, as you asked.")]
    return text, blocks


def thanked_answer(incident: Incident, to: str, *, in_public: bool) -> str:
    """What became of somebody's thanks."""
    if in_public:
        return f":tada: {mention(to)} is thanked in {incident.ref}, under its card, and in the next digest."
    return f"{mention(to)} asked not to be thanked in public, so I told them by direct message, and nobody else."


def praise_answer(*, wanted: bool) -> str:
    """What holds from now on."""
    if wanted:
        return "You may be thanked by name again: in channels, records and the digest."
    return (
        "You are not thanked by name any more: kudos come by direct message, and the digest counts what you did "
        "without your name. Your action items stay yours."
    )


def praise_block(person: Person | None) -> Block:
    """How somebody is thanked now, with a button to choose otherwise."""
    wanted = person is None or not person.no_praise
    now = "You are thanked by name." if wanted else "You are thanked in private only."
    change = button("In private only" if wanted else "By name again", ids.PRAISE, OFF if wanted else ON)
    return SectionBlock(text=MarkdownTextObject(text=now), accessory=change)
