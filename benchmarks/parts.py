"""The parts of `make bench`, in their order."""

from collections.abc import Awaitable, Callable

from benchmarks import measure, page, reminders
from benchmarks.measure import Figures

PARTS: dict[str, Callable[[], Awaitable[Figures]]] = {
    "start": measure.start,
    "one": measure.one,
    "twenty": measure.twenty,
    "load": measure.load,
    "capture": measure.capture,
    "timeline": measure.timeline,
    "notices": measure.notices,
    "reminders": reminders.reminders,
    "waiting": reminders.waiting,
    "page": page.page,
}
