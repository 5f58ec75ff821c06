"""Which events reach the app: subscribed, permitted, and about something the bot can see."""

from collections.abc import AsyncIterator
from copy import deepcopy

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST, Listening, manifest


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST) as sandbox:
        yield sandbox


@pytest.fixture
def app(slack: Sandbox) -> Listening:
    listening = Listening()
    slack.link.transport = listening
    return listening


async def settled(slack: Sandbox, app: Listening) -> list[str]:
    await slack.events_settled()
    events = app.events()
    app.payloads.clear()
    return events


async def test_messages_are_told_only_where_the_bot_is_a_member(slack: Sandbox, app: Listening) -> None:
    ann = slack.person("ann")
    await ann.types("unheard", channel="general")
    assert await settled(slack, app) == []

    await ann.invites("parrot", "general")
    assert await settled(slack, app) == ["message", "member_joined_channel"]

    await ann.types("heard", channel="general")
    assert await settled(slack, app) == ["message"]


async def test_a_bot_that_joins_a_channel_is_told_so(slack: Sandbox, app: Listening) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)

    await client.conversations_join(channel=slack.workspace.general.id)

    await slack.events_settled()
    joined, said = [payload.body["event"] for payload in reversed(app.payloads)]
    assert (joined["type"], joined["user"]) == ("member_joined_channel", slack.workspace.bot.id)
    assert (said["subtype"], said["user"]) == ("channel_join", slack.workspace.bot.id)


async def test_a_mention_arrives_beside_the_message_it_is_in(slack: Sandbox, app: Listening) -> None:
    ann = slack.person("ann")
    await ann.invites("parrot", "general")
    await settled(slack, app)

    await ann.types("hello @parrot", channel="general")
    await slack.events_settled()

    first, second = (payload.body for payload in app.payloads)
    assert {first["event"]["type"], second["event"]["type"]} == {"message", "app_mention"}
    assert first["event"]["ts"] == second["event"]["ts"]
    assert first["event_id"] != second["event_id"]


async def test_a_direct_message_to_the_bot_is_an_im(slack: Sandbox, app: Listening) -> None:
    await slack.person("ann").types("psst", channel="@parrot")
    await slack.events_settled()

    assert [payload.body["event"]["channel_type"] for payload in app.payloads] == ["im"]


async def test_an_event_that_is_not_subscribed_is_not_sent() -> None:
    quiet = manifest(event_subscriptions={"bot_events": ["reaction_added"]})
    async with Sandbox(quiet) as slack:
        slack.link.transport = app = Listening()
        await slack.person("ann").invites("parrot", "general")
        message = await slack.person("ann").types("unheard", channel="general")
        await slack.person("ann").reacts(message, "eyes")

        assert await settled(slack, app) == ["reaction_added"]


async def test_an_event_whose_scope_was_not_granted_is_not_sent(slack: Sandbox, app: Listening) -> None:
    ann = slack.person("ann")
    await ann.invites("parrot", "general")
    await settled(slack, app)
    slack.workspace.grant(slack.workspace.app.scopes - {"reactions:read"})

    await ann.reacts(await ann.types("heard", channel="general"), "eyes")

    assert await settled(slack, app) == ["message"]


async def test_a_private_channel_without_the_bot_stays_private(slack: Sandbox, app: Listening) -> None:
    ann = slack.person("ann")
    await ann.creates("secret", private=True)
    await ann.reacts(await ann.types("whispered", channel="secret"), "eyes")
    await ann.invites("bo", "secret")

    assert await settled(slack, app) == []


async def test_going_to_the_home_tab_is_told_with_the_view_once_there_is_one(slack: Sandbox, app: Listening) -> None:
    ann = slack.person("ann")
    await ann.opens_home()
    slack.workspace.views.publish(ann.id, {"type": "home", "blocks": [{"type": "divider"}]})
    await ann.opens_home()
    await slack.events_settled()

    events = [deepcopy(payload.body["event"]) for payload in app.payloads]
    assert [(event["type"], event["tab"], "view" in event) for event in events] == [
        ("app_home_opened", "home", False),
        ("app_home_opened", "home", True),
    ]
