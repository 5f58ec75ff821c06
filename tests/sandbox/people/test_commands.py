"""Slash commands through a Bolt app over Socket Mode."""

from typing import Any

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST, bolt_app, connected


async def test_what_a_command_is_acknowledged_with_is_shown_to_the_person_alone() -> None:
    async with Sandbox(MANIFEST) as slack:
        app = bolt_app(slack)

        @app.command("/parrot")
        async def repeat(ack: Any, command: dict[str, str]) -> None:
            await ack(f"You said {command['text']} in {command['channel_name']}")

        async with connected(slack, app):
            reply = await slack.person("ann").command("/parrot hello there", channel="general")

        assert reply.failed is None
        assert reply.text == "You said hello there in general"
        assert slack.person("ann").sees("general")[-1].ephemeral
        assert [message.text for message in slack.person("bo").sees("general")] == []
