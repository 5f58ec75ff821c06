"""What goes over the wire between the workspace and the app, kept for people who build Slack apps."""

import asyncio
import itertools
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.calls import Call
from sandbox.link.payload import Delivery
from sandbox.page.hub import Hub
from sandbox.state.model import Json
from sandbox.workspace import Workspace

KEPT = 1000
"""Entries; older ones are forgotten."""
TOLD_EVERY = 0.05
"""Seconds between two pushes to a window that watches, so that a burst is told in few of them."""
LONGEST_WORDS, MOST_ITEMS, DEEPEST = 2000, 100, 30
"""Of a request or an answer as it is shown: of a text, of a list, of what is nested."""
HIDDEN = "•••"
_WHERE = ("channel", "channel_id", "channels", "user", "user_id", "users")
_SECRET_KEYS = {"token", "client_secret", "signing_secret", "bot_token", "app_token"}
_SECRETS = re.compile(r"(xox[a-z](?:\.xox[a-z])?-|xapp-|xwfp-)[\w-]+|(?<=/response/)\w+|(?<=[?&]ticket=)\w+")


@dataclass(eq=False)
class Entry:
    """One thing that went over the wire; a request has no `took` while its answer is still to come."""

    number: int
    what: Call | Delivery | str
    at: float
    began: float = field(default_factory=time.perf_counter)
    took: float | None = None


class Wire:
    """The last that went over the wire, and telling those windows of it that watch “wire”."""

    def __init__(self, workspace: Workspace, hub: Hub) -> None:
        self._workspace = workspace
        self._hub = hub
        self._numbers = itertools.count(1)
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._pending: dict[int, Entry] = {}  # by identity
        self._untold: dict[int, Entry] = {}

    def note(self, what: Call | Delivery) -> None:
        """A request begins or, when it is given for the second time, has ended."""
        entry = self._pending.pop(id(what), None)
        if entry is None:
            self._pending[id(what)] = self._add(what)
        else:
            entry.took = time.perf_counter() - entry.began
            self._tell(entry)

    def note_connection(self, words: str) -> None:
        """Something has become of a Socket Mode connection."""
        self._add(words)

    def entries(self) -> list[Json]:
        """All that is kept, oldest first, without what was said."""
        return [self._shown(entry) for entry in self._entries]

    def details(self, number: int) -> Json:
        """What was asked and answered, without secrets and not at endless length; LookupError once it is forgotten."""
        for entry in self._entries:
            if entry.number == number:
                return {"request": presentable(_request(entry.what)), "answer": presentable(_answer(entry.what))}
        raise LookupError("That is too long ago: it is not kept any more.")

    def _add(self, what: Call | Delivery | str) -> Entry:
        entry = Entry(next(self._numbers), what, self._workspace.clock.timestamp())
        self._entries.append(entry)
        self._tell(entry)
        return entry

    def _tell(self, entry: Entry) -> None:
        if not self._hub.is_watched("wire"):
            return
        self._untold[entry.number] = entry
        if len(self._untold) == 1:
            asyncio.get_running_loop().call_later(TOLD_EVERY, self._tell_all)

    def _tell_all(self) -> None:
        untold, self._untold = self._untold.values(), {}
        self._hub.tell("wire", watched=True, entries=[self._shown(entry) for entry in untold])

    def _shown(self, entry: Entry) -> Json:
        took = None if entry.took is None else round(entry.took * 1000, 1)
        common = {"number": entry.number, "at": entry.at, "took": took}
        match entry.what:
            case Call() as call:
                return common | _call_shown(call, is_over=took is not None) | {"about": self._about(call.arguments)}
            case Delivery() as delivery:
                return common | _delivery_shown(delivery) | {"about": self._told_about(delivery)}
            case str(words):
                return common | _connection_shown(words)

    def _told_about(self, delivery: Delivery) -> str:
        kind, body = delivery.payload.kind, delivery.payload.body
        if kind == "events_api":
            item = body["event"].get("item")
            return self._about(body["event"]) or (self._about(item) if isinstance(item, dict) else "")
        if kind == "slash_commands":
            return str(body.get("text", ""))[:80]
        actions = body.get("actions") or [{}]
        view = body.get("view") or {}
        return str(actions[0].get("action_id") or body.get("callback_id") or view.get("callback_id") or "")

    def _about(self, arguments: Json) -> str:
        """The conversation or the person that is meant, by name where it has one."""
        given = next((arguments[key] for key in _WHERE if arguments.get(key)), "")
        found = str(given["id"]) if isinstance(given, dict) and "id" in given else str(given)
        channel = self._workspace.channels.get(found)
        if channel is not None and channel.kind == "im":
            found = next((member for member in channel.members if member != self._workspace.bot.id), "")
        elif channel is not None and channel.name:
            return f"#{channel.name}"
        user = self._workspace.users.get(found)
        return f"@{user.name}" if user else found[:80]


def presentable(value: Any, depth: int = 0) -> Any:
    """The same without tokens and single-use addresses, and with what is very long cut short."""
    match value:
        case str():
            words = _SECRETS.sub(lambda found: (found[1] or "") + HIDDEN, value)
            left = len(words) - LONGEST_WORDS
            return words if left <= 0 else f"{words[:LONGEST_WORDS]} … and {left} more characters"
        case dict() | list() | tuple() if depth == DEEPEST:
            return "…"
        case dict():
            return {str(key): _member(str(key), each, depth) for key, each in value.items()}
        case list() | tuple():
            left = len(value) - MOST_ITEMS
            shown = [presentable(each, depth + 1) for each in value[:MOST_ITEMS]]
            return shown if left <= 0 else [*shown, f"… and {left} more"]
        case None | bool() | int() | float():
            return value
    return str(value)


def _member(key: str, value: Any, depth: int) -> Any:
    return HIDDEN if key in _SECRET_KEYS and value else presentable(value, depth + 1)


def _call_shown(call: Call, *, is_over: bool) -> Json:
    state, outcome = _call_outcome(call) if is_over else ("pending", "under way")
    return {"way": "in", "kind": "Web API", "name": call.method, "state": state, "outcome": outcome}


def _call_outcome(call: Call) -> tuple[str, str]:
    if call.status is None:
        return "failed", "cut off without an answer"
    if call.status == 429:
        return "failed", f"429, Retry-After {call.retry_after or '?'}"
    error = (call.answer or {}).get("error")
    if error or call.status >= 400:
        return "failed", str(error or call.status)
    return "ok", "ok"


def _delivery_shown(delivery: Delivery) -> Json:
    payload, answer = delivery.payload, delivery.answer
    again = f"retry {payload.retry.number}, " if payload.retry else ""
    if answer is None:
        state, outcome = "pending", f"{again}under way"
    elif answer.ok:
        state, outcome = "ok", f"{again}acknowledged"
    else:
        state, outcome = "failed", f"{again}not acknowledged: {answer.failure}"
    name = _name(payload.kind, payload.body)
    return {"way": "out", "kind": payload.kind, "name": name, "state": state, "outcome": outcome}


def _connection_shown(words: str) -> Json:
    return {"way": "link", "kind": "Socket Mode", "name": words, "state": "ok", "outcome": "", "about": ""}


def _name(kind: str, body: Json) -> str:
    if kind == "events_api":
        return ".".join(filter(None, (str(body["event"]["type"]), body["event"].get("subtype"))))
    return str(body.get("command" if kind == "slash_commands" else "type", ""))


def _request(what: Call | Delivery | str) -> Any:
    match what:
        case Call():
            return what.arguments
        case Delivery(payload):
            return payload.body | ({"retry": vars(payload.retry)} if payload.retry else {})
    return None


def _answer(what: Call | Delivery | str) -> Any:
    match what:
        case Call():
            return what.answer if what.answer is not None else what.status
        case Delivery(answer=answer):
            return None if answer is None else answer.failure or answer.content
    return None
