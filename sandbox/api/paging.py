"""Cursor pagination (methods.json: pagination): opaque, tied to the call that issued it, worth nothing elsewhere."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from sandbox.api.call import ApiCall
from sandbox.state.errors import SlackError

Item = TypeVar("Item")


def page(
    call: ApiCall, items: Sequence[Item], key: Callable[[Item], str], *, default: int = 100, maximum: int = 1000
) -> tuple[list[Item], str]:
    """The items of the page a call asks for, and the cursor of the next page (empty on the last one)."""
    limit = _limit(call, default, maximum)
    start = _start(call, items, key)
    following = items[start + limit : start + limit + 1]
    return list(items[start : start + limit]), _cursor(call, key(following[0])) if following else ""


def _limit(call: ApiCall, default: int, maximum: int) -> int:
    limit = call.arguments.get("limit")
    if limit is None or limit == 0:
        return default
    if 0 < limit <= maximum:
        return int(limit)
    if limit < 0 or "invalid_limit" in call.method.errors:
        raise SlackError("invalid_limit" if "invalid_limit" in call.method.errors else "invalid_arguments")
    call.workspace.complain(f"{call.method.name}: limit {limit} is above the maximum of {maximum}")
    return maximum


def _start(call: ApiCall, items: Sequence[Item], key: Callable[[Item], str]) -> int:
    cursor = call.optional("cursor")
    if cursor is None:
        return 0
    wanted = _read(call, cursor)
    for position, item in enumerate(items):
        if key(item) == wanted:
            return position
    raise SlackError("invalid_cursor")


def _cursor(call: ApiCall, key: str) -> str:
    return base64.b64encode(f"{_fingerprint(call)}:{key}".encode()).decode()


def _read(call: ApiCall, cursor: str) -> str:
    try:
        fingerprint, _, key = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SlackError("invalid_cursor") from error
    if fingerprint != _fingerprint(call):
        raise SlackError("invalid_cursor")
    return key


def _fingerprint(call: ApiCall) -> str:
    same = {name: value for name, value in call.arguments.items() if name not in ("cursor", "limit")}
    text = json.dumps([call.method.name, same], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
