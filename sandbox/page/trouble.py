"""What goes wrong on demand, as the page's switches have it, and the app's process where somebody runs it for us."""

from collections.abc import Callable
from typing import Literal, Protocol

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
