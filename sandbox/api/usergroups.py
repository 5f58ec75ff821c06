"""usergroups.*, usergroups.users.*."""

from sandbox.api.call import ApiCall, Handler
from sandbox.state.errors import SlackError
from sandbox.state.model import Json, UserGroup
from sandbox.state.user_shapes import usergroup_json


def list_(call: ApiCall) -> Json:
    """The workspace's user groups."""
    groups = [g for g in call.workspace.usergroups.values() if call.flag("include_disabled") or not g.deleted]
    users, count = call.flag("include_users"), call.flag("include_count")
    return {"usergroups": [usergroup_json(call.workspace, group, users=users, count=count) for group in groups]}


def create(call: ApiCall) -> Json:
    """Make a user group, as yet of nobody."""
    name, groups = call.text("name"), call.workspace.usergroups.values()
    handle = call.text("handle") or name.lower().replace(" ", "-")
    if any(group.name == name for group in groups):
        raise SlackError("name_already_exists")
    if any(group.handle == handle for group in groups):
        raise SlackError("handle_already_exists")
    group = call.workspace.add_usergroup(handle, [], name=name)
    group.description = call.text("description")
    return _shown(call, group)


def update(call: ApiCall) -> Json:
    """Call a user group something else."""
    group = _group(call)
    for part in ("name", "handle", "description"):
        if part in call.arguments:
            setattr(group, part, call.text(part))
    call.workspace.change_usergroup(group)
    return _shown(call, group)


def disable(call: ApiCall) -> Json:
    """Put a user group away."""
    group = _group(call)
    call.workspace.change_usergroup(group, disabled=True)
    return _shown(call, group)


def enable(call: ApiCall) -> Json:
    """Bring a user group back."""
    group = _group(call)
    call.workspace.change_usergroup(group, disabled=False)
    return _shown(call, group)


def users_list(call: ApiCall) -> Json:
    """The user ids in a user group."""
    group = _group(call)
    if group.deleted and not call.flag("include_disabled"):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def users_update(call: ApiCall) -> Json:
    """Put these people into a user group, and nobody else."""
    group, users = _group(call), call.ids("users")
    if not users:
        raise SlackError("no_users_provided")
    if any(user not in call.workspace.users for user in users):
        raise SlackError("invalid_users")
    call.workspace.change_usergroup(group, users=users)
    return _shown(call, group)


def _group(call: ApiCall) -> UserGroup:
    group = call.workspace.usergroups.get(call.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return group


def _shown(call: ApiCall, group: UserGroup) -> Json:
    return {"usergroup": usergroup_json(call.workspace, group, users=True, count=call.flag("include_count"))}


HANDLERS: dict[str, Handler] = {
    "usergroups.create": create,
    "usergroups.disable": disable,
    "usergroups.enable": enable,
    "usergroups.list": list_,
    "usergroups.update": update,
    "usergroups.users.list": users_list,
    "usergroups.users.update": users_update,
}
