"""What happened to action items, checks and risks, in words: for the channel, the timeline and an item's history."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from bot.blocks.text import clip, escape, mention, plural, prose, quoted
from storage.tables import EntryKind, ItemState
from workflows.process import Process

Words = Callable[[str, dict[str, Any], Process], str]

TITLE_LIMIT = 250
VALUE_LIMIT = 300
"""Of each value that was changed: seventeen pairs of them fit into a message."""
SETTLED = (ItemState.DONE, ItemState.VERIFIED, ItemState.WONT_DO)


def item_name(data: Mapping[str, Any]) -> str:
    """How an item is called in a sentence."""
    return f"*ACT-{data['item']}* {clip(escape(str(data.get('title', ''))), TITLE_LIMIT)}"


def day(value: str) -> str:
    """A day as everybody reads it: it is one of the owner's calendar, so it has no clock."""
    return f"{date.fromisoformat(value):%a %-d %b %Y}"


def _said(head: str, words: str | None) -> str:
    """What somebody did, and below it why they say they did."""
    return f"{head}\n{quoted(prose(words))}" if words else head


def _added(by: str, data: dict[str, Any], _process: Process) -> str:
    due = f", due {day(data['due_on'])}" if data.get("due_on") else ""
    return f":memo: {by} adds {item_name(data)} for {mention(data['owner'])}{due}"


def _changed(by: str, data: dict[str, Any], _process: Process) -> str:
    lines = [f":pencil2: {by} changes {item_name(data)}"]
    lines += [f"> {_FIELDS.get(name, name)}: {_value(was)} → {_value(now)}" for name, (was, now) in _changes(data)]
    return "\n".join(lines)


def _changes(data: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    yield from ((name, (pair[0], pair[1])) for name, pair in data["changes"].items())


_FIELDS = {
    "title": "Title",
    "why": "What and why",
    "due_on": "Due",
    "horizon": "For",
    "aim": "Aim",
    "kind": "Kind",
    "proposal": "Proposes to change",
    "impact": "Impact",
    "feasibility": "Feasibility",
    "priority": "Priority instead of their product",
    "priority_reason": "Why that priority",
    "links": "Links",
    "success_measure": "Success measure",
    "vendor_contact": "Contact at the vendor",
    "theme_id": "Theme",
    "incident": "Incident",
    "owner": "Owner",
}


def _value(value: Any) -> str:
    """A value in words; a list by its parts, a day as one, nothing as such."""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if value is None or value == "":
        return "nothing"
    try:
        return day(str(value))
    except ValueError:
        return clip(" ".join(prose(str(value)).split()), VALUE_LIMIT)


def _assigned(by: str, data: dict[str, Any], _process: Process) -> str:
    to, before = mention(data["to"]), mention(data["from"])
    if by == to:
        return _said(f":handshake: {by} takes over {item_name(data)} from {before}", data.get("why"))
    return _said(f":handshake: {by} gives {item_name(data)} to {to}; it was {before}'s", data.get("why"))


def _accepted(by: str, data: dict[str, Any], _process: Process) -> str:
    return f":ok_hand: {by} takes on {item_name(data)}"


def _declined(by: str, data: dict[str, Any], _process: Process) -> str:
    return _said(f":back: {by} does not take on {item_name(data)}; it is {mention(data['to'])}'s now", data.get("why"))


def _state(by: str, data: dict[str, Any], _process: Process) -> str:
    before, after = ItemState(data["from"]), ItemState(data["to"])
    name = item_name(data)
    shown = f"\nShown by {clip(escape(data['evidence']), VALUE_LIMIT)}" if data.get("evidence") else ""
    if after is ItemState.OPEN and before in SETTLED:
        return _said(f":leftwards_arrow_with_hook: {by} opens {name} again", data["reason"])
    if after is ItemState.DONE:
        return f":white_check_mark: {by}: {name} is *done*{shown}"
    if after is ItemState.VERIFIED:
        return f":ballot_box_with_check: {by} has verified that {name} is done{shown}"
    return _said(_OTHER_STATES[after].format(by=by, name=name), data["reason"])


_OTHER_STATES = {
    ItemState.OPEN: ":white_circle: {by}: {name} is *open*",
    ItemState.IN_PROGRESS: ":hourglass_flowing_sand: {by}: {name} is *in progress*",
    ItemState.BLOCKED: ":construction: {by}: {name} is *blocked*",
    ItemState.WONT_DO: ":no_entry_sign: {by}: {name} *won't be done*",
}


def _snoozed(by: str, data: dict[str, Any], _process: Process) -> str:
    return _said(f":zzz: {by} puts {item_name(data)} off until {day(data['until'])}", data["reason"])


def _needs_help(by: str, data: dict[str, Any], _process: Process) -> str:
    asked = f" {mention(data['asked'])}" if data.get("asked") else ""
    whose = "" if by == mention(data["owner"]) else f" of {mention(data['owner'])}"
    return _said(f":sos: {by} asks{asked} for help with {item_name(data)}{whose}", data["words"])


def _decided(by: str, data: dict[str, Any], _process: Process) -> str:
    decision = ":thumbsup: {by} approves {name}" if data["approved"] else ":thumbsdown: {by} does not approve {name}"
    for_owner = f", for {mention(data['owner'])}" if data.get("owner") else ""
    return _said(decision.format(by=by, name=item_name(data)) + for_owner, data.get("reason"))


def _tracked(by: str, data: dict[str, Any], _process: Process) -> str:
    where = f" as {clip(escape(data['ref']), TITLE_LIMIT)}" if data.get("ref") else ""
    state = f", {clip(escape(data['state']), TITLE_LIMIT)}" if data.get("state") else ""
    return f":link: {by}: {item_name(data)} is in {escape(str(data['tracker']))}{where}{state}"


ANSWERS = {"effective": "has worked", "partly": "has worked in part", "not": "has not worked"}


def _checked(by: str, data: dict[str, Any], _process: Process) -> str:
    similar = [f"INC-{number}" for number in data.get("similar", ())]
    head = f":microscope: {by}: {item_name(data)} *{ANSWERS[data['answer']]}*, {plural(data['days'], 'day')} after"
    alike = f"\nAlike since then: {', '.join(similar)}" if similar else ""
    return _said(head + alike, data.get("side_effects"))


def _risk_name(data: Mapping[str, Any]) -> str:
    return f"the risk “{clip(escape(data['title']), TITLE_LIMIT)}”"


def _risk_accepted(by: str, data: dict[str, Any], _process: Process) -> str:
    head = f":warning: {by} writes down {_risk_name(data)}, looked at again {day(data['review_on'])}"
    return _said(head, data.get("why"))


def _risk_reviewed(by: str, data: dict[str, Any], _process: Process) -> str:
    says = _RISK_ANSWERS.get(data["answer"], "has looked at").format(
        until=day(data["review_on"]), into=data.get("into")
    )
    return _said(f":warning: {by} {says} {_risk_name(data)}", data.get("why"))


def _no_prevention(by: str, data: dict[str, Any], _process: Process) -> str:
    return _said(f":warning: {by}: no action item is to prevent it from happening again", data["reason"])


def _kudos(by: str, data: dict[str, Any], _process: Process) -> str:
    return _said(f":tada: {by} thanks {mention(data['to'])}", data["text"])


_RISK_ANSWERS = {
    "signed": "signs for",
    "still": "accepts, until {until},",
    "act": "acts on",
    "over": "says it is over with",
    "moved": "takes along into {into}",
}

ITEM_WORDS: dict[EntryKind, Words] = {
    EntryKind.ITEM_ADDED: _added,
    EntryKind.ITEM_CHANGED: _changed,
    EntryKind.ITEM_ASSIGNED: _assigned,
    EntryKind.ITEM_ACCEPTED: _accepted,
    EntryKind.ITEM_DECLINED: _declined,
    EntryKind.ITEM_STATE: _state,
    EntryKind.ITEM_SNOOZED: _snoozed,
    EntryKind.ITEM_NEEDS_HELP: _needs_help,
    EntryKind.ITEM_DECIDED: _decided,
    EntryKind.ITEM_TRACKED: _tracked,
    EntryKind.CHECK_ANSWERED: _checked,
    EntryKind.RISK_ACCEPTED: _risk_accepted,
    EntryKind.RISK_REVIEWED: _risk_reviewed,
    EntryKind.NO_PREVENTION: _no_prevention,
    EntryKind.KUDOS: _kudos,
}
