"""A stretch of a conversation, put into words without keeping anybody else waiting."""

import asyncio
import json
from collections.abc import Sequence

from sandbox.page.shown import is_for, message_shown
from sandbox.people.person import Person
from sandbox.state.core import State
from sandbox.state.model import Channel, Message

AT_ONCE = 200
"""Messages that are put into words before others have a turn: some milliseconds' worth."""

_AFTER_ALL = "~"  # sorts behind every ts


def stretch(channel: Channel, person: Person, *, before: str, limit: int) -> tuple[list[Message], bool]:
    """The last of the conversation (before a ts, if one is given), oldest first, and whether there is more."""
    found: list[Message] = []
    more = False
    for message in reversed(channel.messages.values()):
        if (message.is_reply and not message.broadcast) or (before and message.ts >= before):
            continue
        if more := len(found) == limit:
            break
        found.append(message)
    oldest, end = found[-1].ts if more else "", before or _AFTER_ALL
    whispers = [
        message
        for message in channel.ephemerals
        if is_for(message, person) and not message.thread_ts and oldest <= message.ts < end
    ]
    return sorted([*found, *whispers], key=lambda message: message.ts), more


async def in_words(state: State, channel: Channel, messages: Sequence[Message], person: Person) -> str:
    """These messages as a list in JSON; one that changes meanwhile is told of by a push."""
    words: list[str] = []
    for start in range(0, len(messages), AT_ONCE):
        if start:
            await asyncio.sleep(0)
        some = messages[start : start + AT_ONCE]
        words += [json.dumps(message_shown(state, channel, message, person)) for message in some]
    return f"[{', '.join(words)}]"
