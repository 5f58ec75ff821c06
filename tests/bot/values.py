"""Plain values for builders: incidents as rows that were never written, hard words, and the largest process."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.contract.blocks import check_message, check_view
from storage.item_lists import ABOUT_ITEMS
from storage.tables import EntryKind, Incident, Status, TimelineEntry
from storage.timeline import SHOWN
from tests.bot.item_values import item_entries_data
from tests.builders import NOON, PROCESS
from workflows.process import Process, parse_process
from workflows.situation import Situation

HARD_WORDS = {
    "long": "checkout is slow " * 176 + "now",
    "one long word": "x" * 3000,
    "japanese": "決済が止まっています。" * 270,
    "emoji": "🔥💳 :fire: 👩‍👩‍👧‍👦",
    "everybody": "<!channel> <!here|here> <!everyone> <!subteam^S1>",
    "markup": "*bold* _it_ ~no~ `code` ```block``` > quote",
    "entities": "&amp; &lt;!channel&gt; & < > " * 100,
    "ampersands": "&" * 3000,
    "brackets": "<" * 3000,
    "mentions": "<@U1> <#C1|x> <https://evil.example|bank> <mailto:a@b.example>",
    "our own mention": "{@U1} " * 500,
    "lines": "one\ntwo\n\n> three\n" * 150,
    "blank": " ",
}
"""Words people may type, by what is hard about them."""

LARGEST = parse_process(
    {
        "severities": {f"sev{n}": {"name": f"{n}{'s' * 39}", "help": "h" * 75} for n in range(10)},
        "impact": {f"i{n}": {"name": f"{n}{'i' * 39}", "help": "h" * 75} for n in range(10)},
        "urgency": {f"u{n}": {"name": f"{n}{'u' * 39}", "help": "h" * 75} for n in range(10)},
        "matrix": {f"i{i}": {f"u{u}": f"sev{max(i, u)}" for u in range(10)} for i in range(10)},
        "roles": {key: {"name": f"{key:r<40}", "duties": "d" * 200} for key in ["lead", *(f"r{n}" for n in range(19))]},
        "types": {f"t{n}": {"name": f"{n:02}{'t' * 38}", "help": "h" * 75} for n in range(20)},
        "services": [f"{n:03}{'s' * 37}" for n in range(100)],
        "update_minutes": [15, 30, 60, 90, 120, 240, 480, 1440],
    }
)
"""As much of everything as the process may have."""

PROCESSES = {"default": PROCESS, "largest": LARGEST}


def an_unsaved_incident(**changes: Any) -> Incident:
    """INC-7 as Ann declared it, with its channel."""
    values: dict[str, Any] = {
        "id": 7,
        "marker": "0123456789ab",
        "title": "Checkout is down",
        "description": "Cards are refused",
        "severity": "sev2",
        "severity_assumed": False,
        "impact": "medium",
        "urgency": "high",
        "type": "service",
        "services": ["checkout"],
        "status": Status.TRIAGE,
        "private": False,
        "declared_by": "UANN",
        "declared_at": NOON,
        "channel_id": "CINC7",
        "channel_name": "inc-7-checkout-is-down",
        "card_ts": "1772625600.000100",
    }
    return Incident(**{**values, **changes})


def a_situation(
    *, roles: Mapping[str, str] | None = None, open_entries: Sequence[TimelineEntry] = (), **changes: Any
) -> Situation:
    """How INC-7 stands."""
    return Situation(an_unsaved_incident(**changes), {"lead": "UANN"} if roles is None else roles, open_entries)


def full_of(words: str, *, status: Status = Status.INVESTIGATING, process: Process = PROCESS) -> Situation:
    """An incident that has these words wherever people may type, as long ago as it can be."""
    ended = status in (Status.RESOLVED, Status.CLOSED)
    return a_situation(
        roles=dict.fromkeys(process.roles, "U0123456789"),
        open_entries=open_entries_full_of(words),
        meeting_url=f"https://zoom.us/{'x' * 280}",
        title=words,
        description=words,
        services=[*process.services, words],
        severity=next(iter(process.severities)),
        severity_assumed=True,
        type=next(iter(process.types)),
        status=status,
        private=True,
        last_update=words,
        last_update_at=NOON,
        next_update_due_at=NOON + timedelta(minutes=30),
        verification=words if ended else None,
        verified_by="UBO" if ended else None,
        temporary_fix=words if ended else None,
        remaining=words if ended else None,
        ended_because=words if status is Status.DECLINED else None,
        location=words,
        affected=words,
        prevented=words,
        cost=words,
        trigger=words,
        detected_by="monitor",
        detected_at=NOON,
        impact_started_at=NOON,
        impact_ended_at=NOON if ended else None,
        resolved_at=NOON if ended else None,
    )


UNTOLD = set(EntryKind) - SHOWN - set(ABOUT_ITEMS)
"""Kinds that amend an entry or are for the record only: nobody reads them by themselves."""


def entries_data(words: str, process: Process) -> dict[EntryKind, dict[str, Any]]:
    """What the ledger keeps for each kind that people read, with these words in it."""
    best = list(process.severities)[-1]
    first = next(iter(process.severities))
    return {
        EntryKind.DECLARED: {"title": words, "severity": first, "description": words},
        EntryKind.ADOPTED: {"name": "old-channel"},
        EntryKind.ROLE_ASSIGNED: {"role": "lead", "from": None, "to": "UBO"},
        EntryKind.ROLE_RELEASED: {"role": "lead", "from": "UBO"},
        EntryKind.SEVERITY_CHANGED: {"from": first, "to": best, "reason": words},
        EntryKind.STATUS_CHANGED: {"from": "triage", "to": "mitigating", "step": "jump", "reason": words},
        EntryKind.FACTS_CHANGED: {
            "location": [None, words],
            "services": [[], [words] * 20],
            "impact_started_at": [None, NOON.isoformat()],
            "cost": [words, None],
        },
        EntryKind.NOTE: {"text": words, "category": "decision", "link": words, "objections": words},
        EntryKind.MESSAGE: a_marked_message(text=words),
        EntryKind.JOINED: {"roles": list(process.roles)},
        EntryKind.QUESTION: {"to": "UBO", "text": words, "due_at": NOON.isoformat(), "category": "question"},
        EntryKind.UPDATE: {
            "words": words,
            "from": "triage",
            "to": "monitoring",
            "next_update_due_at": NOON.isoformat(),
        },
        EntryKind.PUBLIC_TEXT: {"text": words},
        EntryKind.RESOLVED: {
            "from": "monitoring",
            "verification": words,
            "verified_by": "UBO",
            "temporary_fix": words,
            "remaining": words,
            "reason": words,
        },
        EntryKind.REOPENED: {"from": "resolved", "reason": words},
        EntryKind.DECLINED: {"reason": words},
        EntryKind.MERGED: {"into": 3, "channel_id": "C3", "reason": words},
        **item_entries_data(words),
    }


def a_marked_message(**changes: Any) -> dict[str, Any]:
    """A reply that Bo marked as a theory, as its entry keeps it."""
    data: dict[str, Any] = {
        "ts": "1772625600.000300",
        "thread_ts": "1772625600.000100",
        "author_name": None,
        "text": "It is the new cache",
        "files": [{"id": "F1", "name": "graph.png", "mimetype": "image/png", "size": 7}],
        "why": ["theory", "file"],
        "marked_by": ["UBO"],
        "category": "theory",
        "state": "open",
    }
    return {**data, **changes}


def an_entry(kind: EntryKind, data: dict[str, Any], **changes: Any) -> TimelineEntry:
    """An entry of INC-7 by Ann, as it was at first or with changes."""
    values: dict[str, Any] = {
        "incident_id": 7,
        "sequence": 9,
        "kind": kind,
        "category": data.get("category") or ("timeline" if kind is EntryKind.NOTE else None),
        "by": "UANN",
        "happened_at": NOON,
        "data": data,
        "state": data.get("state"),
        "message_ts": data.get("ts"),
    }
    return TimelineEntry(**{**values, **changes})


def entries_full_of(words: str, process: Process) -> list[TimelineEntry]:
    """An entry of every kind with these words wherever people may type, as they were and as long as they can become."""
    first = [an_entry(kind, data) for kind, data in entries_data(words, process).items()]
    more = a_marked_message(
        text=words,
        author_name=words,
        files=[{"id": "F1", "name": words, "mimetype": "x", "size": 1}] * 10,
        links=[words] * 5,
        outcome=words,
        settled_by="UBO",
    )
    states = ["confirmed", "worked", "in_place", "reviewed", "accepted"]
    categories = ["theory", "containment", "workaround", "evidence", "question"]
    changed = [
        an_entry(EntryKind.MESSAGE, more, category=category, state=state, edited=True, words=words)
        for category, state in zip(categories, states, strict=True)
    ]
    edited = [an_entry(entry.kind, entry.data, words=words, edited=True, hidden=True) for entry in first]
    return [*first, *changed, *edited]


def open_entries_full_of(words: str) -> list[TimelineEntry]:
    """As much as the card shows and more, with these words in it."""
    asked = {"to": "U0123456789", "text": words, "due_at": NOON.isoformat(), "category": "question"}
    return [
        *[an_entry(EntryKind.NOTE, {"text": words, "category": "theory", "state": "open"})] * 20,
        *[an_entry(EntryKind.NOTE, {"text": words, "category": "workaround", "state": "in_place"})] * 2,
        *[an_entry(EntryKind.QUESTION, asked, state="accepted")] * 20,
    ]


def accepted(text: str, blocks: Sequence[Block] | None = None, *, method: str = "chat.postMessage") -> dict[str, Any]:
    """The message as it is sent; Slack takes it without a word."""
    message: dict[str, Any] = {"channel": "C1", "text": text}
    if blocks is not None:
        message["blocks"] = [block.to_dict() for block in blocks]
    checked = check_message(message, method=method)
    assert (checked.errors, checked.warnings, checked.code) == ([], [], None)
    return message


def accepted_view(view: View) -> dict[str, Any]:
    """The view as it is sent; Slack takes it without a word."""
    sent: dict[str, Any] = view.to_dict()
    checked = check_view(sent)
    assert (checked.errors, checked.warnings, checked.code) == ([], [], None)
    return sent


_OURS = re.compile(
    r"<https://sandbox\.example/archives/C[^|<>]*\|message>|<@[UW][A-Z0-9]+>|<#C[A-Z0-9]+>"
    r"|<!date\^\d+\^[^|<>]+\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>"
    r"|<https://desk\.example\.com/x+\|[^<>]*>"
)
_BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_OPENS = re.compile(r"<")


def assert_inert(sent: Mapping[str, Any]) -> None:
    """No text with markup in it has markup but our own: people, channels and times."""
    for text in marked_up(sent):
        rest = _OURS.sub("", text)
        assert not _OPENS.search(rest), text
        assert not _BARE_AMPERSAND.search(rest), text


def marked_up(value: object) -> Iterator[str]:
    """Every text that Slack reads for markup: messages' fallback texts and mrkdwn objects."""
    if isinstance(value, list):
        for each in value:
            yield from marked_up(each)
    if isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str) and value.get("type") != "plain_text":
            yield text
        for each in value.values():
            yield from marked_up(each)
