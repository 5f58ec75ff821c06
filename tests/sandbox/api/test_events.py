"""The events that the workspace's life gives rise to (protocol.md, section 7)."""

from sandbox.state.core import Change
from tests.sandbox.api.conftest import Slack


async def test_a_new_channel_tells_of_itself_and_of_its_first_member(slack: Slack) -> None:
    channel = slack.public()

    assert slack.kinds() == ["channel_created", "message.channel_join", "member_joined_channel"]
    created, _, joined = slack.events
    assert (created["channel"]["id"], created["channel"]["creator"]) == (channel.id, slack.bot)
    assert (joined["user"], joined["channel"], joined["channel_type"]) == (slack.bot, channel.id, "C")


async def test_a_private_channel_is_announced_to_nobody(slack: Slack) -> None:
    slack.private()

    assert slack.kinds() == ["message.group_join", "member_joined_channel"]


async def test_a_typed_message_carries_its_channel_type_and_rich_text(slack: Slack) -> None:
    channel = slack.public()
    slack.events.clear()

    ts = slack.says(slack.ann, channel, f"Hi <@{slack.bo.id}> &amp; all")

    (event,) = slack.events
    assert (event["type"], event["channel_type"], event["user"], event["ts"]) == (
        "message",
        "channel",
        slack.ann.id,
        ts,
    )
    assert event["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Hi "},
        {"type": "user", "user_id": slack.bo.id},
        {"type": "text", "text": " & all"},
    ]


async def test_the_bots_own_message_has_no_subtype_but_its_bot_id(slack: Slack) -> None:
    channel = slack.public()

    await slack.web.chat_postMessage(channel=channel.id, text="Hello")

    event = slack.events[-1]
    assert (event["user"], event["bot_id"]) == (slack.bot, slack.workspace.app.bot_id)
    assert event["bot_profile"]["app_id"] == slack.workspace.app.id
    assert "subtype" not in event


async def test_a_mention_of_the_bot_arrives_as_a_message_and_as_a_mention(slack: Slack) -> None:
    channel = slack.public()
    slack.events.clear()

    slack.says(slack.ann, channel, f"<@{slack.bot}> help")

    assert slack.kinds() == ["message", "app_mention"]
    assert slack.events[0]["ts"] == slack.events[1]["ts"]


async def test_an_edit_tells_the_message_before_and_after(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Helo")

    slack.workspace.chat.edit(channel, channel.messages[ts], by=slack.ann.id, changes={"text": "Hello"})

    event = slack.events[-1]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("Helo", "Hello")
    assert event["message"]["edited"]["user"] == slack.ann.id
    assert event["ts"] != event["message"]["ts"] == ts


async def test_a_deletion_tells_what_was_deleted(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "oops")

    slack.workspace.chat.delete(channel, channel.messages[ts], by=slack.ann.id)

    event = slack.events[-1]
    assert (event["subtype"], event["deleted_ts"], event["previous_message"]["text"]) == ("message_deleted", ts, "oops")


async def test_a_reply_names_its_parent_and_changes_it(slack: Slack) -> None:
    channel = slack.public()
    parent = slack.says(slack.ann, channel, "parent")
    slack.events.clear()

    slack.says(slack.bo, channel, "reply", thread_ts=parent)

    assert slack.kinds() == ["message", "message.message_changed"]
    reply, change = slack.events
    assert (reply["thread_ts"], reply["parent_user_id"]) == (parent, slack.ann.id)
    assert (change["message"]["ts"], change["message"]["reply_count"]) == (parent, 1)


async def test_a_reaction_names_the_message_and_its_author(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Hello")

    slack.workspace.reactions.add(channel, channel.messages[ts], "pushpin", by=slack.bo.id)

    event = slack.events[-1]
    assert event["item"] == {"type": "message", "channel": channel.id, "ts": ts}
    assert (event["type"], event["user"], event["item_user"]) == ("reaction_added", slack.bo.id, slack.ann.id)


async def test_topic_name_and_archive_are_said_in_the_channel(slack: Slack) -> None:
    channel = slack.public()
    slack.events.clear()

    await slack.web.conversations_setTopic(channel=channel.id, topic="All quiet")
    await slack.web.conversations_rename(channel=channel.id, name="quiet")
    await slack.web.conversations_archive(channel=channel.id)

    assert slack.kinds() == [
        "message.channel_topic",
        "message.channel_name",
        "channel_rename",
        "message.channel_archive",
        "channel_archive",
    ]


async def test_a_pin_tells_how_many_there_are(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Hello")

    slack.workspace.pins.add(channel, channel.messages[ts], by=slack.ann.id)
    slack.workspace.pins.remove(channel, channel.messages[ts], by=slack.ann.id)

    added, removed = slack.events[-2:]
    assert (added["type"], added["pin_count"], added["item"]["message"]["ts"]) == ("pin_added", 1, ts)
    assert (removed["type"], removed["has_pins"]) == ("pin_removed", False)


async def test_the_bot_hears_of_messages_only_where_it_is_a_member(slack: Slack) -> None:
    mine, theirs, hidden = slack.public("mine"), slack.public("theirs", by=slack.ann), slack.private(by=slack.ann)
    reaches, message = slack.workspace.reaches_bot, {"type": "message", "user": slack.ann.id}

    assert [reaches(message, channel) for channel in (mine, theirs, hidden)] == [True, False, False]


async def test_the_bot_hears_of_public_channels_it_is_not_in(slack: Slack) -> None:
    theirs, hidden = slack.public("theirs", by=slack.ann), slack.private(by=slack.ann)

    for kind in ("channel_created", "channel_rename", "channel_archive"):
        assert slack.workspace.reaches_bot({"type": kind}, theirs)
        assert not slack.workspace.reaches_bot({"type": kind}, hidden)


async def test_the_bot_hears_that_it_was_removed(slack: Slack) -> None:
    channel = slack.public(by=slack.ann)
    slack.workspace.conversations.join(channel, by=slack.bot)
    slack.events.clear()

    slack.workspace.conversations.kick(channel, slack.bot, by=slack.ann.id)

    heard = [event["type"] for event in slack.events if slack.workspace.reaches_bot(event, channel)]
    assert heard == ["member_left_channel", "channel_left"]


async def test_the_page_hears_of_what_leaves_no_event(slack: Slack) -> None:
    channel = slack.public()
    changes: list[object] = []
    slack.workspace.on_change(changes.append)

    slack.workspace.chat.post_ephemeral(channel, by=slack.bot, to=slack.ann.id, draft={"text": "psst"})

    (change,) = changes
    assert isinstance(change, Change)
    assert (change.channel, change.ts) == (channel, channel.ephemerals[-1].ts)
