"""The folder in which a workspace is kept: one file of lines, and beside it the bytes of files."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

if sys.platform != "win32":
    import fcntl

KEPT, LOCK, FILES = "workspace.jsonl", ".in-use", "files"


class FolderInUse(OSError):
    """Another workspace is kept in this folder right now."""


@dataclass(frozen=True)
class Snapshot:
    """What is to be in the folder."""

    lines: list[str]
    contents: Mapping[str, bytes]  # of files, by id


class Folder:
    """Holds one snapshot at a time; whoever writes it may be killed at any moment."""

    def __init__(self, path: Path) -> None:
        """Take the folder, making it where there is none; raises FolderInUse, or OSError where it cannot be used."""
        self.path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it has tokens
        self._lock: int | None = _take(path / LOCK)
        self._written: dict[str, bytes] = {}

    def release(self) -> None:
        """Let another workspace be kept here."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None  # the number may be another file's by now

    def read(self) -> list[str] | None:
        """The lines of the last snapshot; None where there is none."""
        try:
            return (self.path / KEPT).read_text("utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return None

    def content_of(self, file_id: str) -> bytes | None:
        """The bytes of a file, where they are here."""
        try:
            content = self._written[file_id] = (self.path / FILES / file_id).read_bytes()
        except FileNotFoundError:
            return None
        return content

    def write(self, snapshot: Snapshot) -> None:
        """Replace what is here, all of it or nothing; raises OSError where that cannot be done."""
        (self.path / FILES).mkdir(exist_ok=True)
        for file_id, content in snapshot.contents.items():
            if self._written.get(file_id) is not content:
                _replace(self.path / FILES / file_id, content)
                self._written[file_id] = content
        _replace(self.path / KEPT, "\n".join(snapshot.lines).encode())
        for file_id in self._written.keys() - snapshot.contents.keys():
            (self.path / FILES / file_id).unlink(missing_ok=True)
            del self._written[file_id]

    def set_aside(self) -> Path:
        """Put the snapshot where nobody looks for it, and say where."""
        numbered = (self.path / f"workspace-unreadable-{number}.jsonl" for number in count(1))
        return (self.path / KEPT).rename(next(path for path in numbered if not path.exists()))


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole before it takes the place of the old one."""
    fresh = path.with_name(f"{path.name}.part")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _take(path: Path) -> int:
    """Hold the lock of a folder, which ends with this process at the latest; on Windows there is none."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if sys.platform != "win32":
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise FolderInUse(f"{path.parent} is in use by another workspace.") from None
    return lock
