"""Lunch: a small app made with Bolt for Python. With an app-level token it uses Socket Mode, without one HTTP."""

import json
import os
import re
from typing import Any

from blocks import home, kitchens, order_form, proposal
from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

Json = dict[str, Any]

app = App(
    client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


@app.command("/lunch")
def on_command(ack: Ack, client: WebClient, command: Json, respond: Respond, say: Say) -> None:
    ack()
    if command["text"] == "help":
        respond("Name a dish, or just type `/lunch`.")
    elif command["text"]:
        say(**proposal(command["text"], [command["user_id"]]))
    else:
        client.views_open(trigger_id=command["trigger_id"], view=order_form(command["channel_id"]))


@app.shortcut("order_lunch")
def on_shortcut(ack: Ack, client: WebClient, shortcut: Json) -> None:
    ack()
    client.views_open(trigger_id=shortcut["trigger_id"], view=order_form(shortcut["user"]["id"]))


@app.shortcut({"type": "message_action", "callback_id": "propose_this"})
def on_message_shortcut(ack: Ack, respond: Respond, shortcut: Json) -> None:
    ack()
    proposed = proposal(shortcut["message"]["text"], [shortcut["user"]["id"]])
    respond(**proposed, response_type="in_channel", replace_original=False)


@app.options("kitchen")
def on_typed(ack: Ack, payload: Json) -> None:
    ack(options=kitchens(payload["value"]))


@app.view("order")
def on_ordered(ack: Ack, body: Json, client: WebClient, view: Json) -> None:
    dish = view["state"]["values"]["dish"]["dish"]["value"]
    kitchen = view["state"]["values"]["kitchen"]["kitchen"]["selected_option"]["text"]["text"]
    if len(dish) < 3:
        ack(response_action="errors", errors={"dish": "That is no dish"})
        return
    ack()
    proposed = proposal(f"{dish} from the {kitchen}", [body["user"]["id"]])
    client.chat_postMessage(channel=view["private_metadata"], **proposed)


@app.action("join")
def on_joined(ack: Ack, action: Json, body: Json, client: WebClient) -> None:
    ack()
    offer = json.loads(action["value"])
    eaters = list(dict.fromkeys([*offer["eaters"], body["user"]["id"]]))
    channel, ts = body["channel"]["id"], body["message"]["ts"]
    client.chat_update(channel=channel, ts=ts, **proposal(offer["dish"], eaters))


@app.action({"block_id": "proposal", "action_id": "more"})
def on_chosen(ack: Ack, action: Json, respond: Respond) -> None:
    ack()
    words = f"You chose {action['selected_option']['text']['text']}"
    respond(words, response_type="ephemeral", replace_original=False)


@app.message(re.compile("hungry"))
def on_hungry(client: WebClient, message: Json) -> None:
    client.reactions_add(channel=message["channel"], timestamp=message["ts"], name="hamburger")


@app.event("message")
def on_other_message() -> None:
    """What nobody listens for, Bolt for Python does not acknowledge, and Slack sends it again."""


@app.event("app_mention")
def on_mention(event: Json, say: Say) -> None:
    say(text=f"<@{event['user']}>, try `/lunch`", thread_ts=event["ts"])


@app.event("app_home_opened")
def on_home_opened(client: WebClient, event: Json) -> None:
    client.views_publish(user_id=event["user"], view=home(event["user"]))


if __name__ == "__main__":
    if os.environ.get("SLACK_APP_TOKEN"):
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
    else:
        app.start(port=int(os.environ["PORT"]), http_server_logger_enabled=False)
