"""Plain values for builders: incidents as rows that were never written, hard words, and the largest process."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.contract.blocks import check_message, check_view
from storage.tables import Incident, Status
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


def a_situation(*, roles: Mapping[str, str] | None = None, **changes: Any) -> Situation:
    """How INC-7 stands."""
    return Situation(an_unsaved_incident(**changes), {"lead": "UANN"} if roles is None else roles)


def full_of(words: str, *, status: Status = Status.INVESTIGATING, process: Process = PROCESS) -> Situation:
    """An incident that has these words wherever people may type, as long ago as it can be."""
    ended = status in (Status.RESOLVED, Status.CLOSED)
    return a_situation(
        roles=dict.fromkeys(process.roles, "U0123456789"),
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


_OURS = re.compile(r"<@[UW][A-Z0-9]+>|<#C[A-Z0-9]+>|<!date\^\d+\^[^|<>]+\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>")
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
