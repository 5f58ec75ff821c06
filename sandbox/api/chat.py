"""chat.*: posting, changing and deleting messages, now or later."""

import re
from typing import Any

from sandbox.api.call import ApiCall, Handler
from sandbox.api.paging import page
from sandbox.contract.messages import TEXT_LIMIT, TRUNCATED, check_message
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json, Message, User
from sandbox.state.shapes import message_json, permalink

_CONTENT = (
    "text", "blocks", "attachments", "markdown_text", "metadata", "thread_ts",
    "reply_broadcast", "username", "icon_emoji", "icon_url",
)  # fmt: skip


def post_message(call: ApiCall) -> Json:
    """Post a message as the bot, by the id of a channel, a user or the channel's name."""
    draft = _draft(call)
    channel = _target(call)
    _may_post(call, channel)
    _may_customize(call)
    message = call.workspace.chat.post(channel, by=call.user_id, draft=draft)
    return {"channel": channel.id, "ts": message.ts, "message": _shown(call, message)}


def post_ephemeral(call: ApiCall) -> Json:
    """Show a message to one member of a channel."""
    draft = _draft(call)
    channel = call.active_channel()
    _may_post(call, channel)
    _may_customize(call)
    if call.text("user") not in channel.members or call.user().deleted:
        raise SlackError("user_not_in_channel")
    message = call.workspace.chat.post_ephemeral(channel, by=call.user_id, to=call.text("user"), draft=draft)
    return {"message_ts": message.ts}


def me_message(call: ApiCall) -> Json:
    """Post what the bot is doing."""
    draft = _draft(call)
    channel = call.active_channel()
    message = call.workspace.chat.post(channel, by=call.user_id, draft=draft, subtype="me_message")
    return {"channel": channel.id, "ts": message.ts}


def update(call: ApiCall) -> Json:
    """Change a message of the bot's own."""
    changes = _draft(call)
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_inactive")
    message = call.workspace.message(channel, call.text("ts"))
    call.workspace.chat.edit(channel, message, by=call.user_id, changes=changes)
    shape = _shown(call, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def delete(call: ApiCall) -> Json:
    """Remove a message of the bot's own."""
    channel = call.channel()
    message = call.workspace.message(channel, call.text("ts"))
    call.workspace.chat.delete(channel, message, by=call.user_id)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: ApiCall) -> Json:
    """A message's address."""
    channel = call.channel()
    message = call.workspace.message(channel, call.text("message_ts"))
    return {"channel": channel.id, "permalink": permalink(call.workspace, channel, message.ts)}


def schedule_message(call: ApiCall) -> Json:
    """Post a message at a later time."""
    draft = _draft(call)
    channel = call.active_channel()
    post_at = call.arguments["post_at"]
    scheduled = call.workspace.schedule.add(channel, by=call.user_id, post_at=post_at, draft=draft)
    shape = {"type": "delayed_message", "text": draft.get("text") or "", "bot_id": call.workspace.app.bot_id}
    answer = {"channel": channel.id, "scheduled_message_id": scheduled.id, "post_at": scheduled.post_at}
    return answer | {"message": shape}


def scheduled_messages_list(call: ApiCall) -> Json:
    """What the app has scheduled."""
    oldest, latest = float(call.text("oldest") or 0), float(call.text("latest") or "inf")
    waiting = [s for s in call.workspace.schedule.list() if oldest <= s.post_at <= latest]
    if call.optional("channel"):
        waiting = [s for s in waiting if s.channel_id == call.text("channel")]
    items, cursor = page(call, waiting, lambda scheduled: scheduled.id)
    shapes = [
        {"id": s.id, "channel_id": s.channel_id, "post_at": s.post_at, "date_created": s.created}
        | {"text": s.draft.get("text") or ""}
        for s in items
    ]
    return {"scheduled_messages": shapes, "response_metadata": {"next_cursor": cursor}}


def delete_scheduled_message(call: ApiCall) -> Json:
    """Call a scheduled message off."""
    call.workspace.schedule.remove(call.channel(), call.text("scheduled_message_id"))
    return {}


def _draft(call: ApiCall) -> Json:
    """The content of the call, once Slack would take it."""
    checked = check_message(call.arguments, method=call.method.name)
    if checked.code:
        raise SlackError(
            checked.code, messages=checked.errors, **({"errors": checked.errors} if checked.errors else {})
        )
    for warning in checked.warnings:
        _warn(call, warning)
    draft: dict[str, Any] = {name: call.arguments[name] for name in _CONTENT if name in call.arguments}
    if call.method.name == "chat.postMessage" and len(draft.get("text") or "") > TEXT_LIMIT:
        draft["text"] = draft["text"][:TEXT_LIMIT]
    return draft


def _warn(call: ApiCall, warning: str) -> None:
    call.workspace.complain(warning.removeprefix("[WARN] "))
    if warning == TRUNCATED:
        call.warnings.append("message_truncated")
        call.notes.append(warning)


def _target(call: ApiCall) -> Channel:
    """The conversation that `channel` names (methods.json: chat.postMessage, channel)."""
    name = call.text("channel")
    if name in call.workspace.users:
        return _direct(call, call.workspace.users[name])
    if not re.fullmatch(r"[CGD][A-Z0-9]{8,}", name):
        named = call.workspace.channel_named(name)
        if named is not None:
            call.workspace.complain(f"{call.method.name}: a channel's name where its id is preferred")
            return call.workspace.channel(named.id, call.user_id)
    return call.channel()


def _direct(call: ApiCall, user: User) -> Channel:
    # protocol.md, section 12: a user who cannot be messaged is a channel that is not found.
    if user.deleted or user.id == call.user_id:
        raise SlackError("channel_not_found")
    return call.workspace.conversations.open([user.id], by=call.user_id)[0]


def _may_post(call: ApiCall, channel: Channel) -> None:
    if channel.is_archived:
        raise SlackError("is_archived")
    if channel.kind == "im" and not call.workspace.manifest.messages_tab_enabled:
        raise SlackError("messages_tab_disabled")
    if call.user_id not in channel.members and not call.has_scope("chat:write.public"):
        raise SlackError("not_in_channel")


def _may_customize(call: ApiCall) -> None:
    if any(call.optional(name) for name in ("username", "icon_emoji", "icon_url")):
        call.require_scope("chat:write.customize")


def _shown(call: ApiCall, message: Message) -> Json:
    return message_json(call.workspace, message, metadata=True)


HANDLERS: dict[str, Handler] = {
    "chat.delete": delete,
    "chat.deleteScheduledMessage": delete_scheduled_message,
    "chat.getPermalink": get_permalink,
    "chat.meMessage": me_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.scheduleMessage": schedule_message,
    "chat.scheduledMessages.list": scheduled_messages_list,
    "chat.update": update,
}
