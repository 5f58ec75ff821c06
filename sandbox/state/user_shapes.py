"""Slack's JSON for people: users, profiles, bots and user groups (methods.json: response shapes)."""

from zoneinfo import ZoneInfo

from sandbox.state.core import State
from sandbox.state.model import Integration, Json, User, UserGroup


def user_json(state: State, user: User, *, email: bool, locale: bool = False) -> Json:
    """A user object; the address only for holders of users:read.email (methods.json: users.info)."""
    shape: Json = {
        "id": user.id,
        "team_id": state.team.id,
        "name": user.name,
        "deleted": user.deleted,
        "profile": profile_json(state, user, email=email),
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": user.updated,
    }
    if user.deleted:
        return shape
    offset = state.clock.now().astimezone(ZoneInfo(user.tz)).utcoffset()
    shape |= {"color": "4bbe2e", "real_name": user.real_name, "tz": user.tz, "tz_label": _zone_label(state, user)}
    shape |= {"tz_offset": int(offset.total_seconds()) if offset else 0, "is_admin": user.is_admin, "is_owner": False}
    shape |= {"is_primary_owner": False, "is_restricted": user.is_restricted, "is_ultra_restricted": False}
    return shape | ({"locale": user.locale} if locale else {})


def _zone_label(state: State, user: User) -> str:
    return state.clock.now().astimezone(ZoneInfo(user.tz)).strftime("%Z")


def profile_json(state: State, user: User, *, email: bool) -> Json:
    """A user's profile."""
    shape: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": "",
        "status_emoji": "",
        "avatar_hash": "",
        "team": state.team.id,
    }
    if user.bot_id is not None:
        shape |= {"bot_id": user.bot_id, "api_app_id": state.integrations[user.bot_id].app_id, "always_active": True}
    elif email and user.email is not None:
        shape["email"] = user.email
    return shape


def bot_profile_json(state: State, integration: Integration) -> Json:
    """The integration behind a bot's message."""
    return {
        "id": integration.bot_id,
        "app_id": integration.app_id,
        "user_id": integration.user_id,
        "name": integration.name,
        "icons": {"image_36": "", "image_48": "", "image_72": ""},
        "deleted": False,
        "updated": 0,
        "team_id": state.team.id,
    }


def usergroup_json(state: State, group: UserGroup, *, users: bool, count: bool) -> Json:
    """A user group object."""
    shape: Json = {
        "id": group.id,
        "team_id": state.team.id,
        "is_usergroup": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.updated if group.deleted else 0,
        "auto_type": None,
        "prefs": {"channels": [], "groups": []},
    }
    if users:
        shape["users"] = list(group.users)
    if count:
        shape["user_count"] = len(group.users)
    return shape
