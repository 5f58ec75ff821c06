"""What stands open on an incident's timeline, in a few lines: for the card and for those who come late."""

from collections.abc import Iterator
from datetime import datetime

from bot.blocks.text import clip, escape, mention, moment, plural, prose
from storage.tables import TimelineEntry
from workflows import categories as c
from workflows.situation import Situation

WORKAROUND_SHOWN = 500
QUESTION_SHOWN = 120
MOST_QUESTIONS = 3
LINK_SHOWN = 300


def standing_lines(situation: Situation, *, with_theories: bool = True) -> Iterator[str]:
    """The workaround in place, unanswered questions, how many theories and concerns are open, where people meet."""
    entries = situation.open_entries
    for workaround in [entry for entry in entries if entry.category == c.WORKAROUND][-1:]:
        yield f"*Workaround*  {clip(_words(workaround), WORKAROUND_SHOWN)}"
    yield from _questions([entry for entry in entries if entry.category == c.QUESTION])
    theories = sum(entry.category == c.THEORY for entry in entries)
    if theories and with_theories:
        yield f"*Open theories*  {theories}: `/incident theory`"
    concerns = sum(entry.category == c.CONCERN for entry in entries)
    if concerns:
        yield f"*Open concerns*  {concerns}: `/incident concern`"
    link = situation.incident.meeting_url
    if link and len(link) <= LINK_SHOWN:  # half a link leads nowhere
        yield f"*Meeting*  {escape(link)}"


def _questions(entries: list[TimelineEntry]) -> Iterator[str]:
    if not entries:
        return
    yield "*Waiting for an answer*"
    for entry in entries[:MOST_QUESTIONS]:
        yield f"• {question_line(entry)}"
    if len(entries) > MOST_QUESTIONS:
        yield f"and {plural(len(entries) - MOST_QUESTIONS, 'more question')}"


def question_line(entry: TimelineEntry) -> str:
    """Who was asked what, until when, and whether they are on it."""
    due = entry.data.get("due_at")
    until = f" until {moment(datetime.fromisoformat(due))}" if due else ""
    on_it = ", on it" if entry.state == "accepted" else ""
    return f"{mention(entry.data['to'])}{until}{on_it}: {clip(_words(entry), QUESTION_SHOWN)}"


def _words(entry: TimelineEntry) -> str:
    """On one line."""
    text = entry.words if entry.words is not None else str(entry.data.get("text", ""))
    if entry.words is None and entry.data.get("deleted"):
        return "_deleted by its author_"
    return " ".join(prose(text).split())
