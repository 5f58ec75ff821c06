"""The catch-up in words: short enough to be read at three in the morning, and one message."""

from collections.abc import Iterator

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    PlainTextObject,
)

from bot import ids
from bot.blocks.answers import Answer
from bot.blocks.card import incident_emoji
from bot.blocks.categories import state_name
from bot.blocks.parts import section
from bot.blocks.standing import standing_lines
from bot.blocks.text import DAY_AND_TIME, MESSAGE_LIMIT, clip, escape, mention, moment, prose
from storage.tables import Incident
from workflows.catchup import CatchUp, Point
from workflows.process import Process
from workflows.situation import Situation

POINT_SHOWN = 110
FACT_SHOWN = 200
PEOPLE_SHOWN = 400


def catchup_message(situation: Situation, told: CatchUp, *, process: Process) -> Answer:
    """What is known, what was tried, what is open, who is who; with the way to the whole timeline."""
    facts = "\n".join(_facts(situation, process))
    rest = ["\n".join(_history(told)), "\n".join(standing_lines(situation, with_theories=False))]
    button = ButtonElement(
        text=PlainTextObject(text="Timeline"), action_id=ids.OPEN_TIMELINE, value=str(situation.incident.number)
    )
    sections: list[Block] = [section(part) for part in (facts, *rest) if part]
    return clip(facts, MESSAGE_LIMIT), [*sections, ActionsBlock(elements=[button])]


def _facts(situation: Situation, process: Process) -> Iterator[str]:
    incident = situation.incident
    severity = process.severity_name(incident.severity) + (" (assumed)" if incident.severity_assumed else "")
    yield f"{incident_emoji(incident, process)} *{incident.ref} · {_line(incident.title, FACT_SHOWN)}*"
    since = f" since {moment(incident.status_changed_at, form=DAY_AND_TIME)}" if incident.status_changed_at else ""
    yield f"{severity} · {incident.status.capitalize()}{since}{_began(incident)}"
    if incident.services:
        yield f"*Services*  {_line(', '.join(incident.services), FACT_SHOWN)}"
    yield from _words("What", incident.description)
    yield from _words("Impact", " · ".join(filter(None, (incident.affected, incident.prevented))))
    yield from _last_update(incident)
    yield f"*Who is who*  {_people(situation, process)}"


def _began(incident: Incident) -> str:
    if incident.impact_started_at:
        return f" · began {moment(incident.impact_started_at, form=DAY_AND_TIME)}"
    return f" · declared {moment(incident.declared_at, form=DAY_AND_TIME)} by {mention(incident.declared_by)}"


def _last_update(incident: Incident) -> Iterator[str]:
    if incident.last_update and incident.last_update_at:
        yield from _words(f"Update, {moment(incident.last_update_at)}", incident.last_update)
    if incident.next_update_due_at:
        yield f"*Next update by*  {moment(incident.next_update_due_at)}"


def _people(situation: Situation, process: Process) -> str:
    held = [f"{escape(process.role_name(role))} {mention(user_id)}" for role, user_id in situation.roles.items()]
    return clip(" · ".join(held), PEOPLE_SHOWN) or "nobody has a role yet"


def _history(told: CatchUp) -> Iterator[str]:
    yield from _points("Tried", told.tried, unsaid="no result yet")
    yield from _points("Decided", told.decided)
    yield from _points("Theories", told.theories)


def _points(label: str, points: tuple[Point, ...], *, unsaid: str = "") -> Iterator[str]:
    if points:
        yield f"*{label}*, newest first"
    for point in points:
        state = state_name(point.state) if point.state else unsaid
        yield f"• {_line(point.words)}" + (f" – _{escape(state)}_" if state else "")


def _words(label: str, words: str) -> Iterator[str]:
    if words.strip():
        yield f"*{label}*  {_line(words, FACT_SHOWN)}"


def _line(words: str, limit: int = POINT_SHOWN) -> str:
    return clip(" ".join(prose(words).split()), limit)
