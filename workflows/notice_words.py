"""What a notice says: what is so, what was finished, what comes next, in words that fit every medium."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.tables import LedgerEntry, Status, TimelineEntry
from workflows.errors import person
from workflows.gaps import Place, open_gaps
from workflows.lifecycle import MEANING, WORKING
from workflows.notices import Notice, Part, Transition
from workflows.process import Process
from workflows.record_words import words_of
from workflows.situation import Situation

MOST_ACTIONS = 30
ACTION_LIMIT = 200
_STEPS = ("confirm", "mitigate", "watch", "resolve")
"""The gaps that name the next step of the process; readers outside the response need no others."""
_PERSON = re.compile(r"\{@([UW][A-Z0-9]+)\}")


@dataclass(frozen=True)
class Turn:
    """One transition: the entry that records it, how the incident stands after it, and the actions taken so far."""

    transition: Transition
    entry: LedgerEntry
    situation: Situation
    process: Process
    actions: Sequence[TimelineEntry] = ()
    """In order of time; asked for only when it is resolved."""


def notice_of(turn: Turn) -> Notice:
    """The notice for readers inside."""
    incident = turn.situation.incident
    severity = turn.process.severity_name(incident.severity)
    facts = [f"{severity} (assumed)" if incident.severity_assumed else severity, incident.status.capitalize()]
    if incident.services:
        facts.append(", ".join(incident.services))
    return Notice(
        transition=turn.transition,
        ref=incident.ref,
        headline=f"{incident.ref} · {incident.title}: {_HEADLINES[turn.transition](turn)}",
        facts=tuple(facts),
        parts=tuple(part for part in _parts(turn) if part.text or part.at),
        next=next_step(turn.situation),
        happened_at=_happened_at(turn).isoformat(),
        channel_id=incident.channel_id,
    )


def _happened_at(turn: Turn) -> datetime:
    """It was declared before its channel was there, and is told then."""
    declared = turn.transition is Transition.DECLARED
    return turn.situation.incident.declared_at if declared else turn.entry.happened_at


def public_notice(turn: Turn) -> Notice:
    """The notice for people outside: the approved text, and nothing else."""
    return Notice(
        transition=Transition.PUBLIC,
        ref="",
        headline=turn.situation.incident.public_text or "",
        happened_at=turn.entry.happened_at.isoformat(),
    )


def people_in(notice: Notice) -> set[str]:
    """Everybody its words name."""
    texts = [notice.headline, notice.next, *notice.facts, *(part.text for part in notice.parts)]
    return {user_id for text in texts for user_id in _PERSON.findall(text)}


def next_step(situation: Situation) -> str:
    """What comes next; there is always something to say."""
    incident = situation.incident
    if incident.status in WORKING:
        steps = (gap.ask for gap in open_gaps(situation, Place.CARD) if gap.name in _STEPS)
        return next(steps, MEANING[incident.status])
    match incident.status:
        case Status.RESOLVED if incident.remaining:
            return f"What is left to do: {incident.remaining}"
        case Status.RESOLVED:
            return "The review: what was learned, and what keeps it from coming back"
        case Status.MERGED:
            return f"It is worked on as INC-{incident.merged_into}"
        case Status.DECLINED:
            return "Nothing is to be done; it can be reopened if it is one after all"
        case _:
            return "Nothing is left to do"


def _status_headline(turn: Turn) -> str:
    status = turn.situation.incident.status
    return f"{status.capitalize()} – {MEANING[status][0].lower()}{MEANING[status][1:]}"


def _severity_headline(turn: Turn) -> str:
    data, name = turn.entry.data, turn.process.severity_name
    way = "raised" if turn.transition is Transition.SEVERITY_RAISED else "lowered"
    return f"severity {way} from {name(data['from'])} to {name(data['to'])}"


def _saying(words: str) -> Callable[[Turn], str]:
    return lambda _: words


_HEADLINES: dict[Transition, Callable[[Turn], str]] = {
    Transition.DECLARED: _saying("declared"),
    Transition.SEVERITY_RAISED: _severity_headline,
    Transition.SEVERITY_LOWERED: _severity_headline,
    Transition.INVESTIGATING: _status_headline,
    Transition.MITIGATING: _status_headline,
    Transition.MONITORING: _status_headline,
    Transition.UPDATE: _saying("update"),
    Transition.RESOLVED: _saying("resolved"),
    Transition.REOPENED: _saying("reopened"),
    Transition.DECLINED: _saying("declined, it is not an incident"),
    Transition.MERGED: _saying("merged into another incident"),
    Transition.CLOSED: _saying("closed"),
    Transition.PUBLIC: _saying("this is what people outside were told"),
}


def _parts(turn: Turn) -> list[Part]:
    match turn.transition:
        case Transition.DECLARED:
            return _declared(turn)
        case Transition.UPDATE:
            return _update(turn)
        case Transition.RESOLVED:
            return _resolved(turn)
        case Transition.PUBLIC:
            return [Part("Text for people outside", turn.situation.incident.public_text or "")]
        case _:
            data = turn.entry.data
            return [_finished(data), Part("Why", data.get("reason") or ""), *_impact(turn)]


def _finished(data: dict[str, object]) -> Part:
    before = data.get("from")
    return Part("Finished", Status(str(before)).capitalize() if before in list(Status) else "")


def _impact(turn: Turn) -> list[Part]:
    return [Part("Who is affected", turn.situation.incident.affected or "")]


def _declared(turn: Turn) -> list[Part]:
    incident = turn.situation.incident
    lead = turn.situation.lead
    return [
        Part("What is happening", incident.description),
        *_impact(turn),
        Part("Declared", person(incident.declared_by), incident.declared_at.isoformat()),
        Part("Lead", person(lead) if lead else ""),
        Part("Next update by", at=_iso(incident.next_update_due_at)),
    ]


def _update(turn: Turn) -> list[Part]:
    data = turn.entry.data
    moved = data["from"] != data["to"]
    needs, needed = data.get("needs") or "", data.get("needed")
    return [
        Part("Condition", data["words"]),
        Part("Actions", data.get("actions") or ""),
        Part("Needs", f"{person(needed)}, please: {needs}" if needed else needs),
        _finished(data) if moved else Part("Finished"),
        *_impact(turn),
        Part("Next update by", at=data["next_update_due_at"]),
    ]


def _resolved(turn: Turn) -> list[Part]:
    data = turn.entry.data
    verified = f"{data['verification']} ({person(data['verified_by'])})"
    return [
        _finished(data),
        Part("How it was verified", verified),
        Part("What was done", _actions(turn)),
        Part("Temporary fix that stays", data["temporary_fix"] or ""),
        *_impact(turn),
    ]


def _actions(turn: Turn) -> str:
    lines = [
        f"{number}. {_action(entry, turn.process)}" for number, entry in enumerate(turn.actions[:MOST_ACTIONS], start=1)
    ]
    if len(turn.actions) > MOST_ACTIONS:
        lines.append(f"and {len(turn.actions) - MOST_ACTIONS} more on its timeline")
    return "\n".join(lines)


def _action(entry: TimelineEntry, process: Process) -> str:
    """What it says now: words that their author has deleted are told to nobody."""
    text = " ".join(words_of(entry, process).split())
    words = text if len(text) <= ACTION_LIMIT else f"{text[: ACTION_LIMIT - 1].rstrip()}…"
    return f"{words} ({entry.state.replace('_', ' ')})" if entry.state else words


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
