"""What becomes of the names and links someone types: markup in messages, escaped or plain text in commands."""

import re
from collections.abc import Callable

from sandbox.people.seen import Screen
from sandbox.state.core import State
from sandbox.text import escape

_NAME = re.compile(r"(?<![\w@#])(?P<sign>[@#])(?P<name>[\w.\-]*\w)")
# Slack's client turns bare links into `<link>` (protocol.md, section 10); a full stop at the end is none of it.
_LINK = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?'\")\]*`]")
_CODE = re.compile(r"(?P<code>```(?s:.+?)```|`[^`\n]+`)")  # nothing in it is a link or a name
_IN_MESSAGES = re.compile(f"{_CODE.pattern}|{_LINK.pattern}|{_NAME.pattern}")
_BROADCASTS = ("here", "channel", "everyone")


def as_message(state: State, screen: Screen, words: str) -> str:
    """A typed message as Slack stores it: three characters escaped, picked names as mentions, links in brackets."""

    def markup(found: re.Match[str]) -> str:
        if found["code"]:
            return escape(found[0])
        return _mention(state, screen, found, broadcasts=True) if found["sign"] else f"<{escape(found[0])}>"

    return _marked_up(words, _IN_MESSAGES, markup)


def as_command_text(state: State, screen: Screen, words: str, *, should_escape: bool) -> str:
    """A command's text; names become mentions only for apps that ask (protocol.md, section 3: should_escape)."""
    if not should_escape:
        return words
    return _marked_up(words, _NAME, lambda found: _mention(state, screen, found, broadcasts=False))


def _marked_up(words: str, pattern: re.Pattern[str], markup: Callable[[re.Match[str]], str]) -> str:
    """The words escaped, but for what the pattern finds, which becomes markup."""
    parts, end = [], 0
    for found in pattern.finditer(words):
        parts += [escape(words[end : found.start()]), markup(found)]
        end = found.end()
    return "".join([*parts, escape(words[end:])])


def _mention(state: State, screen: Screen, found: re.Match[str], *, broadcasts: bool) -> str:
    sign, name = found["sign"], found["name"]
    if sign == "#":
        return _channel_mention(state, screen, name) or found[0]
    if broadcasts and name in _BROADCASTS:
        return f"<!{name}>"
    return _user_mention(state, name) or _group_mention(state, name) or found[0]


def _user_mention(state: State, name: str) -> str | None:
    users = (user for user in state.users.values() if user.name == name and not user.deleted)
    return next((f"<@{user.id}>" for user in users), None)


def _group_mention(state: State, handle: str) -> str | None:
    groups = (group for group in state.usergroups.values() if group.handle == handle and not group.deleted)
    return next((f"<!subteam^{group.id}>" for group in groups), None)


def _channel_mention(state: State, screen: Screen, name: str) -> str | None:
    channel = state.channel_named(name)
    if channel is None or not state.visible(channel, screen.user.id):
        return None
    # For private channels the name part is empty (protocol.md, section 3).
    return f"<#{channel.id}|{channel.name if channel.kind == 'public' else ''}>"
