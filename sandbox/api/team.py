"""auth.test, api.test, apps.connections.open, team.info, team.profile.get, bots.info, emoji.list."""

from sandbox.api.call import ApiCall, Handler
from sandbox.state.errors import SlackError
from sandbox.state.model import Json
from sandbox.state.user_shapes import bot_profile_json


def auth_test(call: ApiCall) -> Json:
    """Who the token acts as."""
    workspace = call.workspace
    return {
        "url": workspace.url,
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(call: ApiCall) -> Json:
    """Give every argument back; `error` makes it fail with that code (methods.json: api.test)."""
    if error := call.optional("error"):
        raise SlackError(error, args=call.arguments)
    return {"args": call.arguments} if call.arguments else {}


def connections_open(call: ApiCall) -> Json:
    """A fresh Socket Mode address, where the app uses Socket Mode."""
    if call.open_socket_url is None:
        raise SlackError("forbidden_team")
    return {"url": call.open_socket_url()}


def team_info(call: ApiCall) -> Json:
    """The workspace itself."""
    team = call.workspace.team
    if call.text("team", team.id) != team.id:
        raise SlackError("team_not_found")
    shape = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "example.com"}
    return {"team": shape | {"icon": {"image_default": True}, "url": call.workspace.url}}


def team_profile_get(call: ApiCall) -> Json:
    """What profiles hold besides the usual: nothing in this workspace."""
    return {"profile": {"fields": [], "sections": []}}


def bots_info(call: ApiCall) -> Json:
    """What posts under a bot_id."""
    if not call.optional("bot"):
        return {}
    integration = call.workspace.integrations.get(call.text("bot"))
    if integration is None:
        raise SlackError("bot_not_found")
    profile = bot_profile_json(call.workspace, integration)
    return {"bot": {name: value for name, value in profile.items() if name != "team_id"}}


def emoji_list(call: ApiCall) -> Json:
    """The workspace's own emoji."""
    return {"emoji": dict(call.workspace.emoji), "cache_ts": call.workspace.event_ts()}


HANDLERS: dict[str, Handler] = {
    "api.test": api_test,
    "apps.connections.open": connections_open,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "emoji.list": emoji_list,
    "team.info": team_info,
    "team.profile.get": team_profile_get,
}
