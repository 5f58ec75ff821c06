"""What becomes of the names someone types: mentions in messages, escaped or plain text in commands."""

import re

from sandbox.people.seen import Screen
from sandbox.state.core import State
from sandbox.text import escape

_NAME = re.compile(r"(?<![\w@#])([@#])([\w.\-]*\w)")
_BROADCASTS = ("here", "channel", "everyone")


def as_message(state: State, screen: Screen, words: str) -> str:
    """A typed message as Slack stores it: three characters escaped, picked names as mentions."""
    return _NAME.sub(lambda found: _mention(state, screen, found, broadcasts=True), escape(words))


def as_command_text(state: State, screen: Screen, words: str, *, should_escape: bool) -> str:
    """A command's text; names become mentions only for apps that ask (protocol.md, section 3: should_escape)."""
    if not should_escape:
        return words
    return _NAME.sub(lambda found: _mention(state, screen, found, broadcasts=False), escape(words))


def _mention(state: State, screen: Screen, found: re.Match[str], *, broadcasts: bool) -> str:
    sign, name = found[1], found[2]
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
