"""What happens in a workspace, against the events an app may wait for."""

from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.state.emitted import EMITTED
from sandbox.state.model import Channel
from tests.sandbox.apps import MANIFEST, manifest

Json = dict[str, Any]


async def test_every_event_that_is_said_to_happen_does(slack: Sandbox) -> None:
    seen: set[str] = set()

    def note(event: Json, channel: Channel | None) -> None:
        names = {"public": "channels", "private": "groups"}
        kind = names.get(channel.kind, channel.kind) if channel else ""
        seen.add(f"message.{kind}" if event["type"] == "message" else event["type"])

    slack.workspace.on_event(note)
    ann, bot = slack.person("ann"), slack.workspace.bot.id
    for name, private in (("open", False), ("closed", True)):
        await ann.creates(name, private=private)
        await ann.invites("parrot", name)
        await ann.renames(name, f"{name}-now")
        channel = slack.workspace.channel_named(f"{name}-now")
        assert channel is not None
        slack.workspace.conversations.leave(channel, by=bot)
        await ann.archives(channel.name)
        await ann.unarchives(channel.name)
    message = await ann.types("@parrot look", channel="general")
    await ann.reacts(message, "eyes")
    await ann.unreacts(message, "eyes")
    await ann.pins_message(message)
    await ann.unpins_message(message)
    await ann.uploads("notes.txt", b"words", channel="general")
    store = slack.workspace.file_store
    announced = store.announce("picture.png", by=bot, size=1)
    store.receive(announced.id, b"x")
    store.delete(store.complete(announced.id, by=bot), by=bot)
    await ann.types("psst", channel="@bo")
    group, _ = slack.workspace.conversations.open([slack.person("bo").id, slack.person("dee").id], by=ann.id)
    slack.workspace.chat.post(group, by=ann.id, draft={"text": "us three"})
    await ann.opens_home()
    slack.workspace.add_user("fay")
    await ann.changes_profile(tz="Asia/Tokyo")

    assert seen == EMITTED


async def test_a_changed_profile_is_told_to_an_app_that_asked() -> None:
    events = {"bot_events": ["user_change"]}
    async with Sandbox(manifest(event_subscriptions=events)) as slack:
        told: list[Json] = []
        slack.workspace.on_event(lambda event, channel: told.append(event))
        await slack.person("ann").changes_profile(real_name="Ann B.", tz="Asia/Tokyo")
        slack.workspace.deactivate(slack.person("bo").user)

    assert [event["type"] for event in told] == ["user_change", "user_change"]
    assert (told[0]["user"]["real_name"], told[0]["user"]["tz"]) == ("Ann B.", "Asia/Tokyo")
    assert told[1]["user"]["deleted"]


@pytest.mark.parametrize(("event", "times"), [("emoji_changed", 1), ("user_change", 0)])
def test_an_app_is_told_once_of_an_event_it_waits_for_in_vain(event: str, times: int) -> None:
    scopes = {"scopes": {"bot": [*MANIFEST["oauth_config"]["scopes"]["bot"], "emoji:read"]}}
    declared = manifest(event_subscriptions={"bot_events": [event]}) | {"oauth_config": scopes}

    slack = Sandbox(declared)

    assert sum(event in complaint for complaint in slack.complaints) == times
