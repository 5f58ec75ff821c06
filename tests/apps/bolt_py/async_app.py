"""Lunch, made with the asynchronous half of Bolt for Python, over Socket Mode."""

import asyncio
import json
import os
import re
from typing import Any

from blocks import home, kitchens, order_form, proposal
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

app = AsyncApp(client=AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]))


@app.command("/lunch")
async def on_command(
    ack: AsyncAck, client: AsyncWebClient, command: Json, respond: AsyncRespond, say: AsyncSay
) -> None:
    await ack()
    if command["text"] == "help":
        await respond("Name a dish, or just type `/lunch`.")
    elif command["text"]:
        await say(**proposal(command["text"], [command["user_id"]]))
    else:
        await client.views_open(trigger_id=command["trigger_id"], view=order_form(command["channel_id"]))


@app.shortcut("order_lunch")
async def on_shortcut(ack: AsyncAck, client: AsyncWebClient, shortcut: Json) -> None:
    await ack()
    await client.views_open(trigger_id=shortcut["trigger_id"], view=order_form(shortcut["user"]["id"]))


@app.shortcut({"type": "message_action", "callback_id": "propose_this"})
async def on_message_shortcut(ack: AsyncAck, respond: AsyncRespond, shortcut: Json) -> None:
    await ack()
    proposed = proposal(shortcut["message"]["text"], [shortcut["user"]["id"]])
    await respond(**proposed, response_type="in_channel", replace_original=False)


@app.options("kitchen")
async def on_typed(ack: AsyncAck, payload: Json) -> None:
    await ack(options=kitchens(payload["value"]))


@app.view("order")
async def on_ordered(ack: AsyncAck, body: Json, client: AsyncWebClient, view: Json) -> None:
    dish = view["state"]["values"]["dish"]["dish"]["value"]
    kitchen = view["state"]["values"]["kitchen"]["kitchen"]["selected_option"]["text"]["text"]
    if len(dish) < 3:
        await ack(response_action="errors", errors={"dish": "That is no dish"})
        return
    await ack()
    proposed = proposal(f"{dish} from the {kitchen}", [body["user"]["id"]])
    await client.chat_postMessage(channel=view["private_metadata"], **proposed)


@app.action("join")
async def on_joined(ack: AsyncAck, action: Json, body: Json, client: AsyncWebClient) -> None:
    await ack()
    offer = json.loads(action["value"])
    eaters = list(dict.fromkeys([*offer["eaters"], body["user"]["id"]]))
    channel, ts = body["channel"]["id"], body["message"]["ts"]
    await client.chat_update(channel=channel, ts=ts, **proposal(offer["dish"], eaters))


@app.action({"block_id": "proposal", "action_id": "more"})
async def on_chosen(ack: AsyncAck, action: Json, respond: AsyncRespond) -> None:
    await ack()
    words = f"You chose {action['selected_option']['text']['text']}"
    await respond(words, response_type="ephemeral", replace_original=False)


@app.message(re.compile("hungry"))
async def on_hungry(client: AsyncWebClient, message: Json) -> None:
    await client.reactions_add(channel=message["channel"], timestamp=message["ts"], name="hamburger")


@app.event("message")
async def on_other_message() -> None:
    """What nobody listens for, Bolt for Python does not acknowledge, and Slack sends it again."""


@app.event("app_mention")
async def on_mention(event: Json, say: AsyncSay) -> None:
    await say(text=f"<@{event['user']}>, try `/lunch`", thread_ts=event["ts"])


@app.event("app_home_opened")
async def on_home_opened(client: AsyncWebClient, event: Json) -> None:
    await client.views_publish(user_id=event["user"], view=home(event["user"]))


async def main() -> None:
    """Serve until stopped."""
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


if __name__ == "__main__":
    asyncio.run(main())
