"""chat.*, as an app uses it."""

from datetime import timedelta

import pytest

from tests.sandbox.api.conftest import NOON, Slack, refusal

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}


async def test_a_posted_message_comes_back_in_the_history_with_its_author(slack: Slack) -> None:
    channel = slack.public()

    posted = await slack.web.chat_postMessage(channel=channel.id, text="Hello", blocks=[SECTION])
    history = await slack.web.conversations_history(channel=channel.id, limit=1)

    (message,) = history["messages"]
    assert message["ts"] == posted["ts"]
    assert (message["user"], message["bot_id"]) == (slack.bot, slack.workspace.app.bot_id)
    assert message["blocks"][0]["text"]["text"] == "Hello"
    assert message["blocks"][0]["block_id"]
    assert slack.workspace.complaints == []


async def test_every_message_of_a_channel_has_a_ts_of_its_own_in_order(slack: Slack) -> None:
    channel = slack.public()

    stamps = [(await slack.web.chat_postMessage(channel=channel.id, text="Hello"))["ts"] for _ in range(3)]

    assert stamps == sorted(set(stamps))
