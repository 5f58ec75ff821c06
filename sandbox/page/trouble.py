"""What goes wrong on demand, as the page's switches have it, and the app's process where somebody runs it for us."""

from collections.abc import Callable
from typing import Literal, Protocol

from sandbox.faults import Faults
from sandbox.page.hub import Hub
from sandbox.state.model import Json

LONGEST = 600
"""Seconds that a call can be made to take, or calls to wait for one another."""

OperatorState = Literal["running", "starting", "killed"]


class Operator(Protocol):
    """Somebody who runs the app, and can kill it and start it again."""

    on_change: Callable[[], None]
    """To be called whenever the state is another."""

    @property
    def state(self) -> OperatorState:
        """How the app is."""

    async def start(self) -> None:
        """Start it unless it runs, and wait until it is ready; raises OSError where it does not start."""

    async def kill(self) -> None:
        """End it at once, with no chance to clean up."""


class Trouble:
    """All switches together; every window is told of them as the stream “trouble”."""

    def __init__(self, faults: Faults, hub: Hub) -> None:
        self._faults = faults
        self._hub = hub
        self._operator: Operator | None = None
        hub.add_stream("trouble", self.shown)
        faults.on_change = self._tell

    @property
    def operator(self) -> Operator | None:
        """Who runs the app, if it is not for its user to run."""
        return self._operator

    @operator.setter
    def operator(self, operator: Operator | None) -> None:
        self._operator = operator
        if operator is not None:
            operator.on_change = self._tell
        self._tell()

    def shown(self) -> Json:
        """How the switches are."""
        return {
            "slow": self._faults.delay("*"),
            "throttle": self._faults.least_interval,
            "down": self._faults.is_down,
            "lost_answers": self._faults.planned("lose_answer"),
            "twice": self._faults.deliver_twice,
            "reorder": self._faults.shuffler is not None,
            "app": self._operator.state if self._operator else None,
        }

    async def change(self, switches: Json) -> None:
        """Set these; raises ValueError for a switch there is none, and for an app that does not start."""
        for name, setting in switches.items():
            await self._set(name, setting)

    async def end(self) -> None:
        """Let everything work again, the app included."""
        self._faults.clear()
        if self._operator is not None:
            await self._command(self._operator, "start")

    async def _set(self, name: str, setting: object) -> None:
        faults = self._faults
        match name, setting:
            case "slow", int() | float() if 0 <= setting <= LONGEST:
                faults.latency(setting)
            case "throttle", int() | float() if 0 <= setting <= LONGEST:
                faults.throttle(setting)
            case "down", bool():
                faults.down(link=True) if setting else faults.up()
            case "lose_answer", True:
                faults.lose_answer()
            case "twice", bool():
                faults.deliver_twice = setting
            case "reorder", bool():
                faults.reorder(1 if setting else None)
            case "app", ("start" | "kill") as what if self._operator is not None:
                await self._command(self._operator, what)
            case "clear", True:
                await self.end()
            case _:
                raise ValueError(f"There is no switch “{name}” that can be set to {setting}.")

    async def _command(self, operator: Operator, what: str) -> None:
        try:
            await (operator.start() if what == "start" else operator.kill())
        except OSError as fault:
            raise ValueError(str(fault)) from fault

    def _tell(self) -> None:
        self._hub.refresh("trouble")
