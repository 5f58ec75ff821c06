"""The form for following whatever fits: from which severity on, which type, which service, and who hears."""

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block, ConversationFilter, ConversationSelectElement, PlainTextObject
from slack_sdk.models.views import View

from bot import ids
from bot.blocks.subscriptions import subscribed
from bot.events.home import show_home
from bot.listener import InvalidInput
from bot.services import Services
from bot.views.form import Answers, choice, field, form, option, view_request, words
from workflows.process import Process
from workflows.subscriptions import Followed, Wish, subscribe

SERVICE_LIMIT = 40
NOT_THERE = frozenset({"channel_not_found", "method_not_supported_for_channel_type"})


def subscribe_modal(*, process: Process, from_home: bool = False) -> View:
    """The form; what is left empty does not matter."""
    severities = [option(key, f"{each.name} or worse", each.help) for key, each in process.severities.items()]
    types = [option(key, each.name, each.help) for key, each in process.types.items()]
    channels = ConversationSelectElement(
        action_id=ids.VALUE,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
    )
    blocks: list[Block] = [
        choice(ids.SEVERITY, "How bad", severities, optional=True, hint="Empty: however bad."),
        choice(ids.TYPE, "Type", types, optional=True, hint="Empty: every type."),
        _service(process),
        field(
            ids.CHANNEL,
            "A channel instead of you",
            channels,
            optional=True,
            hint="Empty: you hear, by direct message. I have to be in the channel, and so do you.",
        ),
    ]
    return form(
        "Subscribe",
        callback_id=ids.SUBSCRIBE_MODAL,
        submit="Subscribe",
        blocks=blocks,
        private_metadata=json.dumps({"from_home": from_home}),
    )


def _service(process: Process) -> Block:
    hint = "Empty: every service."
    if process.services:
        return choice(
            ids.SERVICE, "Service", [option(name, name) for name in process.services], optional=True, hint=hint
        )
    return words(ids.SERVICE, "Service", multiline=False, limit=SERVICE_LIMIT, optional=True, hint=hint)


def parse_wish(body: Mapping[str, Any]) -> Wish:
    """The submitted form as a command."""
    answers = Answers(body["view"])
    request: dict[str, Any] = {**view_request(body)}
    return Wish(
        **request,
        severity=answers.chosen(ids.SEVERITY),
        type=answers.chosen(ids.TYPE),
        service=answers.chosen(ids.SERVICE) or answers.text(ids.SERVICE) or None,
        channel_id=answers.channel(ids.CHANNEL),
    )


async def on_subscribe_submitted(slack: AsyncArgs, services: Services) -> None:
    """The subscribe form was submitted."""
    wish = parse_wish(slack.body)
    if wish.channel_id:
        await _refuse_unless_both_are_in(services, wish.channel_id, wish.by)
    async with services.transaction() as session:
        kept, new = await subscribe(session, wish, process=services.process, now=services.now())
    _, blocks = subscribed(Followed(kept, None), new=new, process=services.process)
    if json.loads(slack.body["view"]["private_metadata"])["from_home"]:
        await slack.ack()
        await show_home(services, wish.by)
    else:
        await slack.ack(response_action="update", view=_done(blocks).to_dict())


def _done(blocks: list[Block]) -> View:
    """What the form becomes: there is no channel in which its asker could be answered."""
    close = PlainTextObject(text="Close")
    return View(type="modal", title=PlainTextObject(text="Subscribed"), close=close, blocks=blocks)


async def _refuse_unless_both_are_in(services: Services, channel_id: str, user_id: str) -> None:
    """Raise InvalidInput for a channel that we, or the asker, are not in: it is not theirs to fill with notices.

    Also for one that people outside read, who get approved texts and no word written for ourselves.
    """
    try:
        channel = (await services.slack.call("conversations.info", channel=channel_id))["channel"]
    except SlackApiError as fault:
        if fault.response["error"] not in NOT_THERE:
            raise
        channel = {}
    if not channel.get("is_member"):
        raise InvalidInput({ids.CHANNEL: "I am not in that channel: invite me there, then subscribe it."})
    if channel.get("is_ext_shared"):
        raise InvalidInput({ids.CHANNEL: "People of other companies read that channel: choose one of ours."})
    theirs = services.slack.pages(
        "users.conversations", "channels", user=user_id, types="public_channel,private_channel"
    )
    async for each in theirs:
        if each["id"] == channel_id:
            return
    raise InvalidInput({ids.CHANNEL: "You are not in that channel: join it, then subscribe it."})
