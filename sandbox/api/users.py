"""users.*, dnd.*: who people are; addresses only for holders of users:read.email."""

from sandbox.api.call import ApiCall, Handler
from sandbox.api.conversations import list_page, requested_kinds
from sandbox.api.paging import page
from sandbox.state.errors import SlackError
from sandbox.state.model import Json, User
from sandbox.state.user_shapes import profile_json, user_json

_RECOMMENDED_PAGE = 200


def info(call: ApiCall) -> Json:
    """One user."""
    return {"user": _shown(call, call.user())}


def list_(call: ApiCall) -> Json:
    """Every user: deactivated ones, bots and Slackbot as well."""
    if "limit" not in call.arguments:
        call.workspace.complain("users.list: without `limit` large workspaces answer limit_required")
    items, cursor = page(call, list(call.workspace.users.values()), lambda user: user.id, default=_RECOMMENDED_PAGE)
    members = [_shown(call, user) for user in items]
    cache_ts = call.workspace.clock.seconds()
    return {"members": members, "cache_ts": cache_ts, "response_metadata": {"next_cursor": cursor}}


def conversations(call: ApiCall) -> Json:
    """The conversations a user belongs to, as far as the bot may know of them."""
    kinds, user = requested_kinds(call), call.user()
    visible = call.workspace.visible_channels(call.user_id)
    return list_page(call, [c for c in visible if c.kind in kinds and user.id in c.members])


def lookup_by_email(call: ApiCall) -> Json:
    """The active user with this address."""
    wanted = call.text("email").lower()
    for user in call.workspace.users.values():
        if user.email is not None and user.email.lower() == wanted and not user.deleted:
            return {"user": _shown(call, user)}
    raise SlackError("users_not_found")


def profile_get(call: ApiCall) -> Json:
    """A user's profile, the bot's own by default."""
    return {"profile": profile_json(call.workspace, call.user(), email=call.has_scope("users:read.email"))}


def get_presence(call: ApiCall) -> Json:
    """Whether someone is active."""
    return {"presence": call.user().presence}


def set_presence(call: ApiCall) -> Json:
    """Say whether the bot is there: `auto` is what it is by itself."""
    call.user().presence = "away" if call.text("presence") == "away" else "active"
    call.workspace.changed()
    return {}


def dnd_info(call: ApiCall) -> Json:
    """Whether someone is not to be disturbed."""
    return _rest(call, call.user()) | {"snooze_enabled": False}


def dnd_team_info(call: ApiCall) -> Json:
    """Who of several people is not to be disturbed."""
    users = call.ids("users")
    if not users:
        raise SlackError("no_users_provided")
    return {"users": {user: _rest(call, call.workspace.user(user)) for user in users}}


def _rest(call: ApiCall, user: User) -> Json:
    now = call.workspace.clock.seconds()
    start, end = (now, now + 3600) if user.dnd else (1, 1)
    return {"dnd_enabled": user.dnd, "next_dnd_start_ts": start, "next_dnd_end_ts": end}


def _shown(call: ApiCall, user: User) -> Json:
    email, locale = call.has_scope("users:read.email"), call.flag("include_locale")
    return user_json(call.workspace, user, email=email, locale=locale)


HANDLERS: dict[str, Handler] = {
    "dnd.info": dnd_info,
    "dnd.teamInfo": dnd_team_info,
    "users.conversations": conversations,
    "users.getPresence": get_presence,
    "users.info": info,
    "users.list": list_,
    "users.lookupByEmail": lookup_by_email,
    "users.profile.get": profile_get,
    "users.setPresence": set_presence,
}
