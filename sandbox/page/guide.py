"""A guide through the workspace: followed by hand, or played while somebody watches.

What it tells and does is handed in; this knows how far somebody has come, and does the steps one after another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.people.seen import NotVisible
from sandbox.state.core import Change
from sandbox.state.errors import SlackError
from sandbox.state.model import Json

if TYPE_CHECKING:
    from sandbox.sandbox import Sandbox

TO_FOLLOW, TO_WATCH, TO_READ = 1.2, 1.4, 4.0
"""Seconds at a pace of 1: for a page to go where a step is, for each thing that is done in it, for what came of it."""
PATIENCE = 15
"""Seconds that a played step may take to have its effect."""
STARTS_WITHIN = 60
"""Seconds that the app may take to start, on a machine that is busy."""

Telling = Callable[[str], Awaitable[None]]
"""Says what is done next, and gives whoever watches the time to see it."""


@dataclass(frozen=True)
class Step:
    """One thing to do: what a reader is told of it, who does it where, and how to see that it is done.

    `words` are mrkdwn; `where` gives a conversation's name as `who` knows it, None while there is none; `target` names
    what to point at there: “composer”, or a role and a name (“button:Resolve”), several with “ | ” between them, the
    first that is on the page counts.
    """

    title: str
    words: str
    who: str
    where: Callable[[], str | None]
    is_done: Callable[[], bool]
    play: Callable[[Telling], Awaitable[None]]
    target: str = ""


@dataclass(frozen=True)
class Guide:
    """A story in steps; `begin` is called whenever it begins, so that it can tell what happens from what has been."""

    title: str
    steps: Sequence[Step]
    ending: str
    begin: Callable[[], None]


class Walk:
    """How far everybody together has come in a guide; what was done by hand counts as what was played does."""

    def __init__(self, sandbox: "Sandbox", guide: Guide, *, pace: float = 1.0) -> None:
        """Begin the guide; `pace` stretches or shortens the pauses in which a watcher sees what is going on."""
        self._sandbox = sandbox
        self._guide = guide
        self._pace = pace
        self._going = asyncio.Event()
        self._until = self._at = 0
        self._fault = self._doing = ""
        self._task: asyncio.Task[None] | None = None
        self._is_due = False
        self._begin()
        sandbox.workspace.on_change(self._note)
        sandbox.hub.add_stream("guide", self.shown)

    def shown(self) -> Json:
        """What a page is told; `where` is the conversation of the step it is at, by id, and `doing` what is played."""
        steps = [
            {"title": s.title, "words": s.words, "who": s.who, "target": s.target, "is_done": number < self._at}
            for number, s in enumerate(self._guide.steps)
        ]
        return {
            "title": self._guide.title,
            "ending": self._guide.ending,
            "steps": steps,
            "at": self._at,
            "where": self._where(),
            "is_playing": self._task is not None and self._going.is_set(),
            "doing": self._doing,
            "fault": self._fault,
        }

    def do(self, what: str) -> None:
        """Play all that is left or one step, pause, skip a step, or begin again; raises ValueError for another word."""
        deeds = {
            "play": self._play,
            "step": self._step,
            "pause": self._pause,
            "skip": self._skip,
            "restart": self._begin,
        }
        if what not in deeds:
            raise ValueError(f"a guide does not {what}; it does {', '.join(deeds)}")
        deeds[what]()
        self._tell()

    def close(self) -> None:
        """Stop playing."""
        self._stop()

    # What can be asked of it

    def _begin(self) -> None:
        self._stop()
        self._at, self._fault = 0, ""
        self._guide.begin()

    def _play(self) -> None:
        self._go(until=len(self._guide.steps))

    def _step(self) -> None:
        self._go(until=self._at + 1)

    def _pause(self) -> None:
        self._going.clear()

    def _skip(self) -> None:
        self._stop()
        self._advance()

    def _go(self, *, until: int) -> None:
        self._until, self._fault = min(until, len(self._guide.steps)), ""
        self._going.set()
        if self._task is None and self._at < self._until:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._doing = None, ""
        self._going.clear()

    # Playing

    async def _run(self) -> None:
        try:
            while self._at < self._until:
                await self._play_step(self._guide.steps[self._at])
        # What a person cannot do or does not get to see is told, and left to the reader.
        except (AssertionError, LookupError, ValueError, TimeoutError, SlackError) as fault:
            self._fault = str(fault)
        self._task, self._doing = None, ""
        self._going.clear()
        self._tell()

    async def _play_step(self, step: Step) -> None:
        await self._wait(TO_FOLLOW)
        await self._app_is_there()
        await step.play(self._say)
        await self._sandbox.changes.until(
            lambda: step.is_done() or None, within=PATIENCE, what=lambda: f"“{step.title}” did not have its effect"
        )
        self._doing = ""
        self._advance()
        self._tell()
        if self._at < self._until:
            await self._wait(TO_READ)

    async def _app_is_there(self) -> None:
        """Wait for an app that is about to start; raises LookupError where it was killed."""
        operator = self._sandbox.operator
        if operator is not None and operator.state == "killed":
            raise LookupError(f"{self._sandbox.manifest.name} is killed; start it again under Trouble")
        if operator is not None and operator.state == "starting":
            await self._sandbox.app_connected(STARTS_WITHIN)

    async def _say(self, words: str) -> None:
        self._doing = words
        self._tell()
        await self._wait(TO_WATCH)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)
        await self._going.wait()

    # Following

    def _note(self, _: Change) -> None:
        """Changes that come together are looked at together, on the loop's next turn."""
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._is_due = False
        if self._task is not None and self._going.is_set():
            return
        while self._at < len(self._guide.steps) and self._guide.steps[self._at].is_done():
            self._stop()  # somebody has done by hand what was being played when it was paused
            self._advance()
        self._tell()

    def _advance(self) -> None:
        self._at, self._fault = min(self._at + 1, len(self._guide.steps)), ""

    def _where(self) -> str:
        if self._at == len(self._guide.steps):
            return ""
        step = self._guide.steps[self._at]
        try:
            name = step.where()
            return self._sandbox.person(step.who).screen.channel(name).id if name else ""
        except NotVisible:
            return ""

    def _tell(self) -> None:
        self._sandbox.hub.refresh("guide")
