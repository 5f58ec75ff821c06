"""What the control API does besides people: other apps, user groups and previews of links."""

from typing import TYPE_CHECKING

from sandbox.control.deeds import message_json
from sandbox.people.other_bot import OtherBot
from sandbox.people.seen import NotVisible, Screen, SeenMessage
from sandbox.state.model import Json

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox


async def bot_does(sandbox: "Sandbox", name: str, deed: str, body: Json) -> Json:
    """Another app joins a channel, or posts, changes or deletes a message; LookupError for any other deed."""
    bot = sandbox.other_bot(name, webhook=bool(body.pop("webhook", False)))
    match deed:
        case "joins":
            await bot.joins(body["channel"])
            return {"name": bot.name, "id": bot.id, "bot_id": bot.bot_id}
        case "posts":
            return {"message": message_json(await _posts(bot, sandbox, body))}
        case "edits":
            changes = {part: body.get(part) for part in ("text", "attachments", "blocks")}
            return {"message": message_json(await bot.edits(_message(sandbox, body), **changes))}
        case "deletes":
            await bot.deletes(_message(sandbox, body))
            return {}
    raise LookupError(deed)


def unfurl(sandbox: "Sandbox", body: Json) -> Json:
    """Put a preview under a message."""
    found = _message(sandbox, body)
    sandbox.unfurl(found, title=body["title"], text=body.get("text", ""), url=body.get("url"))
    return {}


def add_usergroup(sandbox: "Sandbox", body: Json) -> Json:
    """Make a user group."""
    return {"id": sandbox.add_usergroup(body["handle"], body["people"], name=body.get("name")).id}


def change_usergroup(sandbox: "Sandbox", handle: str, body: Json) -> Json:
    """Put other people into a user group, or disable it."""
    group = sandbox.change_usergroup(handle, people=body.get("people"), disabled=body.get("disabled"))
    return {"id": group.id}


async def _posts(bot: OtherBot, sandbox: "Sandbox", body: Json) -> SeenMessage:
    thread = _message(sandbox, body | {"ts": body["thread_ts"]}) if body.get("thread_ts") else None
    content = {part: body[part] for part in ("text", "attachments", "blocks") if part in body}
    broadcast = bool(body.get("broadcast"))
    return await bot.posts(channel=body["channel"], thread=thread, broadcast=broadcast, **content)


def _message(sandbox: "Sandbox", body: Json) -> SeenMessage:
    """The message with this ts in a channel of this name or id, whoever may see it."""
    workspace = sandbox.workspace
    channel = workspace.channels.get(body["channel"]) or workspace.channel_named(body["channel"])
    if channel is None or body["ts"] not in channel.messages:
        raise NotVisible(f"there is no message {body['ts']} in {body['channel']}")
    return Screen(workspace, workspace.bot).see(channel, channel.messages[body["ts"]])
