"""conversations.history and conversations.replies."""

import pytest

from tests.sandbox.api.conftest import Slack, refusal

METADATA = {"event_type": "opened", "event_payload": {"key": "42"}}


async def test_the_history_is_newest_first_and_comes_in_pages(slack: Slack) -> None:
    channel = slack.public()
    for number in range(5):
        await slack.web.chat_postMessage(channel=channel.id, text=str(number))

    first = await slack.web.conversations_history(channel=channel.id, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    slack.says(slack.ann, channel, "in between")
    second = await slack.web.conversations_history(channel=channel.id, limit=3, cursor=cursor)

    texts = [message["text"] for page in (first, second) for message in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0", f"<@{slack.bot}> has joined the channel"]
    assert (first["has_more"], second["has_more"]) == (True, False)


async def test_oldest_and_latest_leave_out_the_ends_unless_inclusive(slack: Slack) -> None:
    channel = slack.public()
    a, b, c = [slack.says(slack.ann, channel, text) for text in "abc"]

    between = await slack.web.conversations_history(channel=channel.id, oldest=a, latest=c)
    inclusive = await slack.web.conversations_history(channel=channel.id, oldest=a, latest=c, inclusive=True)

    assert [message["ts"] for message in between["messages"]] == [b]
    assert [message["ts"] for message in inclusive["messages"]] == [c, b, a]


@pytest.mark.parametrize("bound", ["oldest", "latest"])
async def test_a_bound_that_is_no_ts_is_refused(slack: Slack, bound: str) -> None:
    history = slack.web.api_call("conversations.history", params={"channel": slack.public().id, bound: "monday"})

    assert await refusal(history) == f"invalid_ts_{bound}"


async def test_replies_stay_in_their_thread_unless_broadcast(slack: Slack) -> None:
    channel = slack.public()
    parent = slack.says(slack.ann, channel, "parent")
    quiet = await slack.web.chat_postMessage(channel=channel.id, thread_ts=parent, text="quiet")
    loud = await slack.web.chat_postMessage(channel=channel.id, thread_ts=parent, text="loud", reply_broadcast=True)

    history = (await slack.web.conversations_history(channel=channel.id, limit=2))["messages"]
    thread = (await slack.web.conversations_replies(channel=channel.id, ts=quiet["ts"]))["messages"]

    assert [(m["text"], m.get("subtype")) for m in history] == [("loud", "thread_broadcast"), ("parent", None)]
    assert [m["ts"] for m in thread] == [parent, quiet["ts"], loud["ts"]]
    assert (thread[0]["reply_count"], thread[0]["latest_reply"]) == (2, loud["ts"])
    assert thread[1]["parent_user_id"] == slack.ann.id


async def test_a_thread_is_read_in_pages_with_its_parent_first(slack: Slack) -> None:
    channel = slack.public()
    parent = slack.says(slack.ann, channel, "parent")
    for number in range(3):
        slack.says(slack.bo, channel, str(number), thread_ts=parent)

    first = await slack.web.conversations_replies(channel=channel.id, ts=parent, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await slack.web.conversations_replies(channel=channel.id, ts=parent, limit=2, cursor=cursor)

    assert [m["text"] for page in (first, second) for m in page["messages"]] == ["parent", "0", "1", "2"]
    assert await refusal(slack.web.conversations_replies(channel=channel.id, ts="1.000001")) == "thread_not_found"


async def test_metadata_is_returned_in_full_only_on_request(slack: Slack) -> None:
    channel = slack.public()
    await slack.web.chat_postMessage(channel=channel.id, text="Hello", metadata=METADATA)

    plain = await slack.web.conversations_history(channel=channel.id, limit=1)
    full = await slack.web.conversations_history(channel=channel.id, limit=1, include_all_metadata=True)

    assert "event_payload" not in plain["messages"][0]["metadata"]
    assert full["messages"][0]["metadata"] == METADATA


async def test_an_ephemeral_message_is_in_no_history(slack: Slack) -> None:
    channel = slack.public()
    await slack.web.conversations_invite(channel=channel.id, users=slack.ann.id)
    await slack.web.chat_postEphemeral(channel=channel.id, user=slack.ann.id, text="psst")

    history = await slack.web.conversations_history(channel=channel.id)

    assert "psst" not in str(history.data)
    assert [message.text for message in channel.ephemerals] == ["psst"]
