"""Slash commands and shortcuts through a Bolt app over Socket Mode."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox import Sandbox
from sandbox.people.seen import NotVisible
from sandbox.state.errors import SlackError
from tests.sandbox.apps import MANIFEST, manifest


async def test_what_a_command_is_acknowledged_with_is_shown_to_the_person_alone(slack: Sandbox, app: AsyncApp) -> None:
    @app.command("/parrot")
    async def repeat(ack: Any, command: dict[str, str]) -> None:
        await ack(f"You said {command['text']} in {command['channel_name']}")

    reply = await slack.person("ann").command("/parrot hello there", channel="general")

    assert reply.failed is None
    assert reply.text == "You said hello there in general"
    assert slack.person("ann").sees("general")[-1].ephemeral
    assert slack.person("bo").sees("general") == []


async def test_an_answer_in_channel_is_seen_by_everyone(slack: Sandbox, app: AsyncApp) -> None:
    @app.command("/parrot")
    async def repeat(ack: Any) -> None:
        await ack("Loud", response_type="in_channel")

    reply = await slack.person("ann").command("/parrot", channel="general")

    assert reply.text == "Loud"
    assert [(message.author, message.text) for message in slack.person("bo").sees("general")] == [("parrot", "Loud")]


async def test_an_answer_through_the_response_url_is_part_of_the_reply(slack: Sandbox, app: AsyncApp) -> None:
    @app.command("/parrot")
    async def repeat(ack: Any, respond: Any) -> None:
        await respond("Later, but before the acknowledgement")
        await ack()

    reply = await slack.person("ann").command("/parrot", channel="general")

    assert reply.text == "Later, but before the acknowledgement"


async def test_a_command_the_manifest_does_not_declare_is_refused_and_the_app_hears_nothing(
    slack: Sandbox, app: AsyncApp
) -> None:
    heard: list[str] = []

    @app.command("/other")
    async def other(ack: Any) -> None:
        heard.append("other")
        await ack()

    reply = await slack.person("ann").command("/other", channel="general")

    assert reply.failed == "unknown_command"
    assert heard == []


async def test_a_command_without_the_commands_scope_is_refused(slack: Sandbox, app: AsyncApp) -> None:
    slack.workspace.grant(frozenset({"chat:write"}))

    reply = await slack.person("ann").command("/parrot", channel="general")

    assert reply.failed == "unknown_command"


async def test_an_app_that_is_not_connected_fails_the_command(slack: Sandbox) -> None:
    reply = await slack.person("ann").command("/parrot", channel="general")

    assert reply.failed == "dispatch_failed"


async def test_a_command_that_is_not_acknowledged_in_time_shows_operation_timeout() -> None:
    from tests.sandbox.apps import bolt_app, connected

    async with Sandbox(MANIFEST, answer_within=0.1) as slack:
        app = bolt_app(slack)

        @app.command("/parrot")
        async def silent() -> None:
            pass

        async with connected(slack, app):
            reply = await slack.person("ann").command("/parrot", channel="general")

    assert reply.failed == "operation_timeout"


async def test_names_become_mentions_only_for_a_command_that_asks_for_it(slack: Sandbox, app: AsyncApp) -> None:
    texts: list[str] = []
    for command in ("/parrot", "/escaped"):

        @app.command(command)
        async def note(ack: Any, command: dict[str, str]) -> None:
            texts.append(command["text"])
            await ack()

    bo, general = slack.person("bo"), slack.workspace.general
    await bo.creates("secret", private=True)
    secret = slack.workspace.channel_named("secret")
    assert secret is not None

    for command in ("/parrot", "/escaped"):
        await bo.command(f"{command} @bo & #general #secret <x>", channel="general")

    assert texts == [
        "@bo & #general #secret <x>",
        f"<@{bo.id}> &amp; <#{general.id}|general> <#{secret.id}|> &lt;x&gt;",
    ]


async def test_a_command_works_where_the_bot_is_not_and_tells_no_private_channels_name(
    slack: Sandbox, app: AsyncApp
) -> None:
    bodies: list[dict[str, str]] = []

    @app.command("/parrot")
    async def note(ack: Any, body: dict[str, str]) -> None:
        bodies.append(body)
        await ack("here too")

    await slack.person("ann").creates("secret", private=True)
    reply = await slack.person("ann").command("/parrot", channel="secret")

    assert reply.text == "here too"
    assert bodies[0]["channel_name"] == "privategroup"


async def test_a_command_can_only_be_typed_in_a_channel_one_is_in(slack: Sandbox, app: AsyncApp) -> None:
    await slack.person("ann").creates("kitchen")
    await slack.person("ann").creates("secret", private=True)

    with pytest.raises(SlackError, match="not_in_channel"):
        await slack.person("bo").command("/parrot", channel="kitchen")
    with pytest.raises(NotVisible):
        await slack.person("bo").command("/parrot", channel="secret")


async def test_a_global_shortcut_belongs_to_no_channel(slack: Sandbox, app: AsyncApp) -> None:
    bodies: list[dict[str, Any]] = []

    @app.shortcut("talk")
    async def talk(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    reply = await slack.person("ann").shortcut("Talk")

    assert reply.failed is None
    assert bodies[0]["user"]["id"] == slack.person("ann").id
    assert "channel" not in bodies[0]
    assert "response_url" not in bodies[0]


async def test_a_message_shortcut_carries_the_message(slack: Sandbox, app: AsyncApp) -> None:
    @app.shortcut("repeat")
    async def repeat(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        await respond(f"It said: {shortcut['message']['text']}")
        await ack()

    message = await slack.person("bo").types("polly", channel="general")
    reply = await slack.person("ann").message_shortcut("Repeat this", message)

    assert reply.text == "It said: polly"


async def test_a_shortcut_the_manifest_does_not_declare_is_not_there(slack: Sandbox) -> None:
    with pytest.raises(NotVisible):
        await slack.person("ann").shortcut("Repeat this")


async def test_without_interactivity_in_the_manifest_nothing_is_sent() -> None:
    async with Sandbox(manifest(interactivity={"is_enabled": False})) as slack:
        reply = await slack.person("ann").shortcut("Talk")

    assert reply.failed == "interactivity_disabled"


async def test_everything_delivered_twice_shows_the_first_answer_and_spends_one_trigger(
    slack: Sandbox, app: AsyncApp
) -> None:
    opened: list[str] = []

    @app.command("/parrot")
    async def repeat(ack: Any, body: dict[str, str], client: Any) -> None:
        view = {"type": "modal", "title": {"type": "plain_text", "text": "One"}, "blocks": [{"type": "divider"}]}
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=view)
            opened.append("opened")
        except Exception as refusal:
            opened.append(refusal.response["error"])  # type: ignore[attr-defined]
        await ack("once")

    slack.faults.deliver_twice = True
    reply = await slack.person("ann").command("/parrot", channel="general")
    await slack.link.close()

    assert reply.text == "once"
    assert sorted(opened) == ["exchanged_trigger_id", "opened"]
    assert [message.text for message in slack.person("ann").sees("general")] == ["once"]


FAULTY = {
    "no_text": {"text": "", "response_type": "in_channel", "blocks": []},
    "invalid_blocks": {"text": "x", "blocks": [{"type": "nonsense"}]},
    "too_many_attachments": {"text": "x", "attachments": [{"text": "y"}] * 101},
    "cannot_reply_to_message": {"text": "x", "response_type": "in_channel", "thread_ts": "1.000001"},
}


@pytest.mark.parametrize("code", FAULTY)
async def test_an_acknowledgement_slack_cannot_post_fails_the_command_and_is_a_complaint(
    slack: Sandbox, app: AsyncApp, code: str
) -> None:
    @app.command("/parrot")
    async def answer(ack: Any) -> None:
        await ack(FAULTY[code])

    reply = await slack.person("ann").command("/parrot", channel="general")

    assert (reply.failed, reply.messages) == ("invalid_command_response", [])
    assert any(code in complaint for complaint in slack.complaints)


async def test_an_acknowledgement_slack_would_warn_about_is_shown_and_is_a_complaint(
    slack: Sandbox, app: AsyncApp
) -> None:
    @app.command("/parrot")
    async def answer(ack: Any) -> None:
        await ack(blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "Only blocks"}}])

    reply = await slack.person("ann").command("/parrot", channel="general")

    assert (reply.failed, reply.text) == (None, "Only blocks")
    assert any("/parrot" in complaint and "without `text`" in complaint for complaint in slack.complaints)
