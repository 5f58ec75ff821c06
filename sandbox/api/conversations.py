"""conversations.*: channels and DMs, their members and their names."""

from sandbox.api.call import ApiCall, Handler
from sandbox.api.paging import page
from sandbox.state.errors import SlackError
from sandbox.state.model import Channel, Json
from sandbox.state.shapes import channel_json

TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_MOST_INVITED, _MOST_IN_DM = 100, 8


def create(call: ApiCall) -> Json:
    """Make a channel; the bot is its creator and first member."""
    name = call.text("name")
    private = call.flag("is_private")
    return _shown(call, call.workspace.conversations.create(name, by=call.user_id, private=private))


def info(call: ApiCall) -> Json:
    """One conversation; public ones without membership."""
    channel = call.channel()
    shape = channel_json(call.workspace, channel, call.user_id, num_members=call.flag("include_num_members"))
    return {"channel": shape | ({"locale": "en-US"} if call.flag("include_locale") else {})}


def list_(call: ApiCall) -> Json:
    """The conversations of some types: all public ones, and the others the bot belongs to."""
    kinds = requested_kinds(call)
    return list_page(call, [c for c in call.workspace.visible_channels(call.user_id) if c.kind in kinds])


def requested_kinds(call: ApiCall) -> list[str]:
    """The kinds of conversation the `types` argument asks for."""
    types = call.ids("types") or ["public_channel"]
    if any(type_ not in TYPES for type_ in types):
        raise SlackError("invalid_types")
    return [TYPES[type_] for type_ in types]


def list_page(call: ApiCall, channels: list[Channel]) -> Json:
    """One page of conversations; archived ones are left out after the page was cut, so it may come short."""
    items, cursor = page(call, channels, lambda channel: channel.id)
    if call.flag("exclude_archived"):
        items = [channel for channel in items if not channel.is_archived]
    shapes = [channel_json(call.workspace, channel, call.user_id, num_members=True) for channel in items]
    return {"channels": shapes, "response_metadata": {"next_cursor": cursor}}


def members(call: ApiCall) -> Json:
    """The user ids of everyone in a conversation."""
    items, cursor = page(call, list(call.channel().members), lambda user: user)
    return {"members": items, "response_metadata": {"next_cursor": cursor}}


def join(call: ApiCall) -> Json:
    """Take a place in a public channel; having one already is only a warning."""
    channel = call.channel()
    if not call.workspace.conversations.join(channel, by=call.user_id):
        call.warnings.append("already_in_channel")
    return _shown(call, channel)


def leave(call: ApiCall) -> Json:
    """Give up a place; without one Slack fails in a shape of its own (methods.json: conversations.leave)."""
    channel = call.channel()
    if call.user_id not in channel.members:
        return {"ok": False, "not_in_channel": True}
    call.workspace.conversations.leave(channel, by=call.user_id)
    return {}


def invite(call: ApiCall) -> Json:
    """Bring people into a channel."""
    users = call.ids("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > _MOST_INVITED:
        raise SlackError("too_many_users")
    channel = call.active_channel()
    errors = call.workspace.conversations.invite(channel, users, by=call.user_id, force=call.flag("force"))
    return _shown(call, channel) | ({"errors": errors} if errors else {})


def kick(call: ApiCall) -> Json:
    """Remove someone from a channel."""
    if not call.optional("user"):
        raise SlackError("user_not_found")
    channel = call.joined_channel()
    call.doubt_archived(channel)
    call.workspace.conversations.kick(channel, call.text("user"), by=call.user_id)
    return {"errors": {}}


def rename(call: ApiCall) -> Json:
    """Give a channel another name."""
    channel = call.active_channel()
    call.workspace.conversations.rename(channel, call.text("name"), by=call.user_id)
    return _shown(call, channel)


def archive(call: ApiCall) -> Json:
    """Close a channel."""
    call.workspace.conversations.archive(call.joined_channel(), by=call.user_id)
    return {}


def unarchive(call: ApiCall) -> Json:
    """Refused: bot tokens cannot unarchive (methods.json: conversations.unarchive, bug alert)."""
    if not call.channel().is_archived:
        raise SlackError("not_archived")
    # The page does not say which code a bot token gets; this one is common to all methods.
    raise SlackError("is_bot")


def set_topic(call: ApiCall) -> Json:
    """Change a channel's topic."""
    channel = call.active_channel()
    call.workspace.conversations.set_topic(channel, call.text("topic"), by=call.user_id)
    return _shown(call, channel)


def set_purpose(call: ApiCall) -> Json:
    """Change a channel's purpose."""
    channel = call.active_channel()
    call.workspace.conversations.set_purpose(channel, call.text("purpose"), by=call.user_id)
    return {"purpose": channel.purpose.value}


def open_(call: ApiCall) -> Json:
    """Open a DM or group DM by its people or its id."""
    channel, was_open = _reopened(call) if call.optional("channel") else _opened(call)
    shape = channel_json(call.workspace, channel, call.user_id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if was_open else {})


def _reopened(call: ApiCall) -> tuple[Channel, bool]:
    channel = call.joined_channel()
    if not channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    return call.workspace.conversations.open(list(channel.members), by=call.user_id)


def _opened(call: ApiCall) -> tuple[Channel, bool]:
    users = call.ids("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > _MOST_IN_DM:
        raise SlackError("too_many_users")
    if users == [call.user_id]:
        raise SlackError("invalid_user_combination")
    if any(call.workspace.user(user).deleted for user in users):
        raise SlackError("user_disabled")
    if call.flag("prevent_creation") and not call.workspace.conversations.find_direct([call.user_id, *users]):
        raise SlackError("channel_not_found")
    return call.workspace.conversations.open(users, by=call.user_id)


def close(call: ApiCall) -> Json:
    """Take a DM off the bot's list."""
    was_open = call.workspace.conversations.close(call.channel(), by=call.user_id)
    return {} if was_open else {"no_op": True, "already_closed": True}


def _shown(call: ApiCall, channel: Channel) -> Json:
    return {"channel": channel_json(call.workspace, channel, call.user_id)}


HANDLERS: dict[str, Handler] = {
    "conversations.archive": archive,
    "conversations.close": close,
    "conversations.create": create,
    "conversations.info": info,
    "conversations.invite": invite,
    "conversations.join": join,
    "conversations.kick": kick,
    "conversations.leave": leave,
    "conversations.list": list_,
    "conversations.members": members,
    "conversations.open": open_,
    "conversations.rename": rename,
    "conversations.setPurpose": set_purpose,
    "conversations.setTopic": set_topic,
    "conversations.unarchive": unarchive,
}
