"""One app of Bolt's, the same over Socket Mode and over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from sandbox import Sandbox
from tests.sandbox.apps import MANIFEST, bolt_app, connected

Json = dict[str, Any]


@asynccontextmanager
async def over_http(slack: Sandbox, app: AsyncApp) -> AsyncIterator[AsyncApp]:
    runner = web.AppRunner(app.web_app("/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await slack.deliver_over_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield app
    finally:
        await slack.deliver_over_socket()
        await runner.cleanup()


def listen(app: AsyncApp) -> None:
    title = {"type": "plain_text", "text": "Say"}
    words = {
        "type": "input",
        "block_id": "w",
        "label": title,
        "element": {"type": "plain_text_input", "action_id": "w"},
    }
    view = {"type": "modal", "callback_id": "say", "title": title, "submit": title, "blocks": [words]}

    @app.command("/parrot")
    async def on_command(ack: Any, body: Json, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view | {"private_metadata": body["channel_id"]})
        await ack()

    @app.view("say")
    async def on_submitted(ack: Any, view: Json, client: Any) -> None:
        said = view["state"]["values"]["w"]["w"]["value"]
        if said == "nothing":
            await ack(response_action="errors", errors={"w": "Say something"})
            return
        await client.chat_postMessage(channel=view["private_metadata"], text=said)
        await ack()

    @app.event("reaction_added")
    async def on_reaction(event: Json, client: Any) -> None:
        item = event["item"]
        await client.chat_postMessage(
            channel=item["channel"], thread_ts=item["ts"], text=f"<@{event['user']}> liked it"
        )


@pytest.mark.parametrize("way", [connected, over_http])
async def test_a_whole_conversation_goes_the_same_way_over_both_transports(way: Any) -> None:
    async with Sandbox(MANIFEST) as slack:
        slack.workspace.conversations.admit_quietly(slack.workspace.general, slack.workspace.bot.id)
        app = bolt_app(slack)
        listen(app)
        async with way(slack, app):
            ann, bo = slack.person("ann"), slack.person("bo")

            await ann.command("/parrot", channel="general")
            form = await ann.form()
            await form.fill({"Say": "nothing"})
            assert (await form.submit()).errors == {"Say": "Say something"}
            await form.fill({"Say": "Polly"})
            assert (await form.submit()).closed

            message = await bo.wait_for("general", containing="Polly")
            await bo.reacts(message, "heart")
            thanks = await ann.wait_for("general", containing="@bo liked it")
            await slack.events_settled()

        assert thanks.thread_ts == message.ts
        assert slack.complaints == []
