"""What the methods answer those who are no members or name nobody: only what a page or the table lists."""

from typing import Any

import pytest

from sandbox.api.dispatch import HANDLERS, Incoming
from sandbox.contract.arguments import Argument
from sandbox.contract.facts import facts
from sandbox.contract.methods import known_errors, method
from sandbox.state.model import Channel
from tests.sandbox.api.conftest import NOON, Slack

NOBODY = "UNOBODY"
METHODS = sorted(HANDLERS.keys() - {"api.test"})
ASKED = ("bookmark_id", "channel", "channel_id", "link", "name", "text", "timestamp", "user", "users")
VALUES = {
    "link": "https://doc.example",
    "name": "eyes",
    "type": "link",
    "post_at": int(NOON.timestamp()) + 600,
    "view": {"type": "home", "blocks": []},
    "files": [{"id": "F1"}],
    "length": 1,
}


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(("private", "archived"), [(False, False), (False, True), (True, False), (True, True)])
async def test_a_stranger_is_refused_with_a_listed_code(slack: Slack, name: str, private: bool, archived: bool) -> None:
    channel = slack.private(by=slack.ann) if private else slack.public(by=slack.ann)
    ts = slack.says(slack.ann, channel, "x")
    if archived:
        slack.workspace.conversations.archive(channel, by=slack.ann.id)

    answers = [answer(slack, name, channel, ts, user=user) for user in (slack.bo.id, NOBODY)]

    known = method(name)
    assert known is not None
    assert {error for error in answers if error is not None} <= known_errors(known)


def test_every_extra_code_is_one_that_its_page_does_not_list() -> None:
    also = facts("also_answered.json")["codes"]
    pages = {name: method(name) for name in also}

    assert all(page is not None and page.errors.isdisjoint(also[name]) for name, page in pages.items())


def answer(slack: Slack, name: str, channel: Channel, ts: str, *, user: str) -> str | None:
    """The error of one call about this channel, message and user; None where it was done."""
    known = method(name)
    assert known is not None
    direct = name == "conversations.open"
    asked = [one for one in known.optional if one.name in ASKED and not (direct and one.name == "channel")]
    arguments = {one.name: value(one, channel, ts, user) for one in (*known.required, *asked)}
    app = slack.workspace.app
    token = app.app_token if "app-level" in known.token_types else app.bot_token
    error: str | None = slack.server.web_api.answer(Incoming(name, arguments, token, False)).body.get("error")
    return error


def value(argument: Argument, channel: Channel, ts: str, user: str) -> Any:
    """Something of the right kind for an argument."""
    if argument.name in ("channel", "channel_id"):
        return channel.id
    if argument.name in ("user", "user_id", "users"):
        return user
    return ts if argument.name in ("timestamp", "ts", "message_ts") else VALUES.get(argument.name, "x")
