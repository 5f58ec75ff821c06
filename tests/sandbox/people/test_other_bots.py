"""Other apps and webhooks that post in the workspace, and the previews Slack adds to messages."""

import pytest

from sandbox import Sandbox
from sandbox.state.errors import SlackError
from tests.sandbox.apps import Listening

ALARM = {"color": "danger", "title": "Disk full", "text": "db-1 has 0 bytes left", "fallback": "Disk full"}


@pytest.fixture
async def listening(slack: Sandbox) -> Listening:
    """The app hears what is said in #general, where the alert bot is too."""
    await slack.person("ann").invites("parrot", "general")
    await slack.other_bot("Alerts").joins("general")
    await slack.events_settled()
    slack.link.transport = listening = Listening()
    return listening


async def test_another_app_posts_without_a_subtype_and_says_which_app_it_is(
    slack: Sandbox, listening: Listening
) -> None:
    alerts = slack.other_bot("Alerts")

    posted = await alerts.posts(channel="general", attachments=[ALARM])

    await slack.events_settled()
    (event,) = listening.messages()
    assert (event["user"], event["bot_id"], event["text"]) == (alerts.id, alerts.bot_id, "")
    assert event["app_id"] == event["bot_profile"]["app_id"] != slack.workspace.app.id
    assert event["attachments"] == [ALARM]
    assert not {"subtype", "client_msg_id", "username"} & set(event)
    assert slack.person("bo").screen.at("general", posted.ts).author == "alerts"


async def test_a_webhook_posts_a_bot_message_under_its_name_and_no_user(slack: Sandbox, listening: Listening) -> None:
    deploys = slack.other_bot("Deploys", webhook=True)

    posted = await deploys.posts("v2 is live", channel="general")

    await slack.events_settled()
    (event,) = listening.messages()
    assert (event["subtype"], event["username"], event["bot_id"]) == ("bot_message", "Deploys", deploys.bot_id)
    assert not {"user", "app_id", "bot_profile", "client_msg_id"} & set(event)
    assert posted.author == "Deploys"


async def test_another_app_changes_and_deletes_its_own_messages(slack: Sandbox, listening: Listening) -> None:
    alerts = slack.other_bot("Alerts")
    posted = await alerts.posts("disk full", channel="general")
    typed = await slack.person("ann").types("looking", channel="general")

    changed = await alerts.edits(posted, text="disk fine")
    await alerts.deletes(changed)

    await slack.events_settled()
    subtypes = [event.get("subtype") for event in listening.messages()]
    assert subtypes == [None, None, "message_changed", "message_deleted"]
    with pytest.raises(SlackError, match="cant_update_message"):
        await alerts.edits(typed, text="not mine")
    with pytest.raises(SlackError, match="cant_delete_message"):
        await alerts.deletes(typed)


async def test_another_app_posts_only_where_it_is_a_member(slack: Sandbox) -> None:
    alerts, ann = slack.other_bot("Alerts"), slack.person("ann")
    await ann.creates("secret", private=True)

    with pytest.raises(SlackError, match="not_in_channel"):
        await alerts.posts("disk full", channel="general")
    with pytest.raises(LookupError):
        await alerts.posts("disk full", channel="secret")
    await ann.invites(alerts.name, "secret")
    await alerts.posts("disk full", channel="secret")

    assert ann.sees("secret")[-1].text == "disk full"


async def test_a_webhook_needs_no_membership_and_never_changes_what_it_posted(slack: Sandbox) -> None:
    deploys, ann = slack.other_bot("Deploys", webhook=True), slack.person("ann")
    await ann.creates("secret", private=True)
    posted = await deploys.posts("v2 is live", channel="secret")

    with pytest.raises(SlackError, match="cant_update_message"):
        await deploys.edits(posted, text="v3 is live")
    with pytest.raises(SlackError, match="cant_delete_message"):
        await deploys.deletes(posted)
    await ann.archives("secret")
    with pytest.raises(SlackError, match="channel_is_archived"):
        await deploys.posts("v3 is live", channel="secret")

    assert deploys.name not in slack.people()


async def test_another_app_says_something_or_is_refused(slack: Sandbox, listening: Listening) -> None:
    with pytest.raises(SlackError, match="no_text"):
        await slack.other_bot("Alerts").posts(channel="general")


async def test_people_answer_and_react_to_what_a_webhook_posted(slack: Sandbox, listening: Listening) -> None:
    deploys, ann = slack.other_bot("Deploys", webhook=True), slack.person("ann")
    posted = await deploys.posts("v2 is live", channel="general")

    reply = await ann.types("thanks", channel="general", thread=posted)
    await ann.reacts(posted, "tada")
    await deploys.posts("rolling back", channel="general", thread=reply, broadcast=True)

    await slack.events_settled()
    events = [payload.body["event"] for payload in listening.payloads]
    (reaction,) = [event for event in events if event["type"] == "reaction_added"]
    assert "item_user" not in reaction
    (said,) = [event for event in events if event["type"] == "message" and event.get("text") == "thanks"]
    assert (said["thread_ts"], "parent_user_id" in said) == (posted.ts, False)
    assert [message.text for message in posted.replies()] == ["thanks", "rolling back"]
    assert ann.sees("general")[-1].text == "rolling back"


async def test_a_preview_changes_only_the_attachments_of_a_message(slack: Sandbox, listening: Listening) -> None:
    typed = await slack.person("ann").types("see https://example.com/a?b=1&c=2.", channel="general")

    slack.unfurl(typed, title="A page", text="About something")

    await slack.events_settled()
    first, change = listening.messages()
    assert first["text"] == "see <https://example.com/a?b=1&amp;c=2>."
    before, after = change["previous_message"], change["message"]
    assert (change["subtype"], change["hidden"]) == ("message_changed", True)
    assert after["attachments"][0]["from_url"] == "https://example.com/a?b=1&c=2"
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"attachments"}


async def test_a_message_without_a_link_has_nothing_to_preview(slack: Sandbox) -> None:
    typed = await slack.person("ann").types("no link here", channel="general")

    with pytest.raises(ValueError, match="no link here"):
        slack.unfurl(typed, title="A page")


async def test_other_apps_are_among_the_users_and_known_by_their_bot_id(slack: Sandbox, listening: Listening) -> None:
    alerts, deploys = slack.other_bot("Alerts"), slack.other_bot("Deploys", webhook=True)

    users = [user.name for user in slack.workspace.users.values()]

    assert slack.other_bot("Alerts") is alerts
    assert ("alerts" in users, "Deploys" in users) == (True, False)
    assert {alerts.bot_id, deploys.bot_id} < set(slack.workspace.integrations)
