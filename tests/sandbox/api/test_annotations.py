"""reactions.*, pins.* and bookmarks.*."""

import pytest

from tests.sandbox.api.conftest import Slack, refusal


async def test_a_reaction_is_given_once_and_taken_back_once(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Hello")
    item = {"channel": channel.id, "timestamp": ts, "name": "eyes"}
    web = slack.web

    await web.reactions_add(**item)
    slack.workspace.reactions.add(channel, channel.messages[ts], "eyes", by=slack.ann.id)

    assert await refusal(web.reactions_add(**item)) == "already_reacted"
    message = (await web.reactions_get(channel=channel.id, timestamp=ts))["message"]
    assert message["reactions"] == [{"name": "eyes", "users": [slack.bot, slack.ann.id], "count": 2}]
    await web.reactions_remove(**item)
    assert await refusal(web.reactions_remove(**item)) == "no_reaction"


@pytest.mark.parametrize(
    ("timestamp", "name", "code"),
    [
        ("1.000001", "eyes", "message_not_found"),
        ("x", "eyes", "bad_timestamp"),
        (None, ":eyes:", "invalid_name"),
        (None, "no_such_emoji", "invalid_name"),
        (None, "eyes::skin-tone-7", "invalid_name"),
    ],
)
async def test_a_reaction_needs_a_message_and_an_emoji(
    slack: Slack, timestamp: str | None, name: str, code: str
) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Hello")

    reaction = slack.web.api_call(
        "reactions.add", json={"channel": channel.id, "timestamp": timestamp or ts, "name": name}
    )

    assert await refusal(reaction) == code


async def test_the_workspaces_own_emoji_and_other_tones_are_reactions(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Hello")
    slack.workspace.emoji["party_parrot"] = "https://emoji.example/party_parrot.gif"

    for name in ("party_parrot", "wave::skin-tone-3"):
        await slack.web.reactions_add(channel=channel.id, timestamp=ts, name=name)

    message = (await slack.web.reactions_get(channel=channel.id, timestamp=ts))["message"]
    assert [reaction["name"] for reaction in message["reactions"]] == ["party_parrot", "wave::skin-tone-3"]


async def test_the_messages_someone_reacted_to_are_listed(slack: Slack) -> None:
    channel = slack.public()
    stamps = [slack.says(slack.ann, channel, text) for text in "ab"]
    for ts in stamps:
        slack.workspace.reactions.add(channel, channel.messages[ts], "eyes", by=slack.bo.id)

    listed = await slack.web.reactions_list(user=slack.bo.id)

    assert [item["message"]["text"] for item in listed["items"]] == ["b", "a"]


async def test_a_message_is_pinned_once(slack: Slack) -> None:
    channel = slack.public()
    ts = slack.says(slack.ann, channel, "Hello")
    join = next(iter(channel.messages))
    web = slack.web

    await web.pins_add(channel=channel.id, timestamp=ts)

    items = (await web.pins_list(channel=channel.id))["items"]
    assert [(item["message"]["ts"], item["created_by"]) for item in items] == [(ts, slack.bot)]
    assert await refusal(web.pins_add(channel=channel.id, timestamp=ts)) == "already_pinned"
    assert await refusal(web.pins_add(channel=channel.id, timestamp=join)) == "not_pinnable"
    assert await refusal(web.api_call("pins.add", json={"channel": channel.id})) == "no_item_specified"
    await web.pins_remove(channel=channel.id, timestamp=ts)
    assert await refusal(web.pins_remove(channel=channel.id, timestamp=ts)) == "no_pin"


async def test_a_bookmark_is_added_changed_and_removed(slack: Slack) -> None:
    channel = slack.public()
    web = slack.web
    link = {"type": "link", "link": "https://example.com/1"}

    added = (await web.bookmarks_add(channel_id=channel.id, title="Runbook", **link))["bookmark"]
    await web.bookmarks_edit(channel_id=channel.id, bookmark_id=added["id"], title="The runbook")

    (listed,) = (await web.bookmarks_list(channel_id=channel.id))["bookmarks"]
    assert (listed["title"], listed["link"]) == ("The runbook", "https://example.com/1")
    await web.bookmarks_remove(channel_id=channel.id, bookmark_id=added["id"])
    gone = web.bookmarks_remove(channel_id=channel.id, bookmark_id=added["id"])
    assert await refusal(gone) == "not_found"


@pytest.mark.parametrize(
    ("kind", "link", "code"),
    [("link", "example.com", "invalid_link"), ("folder", "https://example.com", "invalid_bookmark_type")],
)
async def test_a_bookmark_is_a_web_link(slack: Slack, kind: str, link: str, code: str) -> None:
    channel = slack.public()

    assert await refusal(slack.web.bookmarks_add(channel_id=channel.id, title="x", type=kind, link=link)) == code


async def test_what_no_page_refuses_in_an_archived_channel_is_a_complaint(slack: Slack) -> None:
    channel = slack.public()
    slack.workspace.conversations.admit_quietly(channel, slack.bo.id)
    ts = slack.says(slack.bo, channel, "Read this")
    slack.workspace.conversations.archive(channel, by=slack.bot)

    await slack.web.pins_add(channel=channel.id, timestamp=ts)
    await slack.web.bookmarks_add(channel_id=channel.id, title="Doc", type="link", link="https://doc.example")
    await slack.web.conversations_kick(channel=channel.id, user=slack.bo.id)

    assert [complaint.split(":")[0] for complaint in slack.workspace.complaints] == [
        "pins.add",
        "bookmarks.add",
        "conversations.kick",
    ]
