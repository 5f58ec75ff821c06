"""views.*: modals and Home tabs."""

from sandbox.api.call import ApiCall, Handler
from sandbox.contract.blocks import check_view
from sandbox.state.errors import SlackError
from sandbox.state.model import Json, View
from sandbox.state.shapes import view_json


def open_(call: ApiCall) -> Json:
    """Open a modal for whoever caused the trigger."""
    return _shown(call, call.workspace.views.open(_trigger(call), checked_view(call, "modal")))


def push(call: ApiCall) -> Json:
    """Put a modal on top of the one the trigger came from."""
    return _shown(call, call.workspace.views.push(_trigger(call), checked_view(call, "modal")))


def update(call: ApiCall) -> Json:
    """Replace the content of a view that is open."""
    views = call.workspace.views
    view = views.get(view_id=call.optional("view_id"), external_id=call.optional("external_id"))
    payload = checked_view(call, view.type)
    return _shown(call, views.update(view, payload, hash_=call.optional("hash")))


def publish(call: ApiCall) -> Json:
    """Replace a person's Home tab."""
    user = call.workspace.users.get(call.text("user_id"))
    if user is None or user.deleted or user.is_bot:
        raise SlackError("invalid_arguments", messages=["[ERROR] invalid `user_id`"])
    payload = checked_view(call, "home")
    return _shown(call, call.workspace.views.publish(user.id, payload, hash_=call.optional("hash")))


def checked_view(call: ApiCall, type_: str) -> Json:
    """The `view` argument, once Slack would take it as a view of this type."""
    view = call.arguments["view"]
    checked = check_view(view, type_=type_)
    if checked.code:
        raise SlackError(checked.code, messages=checked.errors)
    for warning in checked.warnings:
        call.workspace.complain(f"{call.method.name}: {warning}")
    payload: Json = view
    return payload


def _trigger(call: ApiCall) -> str:
    if not call.optional("trigger_id"):
        # Pointers come from workflow functions, which this workspace has none of.
        raise SlackError("invalid_trigger_id")
    return call.text("trigger_id")


def _shown(call: ApiCall, view: View) -> Json:
    return {"view": view_json(call.workspace, view)}


HANDLERS: dict[str, Handler] = {
    "views.open": open_,
    "views.publish": publish,
    "views.push": push,
    "views.update": update,
}
