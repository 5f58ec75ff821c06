"""Keeping a workspace in a folder: read when it begins, written soon after each change."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from sandbox.folder import Folder, Snapshot
from sandbox.records import Unreadable, head_line, message_line, read_records, records_of, restore
from sandbox.state.core import Change
from sandbox.workspace import Workspace

log = logging.getLogger(__name__)

GATHER, PAUSE = 0.05, 0.75
"""Seconds: changes that come so close together are written together; and there is a pause between two writings.

Together with the writing itself they are what a kill may lose: a second at the most.
"""
AT_ONCE = 100
"""Messages that are turned into lines without letting anybody else have a turn."""

Place = tuple[str, str]


class Keeping:
    """Has a folder hold the workspace as it is; only what has changed is put into words anew."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        """Take the folder; raises FolderInUse while another workspace is kept there."""
        self.set_aside: Path | None = None
        """Where what could not be read was put."""
        self.because = ""
        self._workspace = workspace
        self._folder = Folder(folder)
        self._lines: dict[Place, str] = {}
        self._dirty: set[Place] = set()
        self._changed = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._is_in_trouble = False
        workspace.on_change(self._note)
        workspace.clock.on_advance(self._changed.set)

    @property
    def notice(self) -> str:
        """What whoever runs the workspace should know: that what was kept could not be read, and where it is now."""
        return f"The workspace could not be read: {self.because}. It begins anew; the old one is {self.set_aside}."

    def load(self) -> bool:
        """Make the workspace what was kept here; false where nothing was, or nothing that can be read."""
        lines = self._folder.read()
        if lines is None:
            return False
        try:
            records = read_records(*lines)
        except Unreadable as fault:
            self.because, self.set_aside = str(fault), self._folder.set_aside()
            return False
        for file in records.files:
            file.content = self._folder.content_of(file.id)
        restore(self._workspace, records)
        for channel in records.channels:
            self._dirty.update(
                (channel.id, message.ts) for message in (*channel.messages.values(), *channel.ephemerals)
            )
        return True

    async def start(self) -> None:
        """Write down how it is at the beginning, and from now on what changes."""
        self._workspace.clock.advance(0)  # sets the alarm for what was scheduled, which takes a running loop
        await self.save()
        self._task = asyncio.create_task(self._keep())

    async def save(self) -> None:
        """Write down how it is now."""
        async with self._one_at_a_time:
            snapshot = await self._snapshot()
            try:
                await asyncio.to_thread(self._folder.write, snapshot)
                self._is_in_trouble = False
            except OSError as fault:
                if not self._is_in_trouble:
                    log.warning("the workspace cannot be kept: %s", fault)
                self._is_in_trouble = True
                self._changed.set()  # so that it is tried again

    async def close(self) -> None:
        """Write down how it is at the end, and let the folder go."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            await self.save()
        self._folder.release()

    def _note(self, change: Change) -> None:
        if change.channel is not None and change.ts is not None:
            self._dirty.add((change.channel.id, change.ts))
        self._changed.set()

    async def _keep(self) -> None:
        while True:
            await self._changed.wait()
            await asyncio.sleep(GATHER)
            self._changed.clear()
            await asyncio.shield(self.save())
            await asyncio.sleep(PAUSE)

    async def _snapshot(self) -> Snapshot:
        """How it is at one moment: others may have a turn before that, but not while the last of it is written."""
        while len(self._dirty) > AT_ONCE:
            self._put_into_lines(list(islice(self._dirty, AT_ONCE)))
            await asyncio.sleep(0)
        self._put_into_lines(list(self._dirty))
        head = head_line(records_of(self._workspace))
        contents = {file.id: file.content for file in self._workspace.files.values() if file.content is not None}
        return Snapshot([head, *self._lines.values()], contents)

    def _put_into_lines(self, places: Iterable[Place]) -> None:
        for channel_id, ts in places:
            self._dirty.discard((channel_id, ts))
            message = self._workspace.chat.find(self._workspace.channels[channel_id], ts)
            if message is None:
                self._lines.pop((channel_id, ts), None)
            else:
                self._lines[channel_id, ts] = message_line(message)
