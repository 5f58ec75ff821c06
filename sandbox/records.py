"""A whole workspace as lines of JSON: one for everything but the messages, then one for each message."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from pydantic import TypeAdapter

from sandbox.state.model import App, Channel, File, Integration, Message, ScheduledMessage, Team, User, UserGroup, View
from sandbox.workspace import Workspace

T = TypeVar("T")

VERSION = 1
SPARE_NUMBERS = 10_000
"""Ids begin so much later after each restart: some may have been given out after what was kept last."""
_ELSEWHERE = {"channels": {"__all__": {"messages", "ephemerals"}}, "files": {"__all__": {"content"}}}
"""What has lines or files of its own."""


class Unreadable(ValueError):
    """What was kept cannot be read, and why."""


@dataclass
class Records:
    """Everything of a workspace; its channels hold their messages, its files their bytes."""

    version: int
    ahead: float
    last_number: int
    team: Team
    app: App
    integrations: list[Integration]
    users: list[User]
    usergroups: list[UserGroup]
    emoji: dict[str, str]
    channels: list[Channel]
    files: list[File]
    modals: list[View]
    homes: list[View]
    scheduled: list[ScheduledMessage]


def records_of(workspace: Workspace) -> Records:
    """The workspace as it is now."""
    return Records(
        version=VERSION,
        ahead=workspace.clock.lead.total_seconds(),
        last_number=workspace.ids.last_number,
        team=workspace.team,
        app=workspace.app,
        integrations=list(workspace.integrations.values()),
        users=list(workspace.users.values()),
        usergroups=list(workspace.usergroups.values()),
        emoji=workspace.emoji,
        channels=list(workspace.channels.values()),
        files=list(workspace.files.values()),
        modals=workspace.views.modals(),
        homes=workspace.views.homes(),
        scheduled=workspace.schedule.list(),
    )


def restore(workspace: Workspace, records: Records) -> None:
    """Make the workspace what it once was; nobody is told of it."""
    workspace.clock.lead = timedelta(seconds=records.ahead)
    workspace.ids.last_number = records.last_number + SPARE_NUMBERS
    workspace.team, workspace.emoji = records.team, records.emoji
    workspace.integrations = _by(attrgetter("bot_id"), records.integrations)
    workspace.users = _by(attrgetter("id"), records.users)
    workspace.usergroups = _by(attrgetter("id"), records.usergroups)
    workspace.channels = _by(attrgetter("id"), records.channels)
    workspace.files = _by(attrgetter("id"), records.files)
    workspace.general = next(channel for channel in records.channels if channel.is_general)
    workspace.reinstall(records.app)
    workspace.views.restore(records.modals, records.homes)
    for scheduled in records.scheduled:
        workspace.schedule.restore(scheduled)


def head_line(records: Records) -> str:
    """Everything but the messages and the bytes of files."""
    return _line(_whole().dump_python(records, mode="json", exclude=_ELSEWHERE))


def message_line(message: Message) -> str:
    """One message, ephemeral or not."""
    return _line(_message().dump_python(message, mode="json"))


def read_records(head: str, *messages: str) -> Records:
    """The records that were written so, files without their bytes; raises Unreadable."""
    try:
        content = json.loads(head)
        if content["version"] != VERSION:
            raise Unreadable(f"it was written by another version ({content['version']})")
        records = _whole().validate_python(content)
        channels = _by(attrgetter("id"), records.channels)
        for message in sorted(map(_read_message, messages), key=attrgetter("ts")):
            _put(channels[message.channel_id], message)
        _check(records)
    except Unreadable:
        raise
    except (ValueError, LookupError, TypeError) as fault:
        raise Unreadable(f"it is damaged ({type(fault).__name__})") from fault
    return records


def _read_message(line: str) -> Message:
    return _message().validate_python(json.loads(line))


def _put(channel: Channel, message: Message) -> None:
    if message.ephemeral_to is None:
        channel.messages[message.ts] = message
    else:
        channel.ephemerals.append(message)


def _check(records: Records) -> None:
    """What the workspace cannot be without."""
    if not any(channel.is_general for channel in records.channels):
        raise LookupError("#general")
    known = {user.id for user in records.users}
    if strangers := {member for channel in records.channels for member in channel.members} - known:
        raise LookupError(*strangers)


# Made when a workspace is first kept: it takes a while, and most workspaces are not.
@cache
def _whole() -> TypeAdapter[Records]:
    return TypeAdapter(Records)


@cache
def _message() -> TypeAdapter[Message]:
    return TypeAdapter(Message)


def _by(key: Callable[[T], str], records: Iterable[T]) -> dict[str, T]:
    return {key(record): record for record in records}


def _line(content: Any) -> str:
    # Not by pydantic, which refuses the half of a surrogate pair that an app may have sent.
    return json.dumps(content, separators=(",", ":"))
