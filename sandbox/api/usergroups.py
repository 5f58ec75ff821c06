"""usergroups.list, usergroups.users.list."""

from sandbox.api.call import ApiCall, Handler
from sandbox.state.errors import SlackError
from sandbox.state.model import Json
from sandbox.state.user_shapes import usergroup_json


def list_(call: ApiCall) -> Json:
    """The workspace's user groups."""
    groups = [g for g in call.workspace.usergroups.values() if call.flag("include_disabled") or not g.deleted]
    users, count = call.flag("include_users"), call.flag("include_count")
    return {"usergroups": [usergroup_json(call.workspace, group, users=users, count=count) for group in groups]}


def users_list(call: ApiCall) -> Json:
    """The user ids in a user group."""
    group = call.workspace.usergroups.get(call.text("usergroup"))
    if group is None or (group.deleted and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


HANDLERS: dict[str, Handler] = {"usergroups.list": list_, "usergroups.users.list": users_list}
