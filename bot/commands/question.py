"""`/incident ask @person <question> [in 15m | by 14:30]`."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocks.text import mentioned
from bot.commands.ask import Ask
from bot.views.form import WORDS_LIMIT
from bot.views.question import USUAL, question_modal
from storage.people import find_person
from storage.tables import Incident
from workflows.commands import AskQuestion
from workflows.questions import ask_question, refuse_if_over

_PERSON_FIRST = re.compile(r"\s*\{@[UW][A-Z0-9]+\}[\s,:]*")
_IN = re.compile(
    r"\s*\bin\s+(?P<count>\d{1,3})\s*(?P<unit>m|min|mins|minutes?|h|hr|hrs|hours?)\s*[?.!]*$", re.IGNORECASE
)
_BY = re.compile(
    r"\s*\b(?:by|until)\s+(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)\s*(?P<half>am|pm)?|\s*(?P<full>am|pm))\s*[?.!]*$",
    re.IGNORECASE,
)


async def on_ask(ask: Ask, incident: Incident) -> None:
    """Ask the person who was named, or ask in the form whom and what.

    Raises AlreadyEnded, NotAPerson, NotTheirs.
    """
    refuse_if_over(incident)
    to, rest = mentioned(ask.words), _PERSON_FIRST.sub("", ask.words, count=1)
    async with ask.services.read() as session:
        asker = await find_person(session, ask.user_id)
    zone = ZoneInfo((asker and asker.zone) or ask.services.process.timezone)
    text, due_at = split_due(rest, now=ask.services.now(), zone=zone)
    await ask.services.refuse_ourselves(to, cannot="answer a question")
    if to is None or not text or len(text) > WORDS_LIMIT or not _PERSON_FIRST.match(ask.words):
        words = await ask.services.with_names(text, sign="@")
        await ask.open(question_modal(incident, asked_in=ask.channel_id, to=to, text=words))
        return
    command = AskQuestion(
        **ask.request(), incident_id=incident.number, asked_in=ask.channel_id, to=to, text=text, due_at=due_at
    )
    async with ask.services.transaction() as session:
        await ask_question(session, command, process=ask.services.process, now=ask.services.now())
    await ask.done()


def split_due(words: str, *, now: datetime, zone: ZoneInfo) -> tuple[str, datetime]:
    """A question and by when: “in 15m”, “in 2h”, or “by 14:30” on the asker's clock; the usual time without.

    A time of day that has passed is tomorrow's.
    """
    within = _IN.search(words)
    if within and int(within["count"]):
        unit = timedelta(hours=1) if within["unit"].lower().startswith("h") else timedelta(minutes=1)
        return words[: within.start()].strip(), now + int(within["count"]) * unit
    by = _BY.search(words)
    due_at = _time_of_day(by, now=now, zone=zone) if by else None
    if by and due_at:
        return words[: by.start()].strip(), due_at
    return words.strip(), now + timedelta(minutes=USUAL)


def _time_of_day(by: re.Match[str], *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The next time it is so late; None for a time that no day has."""
    hour, minute, half = int(by["hour"]), int(by["minute"] or 0), (by["half"] or by["full"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    if hour > 23 or minute > 59:
        return None
    today = now.astimezone(zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
    at = today if today > now else today + timedelta(days=1)
    return at.astimezone(now.tzinfo)
