"""conversations.*: channels, who is in them, and who may know of them."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.api.conftest import Slack, refusal


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "invalid_name_required"),
        ("a" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("Ops", "invalid_name_specials"),
        ("the ops", "invalid_name_specials"),
        ("ops.one", "invalid_name_specials"),
        ("general", "name_taken"),
    ],
)
async def test_a_name_slack_would_not_take_is_refused(slack: Slack, name: str, code: str) -> None:
    assert await refusal(slack.web.conversations_create(name=name)) == code


async def test_a_name_of_eighty_characters_is_taken(slack: Slack) -> None:
    created = await slack.web.conversations_create(name="a" * 80)

    assert created["channel"]["name"] == "a" * 80


async def test_the_bot_is_creator_and_member_of_the_channel_it_makes(slack: Slack) -> None:
    created = await slack.web.conversations_create(name="ops")

    channel = created["channel"]
    assert (channel["creator"], channel["is_member"], channel["is_private"]) == (slack.bot, True, False)
    members = await slack.web.conversations_members(channel=channel["id"])
    assert members["members"] == [slack.bot]


async def test_an_archived_channel_keeps_its_name(slack: Slack) -> None:
    channel = slack.public("ops")
    await slack.web.conversations_archive(channel=channel.id)

    assert await refusal(slack.web.conversations_create(name="ops")) == "name_taken"


async def test_an_archived_channel_can_only_be_read(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.workspace.chat.post(channel, by=slack.bot, draft={"text": "Hello"}).ts
    await slack.web.conversations_archive(channel=channel.id)
    web, where = slack.web, channel.id

    assert await refusal(web.conversations_archive(channel=where)) == "already_archived"
    assert await refusal(web.chat_postMessage(channel=where, text="Hello")) == "is_archived"
    assert await refusal(web.conversations_invite(channel=where, users=slack.ann.id)) == "is_archived"
    assert await refusal(web.conversations_setTopic(channel=where, topic="x")) == "is_archived"
    assert await refusal(web.conversations_join(channel=where)) == "is_archived"
    assert await refusal(web.reactions_add(channel=where, timestamp=ts, name="eyes")) == "is_archived"
    assert await refusal(web.chat_update(channel=where, ts=ts, text="Bye")) == "is_inactive"
    assert (await web.conversations_history(channel=where))["ok"]


async def test_a_bot_cannot_unarchive(slack: Slack) -> None:
    channel = slack.public()
    slack.workspace.conversations.archive(channel, by=slack.bot)

    assert await refusal(slack.web.conversations_unarchive(channel=channel.id)) == "is_bot"


async def test_a_public_channel_is_seen_but_not_read_or_used_without_membership(slack: Slack) -> None:
    channel = slack.public(by=slack.ann)
    ts = slack.says(slack.ann, channel, "Hello")
    web, where = slack.web, channel.id

    assert (await web.conversations_info(channel=where))["channel"]["is_member"] is False
    for call in (
        web.conversations_history(channel=where),
        web.conversations_replies(channel=where, ts=ts),
        web.chat_postMessage(channel=where, text="Hello"),
        web.conversations_invite(channel=where, users=slack.bo.id),
        web.conversations_setTopic(channel=where, topic="x"),
        web.conversations_archive(channel=where),
        web.pins_add(channel=where, timestamp=ts),
    ):
        assert await refusal(call) == "not_in_channel"


async def test_joining_twice_is_a_warning(slack: Slack) -> None:
    channel = slack.public(by=slack.ann)

    first = await slack.web.conversations_join(channel=channel.id)
    second = await slack.web.conversations_join(channel=channel.id)

    assert "warning" not in first.data
    assert (second["ok"], second["warning"]) == (True, "already_in_channel")


async def test_a_private_channel_of_others_is_found_on_no_road(slack: Slack) -> None:
    channel = slack.private(by=slack.ann)
    ts = slack.says(slack.ann, channel, "hush")
    slack.workspace.reactions.add(channel, channel.messages[ts], "eyes", by=slack.ann.id)
    web, where = slack.web, channel.id

    for call in (
        web.conversations_info(channel=where),
        web.conversations_history(channel=where),
        web.conversations_replies(channel=where, ts=ts),
        web.conversations_members(channel=where),
        web.conversations_join(channel=where),
        web.conversations_invite(channel=where, users=slack.bo.id),
        web.chat_postMessage(channel=where, text="Hello"),
        web.chat_postMessage(channel="secret", text="Hello"),
        web.chat_postEphemeral(channel=where, user=slack.ann.id, text="Hello"),
        web.chat_getPermalink(channel=where, message_ts=ts),
        web.reactions_get(channel=where, timestamp=ts),
        web.pins_list(channel=where),
        web.bookmarks_list(channel_id=where),
    ):
        assert await refusal(call) == "channel_not_found"
    everything = "public_channel,private_channel,im,mpim"
    for listing in (
        await web.conversations_list(types=everything),
        await web.users_conversations(user=slack.ann.id, types=everything),
        await web.reactions_list(user=slack.ann.id),
    ):
        assert where not in str(listing.data)


async def test_a_guest_sees_only_the_channels_they_are_in(slack: Slack) -> None:
    guest = slack.workspace.add_user("eve", guest=True)
    channel = slack.public()

    assert slack.workspace.visible_channels(guest.id) == []
    slack.workspace.conversations.invite(channel, [guest.id], by=slack.bot)
    assert slack.workspace.visible_channels(guest.id) == [channel]


async def test_an_invitation_of_several_is_all_or_none(slack: Slack) -> None:
    channel = slack.public()

    with pytest.raises(SlackApiError) as refused:
        await slack.web.conversations_invite(channel=channel.id, users=[slack.ann.id, "U0NOBODY"])

    assert refused.value.response["error"] == "user_not_found"
    assert refused.value.response["errors"] == [{"user": "U0NOBODY", "ok": False, "error": "user_not_found"}]
    assert list(channel.members) == [slack.bot]


async def test_a_forced_invitation_brings_those_who_can_come(slack: Slack) -> None:
    channel = slack.public()

    answer = await slack.web.conversations_invite(channel=channel.id, users=[slack.ann.id, "U0NOBODY"], force=True)

    assert answer["errors"][0]["error"] == "user_not_found"
    assert list(channel.members) == [slack.bot, slack.ann.id]


async def test_nobody_is_invited_twice_nor_by_themselves(slack: Slack) -> None:
    channel = slack.public()
    web = slack.web
    await web.conversations_invite(channel=channel.id, users=slack.ann.id)

    assert await refusal(web.conversations_invite(channel=channel.id, users=slack.ann.id)) == "already_in_channel"
    assert await refusal(web.conversations_invite(channel=channel.id, users=slack.bot)) == "cant_invite_self"


async def test_a_deactivated_person_is_not_invited_nor_messaged(slack: Slack) -> None:
    channel = slack.public()
    slack.workspace.deactivate(slack.bo)
    web = slack.web

    assert await refusal(web.conversations_invite(channel=channel.id, users=slack.bo.id)) == "cant_invite"
    assert await refusal(web.chat_postMessage(channel=slack.bo.id, text="Hello")) == "channel_not_found"
    assert await refusal(web.conversations_open(users=slack.bo.id)) == "user_disabled"


async def test_the_last_member_cannot_leave_and_a_stranger_gets_the_odd_answer(slack: Slack) -> None:
    mine, theirs = slack.public("mine"), slack.public("theirs", by=slack.ann)

    assert await refusal(slack.web.conversations_leave(channel=mine.id)) == "last_member"
    with pytest.raises(SlackApiError) as refused:
        await slack.web.conversations_leave(channel=theirs.id)
    assert refused.value.response.data == {"ok": False, "not_in_channel": True}


async def test_someone_can_be_removed_but_only_if_they_are_there(slack: Slack) -> None:
    channel = slack.public()
    slack.workspace.conversations.invite(channel, [slack.ann.id], by=slack.bot)
    web = slack.web

    assert (await web.conversations_kick(channel=channel.id, user=slack.ann.id))["errors"] == {}
    assert await refusal(web.conversations_kick(channel=channel.id, user=slack.ann.id)) == "not_in_channel"
    assert await refusal(web.conversations_kick(channel=channel.id, user=slack.bot)) == "cant_kick_self"


async def test_only_the_creator_renames_a_channel(slack: Slack) -> None:
    mine, theirs = slack.public("mine"), slack.public("theirs", by=slack.ann)
    slack.workspace.conversations.join(theirs, by=slack.bot)

    renamed = await slack.web.conversations_rename(channel=mine.id, name="ours")

    assert (renamed["channel"]["name"], renamed["channel"]["previous_names"]) == ("ours", ["mine"])
    assert await refusal(slack.web.conversations_rename(channel=theirs.id, name="x")) == "not_authorized"


async def test_a_topic_has_at_most_250_characters(slack: Slack) -> None:
    channel = slack.public()

    await slack.web.conversations_setTopic(channel=channel.id, topic="t" * 250)

    assert channel.topic.value == "t" * 250
    assert await refusal(slack.web.conversations_setTopic(channel=channel.id, topic="t" * 251)) == "too_long"
    assert await refusal(slack.web.conversations_setPurpose(channel=channel.id, purpose="p" * 251)) == "too_long"


async def test_channels_are_listed_in_pages(slack: Slack) -> None:
    for number in range(4):
        slack.public(f"ops-{number}")

    first = await slack.web.conversations_list(limit=3)
    second = await slack.web.conversations_list(limit=3, cursor=first["response_metadata"]["next_cursor"])

    names = [channel["name"] for page in (first, second) for channel in page["channels"]]
    assert names == ["general", "ops-0", "ops-1", "ops-2", "ops-3"]
    assert second["response_metadata"]["next_cursor"] == ""


async def test_a_page_is_cut_before_archived_channels_are_left_out(slack: Slack) -> None:
    slack.workspace.conversations.archive(slack.public("old"), by=slack.bot)
    slack.public("new")

    first = await slack.web.conversations_list(limit=2, exclude_archived=True)

    assert [channel["name"] for channel in first["channels"]] == ["general"]
    assert first["response_metadata"]["next_cursor"]


async def test_a_cursor_is_worth_nothing_elsewhere(slack: Slack) -> None:
    slack.public("ops")
    first = await slack.web.conversations_list(limit=1)
    cursor = first["response_metadata"]["next_cursor"]

    assert await refusal(slack.web.conversations_list(limit=1, cursor="made-up")) == "invalid_cursor"
    other = slack.web.conversations_list(limit=1, cursor=cursor, exclude_archived=True)
    assert await refusal(other) == "invalid_cursor"


@pytest.mark.parametrize(("arguments", "code"), [({"limit": 1001}, "invalid_limit"), ({"types": "x"}, "invalid_types")])
async def test_a_listing_that_makes_no_sense_is_refused(slack: Slack, arguments: dict[str, object], code: str) -> None:
    assert await refusal(slack.web.conversations_list(**arguments)) == code  # type: ignore[arg-type]


async def test_a_dm_is_opened_once(slack: Slack) -> None:
    first = await slack.web.conversations_open(users=slack.ann.id)
    second = await slack.web.conversations_open(users=[slack.ann.id], return_im=True)

    assert first["channel"] == {"id": second["channel"]["id"]}
    assert (second["already_open"], second["channel"]["user"]) == (True, slack.ann.id)
    assert first["channel"]["id"].startswith("D")
    assert await refusal(slack.web.conversations_archive(channel=first["channel"]["id"])) == (
        "method_not_supported_for_channel_type"
    )


async def test_several_people_make_a_group_dm(slack: Slack) -> None:
    opened = await slack.web.conversations_open(users=[slack.ann.id, slack.bo.id], return_im=True)

    assert opened["channel"]["is_mpim"] is True
    assert await refusal(slack.web.api_call("conversations.open")) == "users_list_not_supplied"
