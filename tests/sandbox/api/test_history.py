"""conversations.history and conversations.replies."""

from collections.abc import Awaitable

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


async def test_a_message_is_read_with_all_that_was_added_to_it(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "it is down")
    message = channel.messages[ts]
    await slack.web.reactions_add(channel=channel.id, timestamp=ts, name="eyes")
    slack.workspace.reactions.add(channel, message, "eyes", by=slack.bo.id)
    slack.workspace.chat.edit(channel, message, by=slack.ann.id, changes={"text": "it is up"})
    reply = slack.says(slack.bo, channel, "good", thread_ts=ts)

    (read,) = (await slack.web.conversations_history(channel=channel.id, limit=1))["messages"]

    assert read["reactions"] == [{"name": "eyes", "users": [slack.bot, slack.bo.id], "count": 2}]
    assert (read["text"], read["edited"]["user"]) == ("it is up", slack.ann.id)
    assert (read["thread_ts"], read["reply_count"], read["latest_reply"]) == (ts, 1, reply)
    assert read["reply_users"] == [slack.bo.id]


async def test_a_thread_is_read_between_two_moments_with_its_parent(slack: Slack) -> None:
    channel = slack.public()
    parent = slack.says(slack.ann, channel, "parent")
    a, b, c = [slack.says(slack.ann, channel, text, thread_ts=parent) for text in "abc"]

    answer = await slack.web.conversations_replies(channel=channel.id, ts=parent, oldest=a, latest=c)

    assert [message["ts"] for message in answer["messages"]] == [parent, b]


async def test_forty_thousand_characters_are_read_as_they_were_typed(slack: Slack) -> None:
    channel = slack.public()
    slack.says(slack.ann, channel, "x" * 40_000)

    (read,) = (await slack.web.conversations_history(channel=channel.id, limit=1))["messages"]

    assert read["text"] == "x" * 40_000


@pytest.mark.parametrize("what", ["history", "replies"])
async def test_reading_is_limited_to_fifty_calls_a_minute(slack: Slack, what: str) -> None:
    channel = slack.public()
    thread = {"ts": slack.says(slack.ann, channel, "parent")} if what == "replies" else {}

    def read() -> Awaitable[object]:
        return slack.web.api_call(f"conversations.{what}", params={"channel": channel.id, **thread})

    for _ in range(50):
        await read()

    assert await refusal(read()) == "ratelimited"
    slack.clock.advance(2)
    await read()


async def test_a_private_channel_without_the_bot_is_not_found(slack: Slack) -> None:
    channel = slack.private(by=slack.ann)
    ts = slack.says(slack.ann, channel, "psst")

    assert await refusal(slack.web.conversations_history(channel=channel.id)) == "channel_not_found"
    assert await refusal(slack.web.conversations_replies(channel=channel.id, ts=ts)) == "channel_not_found"


async def test_a_message_written_after_the_clock_was_moved_is_that_much_later(slack: Slack) -> None:
    channel = slack.public()
    before = slack.says(slack.ann, channel, "before")

    slack.clock.advance(3600)

    after = slack.says(slack.ann, channel, "after")
    assert int(after.partition(".")[0]) - int(before.partition(".")[0]) == 3600
