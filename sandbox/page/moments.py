"""Until when somebody on the page wants to move time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.state.model import Json
from sandbox.travel import FARTHEST, next_weekday

MORNING = time(9)


def moment_wanted(body: Json, *, now: datetime, zone: ZoneInfo) -> datetime:
    """{by: seconds}, {next: "morning" | "monday"} at nine, or {to: "2026-03-09T09:00"}, on clocks in this zone.

    Raises ValueError, with words for whoever asked, for what has passed or is too far away.
    """
    moment = _moment(body, now=now, zone=zone)
    if moment <= now:
        raise ValueError("Time only moves forward, and that moment has passed.")
    if moment - now > FARTHEST:
        raise ValueError(f"That is too far: time moves by {FARTHEST.days} days at the most.")
    return moment


def _moment(body: Json, *, now: datetime, zone: ZoneInfo) -> datetime:
    match body:
        case {"next": "monday"}:
            return next_weekday(0, MORNING, now=now, zone=zone)
        case {"next": "morning"}:
            return min(next_weekday(day, MORNING, now=now, zone=zone) for day in range(7))
        case {"to": str(words)}:
            return _local(words).replace(tzinfo=zone)
        case {"by": int() | float() as seconds}:
            try:
                return now + timedelta(seconds=seconds)
            except OverflowError:
                return datetime.max.replace(tzinfo=zone)
    raise ValueError("Say by how much, or until when, time should move.")


def _local(words: str) -> datetime:
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        raise ValueError(f"“{words}” is no moment.") from None
