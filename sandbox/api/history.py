"""conversations.history, conversations.replies, conversations.mark: reading what was said."""

import re
from collections.abc import Iterable

from sandbox.api.call import ApiCall, Handler
from sandbox.api.paging import page
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, Message
from sandbox.state.shapes import message_json

_TS = re.compile(r"\d+(\.\d+)?")


def history(call: ApiCall) -> Json:
    """The messages of a conversation, newest first, without the replies that stayed in their threads."""
    channel = call.joined_channel()
    messages = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
    items, cursor = page(call, _between(call, reversed(messages)), _ts, maximum=999)
    return _answer(call, items, cursor) | {"pin_count": len(channel.pins)}


def replies(call: ApiCall) -> Json:
    """A thread, its parent first; `ts` may be the parent's or any reply's."""
    channel = call.joined_channel()
    parent = _parent(channel, call.text("ts"))
    thread = [channel.messages[ts] for ts in parent.replies]
    items, cursor = page(call, [parent, *_between(call, thread)], _ts, default=1000)
    return _answer(call, items, cursor)


def mark(call: ApiCall) -> Json:
    """Move the bot's own read cursor."""
    channel = call.joined_channel()
    if not _TS.fullmatch(call.text("ts")):
        raise SlackError("invalid_timestamp")
    channel.last_read[call.user_id] = call.text("ts")
    return {}


def _parent(channel: Channel, ts: str) -> Message:
    message = channel.messages.get(ts)
    if message is not None and message.is_reply:
        message = channel.messages.get(message.thread_ts or "")
    if message is None:
        raise SlackError("thread_not_found")
    return message


def _between(call: ApiCall, messages: Iterable[Message]) -> list[Message]:
    """Those between `oldest` and `latest`, the ends themselves only with `inclusive`."""
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    inclusive = call.flag("inclusive")
    return [m for m in messages if _within(_number(m.ts), oldest, latest, inclusive)]


def _within(
    ts: tuple[int, int], oldest: tuple[int, int] | None, latest: tuple[int, int] | None, inclusive: bool
) -> bool:
    if inclusive and ts in (oldest, latest):
        return True
    return (oldest is None or ts > oldest) and (latest is None or ts < latest)


def _bound(call: ApiCall, name: str) -> tuple[int, int] | None:
    text = call.text(name)
    if text in ("", "0", "now"):
        return None
    if not _TS.fullmatch(text):
        raise SlackError(f"invalid_ts_{name}")
    return _number(text)


def _number(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    return int(seconds), int(micros.ljust(6, "0")[:6])


def _answer(call: ApiCall, messages: list[Message], cursor: str) -> Json:
    with_metadata = call.flag("include_all_metadata")
    shapes = [message_json(call.workspace, message, metadata=with_metadata) for message in messages]
    answer: Json = {"messages": shapes, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _ts(message: Message) -> str:
    return message.ts


HANDLERS: dict[str, Handler] = {
    "conversations.history": history,
    "conversations.mark": mark,
    "conversations.replies": replies,
}
