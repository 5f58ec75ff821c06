"""chat.*, as an app uses it."""

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.api.conftest import NOON, Slack, refusal

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
METADATA = {"event_type": "opened", "event_payload": {"key": "42"}}


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


async def test_a_user_id_posts_to_the_dm_with_the_app(slack: Slack) -> None:
    posted = await slack.web.chat_postMessage(channel=slack.ann.id, text="Hello")

    channel = slack.workspace.channels[posted["channel"]]
    assert (channel.kind, set(channel.members)) == ("im", {slack.bot, slack.ann.id})


async def test_a_channel_name_is_resolved_with_a_complaint(slack: Slack) -> None:
    channel = slack.public("ops")

    posted = await slack.web.chat_postMessage(channel="#ops", text="Hello")

    assert posted["channel"] == channel.id
    assert slack.workspace.complaints == ["chat.postMessage: a channel's name where its id is preferred"]


async def test_a_bot_reaches_no_dm_between_two_people(slack: Slack) -> None:
    channel, _ = slack.workspace.conversations.open([slack.bo.id], by=slack.ann.id)

    assert await refusal(slack.web.chat_postMessage(channel=channel.id, text="Hello")) == "channel_not_found"


async def test_chat_write_public_posts_where_the_bot_is_no_member(slack: Slack) -> None:
    channel = slack.public(by=slack.ann)
    slack.workspace.grant(slack.workspace.app.scopes | {"chat:write.public"})

    assert (await slack.web.chat_postMessage(channel=channel.id, text="Hello"))["ok"]


async def test_a_message_needs_something_in_it(slack: Slack) -> None:
    channel = slack.public()

    empty = slack.web.api_call("chat.postMessage", json={"channel": channel.id, "text": ""})

    assert await refusal(empty) == "no_text"


async def test_wrong_blocks_are_refused_with_the_place_that_is_wrong(slack: Slack) -> None:
    channel = slack.public()
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}

    with pytest.raises(SlackApiError) as refused:
        await slack.web.chat_postMessage(channel=channel.id, text="x", blocks=[section])

    answer = refused.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_blocks_without_a_fallback_text_are_a_complaint(slack: Slack) -> None:
    channel = slack.public()

    with pytest.warns(UserWarning, match="text"):
        await slack.web.chat_postMessage(channel=channel.id, blocks=[SECTION])

    assert len(slack.workspace.complaints) == 1


async def test_a_text_over_forty_thousand_characters_is_cut_with_a_warning(slack: Slack) -> None:
    channel = slack.public()

    posted = await slack.web.chat_postMessage(channel=channel.id, text="x" * 40_001)

    assert posted["warning"] == "message_truncated"
    assert len(posted["message"]["text"]) == 40_000


async def test_a_name_of_its_own_needs_the_scope_for_it(slack: Slack) -> None:
    channel = slack.public()
    post = slack.web.chat_postMessage

    assert await refusal(post(channel=channel.id, text="Hello", username="Someone")) == "missing_scope"
    slack.workspace.grant(slack.workspace.app.scopes | {"chat:write.customize"})
    message = (await post(channel=channel.id, text="Hello", username="Someone"))["message"]
    assert (message["subtype"], message["username"]) == ("bot_message", "Someone")
    assert "user" not in message


@pytest.mark.parametrize("thread", ["1700000000.000001", "join"])
async def test_only_a_message_can_be_replied_to(slack: Slack, thread: str) -> None:
    channel = slack.public()
    join = next(iter(channel.messages))

    reply = slack.web.chat_postMessage(channel=channel.id, text="Hello", thread_ts=join if thread == "join" else thread)

    assert await refusal(reply) == "cannot_reply_to_message"


async def test_an_ephemeral_message_is_for_members_only_and_cannot_be_updated(slack: Slack) -> None:
    channel = slack.public()
    web = slack.web
    stranger = web.chat_postEphemeral(channel=channel.id, user=slack.ann.id, text="psst")
    assert await refusal(stranger) == "user_not_in_channel"
    await web.conversations_invite(channel=channel.id, users=slack.ann.id)
    slack.events.clear()

    posted = await web.chat_postEphemeral(channel=channel.id, user=slack.ann.id, text="psst")

    assert set(posted.data) == {"ok", "message_ts"}
    update = web.chat_update(channel=channel.id, ts=posted["message_ts"], text="x")
    assert await refusal(update) == "message_not_found"
    assert slack.events == []


async def test_an_ephemeral_reply_needs_a_message_to_reply_to(slack: Slack) -> None:
    channel = slack.public()
    await slack.web.conversations_invite(channel=channel.id, users=slack.ann.id)
    parent = slack.says(slack.ann, channel, "parent")

    async def whisper(thread: str) -> object:
        return await slack.web.chat_postEphemeral(channel=channel.id, user=slack.ann.id, text="psst", thread_ts=thread)

    await whisper(parent)

    assert channel.ephemerals[0].thread_ts == parent
    assert await refusal(whisper("1.000001")) == "cannot_reply_to_message"


async def test_an_update_with_text_alone_removes_the_blocks_and_keeps_the_metadata(slack: Slack) -> None:
    channel = slack.public()
    web = slack.web
    posted = await web.chat_postMessage(channel=channel.id, text="Old", blocks=[SECTION], metadata=METADATA)

    updated = await web.chat_update(channel=channel.id, ts=posted["ts"], text="New")

    message = updated["message"]
    assert (message["text"], message["metadata"]) == ("New", METADATA)
    assert "blocks" not in message
    assert message["edited"]["user"] == slack.bot


async def test_an_update_with_blocks_alone_keeps_the_text_and_does_not_show(slack: Slack) -> None:
    channel = slack.public()
    posted = await slack.web.chat_postMessage(channel=channel.id, text="Old")

    with pytest.warns(UserWarning, match="text"):
        updated = await slack.web.chat_update(channel=channel.id, ts=posted["ts"], blocks=[SECTION])

    assert updated["message"]["text"] == "Old"
    assert "edited" not in updated["message"]


async def test_a_bot_changes_and_deletes_only_its_own_messages(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "mine")
    web = slack.web

    assert await refusal(web.chat_update(channel=channel.id, ts=ts, text="x")) == "cant_update_message"
    assert await refusal(web.chat_delete(channel=channel.id, ts=ts)) == "cant_delete_message"
    assert await refusal(web.chat_delete(channel=channel.id, ts="1.000001")) == "message_not_found"
    assert await refusal(web.chat_update(channel=channel.id, ts=ts, text="x" * 4001)) == "msg_too_long"


async def test_a_deleted_parent_leaves_a_tombstone_over_its_replies(slack: Slack) -> None:
    channel = slack.public()
    parent = (await slack.web.chat_postMessage(channel=channel.id, text="parent"))["ts"]
    slack.says(slack.ann, channel, "reply", thread_ts=parent)

    await slack.web.chat_delete(channel=channel.id, ts=parent)

    thread = (await slack.web.conversations_replies(channel=channel.id, ts=parent))["messages"]
    assert [(m["text"], m.get("subtype")) for m in thread] == [
        ("This message was deleted.", "tombstone"),
        ("reply", None),
    ]


async def test_a_deleted_parent_is_told_as_a_change_and_its_tombstone_as_deleted_with_the_last_reply(
    slack: Slack,
) -> None:
    channel = slack.public()
    parent = (await slack.web.chat_postMessage(channel=channel.id, text="parent"))["ts"]
    reply = (await slack.web.chat_postMessage(channel=channel.id, text="reply", thread_ts=parent))["ts"]
    slack.events.clear()

    await slack.web.chat_delete(channel=channel.id, ts=parent)
    await slack.web.chat_delete(channel=channel.id, ts=reply)

    assert slack.kinds() == ["message.message_changed", "message.message_deleted", "message.message_deleted"]
    buried, of_reply, of_parent = slack.events
    assert (buried["message"]["subtype"], buried["message"]["user"]) == ("tombstone", "USLACKBOT")
    assert (buried["message"]["hidden"], buried["previous_message"]["text"]) == (True, "parent")
    assert not {"bot_id", "client_msg_id"} & set(buried["message"])
    assert (of_reply["deleted_ts"], of_parent["deleted_ts"]) == (reply, parent)
    assert await refusal(slack.web.conversations_replies(channel=channel.id, ts=parent)) == "thread_not_found"


async def test_a_deleted_reply_is_no_longer_counted_by_its_parent(slack: Slack) -> None:
    channel = slack.public()
    parent = slack.says(slack.bo, channel, "parent")
    slack.says(slack.ann, channel, "stays", thread_ts=parent)
    gone = (await slack.web.chat_postMessage(channel=channel.id, text="goes", thread_ts=parent))["ts"]

    await slack.web.chat_delete(channel=channel.id, ts=gone)

    (told,) = [event["message"] for event in slack.events[-1:]]
    assert (told["reply_count"], told["reply_users"], told["ts"]) == (1, [slack.ann.id], parent)


async def test_a_permalink_names_the_thread_of_a_reply(slack: Slack) -> None:
    channel = slack.public()
    parent = slack.says(slack.ann, channel, "parent")
    reply = slack.says(slack.ann, channel, "reply", thread_ts=parent)

    of_parent = await slack.web.chat_getPermalink(channel=channel.id, message_ts=parent)
    of_reply = await slack.web.chat_getPermalink(channel=channel.id, message_ts=reply)

    assert of_parent["permalink"].endswith(f"/archives/{channel.id}/p{parent.replace('.', '')}")
    assert of_reply["permalink"].endswith(f"?thread_ts={parent}&cid={channel.id}")


async def test_a_scheduled_message_is_posted_when_its_time_comes(slack: Slack) -> None:
    channel = slack.public()
    at = int((NOON + timedelta(minutes=5)).timestamp())

    await slack.web.chat_scheduleMessage(channel=channel.id, post_at=at, text="Later")
    slack.clock.advance(299)
    waiting = await slack.web.chat_scheduledMessages_list()
    slack.clock.advance(1)

    assert [item["text"] for item in waiting["scheduled_messages"]] == ["Later"]
    assert list(channel.messages.values())[-1].text == "Later"
    assert (await slack.web.chat_scheduledMessages_list())["scheduled_messages"] == []


async def test_a_scheduled_message_can_be_called_off_before_its_time(slack: Slack) -> None:
    channel = slack.public()
    web = slack.web
    at = int((NOON + timedelta(minutes=5)).timestamp())
    waiting = await web.chat_scheduleMessage(channel=channel.id, post_at=at, text="Later")

    which = {"channel": channel.id, "scheduled_message_id": waiting["scheduled_message_id"]}
    await web.chat_deleteScheduledMessage(**which)
    slack.clock.advance(600)

    assert "Later" not in [message.text for message in channel.messages.values()]
    assert await refusal(web.chat_deleteScheduledMessage(**which)) == "invalid_scheduled_message_id"


@pytest.mark.parametrize(("days", "code"), [(-1, "time_in_past"), (121, "time_too_far")])
async def test_a_message_is_scheduled_within_120_days(slack: Slack, days: int, code: str) -> None:
    at = int((NOON + timedelta(days=days)).timestamp())

    assert await refusal(slack.web.chat_scheduleMessage(channel=slack.public().id, post_at=at, text="x")) == code
