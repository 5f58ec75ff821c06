"""The one road towards the app: whichever transport is in use, once or, on demand, twice."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from sandbox.link.http import HttpTransport
from sandbox.link.payload import Answer, Delivery, Payload, Transport

NO_WAY = Answer(failure="connection_failed")


class Switches(Protocol):
    """What the link reads of the workspace's faults."""

    deliver_twice: bool
    is_cut_off: bool


class Link:
    """Carries payloads to the app over the transport chosen last."""

    def __init__(self, transport: Transport, faults: Switches) -> None:
        self.transport = transport
        self.watcher: Callable[[Delivery], None] = lambda _: None  # called when one begins and ends
        self._faults = faults
        self._echoes: set[asyncio.Task[Answer]] = set()

    async def deliver(self, payload: Payload) -> Answer:
        """Deliver a payload and give the app's answer; the first one, where it is delivered twice."""
        if not self._faults.deliver_twice:
            return await self._carry(payload)
        twice = {asyncio.create_task(self._carry(payload)) for _ in range(2)}
        self._echoes |= twice
        for task in twice:
            task.add_done_callback(self._echoes.discard)
        answered, _ = await asyncio.wait(twice, return_when=asyncio.FIRST_COMPLETED)
        return answered.pop().result()

    async def _carry(self, payload: Payload) -> Answer:
        delivery = Delivery(payload)
        self.watcher(delivery)
        delivery.answer = NO_WAY if self._faults.is_cut_off else await self.transport.deliver(payload)
        self.watcher(delivery)
        return delivery.answer

    async def change_to(self, transport: Transport) -> None:
        """Deliver over another transport from now on; an HTTP one that is left lets go of its connections."""
        left, self.transport = self.transport, transport
        if isinstance(left, HttpTransport) and left is not transport:
            await left.close()

    async def close(self) -> None:
        """Let the second deliveries end, then close the transport."""
        await self.transport.close()
        await asyncio.gather(*self._echoes, return_exceptions=True)
