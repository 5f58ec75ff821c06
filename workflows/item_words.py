"""What happened to action items, checks and risks, in plain words, for a record that is read elsewhere."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from storage.tables import EntryKind, ItemState
from workflows.errors import person
from workflows.process import Process

STATES = {
    ItemState.OPEN: "open",
    ItemState.IN_PROGRESS: "in progress",
    ItemState.BLOCKED: "blocked",
    ItemState.DONE: "done",
    ItemState.VERIFIED: "verified",
    ItemState.WONT_DO: "won't be done",
}
ANSWERS = {"effective": "has worked", "partly": "has worked in part", "not": "has not worked"}
_REVIEWED = {
    "signed": "signed for",
    "still": "still accepted",
    "act": "acted on",
    "over": "over with",
    "moved": "goes on in {into}",
}


def _name(data: Mapping[str, Any]) -> str:
    return f"ACT-{data['item']} {data['title']}"


def day(value: str) -> str:
    """A day as everybody reads it."""
    return f"{date.fromisoformat(value):%a %-d %b %Y}"


def _because(head: str, words: str | None) -> str:
    return f"{head}: {words}" if words else head


def _added(data: Mapping[str, Any], _: Process) -> str:
    due = f", due {day(data['due_on'])}" if data.get("due_on") else ""
    return f"Action item {_name(data)}, for {person(data['owner'])}{due}"


def _state(data: Mapping[str, Any], _: Process) -> str:
    shown = f", shown by {data['evidence']}" if data.get("evidence") else ""
    return _because(f"{_name(data)}: {STATES[data['from']]} → {STATES[data['to']]}{shown}", data["reason"])


def _decided(data: Mapping[str, Any], _: Process) -> str:
    return _because(f"{_name(data)} is {'approved' if data['approved'] else 'not approved'}", data.get("reason"))


def _checked(data: Mapping[str, Any], _: Process) -> str:
    similar = ", ".join(f"INC-{number}" for number in data.get("similar", ()))
    alike = f"; alike since then: {similar}" if similar else ""
    return _because(
        f"{_name(data)} {ANSWERS[data['answer']]}, asked after {data['days']} days{alike}", data["side_effects"]
    )


def _risk_accepted(data: Mapping[str, Any], _: Process) -> str:
    return _because(f"Risk “{data['title']}”, looked at again {day(data['review_on'])}", data.get("why"))


def _risk_reviewed(data: Mapping[str, Any], _: Process) -> str:
    became = _REVIEWED[data["answer"]].format(into=data.get("into"))
    return _because(f"Risk “{data['title']}”: {became}", data.get("why"))


ITEM_WORDS: dict[EntryKind, Callable[[Mapping[str, Any], Process], str]] = {
    EntryKind.ITEM_ADDED: _added,
    EntryKind.ITEM_STATE: _state,
    EntryKind.ITEM_NEEDS_HELP: lambda data, _: _because(f"Help needed with {_name(data)}", data["words"]),
    EntryKind.ITEM_DECIDED: _decided,
    EntryKind.CHECK_ANSWERED: _checked,
    EntryKind.RISK_ACCEPTED: _risk_accepted,
    EntryKind.RISK_REVIEWED: _risk_reviewed,
    EntryKind.NO_PREVENTION: lambda data, _: f"Nothing is to prevent it from happening again: {data['reason']}",
    EntryKind.KUDOS: lambda data, _: f"Thanks to {person(data['to'])}: {data['text']}",
}
"""By kind, of those that the timeline shows."""
