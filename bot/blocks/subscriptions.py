"""What somebody follows, in words, with a button to end it."""

from collections.abc import Sequence

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
from bot.blocks.parts import section
from bot.blocks.text import channel_link, clip, escape, plural
from storage.tables import Subscription
from workflows.process import Process
from workflows.subscriptions import Followed

LINE_LIMIT = 300
MOST_SHOWN = 20
Answer = tuple[str, list[Block]]


def what_is_followed(followed: Followed, process: Process) -> str:
    """Which incidents, and who hears if it is a channel."""
    kept, incident = followed.subscription, followed.incident
    channel = f" (told to {channel_link(kept.channel_id)})" if kept.channel_id else ""
    if incident is not None:
        return clip(f"*{incident.ref}* · {escape(incident.title)}", LINE_LIMIT) + channel
    return clip(f"*{_kind(kept, process)}*", LINE_LIMIT) + channel


def _kind(kept: Subscription, process: Process) -> str:
    kind = process.types.get(kept.type or "")
    name = next((name for name in process.services if name.lower() == kept.service), kept.service)
    conditions = [
        f"of {process.severity_name(kept.severity)} or worse" if kept.severity else "",
        f"of type {escape(kind.name if kind else kept.type)}" if kept.type else "",
        f"that hit {escape(name)}" if name else "",
    ]
    return " ".join(filter(None, ("Every incident" if not any(conditions) else "Incidents", *conditions)))


def subscribed(followed: Followed, *, new: bool, process: Process) -> Answer:
    """What somebody follows from now on."""
    how = "" if followed.subscription.channel_id else " by direct message"
    begin = "You hear from now on" if new else "You hear already"
    if followed.subscription.channel_id:
        begin = "The channel hears from now on" if new else "The channel hears already"
    text = f"{begin}{how}: {what_is_followed(followed, process)}"
    return text, [section(text), ActionsBlock(elements=[unsubscribe_button(followed.subscription)])]


def followed_list(followed: Sequence[Followed], *, process: Process) -> Answer:
    """What somebody follows, each with its button."""
    if not followed:
        text = "You follow nothing. `/incident subscribe` changes that."
        return text, [section(text)]
    text = f"You follow {plural(len(followed), 'thing')}"
    return text, [section(f"*{text}*"), *followed_lines(followed, process)]


def followed_lines(followed: Sequence[Followed], process: Process) -> list[Block]:
    """One line for each with its button, and how many more there are."""
    lines: list[Block] = [
        SectionBlock(
            text=MarkdownTextObject(text=what_is_followed(each, process)),
            accessory=unsubscribe_button(each.subscription),
        )
        for each in followed[:MOST_SHOWN]
    ]
    if len(followed) > MOST_SHOWN:
        more = f"and {len(followed) - MOST_SHOWN} more; they show when some of these are ended"
        lines.append(ContextBlock(elements=[MarkdownTextObject(text=more)]))
    return lines


def unsubscribe_button(kept: Subscription) -> ButtonElement:
    """The button that ends it."""
    return ButtonElement(text=PlainTextObject(text="Unsubscribe"), action_id=ids.UNSUBSCRIBE, value=str(kept.number))
