"""One at a time, for each key by itself."""

import asyncio
from weakref import WeakValueDictionary


class Turns:
    """A lock a key, kept for as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: str) -> asyncio.Lock:
        """The lock of this key, to be entered with `async with`; those who wait for it come in their order."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock
