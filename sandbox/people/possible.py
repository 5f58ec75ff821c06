"""Which answers somebody can give by ids: those that Slack's client would have offered them."""

from collections.abc import Callable, Container, Iterable
from contextlib import suppress

from sandbox.blocktext import options_of
from sandbox.people.inputs import VALUE_KEYS, Input
from sandbox.people.seen import feedback_buttons
from sandbox.state.core import State
from sandbox.state.model import Json, User

_PRESSED = {"overflow": "selected_option", "feedback_buttons": "value"}
"""What is reported of what holds no value (protocol.md, section 4.1)."""


class NotOffered(ValueError):
    """Somebody gave an answer that was none of those they had."""


def possible(state: State, user: User, element: Json, value: Json) -> Json:
    """What this element's type reports of the value, and nothing else; raises NotOffered for what is not to be had."""
    kind = str(element["type"])
    key = VALUE_KEYS[kind][0] if kind in VALUE_KEYS else _PRESSED.get(kind)
    if key is None:
        return {}
    zone = {"timezone": element["timezone"]} if "timezone" in element else {}
    given = value.get(key)
    check = _check(state, user, element)
    return {key: [check(one) for one in given] if isinstance(given, list) else given and check(given)} | zone


def put_into(entered: Json, values: Json, inputs: Iterable[Input], check: Callable[[Json, Json], Json]) -> None:
    """Enter values as `state.values` has them; what there is no input for, or cannot be, is left out."""
    for one in inputs:
        held = values.get(one.block_id, {}).get(one.action_id)
        if isinstance(held, dict) and held.get("type") == one.kind:
            with suppress(NotOffered):
                entered.setdefault(one.block_id, {})[one.action_id] = {"type": one.kind} | check(one.element, held)


def _check(state: State, user: User, element: Json) -> Callable[[object], object]:
    kind = str(element["type"])
    if kind == "feedback_buttons":
        return lambda given: _among(given, [button["value"] for button in feedback_buttons(element)])
    if "users" in kind:
        return lambda given: _among(given, state.users)
    if "channels" in kind or "conversations" in kind:
        return lambda given: _among(given, [c.id for c in state.channels.values() if state.visible(c, user.id)])
    if kind == "file_input":
        return lambda given: _file(state, user, given)
    # What an app offers in an external select is known to nobody but those who asked for it.
    return (lambda given: _option(element, given)) if options_of(element) else (lambda given: given)


def _among(given: object, offered: Container[object]) -> object:
    if not isinstance(given, str) or given not in offered:
        raise NotOffered("That cannot be chosen here.")
    return given


def _option(element: Json, given: object) -> Json:
    wanted = given.get("value") if isinstance(given, dict) else None
    for option in options_of(element):
        if option.get("value") == wanted:
            return dict(option)
    raise NotOffered("That cannot be chosen here.")


def _file(state: State, user: User, given: object) -> object:
    file = state.files.get(str(given.get("id"))) if isinstance(given, dict) else None
    if file is None or file.user != user.id:
        raise NotOffered("That file is not there.")
    return given
